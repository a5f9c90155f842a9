import type { PersonRecord } from '../../directory/record.ts';
import { PRIORITY } from '../../directory/record.ts';
import { markDue } from '../mark-due.ts';
import type { Plan } from '../plan.ts';
import type { Services } from '../services.ts';
import type { TenantProvisioning } from '../tenant.ts';

/**
 * Rules and skills with a first or a last day: a person for whom one begins or ends becomes due at that moment by
 * itself. The time is kept before the record says so: a function that dies in between leaves a timer too many.
 */

const BATCH = 100;

/** When what the plan was made from changes by itself, ISO 8601. */
export function changesAtOf(plan: Plan): string | undefined {
  const at = 'changesAt' in plan ? plan.changesAt : undefined;
  return at === undefined ? undefined : new Date(at).toISOString();
}

/** Keeps the time at which a person is to be looked at again, unless the record says that it is kept. */
export function keepTimer(
  { directory }: Services,
  record: PersonRecord,
  plan: Plan,
): Promise<void> | undefined {
  const at = changesAtOf(plan);
  if (at === undefined || at === record.changesAt) return undefined;
  return directory.setTimer(record.tenant, { id: record.id, at });
}

/**
 * Makes those due whose time has come.
 *
 * @returns when the next one is, epoch milliseconds, if there is one within a day
 */
export async function fireTimers(
  { name, mapping }: Pick<TenantProvisioning, 'name' | 'mapping'>,
  services: Services,
): Promise<number | undefined> {
  if (!mapping.isDated) return undefined;
  const { directory, clock } = services;
  const due = await directory.dueTimers(name, clock.now(), BATCH);
  const records = await directory.readPersons(
    name,
    due.map(({ id }) => id),
  );
  for (const record of records) await markDue(services, record, PRIORITY.backfill);
  for (const timer of due) await directory.clearTimer(name, timer);
  const [next] = await directory.dueTimers(name, clock.now() + DAY_MS, 1);
  return next === undefined ? undefined : Date.parse(next.at);
}

const DAY_MS = 86_400_000;
