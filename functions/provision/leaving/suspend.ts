import type { PersonRecord } from '../../directory/record.ts';
import { type AgentRecord, isOutOfService, merge } from '../../smartassist/agent.ts';
import type { CallTerms } from '../../smartassist/client.ts';
import type { Outcome } from '../../smartassist/outcome.ts';
import { readWhole } from '../agent/find.ts';
import { findAnywhere } from '../agent/find-unkeyed.ts';
import { failed, type Ports } from '../agent/ports.ts';
import type { Result } from '../result.ts';

/** An agent that is in service asks the brake before it leaves: before any call where that is known. */
export async function heldLeaving(ports: Ports, isInService: boolean): Promise<Result | undefined> {
  if (!isInService) return undefined;
  const verdict = await ports.brakeLets('leaving', 'leaving');
  return verdict.lets ? undefined : { kind: 'held', hold: verdict.hold };
}

/** Moves an agent to the Unassigned group, if the brake lets it. */
export async function suspend(
  ports: Ports,
  record: PersonRecord,
  unassignedGroupId: string,
  terms: CallTerms,
): Promise<Result> {
  const { agent, attempts } = record;
  const held = await heldLeaving(ports, agent.presence === 'active');
  if (held !== undefined) return held;
  const found = await findAnywhere(ports, record, undefined, terms);
  if ('result' in found) return found.result;
  if (found.agent === undefined) return { kind: 'nothing' };
  const current = found.agent;
  const isOut = isOutOfService(current, unassignedGroupId);
  if (isOut && !(ports.strips && hasWork(current)))
    return { kind: 'suspended', did: 'unchanged', agentId: current.id };
  const heldNow = await heldLeaving(ports, agent.presence !== 'active' && !isOut);
  if (heldNow !== undefined) return heldNow;
  const whole = await readWhole(ports, found, terms);
  if (whole.outcome !== 'ok') return failed(whole, attempts.unknown);
  const updated = await putOutOfService(ports, whole.value, unassignedGroupId, terms);
  return updated.outcome === 'ok'
    ? { kind: 'suspended', did: 'suspended', agentId: current.id }
    : failed(updated, attempts.unknown || updated.outcome === 'unknown');
}

/** What takes work: without it an agent that a supervisor puts back into a group still gets none. */
const STRIPPED = { skills: [], queues: [] } as const;
const NO_CHANNEL = { canSupportChat: false, canSupportVoice: false } as const;

function hasWork({ skills, queues }: AgentRecord): boolean {
  return [skills, queues].some((list) => Array.isArray(list) && list.length > 0);
}

/** Exactly one group, and as far as the API lets it no skill, queue and channel where the tenant strips leavers. */
async function putOutOfService(
  { client, updates, strips }: Ports,
  current: AgentRecord,
  unassignedGroupId: string,
  terms: CallTerms,
): Promise<Outcome<unknown>> {
  const send = (changes: object) =>
    client.updateAgent(
      current.id,
      {
        ...merge(current, { agentGroupId: unassignedGroupId }, { ...updates, groups: 'all' }),
        agentGroups: [{ groupId: unassignedGroupId, role: 'agent' }],
        ...changes,
      },
      terms,
    );
  if (!strips) return send({});
  const stripped = await send({ ...STRIPPED, ...NO_CHANNEL });
  // Whether a record may have no channel is documented nowhere.
  return stripped.outcome === 'refused' ? send(STRIPPED) : stripped;
}
