import { type PersonRecord, PRIORITY } from '../directory/record.ts';
import type { CallTerms } from '../smartassist/client.ts';
import { withoutCalls } from './act.ts';
import { isLeased, leased } from './lifecycle.ts';
import type { TenantProvisioning, World } from './provisioner.ts';
import { noticeChanges, workJobs } from './reevaluate.ts';
import { run } from './run.ts';

/** How a drain ended. */
export type Drained =
  /** Nothing is due; `nextAt` (epoch ms) is when something will be, if anything. */
  | { readonly outcome: 'idle'; readonly nextAt?: number }
  /** Time is up and work is left: ring again. */
  | { readonly outcome: 'more' };

/** Work that is begun has to end in time: no record is taken when less is left. */
const MARGIN_MS = 10_000;
/** What writing the last outcome takes. */
const END_MS = 1_000;
const LEASE_MS = 60_000;
/** Sleeping for a call is cut in pieces, so that a joiner who arrives meanwhile goes ahead of back-fill. */
const NAP_MS = 1_000;
/** Somebody was faster, or the index of due records is a moment behind. */
const RACE_MS = 50;
const BATCH = 20;

/**
 * Provisions a tenant's due records, joiners before back-fill and then the longest due, one lease a record, until nothing
 * is due or the time is nearly up. A record that can't be provisioned never blocks the others.
 *
 * @param until epoch milliseconds by which it has to have returned
 * @param signal ends it early, between two records
 */
export async function drain(
  provisioning: TenantProvisioning,
  world: World,
  until: number,
  signal?: AbortSignal,
): Promise<Drained> {
  const { clock, directory, log } = world;
  const { name } = provisioning;
  /** Records that the directory itself failed on: left to a later drain. */
  const broken = new Set<string>();
  const termsOf = (priority: PersonRecord['priority']): CallTerms => ({
    urgency: priority === PRIORITY.interactive ? 'interactive' : 'backfill',
    deadline: until - END_MS,
  });
  await noticeChanges(provisioning, world);

  while (clock.now() < until - MARGIN_MS && signal?.aborted !== true) {
    const now = clock.now();
    const due = await directory.duePersons(name, now, BATCH + broken.size);
    const next = due.find((record) => !isLeased(record, now) && !broken.has(record.id));
    if (
      next?.priority !== PRIORITY.interactive &&
      (await workJobs(provisioning, world, termsOf(PRIORITY.backfill)))
    ) {
      continue;
    }
    if (next === undefined) return { outcome: 'idle', ...(await nextDue(world, name)) };
    try {
      const waitMs = await provision(provisioning, world, next, termsOf(next.priority));
      if (waitMs > 0)
        await clock.sleep(Math.min(waitMs, NAP_MS, Math.max(1, until - MARGIN_MS - clock.now())));
    } catch (error) {
      broken.add(next.id);
      log.error('a record could not be worked on', { tenant: name, person: next.id, reason: String(error) });
    }
  }
  return { outcome: 'more' };
}

/**
 * Provisions one due record: plans it, waits for no call that it doesn't need, takes the lease, acts.
 *
 * @returns milliseconds to wait until a call is free; 0 when the record was dealt with or somebody else has it
 */
async function provision(
  provisioning: TenantProvisioning,
  world: World,
  record: PersonRecord,
  terms: CallTerms,
): Promise<number> {
  const { clock, directory } = world;
  const plan = await provisioning.planner.plan(record, terms);
  if (plan.kind === 'unavailable' && 'waitMs' in plan.failure) return plan.failure.waitMs;
  const holder = leased(record, world.randomId(), clock.now() + LEASE_MS);
  if (plan.kind !== 'unavailable' && withoutCalls(holder, plan) === undefined) {
    const waitMs = await provisioning.budget.waitMs(terms.urgency);
    if (waitMs > 0) return waitMs;
  }
  if (!(await directory.updatePerson(record, holder)).ok) return RACE_MS;
  const { result } = await run(provisioning, world, holder, plan, terms);
  return result.kind === 'no-slot' ? result.waitMs : 0;
}

async function nextDue({ directory, clock }: World, tenant: string): Promise<{ nextAt?: number }> {
  const horizon = clock.now() + 24 * 60 * 60_000;
  const times: number[] = [];
  for (const priority of [PRIORITY.interactive, PRIORITY.backfill]) {
    const [first] = await directory.duePersons(tenant, horizon, 1, { priority });
    if (first?.dueAt !== undefined)
      times.push(Math.max(Date.parse(first.dueAt), (first.lease?.until ?? 0) + 1));
  }
  return times.length === 0 ? {} : { nextAt: Math.min(...times) };
}
