import type { PersonRecord } from '../../directory/record.ts';
import type { AgentRecord } from '../../smartassist/agent.ts';
import type { CallTerms } from '../../smartassist/client.ts';
import type { Result } from '../result.ts';
import { failed, type Ports } from './ports.ts';

export type Found = FoundAgent | { readonly agent: undefined } | { readonly result: Result };

/** An agent's record; `isPartial`: as the look-up by Custom ID shows it, which leaves fields out that an update has. */
export interface FoundAgent {
  readonly agent: AgentRecord;
  readonly isPartial?: boolean;
}

export const LOST: Result = {
  kind: 'postponed',
  code: 'changed',
  message: 'another function took over the lease of the record',
  unknown: true,
};

/**
 * The agent's record as it is, the agent being this person's: by SmartAssist's id where that is known, else by our own
 * key. An agent that is gone under its id may be there under another: made anew by us, with an outcome that nobody
 * learned. An agent that another person holds isn't found.
 */
export async function find(ports: Ports, record: PersonRecord, terms: CallTerms): Promise<Found> {
  const { agent, attempts } = record;
  if (agent.agentId !== undefined) {
    const claimed = await ports.claim(agent.agentId);
    if (claimed === 'lost') return { result: LOST };
    const byId = claimed === 'ours' ? await ports.client.getAgent(agent.agentId, terms) : undefined;
    if (byId?.outcome === 'ok') return { agent: byId.value };
    if (byId !== undefined && byId.outcome !== 'not-found') return { result: failed(byId, attempts.unknown) };
  }
  return findByKey(ports, record, attempts.unknown, terms);
}

/** @param isUnknown what a look-up without success leaves behind */
export function findByKey(
  ports: Ports,
  { agent }: PersonRecord,
  isUnknown: boolean,
  terms: CallTerms,
): Promise<Found> {
  return findByCustomId(ports, agent.customId, isUnknown, terms);
}

/** The agent with this Custom ID that no other person holds, which is this person's from now on. */
export async function findByCustomId(
  { client, claim }: Ports,
  customId: string,
  isUnknown: boolean,
  terms: CallTerms,
): Promise<Found> {
  const byKey = await client.findByCustomId(customId, terms);
  if (byKey.outcome !== 'ok') return { result: failed(byKey, isUnknown) };
  for (const found of byKey.value) {
    const claimed = await claim(found.id);
    if (claimed === 'lost') return { result: LOST };
    if (claimed === 'ours') return { agent: found, isPartial: true };
  }
  return { agent: undefined };
}

/** The record that an update may be made of: what it leaves out, SmartAssist may take for emptied. */
export function readWhole({ client }: Ports, { agent, isPartial = false }: FoundAgent, terms: CallTerms) {
  return isPartial ? client.getAgent(agent.id, terms) : ({ outcome: 'ok', value: agent } as const);
}
