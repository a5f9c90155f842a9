import { type GroupRecord, type Member, nextGroup } from '../../directory/group.ts';
import { markGroupDue, markGroupDueLater, removeGroup } from '../../provision/mark-due.ts';
import type { MemberChange } from '../../scim-core/patch/patch.ts';
import type { Resource } from '../../scim-core/resource/resource.ts';
import type { ScimContext } from '../context.ts';
import { ScimError } from '../http/error.ts';
import type { ScimRequest } from '../http/request.ts';
import { retrying } from '../http/retry.ts';
import { assertStorable } from '../http/size.ts';
import { assertMatch } from '../http/version.ts';
import { changeMembers, markDueFirst, storeMembers } from './members.ts';
import { readGroup } from './read.ts';

/**
 * Stores a new group. Its members come first: until the group is there nobody sees them, so that a crash in between
 * leaves no half of a group.
 *
 * @throws ScimError 409 `uniqueness` when a group has this name that externalIds don't tell apart
 */
export async function addGroup(
  context: ScimContext,
  request: ScimRequest,
  group: Resource,
  members: readonly Member[],
): Promise<GroupRecord> {
  assertStorable('group', group);
  const { services } = context;
  await assertNameFree(context, request, group);
  const id = services.randomId();
  if (members.length > 0) {
    await markGroupDueLater(services, request.tenantName, id);
    await storeMembers(context, request, id, members);
  }
  const now = new Date(services.clock.now()).toISOString();
  const record: GroupRecord = {
    tenant: request.tenantName,
    id,
    version: 1,
    groupVersion: 1,
    createdAt: now,
    updatedAt: now,
    group,
  };
  const result = await services.directory.createGroup(record);
  if (!result.ok) throw new Error('a new id was taken already');
  await markDueFirst(context, request, id, members);
  return record;
}

/**
 * Names needn't be unique by RFC 7643, but rules know groups by their names alone. Two groups of one name are possible
 * where their externalIds tell them apart.
 *
 * @param ownId the group that is renamed
 */
async function assertNameFree(
  { services }: ScimContext,
  { tenantName }: ScimRequest,
  { displayName, externalId }: Resource,
  ownId?: string,
): Promise<void> {
  const namesakes = await services.directory.findGroup(tenantName, {
    attribute: 'displayName',
    value: String(displayName),
  });
  const isTaken = namesakes.some(
    ({ id, group }) =>
      id !== ownId &&
      (externalId === undefined || group.externalId === undefined || group.externalId === externalId),
  );
  if (!isTaken) return;
  throw new ScimError(
    409,
    `A group with the displayName "${String(displayName).slice(0, 80)}" exists already.`,
    {
      scimType: 'uniqueness',
    },
  );
}

/**
 * Changes the attributes of a group and its members. What can be refused is refused before anything is written; members
 * are written one by one beside the group, so that parallel requests neither wait for nor undo each other.
 *
 * @param edit the attributes as they are to be; the same object when nothing changes
 * @throws ScimError 404, 412, 409 `uniqueness` for a name that is taken, or 503 when others change the group all the time
 */
export async function changeGroup(
  context: ScimContext,
  request: ScimRequest,
  id: string,
  edit: (group: Resource) => Resource,
  changes: readonly MemberChange[],
): Promise<GroupRecord> {
  const { services } = context;
  const record = await retrying(services, async () => {
    const before = await readGroup(context, request, id);
    assertMatch(request.ifMatch, before.groupVersion);
    const group = edit(before.group);
    // A version that the client names is taken at once, so that of two who name it one wins.
    const isClaimed = request.ifMatch !== undefined && changes.length > 0;
    if (group === before.group && !isClaimed) return before;
    assertStorable('group', group);
    const after = nextGroup(before, group, services.clock.now());
    const isRenamed = group.displayName !== before.group.displayName;
    if (isRenamed) await assertNameFree(context, request, group, id);
    if (isRenamed) await markGroupDueLater(services, request.tenantName, id);
    const result = await services.directory.updateGroup(before, after);
    if (!result.ok) return undefined;
    if (isRenamed) await markGroupDue(services, request.tenantName, id);
    return after;
  });
  const isUnassigned = changes.at(-1)?.kind === 'clear';
  const changed = await changeMembers(context, request, id, changes).catch(async (error) => {
    // Some of them may be done, and nobody is to take the members from before for those of now.
    await countChange(context, record);
    throw error;
  });
  const isShown = isUnassigned !== (record.membersUnassigned ?? false) && changes.length > 0;
  return changed || isShown ? countChange(context, record, isUnassigned) : record;
}

/**
 * Counts a change of the members in the version of the group, after it was made. A race lost twice is two changes that
 * others counted.
 *
 * @param isUnassigned whether the change removed the attribute
 */
export async function countChange(
  { services }: ScimContext,
  record: GroupRecord,
  isUnassigned = false,
): Promise<GroupRecord> {
  let before = record;
  for (let tries = 0; tries < 2; tries += 1) {
    const { membersUnassigned: _, ...counted } = nextGroup(before, before.group, services.clock.now());
    const after: GroupRecord = isUnassigned ? { ...counted, membersUnassigned: true } : counted;
    const result = await services.directory.updateGroup(before, after);
    if (result.ok) return after;
    if (result.current === undefined) return before;
    before = result.current;
  }
  return before;
}

/** Removes a group; its members are due again. @throws ScimError 404, 412 */
export async function eraseGroup(context: ScimContext, request: ScimRequest, id: string): Promise<void> {
  context.positions.forget('Groups');
  await retrying(context.services, async () => {
    const record = await readGroup(context, request, id);
    assertMatch(request.ifMatch, record.groupVersion);
    return (await removeGroup(context.services, record)) || undefined;
  });
}
