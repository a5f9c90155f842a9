import type { PersonRecord } from '../directory/record.ts';
import { folded } from '../scim-core/fold.ts';
import {
  type AgentRecord,
  differences,
  isOutOfService,
  managedFieldsOf,
  merge,
} from '../smartassist/agent.ts';
import type { CallTerms } from '../smartassist/client.ts';

import { findByAddress, findByOwnCustomId, takenAddress } from './agent/adopt.ts';
import { type FoundAgent, findByKey, LOST, readWhole } from './agent/find.ts';
import { findAnywhere } from './agent/find-unkeyed.ts';
import { factsOf, lookFirst } from './agent/look-first.ts';
import { failed, type Ports } from './agent/ports.ts';
import { hasAgent } from './agent/presence.ts';
import { leavesRouting } from './brake/routing.ts';
import { suspend } from './leaving/suspend.ts';
import type { Plan } from './plan.ts';
import type { Result } from './result.ts';

/**
 * Brings one agent to what the plan says, with as few calls as it takes:
 *
 *   create 1 (and 1 look-up before it after an unknown outcome, or behind it after a refusal) · adopt 2 · no change 0 ·
 *   update 2 (GET, PUT) · suspend and resume 2 · remove 1 · undo (GET, DELETE) 2
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
      return (await loadRemoval()).remove(ports, record, plan.alsoUser, terms);
    case 'undo':
      return (await loadRemoval()).undo(ports, record, plan.unassignedGroupId, terms);
    case 'keep':
      return lookFirst(ports, record, { kind: 'kept' }, terms);
    case 'invalid':
      return lookFirst(ports, record, { kind: 'invalid', problems: plan.problems }, terms);
    default:
      throw new Error(`a plan of kind ${plan.kind} needs no calls`);
  }
}

/** Few tenants delete agents: a start doesn't read the code of it. */
const loadRemoval = () => import('./leaving/removal.ts');

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
      return attempts.unknown ? undefined : { kind: 'kept' };
    case 'invalid':
      return attempts.unknown ? undefined : { kind: 'invalid', problems: plan.problems };
    case 'unreadable':
      return {
        kind: 'postponed',
        code: 'names-unreadable',
        message: plan.problems.map(({ message }) => message).join('; '),
        unknown: false,
      };
    case 'agent':
      return agent.presence === 'active' && agent.appliedHash === plan.hash && !attempts.unknown
        ? { ...applied(plan, agent.agentId), ...keptAddress(agent, plan), did: 'unchanged' }
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

function applied({ hash, payload: { emailId } }: AgentPlan, agentId: string | undefined) {
  return { kind: 'applied', hash, agentId, emailId, changed: [] } as const;
}

/** Of an agent whose address SmartAssist kept in spite of the update that sent this payload. */
function keptAddress({ emailId }: PersonRecord['agent'], { payload }: AgentPlan) {
  return emailId === undefined || folded(emailId) === folded(payload.emailId)
    ? {}
    : { emailId, isAddressKept: true as const };
}

/** Create, adopt, update or resume. */
async function createOrUpdate(
  ports: Ports,
  record: PersonRecord,
  plan: AgentPlan,
  terms: CallTerms,
): Promise<Result> {
  const { agent, attempts } = record;
  const isThere = hasAgent(record);
  if (!isThere && !attempts.unknown) return create(ports, record, plan, terms);
  const found = await findAnywhere(ports, record, plan.payload.emailId, terms);
  if ('result' in found) return found.result;
  if (attempts.unknown && folded(found.agent?.emailId ?? '') !== folded(plan.payload.emailId)) {
    const stopped = await ports.obstacle(plan.payload.emailId);
    if (stopped !== undefined) return { ...stopped, found: factsOf(found.agent) };
  }
  if (found.agent === undefined) return create(ports, record, plan, terms);
  const did = !isThere ? 'adopted' : agent.presence === 'suspended' ? 'resumed' : 'updated';
  const updated = await update(ports, found, plan, did, terms);
  const isSame = updated.kind === 'applied' && updated.did === 'updated' && updated.changed.length === 0;
  // What was found as it should be wasn't updated, unless by an earlier call whose outcome was never learned.
  return isSame && !attempts.unknown ? { ...updated, did: 'unchanged' } : updated;
}

async function create(
  ports: Ports,
  record: PersonRecord,
  plan: AgentPlan,
  terms: CallTerms,
): Promise<Result> {
  // An agent that is known to be there and to be of no person: a create would be refused.
  const byAddress = await findByAddress(ports, plan.payload.emailId, terms);
  const known =
    byAddress.outcome === 'none' ? await findByOwnCustomId(ports, plan.payload.customId, terms) : byAddress;
  if (known.outcome === 'failed') return known.result;
  if (known.outcome === 'found') return update(ports, known, plan, 'adopted', terms);
  if (record.attempts.lookedForSince !== undefined)
    return known.outcome === 'held' ? taken(known) : ports.lookFor();
  const unseated = await ports.seat(record.attempts.unknown ? 'none' : undefined);
  if (unseated !== undefined) return unseated;
  if (!(await ports.sends(plan.payload.emailId))) return LOST;
  const created = await ports.client.createAgent(plan.payload, terms);
  if (created.outcome === 'ok') return { ...applied(plan, created.value.agentId), did: 'created' };
  if (created.outcome !== 'refused') return failed(created, created.outcome === 'unknown');
  // No documentation has the words of a refusal, so whether the agent is there already is looked up after each.
  const found = await findByKey(ports, record, true, terms);
  if ('result' in found) return found.result;
  if (found.agent !== undefined) return update(ports, found, plan, 'adopted', terms);
  if (known.outcome === 'held') return taken(known);
  return speaksOfDuplicate(created) ? ports.lookFor() : failed(created, false);
}

const taken = ({ message }: { readonly message: string }): Result => ({ kind: 'taken', message });

/** The documentation knows neither status nor words for it. */
function speaksOfDuplicate({
  status,
  message,
}: {
  readonly status: number;
  readonly message: string;
}): boolean {
  return status === 409 || /exist|already|unique|duplicate/i.test(message);
}

/** Writes the managed fields into a record that is there, unless it has them already and the brake lets it. */
async function update(
  ports: Ports,
  found: FoundAgent,
  plan: AgentPlan,
  did: 'adopted' | 'updated' | 'resumed',
  terms: CallTerms,
): Promise<Result> {
  const { client, updates, brakeLets } = ports;
  const current = found.agent;
  const wanted = managedFieldsOf(plan.payload, theirsOf(ports, current, plan, did));
  const changed = differences(current, wanted, updates.groups);
  if (changed.length > 0) {
    // One that SmartAssist has in service takes no seat more by being adopted.
    if (did === 'resumed' || (did === 'adopted' && isUnassigned(current, plan))) {
      const unseated = await ports.seat();
      if (unseated !== undefined) return unseated;
    }
    // Who comes back to service is never held.
    if (did !== 'resumed') {
      const movement = leavesRouting(current, wanted, unassignedIdsOf(plan), updates.groups)
        ? 'leaving'
        : 'change';
      const verdict = await brakeLets(movement, plan.hash);
      if (!verdict.lets) {
        const { hash, mapped } = plan;
        const hold = { ...verdict.hold, fields: changed, rules: mapped.rules ?? [], hash };
        return { kind: 'held', hold };
      }
    }
    const whole = await readWhole(ports, found, terms);
    const updated =
      whole.outcome === 'ok'
        ? await client.updateAgent(current.id, merge(whole.value, wanted, updates), terms)
        : whole;
    // Of an agent that is being adopted the record doesn't know yet: the next attempt has to look again.
    if (updated.outcome !== 'ok') {
      const isUnknown = (whole.outcome === 'ok' && updated.outcome === 'unknown') || did === 'adopted';
      if (updated.outcome !== 'refused' || !changed.includes('emailId')) return failed(updated, isUnknown);
      const taken = await takenAddress(ports, current, plan.payload.emailId);
      return taken ?? failed({ ...updated, message: `${updated.message}. ${ADDRESS_REMEDY}` }, isUnknown);
    }
    const { emailId = plan.payload.emailId } = updated.value;
    if (folded(emailId) !== folded(plan.payload.emailId))
      return { ...applied(plan, current.id), did, changed, emailId, isAddressKept: true };
  }
  return { ...applied(plan, current.id), did, changed };
}

const ADDRESS_REMEDY =
  'The update has another e-mail address: where that is what SmartAssist refuses, give the person the former one back, ' +
  'or have the agent deleted, so that it is made anew';

/** What an update leaves as SmartAssist has it. Who comes back to service gets what leaving took. */
function theirsOf(
  { initial, strips }: Ports,
  current: AgentRecord,
  plan: AgentPlan,
  did: 'adopted' | 'updated' | 'resumed',
): ReadonlySet<string> {
  if (did === 'resumed' && strips) return new Set();
  return isUnassigned(current, plan) ? initial.difference(new Set(['agentGroupId'])) : initial;
}

function isUnassigned(current: AgentRecord, plan: AgentPlan): boolean {
  return [...unassignedIdsOf(plan)].some((id) => isOutOfService(current, id));
}

function unassignedIdsOf({ catalogue }: AgentPlan): ReadonlySet<string> {
  return new Set(catalogue.agentGroups.filter(({ isUnassigned }) => isUnassigned).map(({ id }) => id));
}
