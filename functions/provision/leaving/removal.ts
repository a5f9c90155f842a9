import type { PersonRecord } from '../../directory/record.ts';
import { compact } from '../../runtime/compact.ts';
import type { AgentRecord } from '../../smartassist/agent.ts';
import type { CallTerms } from '../../smartassist/client.ts';
import { describeFailure } from '../../smartassist/outcome.ts';
import { LOST } from '../agent/find.ts';
import { findAnywhere } from '../agent/find-unkeyed.ts';
import { failed, type Ports } from '../agent/ports.ts';
import { hasAgent } from '../agent/presence.ts';
import type { Result } from '../result.ts';
import { heldLeaving, suspend } from './suspend.ts';

/** Deletes an agent, and with `alsoUser` the account's user of it, if the brake lets it. */
export async function remove(
  ports: Ports,
  record: PersonRecord,
  alsoUser: boolean,
  terms: CallTerms,
): Promise<Result> {
  const { agent, attempts } = record;
  const held = await heldLeaving(ports, agent.presence === 'active');
  if (held !== undefined) return held;
  let { agentId } = agent;
  if (agentId === undefined || attempts.unknown || (await ports.claim(agentId)) !== 'ours') {
    const found = await findAnywhere(ports, record, undefined, terms);
    if ('result' in found) return found.result;
    if (found.agent === undefined) {
      const ended = await endOfMissing(ports, record);
      return ended.kind === 'removed' ? withUser(ports, record, alsoUser, terms, true) : ended;
    }
    agentId = found.agent.id;
    const heldNow = await heldLeaving(ports, !hasAgent(record));
    if (heldNow !== undefined) return heldNow;
  }
  const deleted = await ports.client.deleteAgent(agentId, terms);
  if (deleted.outcome !== 'ok' && deleted.outcome !== 'not-found') {
    return failed(deleted, attempts.unknown || deleted.outcome === 'unknown');
  }
  // After a call whose outcome was never learned, it may have been this product that deleted it.
  const wasGone = deleted.outcome === 'not-found' && !attempts.unknown ? (true as const) : undefined;
  return withUser(ports, record, alsoUser, terms, wasGone);
}

/** The end of a removal, once the agent is gone. */
async function withUser(
  ports: Ports,
  record: PersonRecord,
  alsoUser: boolean,
  terms: CallTerms,
  wasGone: true | undefined,
): Promise<Result> {
  const result = alsoUser ? await removeUser(ports, record, terms) : ({ kind: 'removed' } as const);
  return result.kind === 'removed' ? { ...result, ...compact({ wasGone }) } : result;
}

/**
 * What an agent that isn't there comes to: `removed` where an earlier attempt may have deleted it and never learned so. It
 * may have been an administrator as well, so the audit tells of no deletion. One that another person holds by now is none.
 */
async function endOfMissing(ports: Ports, record: PersonRecord): Promise<Result> {
  const { agentId } = record.agent;
  if (!hasAgent(record) || !record.attempts.unknown || agentId === undefined) return { kind: 'nothing' };
  const claimed = await ports.claim(agentId);
  if (claimed === 'lost') return LOST;
  return claimed === 'ours' ? { kind: 'removed', wasGone: true } : { kind: 'nothing' };
}

/**
 * The account's user of an agent that is gone. What SmartAssist refuses is said, since the agent is gone all the same. One
 * that is tried again leaves nothing unknown: the agent isn't looked for any more, which would find one made since then.
 */
async function removeUser(ports: Ports, { agent }: PersonRecord, terms: CallTerms): Promise<Result> {
  const deleted = await ports.client.deleteUser(agent.emailId ?? ports.address(), terms);
  switch (deleted.outcome) {
    case 'ok':
      return { kind: 'removed' };
    case 'refused':
    case 'unauthorized':
    case 'not-found':
      return { kind: 'removed', remains: `${USER_REMAINS}: ${describeFailure(deleted)}` };
    default:
      return failed(deleted, false);
  }
}

const USER_REMAINS =
  'The agent is deleted, and the user of the account is still there (onDelete: removeUser takes the admin app with the scope ' +
  'User Management > User Management)';

/** Deletes an agent that was never online; one that has worked is put out of service. */
export async function undo(
  ports: Ports,
  record: PersonRecord,
  unassignedGroupId: string,
  terms: CallTerms,
): Promise<Result> {
  const found = await findAnywhere(ports, record, undefined, terms);
  if ('result' in found) return found.result;
  if (found.agent === undefined) return endOfMissing(ports, record);
  // Deleted by the id that was just read, so that no other agent is met.
  const known = {
    ...record,
    agent: { ...record.agent, agentId: found.agent.id },
    attempts: { ...record.attempts, unknown: false },
  };
  return wasOnline(found.agent)
    ? suspend(ports, known, unassignedGroupId, terms)
    : remove(ports, known, false, terms);
}

function wasOnline({ lastOnlineAt }: AgentRecord): boolean {
  return lastOnlineAt !== undefined && lastOnlineAt !== null && lastOnlineAt !== '';
}
