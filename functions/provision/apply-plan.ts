import type { PersonRecord } from '../directory/record.ts';
import { type AgentRecord, differences, groupIdOf, managedFieldsOf, merge } from '../smartassist/agent.ts';
import type { CallTerms, SmartAssistClient } from '../smartassist/client.ts';
import { describeFailure, type Failure, type Outcome } from '../smartassist/outcome.ts';
import type { Movement, Verdict } from './brake/brake.ts';
import { leavesRouting } from './brake/routing.ts';
import type { Plan } from './plan.ts';
import type { Result } from './result.ts';

/** What acting on a plan takes. */
export interface Ports {
  readonly client: SmartAssistClient;
  readonly streamId: string;
  /** The agent's id by e-mail address, from the last census; for agents that somebody made before us. */
  readonly findByEmail: (email: string) => Promise<string | undefined>;
  /** Asks the brake for one more agent to leave service or to be changed. */
  readonly brakeLets: (movement: Movement, of: string) => Promise<Verdict>;
}

/**
 * Brings one agent to what the plan says, with as few calls as it takes:
 *
 *   create 1 (and 1 look-up before it after an unknown outcome) · no change 0 · update 2 (GET, PUT) · suspend and
 *   resume 2 · remove 1 · undo (GET, DELETE) 2
 *
 * The record is leased by the caller. Nothing is written here but to SmartAssist.
 */
export async function applyPlan(
  ports: Ports,
  record: PersonRecord,
  plan: Exclude<Plan, { kind: 'unavailable' }>,
  terms: CallTerms,
): Promise<Result> {
  const idle = withoutCalls(record, plan);
  if (idle !== undefined) return idle;
  switch (plan.kind) {
    case 'agent':
      return createOrUpdate(ports, record, plan, terms);
    case 'suspend':
      return suspend(ports, record, plan.unassignedGroupId, terms);
    case 'remove':
      return remove(ports, record, terms);
    case 'undo':
      return undo(ports, record, plan.unassignedGroupId, terms);
    default:
      throw new Error(`a plan of kind ${plan.kind} needs no calls`);
  }
}

/**
 * What a plan comes to where SmartAssist needn't be asked; undefined where it has to be. After an unknown outcome nothing
 * that is known of the agent holds: the change that was sent may be there, or may not.
 *
 * @param record as it is under the lease: that one knows whether an earlier holder died midway
 */
export function withoutCalls({ agent, attempts }: PersonRecord, plan: Plan): Result | undefined {
  switch (plan.kind) {
    case 'nothing':
      return { kind: 'nothing' };
    case 'keep':
      return { kind: 'kept' };
    case 'invalid':
      return { kind: 'invalid', problems: plan.problems };
    case 'agent':
      return agent.presence === 'active' && agent.appliedHash === plan.hash && !attempts.unknown
        ? { kind: 'applied', did: 'unchanged', hash: plan.hash, agentId: agent.agentId, changed: [] }
        : undefined;
    case 'suspend':
      return agent.presence === 'suspended' && !attempts.unknown
        ? { kind: 'suspended', did: 'unchanged', agentId: agent.agentId }
        : undefined;
    default:
      return undefined;
  }
}

type AgentPlan = Extract<Plan, { kind: 'agent' }>;

/** Create, adopt, update or resume. */
async function createOrUpdate(
  ports: Ports,
  record: PersonRecord,
  plan: AgentPlan,
  terms: CallTerms,
): Promise<Result> {
  const { agent, attempts } = record;
  const isThere = agent.presence === 'active' || agent.presence === 'suspended';
  if (!isThere && !attempts.unknown) return create(ports, record, plan, terms);
  const found = await find(ports, record, terms);
  if (found.outcome !== 'ok') return failed(found, attempts.unknown);
  if (found.value === undefined) return create(ports, record, plan, terms);
  const did = !isThere ? 'adopted' : agent.presence === 'suspended' ? 'resumed' : 'updated';
  return update(ports, found.value, plan, did, terms);
}

async function create(
  ports: Ports,
  record: PersonRecord,
  plan: AgentPlan,
  terms: CallTerms,
): Promise<Result> {
  const created = await ports.client.createAgent(plan.payload, terms);
  if (created.outcome === 'ok') {
    return { kind: 'applied', did: 'created', hash: plan.hash, agentId: created.value.agentId, changed: [] };
  }
  if (created.outcome !== 'refused' || !speaksOfDuplicate(created.message)) {
    return failed(created, created.outcome === 'unknown');
  }
  // Maybe there already: by our own key, or made by somebody before us.
  const ours = await ports.client.findByCustomId(record.agent.customId, terms);
  if (ours.outcome !== 'ok') return failed(ours, true);
  const [first] = ours.value;
  if (first !== undefined) return update(ports, first, plan, 'adopted', terms);
  const agentId = await ports.findByEmail(plan.payload.emailId);
  if (agentId === undefined) return failed(created, false);
  const theirs = await ports.client.getAgent(agentId, terms);
  if (theirs.outcome === 'not-found') return failed(created, false);
  if (theirs.outcome !== 'ok') return failed(theirs, false);
  if (normal(theirs.value.emailId) !== normal(plan.payload.emailId)) return failed(created, false);
  return update(ports, theirs.value, plan, 'adopted', terms);
}

/** An agent that is in service asks the brake before it leaves. */
async function heldLeaving(ports: Ports, { agent }: PersonRecord): Promise<Result | undefined> {
  if (agent.presence !== 'active') return undefined;
  const verdict = await ports.brakeLets('leaving', 'leaving');
  return verdict.lets ? undefined : { kind: 'held', hold: verdict.hold };
}

/** Writes the managed fields into a record that is there, unless it has them already and the brake lets it. */
async function update(
  { client, streamId, brakeLets }: Ports,
  current: AgentRecord,
  plan: AgentPlan,
  did: 'adopted' | 'updated' | 'resumed',
  terms: CallTerms,
): Promise<Result> {
  const wanted = managedFieldsOf(plan.payload);
  const changed = differences(current, wanted);
  if (changed.length > 0) {
    // Who comes back to service is never held.
    if (did !== 'resumed') {
      const movement = leavesRouting(current, wanted, unassignedIdsOf(plan)) ? 'leaving' : 'change';
      const verdict = await brakeLets(movement, plan.hash);
      if (!verdict.lets) {
        const { hash, mapped } = plan;
        const hold = { ...verdict.hold, fields: changed, rules: mapped.rules ?? [], hash };
        return { kind: 'held', hold };
      }
    }
    const updated = await client.updateAgent(current.id, merge(current, wanted, streamId), terms);
    // Of an agent that is being adopted the record doesn't know yet: the next attempt has to look again.
    if (updated.outcome !== 'ok') return failed(updated, updated.outcome === 'unknown' || did === 'adopted');
  }
  return { kind: 'applied', did, hash: plan.hash, agentId: current.id, changed };
}

async function suspend(
  ports: Ports,
  record: PersonRecord,
  unassignedGroupId: string,
  terms: CallTerms,
): Promise<Result> {
  const { attempts } = record;
  const held = await heldLeaving(ports, record);
  if (held !== undefined) return held;
  const found = await find(ports, record, terms);
  if (found.outcome !== 'ok') return failed(found, attempts.unknown);
  if (found.value === undefined) return { kind: 'nothing' };
  const current = found.value;
  if (groupIdOf(current) === unassignedGroupId)
    return { kind: 'suspended', did: 'unchanged', agentId: current.id };
  const body = merge(current, { agentGroupId: unassignedGroupId }, ports.streamId);
  const updated = await ports.client.updateAgent(current.id, body, terms);
  return updated.outcome === 'ok'
    ? { kind: 'suspended', did: 'suspended', agentId: current.id }
    : failed(updated, attempts.unknown || updated.outcome === 'unknown');
}

async function remove(ports: Ports, record: PersonRecord, terms: CallTerms): Promise<Result> {
  const { agent, attempts } = record;
  const held = await heldLeaving(ports, record);
  if (held !== undefined) return held;
  let { agentId } = agent;
  if (agentId === undefined || attempts.unknown) {
    const found = await find(ports, record, terms);
    if (found.outcome !== 'ok') return failed(found, attempts.unknown);
    if (found.value === undefined) return { kind: 'nothing' };
    agentId = found.value.id;
  }
  const deleted = await ports.client.deleteAgent(agentId, terms);
  return deleted.outcome === 'ok' || deleted.outcome === 'not-found'
    ? { kind: 'removed' }
    : failed(deleted, attempts.unknown || deleted.outcome === 'unknown');
}

/** Deletes an agent that was never online; one that has worked is put out of service. */
async function undo(
  ports: Ports,
  record: PersonRecord,
  unassignedGroupId: string,
  terms: CallTerms,
): Promise<Result> {
  const found = await find(ports, record, terms);
  if (found.outcome !== 'ok') return failed(found, record.attempts.unknown);
  if (found.value === undefined) return { kind: 'nothing' };
  // Deleted by the id that was just read, so that no other agent is met.
  const known = {
    ...record,
    agent: { ...record.agent, agentId: found.value.id },
    attempts: { ...record.attempts, unknown: false },
  };
  return wasOnline(found.value)
    ? suspend(ports, known, unassignedGroupId, terms)
    : remove(ports, known, terms);
}

function wasOnline({ lastOnlineAt }: AgentRecord): boolean {
  return lastOnlineAt !== undefined && lastOnlineAt !== null && lastOnlineAt !== '';
}

/**
 * The agent's record as it is: by SmartAssist's id where that is known, else by our own key. An agent that is gone under
 * its id may be there under another: made anew by us, with an outcome that nobody learned.
 */
async function find(
  { client }: Ports,
  { agent }: PersonRecord,
  terms: CallTerms,
): Promise<Outcome<AgentRecord | undefined>> {
  if (agent.agentId !== undefined) {
    const byId = await client.getAgent(agent.agentId, terms);
    if (byId.outcome !== 'not-found') return byId;
  }
  const byKey = await client.findByCustomId(agent.customId, terms);
  return byKey.outcome === 'ok' ? { outcome: 'ok', value: byKey.value[0] } : byKey;
}

function unassignedIdsOf({ catalogue }: AgentPlan): ReadonlySet<string> {
  return new Set(catalogue.agentGroups.filter(({ isUnassigned }) => isUnassigned).map(({ id }) => id));
}

/** What a call without success means for the record. `unknown`: a change of ours may be out there. */
function failed(failure: Failure, unknown: boolean): Result {
  switch (failure.outcome) {
    case 'refused':
      return { kind: 'refused', status: failure.status, message: failure.message, unknown };
    case 'throttled':
    case 'no-slot':
      return { kind: 'no-slot', waitMs: failure.waitMs, unknown };
    default:
      return { kind: 'postponed', code: failure.outcome, message: describeFailure(failure), unknown };
  }
}

/** The documentation knows no error for it, so it goes by the words. */
function speaksOfDuplicate(words: string): boolean {
  return /exist|already|unique|duplicate/i.test(words);
}

const normal = (email: string | undefined) => (email ?? '').toLowerCase();
