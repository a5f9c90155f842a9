import { MAX_RACES } from '../../directory/errors.ts';
import { type GroupRecord, nextGroup } from '../../directory/group.ts';
import { everyPage } from '../../directory/pages.ts';
import type { PendingEvent } from '../../directory/pending-events.ts';
import type { PersonRecord } from '../../directory/record.ts';
import { markGroupDue, markGroupDueLater, removeGroup } from '../../provision/mark-due.ts';
import type { Services } from '../../provision/services.ts';
import { compact } from '../../runtime/compact.ts';
import { folded } from '../../scim-core/fold.ts';
import type { TenantConfiguration } from '../../tenant/configuration.ts';
import { sourceNamed } from '../../tenant/look-up.ts';
import { speaksOfGroups } from '../../tenant/trust/groups.ts';
import type { Applied } from '../applied.ts';
import type { AuthenticatedEvent, SourceGroup } from '../event.ts';
import { findGroup, makeGroup, noteWholeGroup } from '../memberships.ts';
import { storeConfirmation, storeFetch, storeLater } from '../pending.ts';
import { wouldLeave } from '../person/wanted.ts';
import { noteGroup } from './group-mark.ts';
import type { ChangedGroup } from './membership.ts';
import { groupIdOf } from './own-group.ts';

/** Where an event about a group is applied. */
export interface GroupContext {
  readonly services: Services;
  readonly tenant: string;
  readonly configuration?: TenantConfiguration | undefined;
  /** Whether the source can be read. */
  readonly canFetch: boolean;
  /** The task by which the event waited. */
  readonly waited?: PendingEvent;
}

/** Has the scope of the source follow one member of a group that is about to change. */
export type Follow = (record: PersonRecord, changing: ChangedGroup) => Promise<unknown>;

/**
 * Applies an event about a group itself: it is new, has another name, or was deleted. The rules follow: its members are
 * looked at again. What isn't signed is read from the source first, or waits where a person would leave service by it. The
 * name of a group that SCIM has brought is SCIM's.
 */
export async function applyGroupChange(
  context: GroupContext,
  event: AuthenticatedEvent,
  follow: Follow,
): Promise<Applied> {
  const { services, tenant, canFetch } = context;
  const { group, kind, source } = event;
  if (group === undefined) return { outcome: 'invalid', reason: `${event.type} names no group.` };
  // A change without a name leaves the group called as it is, and its members in it.
  const isChange = kind === 'remove' || group.display !== undefined;
  if (event.trust !== 'signed') {
    if (canFetch) {
      await storeFetch(services, tenant, event);
      return { outcome: 'fetching' };
    }
    const known = isChange
      ? await services.directory.readGroup(tenant, groupIdOf(tenant, source, group.id))
      : undefined;
    if (known !== undefined && (await wouldAnyLeave(context, known, kind === 'remove' ? undefined : group))) {
      const why = `${source} does not sign what it sends, and without the group agents would be out of service`;
      await storeConfirmation(services, tenant, event, why);
      return { outcome: 'held' };
    }
  }
  const inScope = isChange ? await membersInScope(context, event, group) : undefined;
  if (inScope === 'many' && context.waited === undefined) {
    // The drain has the time to look at each.
    await storeLater(services, tenant, event, new Date(services.clock.now()).toISOString());
    return { outcome: 'later' };
  }
  if (!(await noteGroup(services, tenant, event, group, kind === 'remove'))) return { outcome: 'stale' };
  if (inScope !== undefined) await followAll(context, event, group, follow);
  return kind === 'remove' ? deleteGroup(context, event, group) : renameGroup(context, event, group);
}

/** Gives a group the name that its source says now; a group that nobody knows yet is made. */
export async function renameGroup(
  { services, tenant }: Pick<GroupContext, 'services' | 'tenant'>,
  event: Pick<AuthenticatedEvent, 'source' | 'occurredAt'>,
  group: SourceGroup,
): Promise<Applied> {
  const { directory, clock } = services;
  // Each try may find no group, or that of another source: none of the loops of documents and records decides that.
  for (let race = 0; race < MAX_RACES; race += 1) {
    const known = await directory.readGroup(tenant, groupIdOf(tenant, event.source, group.id));
    if (known === undefined) {
      const isOfOthers = (await findGroup(services, tenant, { id: group.id })) !== undefined;
      if (!isOfOthers) await makeGroup(services, tenant, event, group);
      return { outcome: isOfOthers ? 'unchanged' : 'group-stored' };
    }
    if (group.display === undefined || known.group.displayName === group.display) {
      return { outcome: 'unchanged' };
    }
    await markGroupDueLater(services, tenant, known.id);
    const after = nextGroup(known, { ...known.group, displayName: group.display }, clock.now());
    const result = await directory.updateGroup(known, after);
    if (!result.ok) continue;
    await markGroupDue(services, tenant, known.id);
    return { outcome: 'group-stored' };
  }
  throw new Error('a group changes all the time');
}

async function deleteGroup(
  { services, tenant }: GroupContext,
  event: AuthenticatedEvent,
  group: SourceGroup,
): Promise<Applied> {
  const { directory } = services;
  // Memberships that were said before say nothing any more.
  await noteWholeGroup(services, tenant, event, group);
  for (let race = 0; race < MAX_RACES; race += 1) {
    const known = await directory.readGroup(tenant, groupIdOf(tenant, event.source, group.id));
    if (known === undefined) return { outcome: 'unchanged' };
    if (await removeGroup(services, known)) return { outcome: 'group-stored' };
  }
  throw new Error('a group changes all the time');
}

/** How many members a group has that the source's scope names; undefined for a group that is none of its. */
async function membersInScope(
  { services, tenant, configuration }: GroupContext,
  { source }: AuthenticatedEvent,
  group: SourceGroup,
): Promise<'few' | 'many' | undefined> {
  const scope = configuration === undefined ? undefined : sourceNamed(configuration, source)?.scope;
  const id = groupIdOf(tenant, source, group.id);
  const known = await services.directory.readGroup(tenant, id);
  if (scope?.groups === undefined || known === undefined) return undefined;
  const names = [group.id, group.display, String(known.group.displayName)].flatMap((name) =>
    name === undefined ? [] : [folded(name)],
  );
  if (!scope.groups.some((each) => names.includes(folded(each)))) return undefined;
  const { next } = await services.directory.listMembers(tenant, id, { limit: LOOKED_AT });
  return next === undefined ? 'few' : 'many';
}

/** Before the group changes: a function that dies in between is told of the change again. */
async function followAll(
  { services, tenant }: GroupContext,
  { source, kind }: AuthenticatedEvent,
  group: SourceGroup,
  follow: Follow,
): Promise<void> {
  const id = groupIdOf(tenant, source, group.id);
  const changing = { id, ...(kind === 'remove' ? {} : compact({ display: group.display })) };
  const { directory } = services;
  for await (const { members } of everyPage((from) =>
    directory.listMembers(tenant, id, { limit: LOOKED_AT, ...from }),
  )) {
    const ids = members.map(({ value }) => value);
    for (const record of await directory.readPersons(tenant, ids)) await follow(record, changing);
  }
}

/** More members than these aren't looked at in a request: an agent may be among them. */
const LOOKED_AT = 100;

/** Whether an agent would go out of service without the group, or with its other name. */
async function wouldAnyLeave(
  { services, tenant, configuration }: GroupContext,
  { id }: GroupRecord,
  renamed: SourceGroup | undefined,
): Promise<boolean> {
  if (configuration === undefined || !speaksOfGroups(configuration)) return false;
  const { directory } = services;
  const { members, next } = await directory.listMembers(tenant, id, { limit: LOOKED_AT });
  if (next !== undefined) return true;
  const ids = members.map(({ value }) => value);
  const becoming = {
    leaves: id,
    ...compact({ joins: renamed?.display === undefined ? undefined : { id, display: renamed.display } }),
  };
  for (const record of await directory.readPersons(tenant, ids)) {
    if (await wouldLeave(services, tenant, configuration, record, becoming)) return true;
  }
  return false;
}
