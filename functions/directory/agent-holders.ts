import { createHash } from 'node:crypto';
import { unwrap, wrap } from './body.ts';
import type { Marker } from './entries.ts';
import { agentHolderKey } from './keys.ts';
import type { PersonRecord } from './record.ts';
import type { Item, Table } from './table.ts';

/** The person whose agent it is. Tenants of one SmartAssist account share its agents, so the tenant is part of it. */
export interface AgentHolder {
  readonly tenant: string;
  readonly id: string;
}

/** Why nothing was written: another person holds the agent. */
export interface AgentHeld {
  readonly ok: false;
  readonly reason: 'held';
  readonly holder: AgentHolder;
}

export interface AgentHolders {
  /** Who holds an agent of a SmartAssist account. */
  agentHolder(account: string, agentId: string): Promise<AgentHolder | undefined>;
  /**
   * Frees an agent from a holder whose record doesn't name it any more: version 0.1.0 writes records and knows no
   * holders. Does nothing when another person holds it.
   */
  freeAgent(account: string, agentId: string, holder: AgentHolder): Promise<void>;
}

/** The key under which a record holds its agent, written and deleted in one transaction with the record. */
export function agentMarker({ tenant, id, agent: { account, agentId } }: PersonRecord): Marker[] {
  if (account === undefined || agentId === undefined) return [];
  const item = { version: stampOf({ tenant, id }), body: wrap({ tenant, id }) };
  return [{ what: 'agent', key: agentHolderKey(account, agentId), item }];
}

export function holderIn(item: Item): AgentHolder {
  return { tenant: unwrap(item, 'tenant'), id: unwrap(item, 'id') };
}

export function agentHolderStore(table: Table): AgentHolders {
  return {
    async agentHolder(account, agentId) {
      const found = await table.get(agentHolderKey(account, agentId));
      return found && holderIn(found);
    },
    async freeAgent(account, agentId, holder) {
      await table.write([{ delete: agentHolderKey(account, agentId), if: { version: stampOf(holder) } }]);
    },
  };
}

/** A version that differs between holders, so that a condition on it means "still held by this person". */
function stampOf({ tenant, id }: AgentHolder): number {
  return createHash('sha256').update(`${tenant}\n${id}`).digest().readUIntBE(0, 6);
}
