import type { Member } from '../../directory/group.ts';
import { markGroupDue, markingDue, markPersonsDue } from '../../provision/mark-due.ts';
import { compact } from '../../runtime/compact.ts';
import { ScimInputError } from '../../scim-core/error.ts';
import type { MemberChange } from '../../scim-core/patch/patch.ts';
import type { ScimContext } from '../context.ts';
import { ScimError } from '../http/error.ts';
import type { ScimRequest } from '../http/request.ts';
import { readMembers } from './read.ts';

/** As many as are made due again one by one; the drain does more of them in pages. */
const TOUCHED_AT_ONCE = 100;
/** Calls of the directory at one time, and members in each. */
const LANES = 4;
const LANE_MEMBERS = 500;
/** Beside the id, a member is stored with these; an item of the directory has its limits. */
const MAX_TEXT = 1_024;

/**
 * Members as they are stored: each once, with what the directory keeps of them.
 *
 * @throws ScimInputError `invalidValue` for one whose texts are too long to be kept
 */
export function storableMembers(members: readonly Member[]): Member[] {
  const unique = new Map<string, Member>();
  for (const { value, display, type } of members) {
    for (const [name, text] of Object.entries({ value, display, type })) {
      if (text === undefined || text.length <= MAX_TEXT) continue;
      throw new ScimInputError(
        'invalidValue',
        `members.${name} has ${text.length} characters; ${MAX_TEXT} is the most.`,
        { attribute: `members.${name}` },
      );
    }
    unique.set(value, {
      value,
      ...compact({ display, type }),
    });
  }
  return [...unique.values()];
}

/**
 * Makes changes to the members of a group, in their order, and makes those due again whom they concern. One change
 * costs the same in a group of 10 and of 100,000. Broken off midway, the same request sent again goes on with the rest.
 *
 * @returns whether anything changed
 * @throws ScimError 503 when the time runs out before the last member
 */
export async function changeMembers(
  context: ScimContext,
  request: ScimRequest,
  groupId: string,
  changes: readonly MemberChange[],
): Promise<boolean> {
  let changed = false;
  for (const change of coalesced(changes)) {
    switch (change.kind) {
      case 'add':
        changed = (await addMembers(context, request, groupId, change.members)) || changed;
        break;
      case 'remove': {
        const ids = change.members.map(({ value }) => value);
        changed = (await removeMembers(context, request, groupId, ids)) || changed;
        break;
      }
      case 'replace':
        changed = (await replaceMembers(context, request, groupId, change.members)) || changed;
        break;
      case 'clear':
        changed = (await replaceMembers(context, request, groupId, [])) || changed;
        break;
    }
  }
  return changed;
}

/** Okta removes each of many members by an operation of its own: those of a kind that follow each other are one. */
function coalesced(changes: readonly MemberChange[]): MemberChange[] {
  const result: MemberChange[] = [];
  for (const change of changes) {
    const last = result.at(-1);
    const isMore = last?.kind === change.kind && (last.kind === 'add' || last.kind === 'remove');
    if (!isMore || change.kind === 'clear') result.push(change);
    else result[result.length - 1] = { ...last, members: [...last.members, ...change.members] };
  }
  return result;
}

/** Adds members and makes them due again: few in one transaction each, of many the drain looks at all. */
async function addMembers(
  context: ScimContext,
  request: ScimRequest,
  groupId: string,
  members: readonly Member[],
): Promise<boolean> {
  const { services } = context;
  const { tenantName } = request;
  if (members.length > TOUCHED_AT_ONCE) {
    const added = await storeMembers(context, request, groupId, members);
    // A request that was sent again after it broke off may have added few itself, or none.
    await markGroupDue(services, tenantName, groupId);
    return added.length > 0;
  }
  const added = await services.directory.addMembers(
    tenantName,
    groupId,
    storableMembers(members),
    markingDue(services),
  );
  if (added.length > 0) await services.ring(tenantName);
  return added.length > 0;
}

/** Adds members without anything else, several hundred at a time. */
export async function storeMembers(
  { services }: ScimContext,
  request: ScimRequest,
  groupId: string,
  members: readonly Member[],
): Promise<string[]> {
  const batches = inBatches(storableMembers(members), LANE_MEMBERS);
  const added: string[] = [];
  for (const lanes of inBatches(batches, LANES)) {
    assertTime(services.clock.now(), request);
    const results = await Promise.all(
      lanes.map((batch) => services.directory.addMembers(request.tenantName, groupId, batch)),
    );
    added.push(...results.flat());
  }
  return added;
}

/** The members of a group that is new are due again: few at once, many by the drain. */
export async function markDueFirst(
  { services }: ScimContext,
  { tenantName }: ScimRequest,
  groupId: string,
  members: readonly Member[],
): Promise<void> {
  const ids = members.map(({ value }) => value);
  if (ids.length > TOUCHED_AT_ONCE) await markGroupDue(services, tenantName, groupId);
  else await markPersonsDue(services, tenantName, ids);
}

/** Those who are out are due again at once with it: nobody is forgotten when the time runs out. */
async function removeMembers(
  { services }: ScimContext,
  request: ScimRequest,
  groupId: string,
  ids: readonly string[],
): Promise<boolean> {
  let changed = false;
  for (const batch of inBatches(ids, TOUCHED_AT_ONCE)) {
    assertTime(services.clock.now(), request);
    const removed = await services.directory.removeMembers(
      request.tenantName,
      groupId,
      batch,
      markingDue(services),
    );
    changed ||= removed.length > 0;
  }
  if (changed) await services.ring(request.tenantName);
  return changed;
}

async function replaceMembers(
  context: ScimContext,
  request: ScimRequest,
  groupId: string,
  members: readonly Member[],
): Promise<boolean> {
  const missing = new Map(members.map((member) => [member.value, member] as const));
  const unwanted: string[] = [];
  for (const { value } of await readMembers(context, request, groupId)) {
    if (!missing.delete(value)) unwanted.push(value);
  }
  const removed = await removeMembers(context, request, groupId, unwanted);
  const added = await addMembers(context, request, groupId, [...missing.values()]);
  return removed || added;
}

function assertTime(now: number, { until }: ScimRequest): void {
  if (now < until) return;
  throw new ScimError(503, 'Part of the members is done; send the same request again for the rest.', {
    headers: { 'retry-after': '1' },
  });
}

function inBatches<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, index) =>
    list.slice(index * size, (index + 1) * size),
  );
}
