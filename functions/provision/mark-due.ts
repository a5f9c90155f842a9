import type { GroupRecord } from '../directory/group.ts';
import type { MarkDue } from '../directory/members.ts';
import type { PersonRecord, Priority } from '../directory/record.ts';
import { changeRecord } from './change-record.ts';
import { due } from './lifecycle.ts';
import { storeRemapJob } from './remap-jobs.ts';
import type { Services } from './services.ts';

/**
 * Makes persons due again because something that the mapping looks at has changed (their groups), and rings. Ids that no
 * person has are passed over: a group may name members before they arrive.
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

/** A group of at most so many members is erased with its memberships at once; out of a larger one the drain takes them. */
const ERASED_AT_ONCE = 100;

/**
 * Removes a group as it was read, and makes its members due.
 *
 * @returns false where another writer changed the group meanwhile, and nothing was removed
 */
export async function removeGroup(services: Services, group: GroupRecord): Promise<boolean> {
  const { directory } = services;
  const { tenant, id } = group;
  const { next } = await directory.listMembers(tenant, id, { limit: ERASED_AT_ONCE });
  if (next === undefined) {
    if (!(await directory.eraseGroup(group, markingDue(services))).ok) return false;
    await services.ring(tenant);
    return true;
  }
  await markGroupDueLater(services, tenant, id);
  if (!(await directory.closeGroup(group)).ok) return false;
  await markGroupDue(services, tenant, id);
  return true;
}

/** Makes one record due again, over whatever others write to it meanwhile. A deleted person has no groups to mind. */
export async function markDue(
  { directory, clock }: Services,
  record: PersonRecord,
  priority?: Priority,
): Promise<void> {
  await changeRecord(directory, record, (current) =>
    current.deletedAt === undefined ? due(current, clock.now(), priority ?? current.priority) : undefined,
  );
}
