import type { Membership } from '../../directory/group.ts';
import type { PersonRecord } from '../../directory/record.ts';
import type { Services } from '../../provision/services.ts';
import type { AuthenticatedEvent, SourceGroup } from '../event.ts';
import { findGroup, joinGroup, leaveGroup, noteAllGroups, readAllGroups } from '../memberships.ts';
import { renameGroup } from './change.ts';
import { noteGroup } from './group-mark.ts';
import { ownIdOf } from './own-group.ts';

/** What a source's list of all groups of a person comes to. */
export interface GroupsOfPerson {
  readonly joins: readonly SourceGroup[];
  readonly leaves: readonly SourceGroup[];
  /** The groups that the person is in then. A group that nobody here knows yet has the source's id. */
  readonly after: readonly Membership[];
  /** Groups of the source that are called otherwise now. */
  readonly renamed: readonly SourceGroup[];
  /** Those listed that SCIM or another source has brought. */
  readonly shared: readonly SourceGroup[];
}

/**
 * Compares all groups that a source says of a person with those that the person is in. A group that isn't listed is left
 * where the source has brought it, or has listed it before: in others SCIM or another source has put the person.
 */
export async function groupsAfter(
  services: Services,
  tenant: string,
  { source, groups = [], groupsAmong }: Pick<AuthenticatedEvent, 'source' | 'groups' | 'groupsAmong'>,
  record: PersonRecord,
): Promise<GroupsOfPerson> {
  const { directory } = services;
  const known = await directory.groupsOf(tenant, record.id);
  const ids = known.map(({ id }) => id);
  const own = new Map(
    (await directory.readGroups(tenant, ids)).flatMap((group) => {
      const ownId = ownIdOf(group, tenant, source);
      return ownId === undefined ? [] : [[ownId, group.id] as const];
    }),
  );
  const found = async (group: SourceGroup) => own.get(group.id) ?? (await findGroup(services, tenant, group));
  const joins: SourceGroup[] = [];
  const shared: SourceGroup[] = [];
  const renamed: SourceGroup[] = [];
  const after: Membership[] = [];
  const listed = new Set<string>();
  for (const group of groups) {
    const id = await found(group);
    const former = known.find((each) => each.id === id)?.display;
    const isOwn = id !== undefined && own.get(group.id) === id;
    const isRenamed = isOwn && group.display !== undefined && group.display !== former;
    const display = (isRenamed ? group.display : former) ?? group.display ?? group.id;
    if (isRenamed) renamed.push(group);
    after.push({ id: id ?? group.id, display });
    if (id !== undefined) listed.add(id);
    if (id === undefined || !ids.includes(id)) joins.push(group);
    if (id !== undefined && !isOwn) shared.push(group);
  }
  const leaves: SourceGroup[] = [];
  const left = new Set<string>();
  const candidates = [
    ...[...own].map(([id]): SourceGroup => ({ id })),
    ...(await readAllGroups(services, tenant, source, record)).shared,
  ];
  for (const group of candidates) {
    if (groupsAmong?.includes(group.id) === false) continue;
    const id = await found(group);
    if (id === undefined || listed.has(id) || left.has(id) || !ids.includes(id)) continue;
    left.add(id);
    leaves.push(group);
  }
  const stays = known.filter(({ id }) => !left.has(id) && !listed.has(id));
  return { joins, leaves, after: [...stays, ...after], renamed, shared };
}

/**
 * Makes a person a member of exactly those groups of a source that it says, where it says all of them.
 *
 * @returns whether a membership changed
 */
export async function settleGroups(
  services: Services,
  tenant: string,
  event: AuthenticatedEvent,
  record: PersonRecord,
): Promise<boolean> {
  if (event.groups === undefined || record.deletedAt !== undefined) return false;
  const { at } = await readAllGroups(services, tenant, event.source, record);
  if (at !== undefined && Date.parse(event.occurredAt ?? '') < Date.parse(at)) return false;
  const { joins, leaves, renamed, shared } = await groupsAfter(services, tenant, event, record);
  let isChanged = false;
  // The name is that of all in the group: it isn't believed of a source that doesn't sign.
  for (const group of event.trust === 'signed' ? renamed : []) {
    if (!(await noteGroup(services, tenant, event, group, false))) continue;
    await renameGroup({ services, tenant }, event, group);
  }
  for (const [change, groups] of [
    [joinGroup, joins],
    [leaveGroup, leaves],
  ] as const) {
    for (const group of groups) {
      const { outcome } = await change(services, tenant, event, group, record);
      isChanged ||= outcome === 'stored';
    }
  }
  await noteAllGroups(services, tenant, event, record, shared);
  return isChanged;
}
