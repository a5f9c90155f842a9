import { folded } from '../../scim-core/fold.ts';
import type { AgentRecord } from '../../smartassist/agent.ts';
import type { CallTerms } from '../../smartassist/client.ts';
import type { Result } from '../result.ts';
import { type FoundAgent, findByCustomId, LOST } from './find.ts';
import { failed, type Ports } from './ports.ts';

export type Adoptable =
  /** The agent, which is this person's from now on. */
  | ({ readonly outcome: 'found' } & FoundAgent)
  /** The agent with this address is another person's. */
  | { readonly outcome: 'held'; readonly message: string }
  /** No agent with this address is known, or none may be adopted yet. */
  | { readonly outcome: 'none' }
  /** It could not be read now. */
  | { readonly outcome: 'failed'; readonly result: Result };

const HELD = "the agent with this e-mail address is another person's";

/** The agent that has this e-mail address, where the last reconciliation saw one and no other person holds it. */
export async function findByAddress(ports: Ports, emailId: string, terms: CallTerms): Promise<Adoptable> {
  const agentId = await ports.findByEmail(emailId);
  if (agentId === undefined) return { outcome: 'none' };
  const message = await ports.heldByAnother(agentId, emailId);
  if (message !== undefined) return { outcome: 'held', message };
  if (!(await ports.mayAdopt())) return { outcome: 'none' };
  const current = await ports.client.getAgent(agentId, terms);
  if (current.outcome === 'not-found') return { outcome: 'none' };
  if (current.outcome !== 'ok') return { outcome: 'failed', result: failed(current, false) };
  if (normal(current.value.emailId) !== normal(emailId)) return { outcome: 'none' };
  switch (await ports.claim(agentId)) {
    case 'ours':
      return { outcome: 'found', agent: current.value };
    case 'held':
      // Another person was faster.
      return { outcome: 'held', message: (await ports.heldByAnother(agentId, emailId)) ?? HELD };
    case 'lost':
      return { outcome: 'failed', result: LOST };
  }
}

/**
 * The agent with this Custom ID, which the person brings along, of a person who is erased since: a returner has another
 * address, maybe, and the same number.
 */
export async function findByOwnCustomId(
  ports: Ports,
  customId: string | undefined,
  terms: CallTerms,
): Promise<Adoptable> {
  if (customId === undefined || ports.isKeyed() || !(await ports.mayBeFormer())) return { outcome: 'none' };
  const found = await findByCustomId(ports, customId, false, terms);
  if ('result' in found) return { outcome: 'failed', result: found.result };
  return found.agent === undefined ? { outcome: 'none' } : { outcome: 'found', ...found };
}

/** Why the new address of an agent was refused, where it is that of another person's agent. */
export async function takenAddress(
  ports: Ports,
  current: AgentRecord,
  emailId: string,
): Promise<Result | undefined> {
  if (normal(current.emailId) === normal(emailId)) return undefined;
  const agentId = await ports.findByEmail(emailId);
  if (agentId === undefined || agentId === current.id) return undefined;
  const message = await ports.heldByAnother(agentId, emailId);
  return message === undefined ? undefined : { kind: 'taken', message };
}

const normal = (email: string | undefined) => folded(email ?? '');
