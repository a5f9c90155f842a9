import type { GroupRecord, Member } from '../../directory/group.ts';
import { everyPage } from '../../directory/pages.ts';
import type { Resource } from '../../scim-core/resource/resource.ts';
import { GROUP_KIND } from '../../scim-core/schema.ts';
import type { ScimContext } from '../context.ts';
import { notFound } from '../http/error.ts';
import type { ScimRequest } from '../http/request.ts';
import { bodilessAnswer, resourceAnswer } from '../http/resource-answer.ts';
import type { ScimResponse } from '../http/response.ts';
import { isKnown } from '../http/version.ts';
import { selectionOf, type View, viewOf } from '../http/view.ts';
import { withDisplays } from './displays.ts';
import { groupResource } from './resource.ts';

const MEMBER_PAGE = 1_000;

/** `GET /Groups/{id}`. With `excludedAttributes=members` no member is read (E11). */
export async function readGroupAnswer(
  context: ScimContext,
  request: ScimRequest,
  id: string,
): Promise<ScimResponse> {
  const view = groupView(request);
  const record = await readGroup(context, request, id);
  if (isKnown(request.ifNoneMatch, record.groupVersion)) {
    return { ...bodilessAnswer(groupResource(record, request.baseUrl)), status: 304 };
  }
  return resourceAnswer(await groupAsSeen(context, request, record, view), view);
}

/** @throws ScimError 404 */
export async function readGroup(
  { services }: ScimContext,
  { tenantName }: ScimRequest,
  id: string,
): Promise<GroupRecord> {
  const record = await services.directory.readGroup(tenantName, id);
  if (record === undefined) throw notFound('Group', id);
  return record;
}

/** All members of a group, in the order of their ids. */
export async function readMembers(
  { services }: ScimContext,
  { tenantName }: Pick<ScimRequest, 'tenantName'>,
  groupId: string,
): Promise<Member[]> {
  const members: Member[] = [];
  for await (const page of everyPage((from) =>
    services.directory.listMembers(tenantName, groupId, { limit: MEMBER_PAGE, ...from }),
  )) {
    members.push(...page.members);
  }
  return members;
}

/** The group as the client sees it; members are read only if it looks at them. */
export async function groupAsSeen(
  context: ScimContext,
  request: ScimRequest,
  record: GroupRecord,
  view: View,
): Promise<Resource> {
  const members = view.wants('members') ? await readMembers(context, request, record.id) : undefined;
  return withNames(context, request, groupResource(record, request.baseUrl, members));
}

/** The group with its members' names. */
export async function withNames(
  context: ScimContext,
  request: ScimRequest,
  group: Resource,
): Promise<Resource> {
  const [shown = group] = await withDisplays(context, request, [group]);
  return shown;
}

/** Which attributes the client looks at. */
export function groupView({ query }: ScimRequest): View {
  return viewOf(selectionOf(query), GROUP_KIND);
}
