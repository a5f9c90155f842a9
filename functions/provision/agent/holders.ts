import type { AgentHolder } from '../../directory/agent-holders.ts';
import type { Directory } from '../../directory/directory.ts';
import { type DocumentForm, objectOf, readForm } from '../../directory/documents.ts';
import { MAX_RACES } from '../../directory/errors.ts';
import type { PersonRecord } from '../../directory/record.ts';
import { agentHeld } from '../lifecycle.ts';
import { wasSent } from './address.ts';
import { hasAgent } from './presence.ts';

/** What taking an agent for a person comes to. */
export type Claim =
  /** The record holds it. `raced`: the record was changed meanwhile, and holds it all the same. */
  | { readonly outcome: 'claimed'; readonly record: PersonRecord; readonly raced: boolean }
  | { readonly outcome: 'held'; readonly holder: AgentHolder }
  /** The record is gone, or leased by another function. */
  | { readonly outcome: 'lost' };

/**
 * Takes an agent for a person, before anything is done to it: one conditional write of record and key, and none where
 * the record holds it already.
 *
 * @param record as the caller has it, under the caller's lease if there is one
 */
export async function claimAgent(
  directory: Directory,
  account: string,
  record: PersonRecord,
  agentId: string,
): Promise<Claim> {
  let current = record;
  for (let race = 0; race < MAX_RACES; race += 1) {
    const { agent } = current;
    const raced = current !== record;
    if (agent.agentId === agentId && agent.account === account) {
      return { outcome: 'claimed', record: current, raced };
    }
    const after = agentHeld(current, agentId, account);
    const written = await directory.updatePerson(current, after);
    if (written.ok) return { outcome: 'claimed', record: after, raced };
    switch (written.reason) {
      case 'conflict':
        throw new Error('a userName was taken while it was in use');
      case 'changed':
        if (written.current === undefined || written.current.lease?.holder !== record.lease?.holder) {
          return { outcome: 'lost' };
        }
        current = written.current;
        break;
      case 'held':
        if (await holds(directory, written.holder, agentId)) {
          return { outcome: 'held', holder: written.holder };
        }
        await directory.freeAgent(account, agentId, written.holder);
    }
  }
  throw new Error('an agent passes from one person to another all the time');
}

/** The record of the person that holds an agent, if it still names it. */
export async function recordOfHolder(
  directory: Directory,
  account: string,
  agentId: string,
): Promise<PersonRecord | undefined> {
  const holder = await directory.agentHolder(account, agentId);
  const record = holder && (await directory.readPerson(holder.tenant, holder.id));
  return record?.agent.agentId === agentId ? record : undefined;
}

async function holds(directory: Directory, { tenant, id }: AgentHolder, agentId: string): Promise<boolean> {
  return (await directory.readPerson(tenant, id))?.agent.agentId === agentId;
}

const REMEDIES = {
  held: 'Give one of the two another address, or have the other agent deleted; then send this person again.',
  ring:
    'The two would exchange addresses, which can not be done at once: give one of them an address that nobody has, ' +
    'then the other one the address that is free, then the first one theirs. ' +
    'Where doctor --probe has found that SmartAssist takes other addresses, it is done by itself.',
};

/**
 * Why a person can't have an agent, or an address, that another one holds, and what helps. Names no person of another
 * tenant.
 *
 * @param why `ring`: the holder waits for this person's address
 */
export async function heldMessage(
  directory: Directory,
  tenant: string,
  email: string,
  holder: AgentHolder,
  why: keyof typeof REMEDIES = 'held',
): Promise<string> {
  const record = holder.tenant === tenant ? await directory.readPerson(tenant, holder.id) : undefined;
  const name = record?.person.userName.slice(0, 80);
  // Of an agent that has none yet, or whose former one SmartAssist kept.
  const isToBe =
    record !== undefined &&
    (record.agent.emailId !== undefined || !hasAgent(record)) &&
    !wasSent(record, email);
  const whose =
    holder.tenant === tenant
      ? `the agent of "${name ?? holder.id}"`
      : 'an agent of another tenant of this account';
  return (
    `emailId: ${email.slice(0, 80)} ${isToBe ? 'is to be' : 'is'} the address of ${whose}, and an agent belongs to one person. ` +
    REMEDIES[why]
  );
}

/** How far the keys of records from before there were keys are written. */
export interface KeyPass {
  readonly account: string;
  /** The last record that was looked at. */
  readonly after?: string;
  readonly isDone: boolean;
}

const FORM: DocumentForm<KeyPass | undefined> = {
  name: 'agent-holders',
  parse: (stored) => {
    const { account, after, isDone } = objectOf(stored);
    if (typeof account !== 'string') return undefined;
    return { account, isDone: isDone === true, ...(typeof after === 'string' ? { after } : {}) };
  },
};

export function readKeyPass(directory: Directory, tenant: string): Promise<KeyPass | undefined> {
  return readForm(directory, tenant, FORM);
}

export async function writeKeyPass(directory: Directory, tenant: string, pass: KeyPass): Promise<void> {
  await directory.writeDocument(tenant, FORM.name, pass);
}

/** Whether each agent that a person of these tenants has is known as theirs: before that no agent is adopted. */
export async function areAllHoldersKnown(
  directory: Directory,
  account: string,
  tenants: readonly string[],
): Promise<boolean> {
  const passes = await Promise.all(tenants.map((tenant) => readKeyPass(directory, tenant)));
  return passes.every((pass) => pass?.account === account && pass.isDone);
}
