import { PRIORITY, type Priority } from '../directory/record.ts';
import { engagedAt, readBrake } from '../provision/brake/brake.ts';
import { readPause } from '../provision/drain/pause.ts';
import { readSeatUse } from '../provision/seats/seats.ts';
import type { Services } from '../provision/services.ts';
import type { TenantProvisioning } from '../provision/tenant.ts';
import { type Reconciliation, readReconciliation } from './report.ts';

/** Of so many records that come up next, the one that has waited longest is looked for. */
const LOOKED_AT = 20;
/** No record is put off for longer at a time. */
const HORIZON_MS = 30 * 60_000;

/**
 * Measures how a tenant stands: every minute, so that a missing value says that it isn't measured any more.
 *
 * @returns the last reconciliation, or the one under way
 */
export async function measureBacklog(
  provisioning: Pick<TenantProvisioning, 'name' | 'tenant' | 'budget'>,
  services: Services,
): Promise<Reconciliation | undefined> {
  const { name: tenant, budget } = provisioning;
  const { metrics, clock } = services;
  const now = clock.now();
  const ageOf = async (priority: Priority) =>
    secondsBetween(await oldestDue(tenant, services, now, priority), now);
  metrics.gauge('OldestDueAge', { tenant }, await ageOf(PRIORITY.interactive));
  metrics.gauge('OldestBackfillAge', { tenant }, await ageOf(PRIORITY.backfill));
  metrics.gauge('FailedNow', { tenant }, await services.directory.countListed(tenant, 'failed'));
  metrics.gauge('BudgetUse', { tenant }, await budget.use());
  const seats = await readSeatUse(provisioning, services);
  if (seats !== undefined) metrics.gauge('SeatUse', { tenant }, seats.use);
  if (engagedAt(await readBrake(services, tenant)) !== undefined)
    metrics.gauge('BrakeEngaged', { tenant }, 1);
  const pause = await readPause(services.directory, tenant);
  if (pause !== undefined)
    metrics.gauge('PausedAge', { tenant }, secondsBetween(Date.parse(pause.since), now));
  const reconciliation = await readReconciliation(services, tenant);
  if (reconciliation !== undefined)
    metrics.gauge('CensusAge', { tenant }, secondsBetween(Date.parse(reconciliation.startedAt), now));
  return reconciliation;
}

/** Since when (epoch ms) the record that has waited longest has been due; `now` where none waits. */
async function oldestDue(
  tenant: string,
  { directory }: Services,
  now: number,
  priority: Priority,
): Promise<number> {
  const next = await directory.duePersons(tenant, now + HORIZON_MS, LOOKED_AT, { priority });
  const times = next.map(({ dueSince = '', dueAt = '' }) => Date.parse(dueSince || dueAt) || now);
  return Math.min(now, ...times);
}

function secondsBetween(from: number, to: number): number {
  return Math.max(0, Math.round((to - from) / 1_000));
}
