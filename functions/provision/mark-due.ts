import { MAX_RACES } from '../directory/errors.ts';
import type { MarkDue } from '../directory/members.ts';
import type { PersonRecord, Priority } from '../directory/record.ts';
import { due } from './lifecycle.ts';
import { storeRemapJob } from './remap-jobs.ts';
import type { Services } from './services.ts';

/**
 * Makes persons due again because something that the mapping looks at has changed (their groups), and rings. Ids of
 * nobody are passed over: a group may name members before they arrive.
 */
export async function markPersonsDue(
  services: Services,
  tenant: string,
  ids: readonly string[],
): Promise<void> {
  const records = await services.directory.readPersons(tenant, ids);
  for (const record of records) await markDue(services, record);
  if (records.length > 0) await services.ring(tenant);
}

/**
 * Makes those due again whose memberships change, in one transaction with the change: a function that dies between the
 * two would leave a person in a group that no drain ever looks at. Ring afterwards.
 */
export function markingDue({ clock }: Pick<Services, 'clock'>): MarkDue {
  return (record) => (record.deletedAt === undefined ? due(record, clock.now()) : undefined);
}

/** No function that is about to change a group lives longer. */
const LATER_MS = 60_000;

/**
 * To be called before a change that concerns all members of a group: should the function die after it and before it can
 * say so with `markGroupDue`, they are looked at all the same, once it is certainly dead.
 */
export function markGroupDueLater(services: Services, tenant: string, groupId: string): Promise<void> {
  return storeRemapJob(
    services.directory,
    tenant,
    { kind: 'group', groupId },
    services.clock.now() + LATER_MS,
  );
}

/** Makes all members of a group due again, however many: the drain works them off page by page. */
export async function markGroupDue(services: Services, tenant: string, groupId: string): Promise<void> {
  await storeRemapJob(services.directory, tenant, { kind: 'group', groupId });
  await services.ring(tenant);
}

/** Makes one record due again, over whatever anybody writes to it meanwhile. A deleted person has no groups to mind. */
export async function markDue(services: Services, record: PersonRecord, priority?: Priority): Promise<void> {
  const { directory, clock } = services;
  let current: PersonRecord | undefined = record;
  for (let race = 0; race < MAX_RACES; race += 1) {
    if (current === undefined || current.deletedAt !== undefined) return;
    // The holder of the lease finds the record changed, and doesn't call it done.
    const result = await directory.updatePerson(
      current,
      due(current, clock.now(), priority ?? current.priority),
    );
    if (result.ok) return;
    if (result.reason !== 'changed') throw new Error('a key was taken while it was in use');
    current = result.current;
  }
  throw new Error('a record changes all the time');
}
