import { type PersonRecord, PRIORITY } from '../../directory/record.ts';
import { correlated } from '../../runtime/correlation.ts';
import { errorText } from '../../runtime/error-text.ts';
import type { CallTerms } from '../../smartassist/client.ts';
import { beforeDrained } from '../agent/sent-address.ts';
import { withoutCalls } from '../apply-plan.ts';
import { type Attempted, attempt, countFailed, OUTCOME_MS } from '../attempt.ts';
import { isLeased, isMappedByNewer, leased } from '../lifecycle.ts';
import { nextRemapJob } from '../remap-jobs.ts';
import { giveSeats } from '../seats/seats.ts';
import type { ServedGeneration, Services } from '../services.ts';
import type { TenantProvisioning } from '../tenant.ts';
import { detectConfigurationChange } from './configuration-change.ts';
import { noteOlderGeneration } from './mapping-seen.ts';
import { type Pause, readPause } from './pause.ts';
import { openPendingEventRounds, type WorkPendingEvents } from './pending-event-rounds.ts';
import { fireTimers } from './timers.ts';

/** How a drain ended. */
export type Drained =
  /** Nothing is due; `nextAt` (epoch ms) is when something will be, if anything. */
  | { readonly outcome: 'idle'; readonly nextAt?: number }
  /** Time is up and work is left: ring again. */
  | { readonly outcome: 'more' };

/** Work that is begun has to end in time: no record is taken when less is left. */
const MARGIN_MS = 10_000;
/** The queue's delay, and the longest nap before the time is looked at again. */
const NEARLY_MS = 2_000;
const LEASE_MS = 60_000;
/** Sleeping for a call is cut in pieces, so that a joiner who arrives meanwhile goes ahead of back-fill. */
const NAP_MS = 1_000;
/** Another drain was faster, or the index of due records is a moment behind. */
const RACE_MS = 50;
/** Interval between pages of re-mapping, or checks whether there is any, while records are due. */
const JOBS_EVERY_MS = 5_000;
/** So long after a page of re-mapping the next one is done in a wait for a call that is shorter than a page. */
const PAGES_EVERY_MS = 1_500;
/** How soon a drain at work hears of a pause, and how soon after it it is asked again whether it is over. */
const PAUSE_EVERY_MS = 5_000;
const PAUSED_MS = 60_000;
/** Interval between checks of whether the configuration is another by now. */
const GENERATION_EVERY_MS = 30_000;
const BATCH = 20;
const LARGEST_BATCH = 1_280;
/**
 * How many records are worked on at a time. Calls are begun one after the other, as slots come free; a SmartAssist that
 * takes seconds to answer must not keep the next ones waiting. At 60 calls a minute, eight stand eight seconds each.
 */
const LANES = 8;

/**
 * A drain that has nothing else to do waits so long in all for pending events that are due in a moment: a person whom a
 * provider doesn't know yet, it knows two seconds later, and the next ring may be a minute away.
 */
const PATIENCE_MS = 15_000;

export interface DrainOptions {
  /** Ends it early, between two records. */
  readonly signal?: AbortSignal;
  /** Does the tenant's pending events, beside its records. */
  readonly work?: WorkPendingEvents | undefined;
  /**
   * Told once, while records are left and the time is nearly up: a ring that the queue keeps back for a second is there when
   * this drain ends, and no call of the budget is lost.
   */
  readonly onNearlyOver?: () => void;
}

/**
 * Provisions a tenant's due records, joiners before back-fill and then the longest due, one lease a record, until nothing
 * is due or the time is nearly up. A record that can't be provisioned never blocks the others.
 *
 * @param until epoch milliseconds by which it has to have returned
 */
export async function drain(
  provisioning: TenantProvisioning,
  services: Services,
  until: number,
  { signal, work, onNearlyOver }: DrainOptions = {},
): Promise<Drained> {
  const { clock, log } = services;
  const { name } = provisioning;
  /** Records that the directory itself failed on: left to a later drain. */
  const broken = new Set<string>();
  const lanes = new Map<string, Promise<void>>();
  const termsOf = (priority: PersonRecord['priority']): CallTerms => ({
    urgency: priority === PRIORITY.interactive ? 'interactive' : 'backfill',
    deadline: until - OUTCOME_MS,
  });
  const nap = (milliseconds: number) =>
    clock.sleep(Math.max(1, Math.min(milliseconds, NAP_MS, until - MARGIN_MS - clock.now())));
  const breaks = (record: PersonRecord) => (error: unknown) => {
    broken.add(record.id);
    services.metrics.count('Failed', { tenant: name, reason: 'broken' });
    causedBy(record, () =>
      log.error('a record could not be worked on', {
        tenant: name,
        person: record.id,
        reason: errorText(error),
      }),
    );
  };
  let jobsAt = 0;
  /** The last page, where there may be another one. */
  let page: { readonly began: number; readonly tookMs: number } | undefined;
  /** Does a page of re-mapping; false when there is none. */
  const worksJobs = async (): Promise<boolean> => {
    const began = clock.now();
    const works = await remapsPage(provisioning, services, termsOf(PRIORITY.backfill));
    jobsAt = clock.now() + JOBS_EVERY_MS;
    page = works ? { began, tookMs: clock.now() - began } : undefined;
    return works;
  };
  /** Back-fill waits for most of its time: everybody is mapped anew in it, and no call is lost by that. */
  const isTimeForPage = (waitMs: number) =>
    page !== undefined && (waitMs >= page.tookMs || clock.now() >= page.began + PAGES_EVERY_MS);
  let patience = PATIENCE_MS;
  const isSoon = (at: number | undefined) =>
    at !== undefined && at > clock.now() && at <= clock.now() + patience;
  let lookAt = 0;
  let paused: Pause | undefined;
  /** Whether an operator has stopped the tenant's calls; looked at now and then. */
  const isPaused = async (): Promise<boolean> => {
    if (clock.now() < lookAt) return paused !== undefined;
    lookAt = clock.now() + PAUSE_EVERY_MS;
    paused = await readPause(services.directory, name);
    return paused !== undefined;
  };
  if (await isPaused()) return { outcome: 'idle', nextAt: clock.now() + PAUSED_MS };
  const { generation } = provisioning;
  let generationAt = clock.now() + GENERATION_EVERY_MS;
  /** Whether a record was met that a newer generation has mapped: it is left to functions that know that one. */
  let newer: 'none' | 'met' | 'asked about' = 'none';
  /** Another generation is to be worked with by now: with the next drain. */
  const isOutdated = async (): Promise<boolean> => {
    if (generation === undefined || (newer !== 'met' && clock.now() < generationAt)) return false;
    generationAt = clock.now() + GENERATION_EVERY_MS;
    if (newer !== 'met') return generation.isOutdated();
    newer = 'asked about';
    return generation.isOutdated('anew');
  };
  const isPassedOver = (record: PersonRecord) => {
    if (broken.has(record.id) || lanes.has(record.id)) return true;
    if (!isMappedByNewer(record, generation)) return false;
    if (newer === 'none') newer = 'met';
    return true;
  };
  let isNoted = false;
  // Before everybody is looked at: who waits comes in the order of waiting, and not in that of the pages.
  await giveSeats(provisioning, services);
  let timerAt = await fireTimers(provisioning, services);
  await detectConfigurationChange(provisioning, services);
  const rounds = openPendingEventRounds(work, provisioning, services, until, signal);
  let tellNearlyOver = onNearlyOver;

  try {
    while (clock.now() < until - MARGIN_MS && signal?.aborted !== true) {
      // The schedule rings every minute, and the pause may be over by then.
      if (await isPaused()) return { outcome: 'idle', nextAt: clock.now() + PAUSED_MS };
      // Asked for before the records: what a round that ends meanwhile has stored is looked for once more.
      const round = rounds.current();
      const next = await firstDue(services, name, isPassedOver);
      if (await isOutdated()) break;
      const isTimeForJobs = next === undefined || clock.now() >= jobsAt;
      if (next?.priority !== PRIORITY.interactive && isTimeForJobs && (await worksJobs())) continue;
      if (next === undefined) {
        if (timerAt !== undefined && timerAt <= clock.now()) {
          timerAt = await fireTimers(provisioning, services);
          continue;
        }
        if (lanes.size > 0) await Promise.race(lanes.values());
        // A joiner doesn't wait for a provider that takes its time.
        else if ((await giveSeats(provisioning, services)) > 0) continue;
        else if (round !== undefined) await Promise.race([round, nap(NAP_MS)]);
        else if (patience > 0 && isSoon(rounds.nextAt)) {
          patience -= NAP_MS;
          await nap((rounds.nextAt ?? 0) - clock.now());
        } else return await atRest(services, name, earliest(rounds.nextAt, timerAt), generation);
        continue;
      }
      if (clock.now() >= until - MARGIN_MS - NEARLY_MS) {
        tellNearlyOver?.();
        tellNearlyOver = undefined;
      }
      if (lanes.size >= LANES) {
        await Promise.race([...lanes.values(), nap(NAP_MS)]);
        continue;
      }
      if (!isNoted) await noteOlderGeneration(provisioning, services);
      isNoted = true;
      const begin = () => beginOne(provisioning, services, next, termsOf(next.priority));
      const begun = await causedBy(next, begin).catch(breaks(next));
      if (begun === undefined) continue;
      if ('waitMs' in begun) {
        const isTime = next.priority === PRIORITY.backfill && isTimeForPage(begun.waitMs);
        if (!isTime || !(await worksJobs())) await nap(begun.waitMs);
        continue;
      }
      const lane = begun.ended.then(({ result }) => {
        countFailed(services, next, result);
        return result.kind === 'no-slot' ? nap(result.waitMs) : undefined;
      }, breaks(next));
      lanes.set(
        next.id,
        lane.finally(() => lanes.delete(next.id)),
      );
      // The next one looks for a free call only once this one has taken its own, or needs none.
      await Promise.race([lane, begun.called]);
    }
    return { outcome: 'more' };
  } finally {
    await Promise.all([...lanes.values(), rounds.running]);
  }
}

function earliest(...times: (number | undefined)[]): number | undefined {
  const known = times.filter((each) => each !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

/** Work on a record is logged under the id of what made it due, not of what rang. */
function causedBy<T>({ correlationId: id }: PersonRecord, work: () => T): T {
  return id === undefined ? work() : correlated(id, work);
}

/** The record to go on with: due, not leased, and not one of those that are passed over. */
async function firstDue(
  { clock, directory }: Services,
  tenant: string,
  isPassedOver: (record: PersonRecord) => boolean,
): Promise<PersonRecord | undefined> {
  for (let limit = BATCH; limit <= LARGEST_BATCH; limit *= 4) {
    const now = clock.now();
    const due = await directory.duePersons(tenant, now, limit);
    const found = due.find((record) => !isLeased(record, now) && !isPassedOver(record));
    // Behind many that are leased by others there may be one that isn't.
    if (found !== undefined || due.length < limit) return found;
  }
  return undefined;
}

type Begun =
  /** Not now: milliseconds until a call may be free, or until another attempt is done. */
  | { readonly waitMs: number }
  | {
      /** Resolves when a first call is sent. */
      readonly called: Promise<void>;
      readonly ended: Promise<Attempted>;
    };

/** Begins with one due record: plans it, waits for no call that it doesn't need, takes the lease, acts. */
async function beginOne(
  provisioning: TenantProvisioning,
  services: Services,
  record: PersonRecord,
  terms: CallTerms,
): Promise<Begun> {
  const { clock, directory } = services;
  const plan = await provisioning.planner.plan(record, terms);
  if (plan.kind === 'unavailable' && 'waitMs' in plan.failure) return { waitMs: plan.failure.waitMs };
  const leasedUntil = (before: PersonRecord) =>
    leased(before, services.randomId(), clock.now() + LEASE_MS, provisioning.generation);
  if (plan.kind !== 'unavailable' && withoutCalls(leasedUntil(record), plan) === undefined) {
    const waitMs = await provisioning.budget.waitMs(terms.urgency);
    if (waitMs > 0) return { waitMs };
  }
  const holder = leasedUntil(await beforeDrained(provisioning, services, record, plan));
  if (!(await directory.updatePerson(record, holder)).ok) return { waitMs: RACE_MS };
  const { promise: called, resolve: onCall } = Promise.withResolvers<void>();
  const ended = attempt(provisioning, services, holder, plan, { ...terms, onCall: () => onCall() });
  return { called, ended };
}

/** No record is due and no pending event under way; those that are due all the same have had no time. */
async function atRest(
  { directory, clock }: Services,
  tenant: string,
  nextTaskAt: number | undefined,
  generation: ServedGeneration | undefined,
): Promise<Drained> {
  if (nextTaskAt !== undefined && nextTaskAt <= clock.now()) return { outcome: 'more' };
  const horizon = clock.now() + 24 * 60 * 60_000;
  const times = nextTaskAt === undefined ? [] : [nextTaskAt];
  for (const priority of [PRIORITY.interactive, PRIORITY.backfill]) {
    const [first] = await directory.duePersons(tenant, horizon, 1, { priority });
    if (first?.dueAt === undefined) continue;
    // What a newer generation has mapped waits for functions that know that one.
    const notBefore = isMappedByNewer(first, generation) ? clock.now() + GENERATION_EVERY_MS : 0;
    times.push(Math.max(Date.parse(first.dueAt), (first.lease?.until ?? 0) + 1, notBefore));
  }
  return times.length === 0 ? { outcome: 'idle' } : { outcome: 'idle', nextAt: Math.min(...times) };
}

/** Does a page of the job that has waited longest; false when there is none, or none can be done now. */
async function remapsPage(
  provisioning: TenantProvisioning,
  services: Services,
  terms: CallTerms,
): Promise<boolean> {
  const { name, generation } = provisioning;
  const job = await nextRemapJob(services.directory, name, services.clock.now(), generation?.number);
  if (job === undefined) return false;
  // Most drains have none, and a start reads no code of it.
  const { runRemapPage } = await import('./remap.ts');
  return runRemapPage(provisioning, services, job, terms);
}
