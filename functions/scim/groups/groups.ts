import type { Member } from '../../directory/group.ts';
import { applyPatch, type MemberChange, memberChanges } from '../../scim-core/patch/patch.ts';
import { parseResource } from '../../scim-core/resource/parse.ts';
import { isObject, openCore, type Resource, sameValue } from '../../scim-core/resource/resource.ts';
import { GROUP_KIND, splitUrn } from '../../scim-core/schema.ts';
import { clientDialectOf } from '../client-dialect.ts';
import type { ScimContext } from '../context.ts';
import { operationsOf } from '../http/message.ts';
import type { ScimRequest } from '../http/request.ts';
import { bodilessAnswer, resourceAnswer } from '../http/resource-answer.ts';
import type { ScimResponse } from '../http/response.ts';
import { storableMembers } from './members.ts';
import { groupAsSeen, groupView, withNames } from './read.ts';
import { groupResource } from './resource.ts';
import { addGroup, changeGroup, eraseGroup } from './write.ts';

/** A PATCH is answered with the members of a group when they are at most so many: one more costs the same in any group. */
const ANSWERED_MEMBERS = 50;

/** `POST /Groups` (RFC 7644 section 3.3). Members may be ids that nobody has yet. */
export async function createGroup(context: ScimContext, request: ScimRequest): Promise<ScimResponse> {
  const view = groupView(request);
  const { members = [], ...group } = parseGroup(request.body);
  const record = await addGroup(context, request, group, storableMembers(members));
  return resourceAnswer(await groupAsSeen(context, request, record, view), view, 201);
}

/**
 * `PUT /Groups/{id}` (RFC 7644 section 3.5.1). A list of members replaces the membership; without one it stays, since a
 * client that says nothing of 10,000 members hardly means to remove them.
 */
export async function replaceGroup(
  context: ScimContext,
  request: ScimRequest,
  id: string,
): Promise<ScimResponse> {
  const view = groupView(request);
  const { members, ...group } = parseGroup(request.body);
  const changes: MemberChange[] = !saysMembers(request.body)
    ? []
    : [{ kind: 'replace', members: storableMembers(members ?? []) }];
  const edit = (before: Resource) => (sameValue(before, group) ? before : group);
  const record = await changeGroup(context, request, id, edit, changes);
  return resourceAnswer(await groupAsSeen(context, request, record, view), view);
}

/**
 * `PATCH /Groups/{id}` (RFC 7644 section 3.5.2). The answer is the group, or 204 for Entra ID (E16) and for a group too
 * large to be read for the sake of one member.
 */
export async function patchGroup(
  context: ScimContext,
  request: ScimRequest,
  id: string,
): Promise<ScimResponse> {
  const view = groupView(request);
  const { changes, rest } = memberChanges(operationsOf(request.body));
  for (const change of changes) if (change.kind !== 'clear') storableMembers(change.members);
  const edit = (before: Resource) =>
    rest.length === 0 ? before : applyPatch(before, rest, GROUP_KIND).resource;
  const record = await changeGroup(context, request, id, edit, changes);
  if (view.isChosen) return resourceAnswer(await groupAsSeen(context, request, record, view), view);
  if (clientDialectOf(request) === 'entra') return bodilessAnswer(groupResource(record, request.baseUrl));
  const { members, next } = await context.services.directory.listMembers(request.tenantName, id, {
    limit: ANSWERED_MEMBERS,
  });
  const resource = groupResource(record, request.baseUrl, members);
  if (next !== undefined) return bodilessAnswer(resource);
  return resourceAnswer(await withNames(context, request, resource), view);
}

/** `DELETE /Groups/{id}` (RFC 7644 section 3.6). */
export async function removeGroup(
  context: ScimContext,
  request: ScimRequest,
  id: string,
): Promise<ScimResponse> {
  await eraseGroup(context, request, id);
  return { status: 204 };
}

function parseGroup(body: unknown): Resource & { members?: readonly Member[] } {
  return parseResource(body, GROUP_KIND) as Resource & { members?: readonly Member[] };
}

function saysMembers(body: unknown): boolean {
  return (
    isObject(body) &&
    Object.keys(openCore(body, GROUP_KIND)).some(
      (name) => (splitUrn(name, GROUP_KIND)?.rest ?? name).toLowerCase() === 'members',
    )
  );
}
