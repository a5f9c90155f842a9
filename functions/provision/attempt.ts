import { MAX_RACES } from '../directory/errors.ts';
import { type PersonRecord, PRIORITY } from '../directory/record.ts';
import type { CallTerms } from '../smartassist/client.ts';
import { describeFailure } from '../smartassist/outcome.ts';
import { SecretError } from '../tenant/secrets/secret-error.ts';
import { type Obstacle, obstacleTo, stoppedBy } from './agent/address-change.ts';
import { tryOnceFree, tryRefusedAgain } from './agent/freed-address.ts';
import { type Holding, portsOf } from './agent/open-ports.ts';
import type { Ports } from './agent/ports.ts';
import { applyPlan } from './apply-plan.ts';
import { changesAtOf, keepTimer } from './drain/timers.ts';
import { AGENT_CHANGES, AUDIT_DAYS, changeOf, HISTORY_DAYS, historyOf } from './history.ts';
import { afterAttempt, afterRace, withoutAgentId } from './lifecycle.ts';
import type { Plan } from './plan.ts';
import type { Result } from './result.ts';
import type { Services } from './services.ts';
import type { TenantProvisioning } from './tenant.ts';

/** What an attempt came to, and the record as it stands now. */
export interface Attempted {
  readonly result: Result;
  readonly record: PersonRecord;
}

/** What writing an outcome takes: no call is sent or waited for in the last of a lease, or of a function's time. */
export const OUTCOME_MS = 1_000;

/** What had been in the way of an address when its person was refused for it, and is not any more. */
const FREE_BY_NOW: Obstacle = { kind: 'awaited', message: 'emailId: the address is free by now' };

/** A lease outlives the deadline of its attempt by what writing the outcome may take. */
export const LEASE_MARGIN_MS = 5_000;

/**
 * One attempt at a record whose lease is ours: acts on the plan, writes what came of it, and adds to the history.
 * Whatever SmartAssist, the network or the secret do, the answer is a `Result`; it rejects only when the directory
 * does, and the record is then still due and under a lease that runs out.
 */
export async function attempt(
  provisioning: TenantProvisioning,
  services: Services,
  record: PersonRecord,
  plan: Plan,
  terms: CallTerms,
): Promise<Attempted> {
  const calls: string[] = [];
  const holding = { record };
  const leaseEnd = record.lease?.until ?? terms.deadline;
  const obstacle = await obstacleIn(provisioning, services, record, plan);
  const result = await execute(provisioning, services, holding, plan, obstacle, {
    // A machine that stood still, or calls that take long, outlive the lease: another function may be at work by then.
    deadline: Math.min(terms.deadline, leaseEnd - OUTCOME_MS),
    // What follows the first call belongs to something begun.
    get urgency() {
      return calls.length === 0 ? terms.urgency : 'begun';
    },
    onCall: (call) => {
      calls.push(call);
      terms.onCall?.(call);
    },
  });
  await keepTimer(services, holding.record, plan);
  const after = await storeOutcome(provisioning, services, holding.record, result, plan);
  if (result.kind !== 'no-slot') {
    const entry = historyOf({ record, plan, result, calls, now: services.clock.now() });
    await services.directory.appendHistory(record.tenant, record.id, entry, HISTORY_DAYS);
    const change = changeOf(record, result, after, services.clock.now());
    if (change !== undefined)
      await services.directory.appendHistory(record.tenant, AGENT_CHANGES, change, AUDIT_DAYS);
    log(services, record, result);
    countDone(services, record, result);
  }
  // A seat or an address is free: the drain gives it to who waits.
  const isSeatFree = provisioning.tenant.seats !== undefined && leavesService(record, after);
  const isAddressFree = await tryRefusedAgain(provisioning, services, record, after);
  const isHeld = obstacle?.kind === 'held' && plan.kind === 'agent';
  const again = isHeld ? await tryOnceFree(provisioning, services, after, plan.payload.emailId) : undefined;
  if (isSeatFree || isAddressFree || again !== undefined) await services.ring(record.tenant);
  return again === undefined ? { result, record: after } : { result: stoppedBy(FREE_BY_NOW), record: again };
}

function leavesService(before: PersonRecord, after: PersonRecord): boolean {
  return before.agent.presence === 'active' && after.agent.presence !== 'active';
}

async function execute(
  provisioning: TenantProvisioning,
  services: Services,
  holding: Holding,
  plan: Plan,
  obstacle: Obstacle | undefined,
  terms: CallTerms,
): Promise<Result> {
  if (plan.kind === 'unavailable') {
    const { failure } = plan;
    if (failure instanceof SecretError) return withoutCredentials(provisioning, services, failure);
    return failure.outcome === 'no-slot' || failure.outcome === 'throttled'
      ? { kind: 'no-slot', waitMs: failure.waitMs, unknown: false }
      : { kind: 'postponed', code: failure.outcome, message: describeFailure(failure), unknown: false };
  }
  if (obstacle !== undefined && obstacle.kind !== 'exchanged') return stoppedBy(obstacle);
  try {
    const ports = portsOf(provisioning, services, holding);
    return obstacle === undefined || plan.kind !== 'agent'
      ? await applyPlan(ports, holding.record, plan, terms)
      : await makeWay(ports, holding.record, plan, obstacle.interim, terms);
  } catch (error) {
    if (!(error instanceof SecretError)) throw error;
    return withoutCredentials(provisioning, services, error);
  }
}

function withoutCredentials(
  { name: tenant }: TenantProvisioning,
  { log }: Services,
  { code, message: reason }: SecretError,
): Result {
  log.error('no agent can be provisioned', { tenant, reason });
  const message = 'the credentials for SmartAssist are not usable';
  return { kind: 'postponed', code, message, unknown: false };
}

/**
 * What stands in the way of the agent's address, found before any call. After a call of unknown outcome the agent is looked
 * for first.
 */
async function obstacleIn(
  provisioning: TenantProvisioning,
  services: Services,
  record: PersonRecord,
  plan: Plan,
): Promise<Obstacle | undefined> {
  if (plan.kind !== 'agent' || record.attempts.unknown) return undefined;
  return obstacleTo(provisioning, services, record, plan.payload.emailId);
}

/** The first of two steps of an exchange of addresses: the agent gets one in between, and the record stays due. */
async function makeWay(
  ports: Ports,
  record: PersonRecord,
  plan: Extract<Plan, { kind: 'agent' }>,
  interim: string,
  terms: CallTerms,
): Promise<Result> {
  const payload = { ...plan.payload, emailId: interim };
  const result = await applyPlan(ports, record, { ...plan, payload }, terms);
  if (result.kind !== 'applied') return result;
  return {
    kind: 'postponed',
    code: 'addresses-exchanged',
    message: 'emailId: another agent gets the address of this one first',
    emailId: result.emailId,
    unknown: false,
  };
}

/** Writes what an attempt came to; over a change that was made meanwhile only what it found out about the agent. */
async function storeOutcome(
  { tenant, account }: TenantProvisioning,
  { directory, clock, random }: Services,
  record: PersonRecord,
  result: Result,
  plan: Plan,
): Promise<PersonRecord> {
  const { retentionDays } = tenant.lifecycle;
  const terms = { now: clock.now(), random, retentionDays, account, changesAt: changesAtOf(plan) };
  let before = record;
  let after = afterAttempt(record, result, terms);
  for (let race = 0; race < MAX_RACES; race += 1) {
    const written = await directory.updatePerson(before, after);
    if (written.ok) return after;
    if (written.reason === 'conflict') throw new Error('a userName was taken while it was in use');
    if (written.reason === 'held') {
      after = withoutAgentId(after);
      continue;
    }
    const { current } = written;
    // Erased meanwhile: there is nothing to write onto.
    if (current === undefined) return after;
    // Our own write whose answer was lost.
    if (current.version === after.version && current.lease === undefined && current.state === after.state)
      return current;
    before = current;
    after = afterRace(current, record, result, { now: clock.now(), account });
  }
  throw new Error('a record changes all the time');
}

function log({ log: to }: Services, { tenant, id, agent }: PersonRecord, result: Result): void {
  const fields = { tenant, person: id, customId: agent.customId, result: result.kind };
  switch (result.kind) {
    case 'applied':
      to.info(`agent ${result.did}`, { ...fields, changed: result.changed });
      break;
    case 'refused':
      to.warn('SmartAssist refused an agent', { ...fields, status: result.status, reason: result.message });
      break;
    case 'taken':
      to.warn("what a person is to have is another person's", fields);
      break;
    case 'invalid':
      to.warn('a person can not become an agent', {
        ...fields,
        reason: result.problems.map(({ field }) => field).join(', '),
      });
      break;
    case 'postponed':
      to.warn('provisioning postponed', { ...fields, reason: result.message });
      break;
    case 'held':
      to.error('the brake holds an agent back', fields);
      break;
    default:
      to.info(`record ${result.kind}`, fields);
  }
}

const DONE = {
  created: 'create',
  updated: 'update',
  suspended: 'suspend',
  resumed: 'resume',
  adopted: 'adopt',
} as const;

/** Counts what was done to an agent, and how long a joiner has waited for it. */
function countDone(
  { metrics, clock }: Services,
  { tenant, priority, dueSince }: PersonRecord,
  result: Result,
): void {
  if (result.kind === 'removed') metrics.count('Provisioned', { tenant, kind: 'remove' });
  else if ('did' in result && result.did !== 'unchanged') {
    metrics.count('Provisioned', { tenant, kind: DONE[result.did] });
    const isJoiner = result.did === 'created' && priority === PRIORITY.interactive && dueSince !== undefined;
    if (isJoiner) metrics.time('JoinTime', {}, (clock.now() - Date.parse(dueSince)) / 1_000);
  }
}

/**
 * Counts a person who stays behind as failed. Not part of `attempt`: where the caller waits for the answer, it is told that one,
 * and the person is taken out again.
 */
export function countFailed({ metrics }: Services, { tenant }: PersonRecord, { kind }: Result): void {
  if (kind === 'refused' || kind === 'invalid' || kind === 'taken') {
    metrics.count('Failed', { tenant, reason: kind });
  }
}
