import type { Membership } from '../../directory/group.ts';
import type { PersonRecord } from '../../directory/record.ts';
import type { Resource } from '../../scim-core/resource/resource.ts';
import { USER_KIND } from '../../scim-core/schema.ts';
import type { ScimContext } from '../context.ts';
import { notFound } from '../http/error.ts';
import type { ScimRequest } from '../http/request.ts';
import { bodilessAnswer, resourceAnswer } from '../http/resource-answer.ts';
import type { ScimResponse } from '../http/response.ts';
import { isKnown } from '../http/version.ts';
import { selectionOf, type View, viewOf } from '../http/view.ts';
import { userResource } from './resource.ts';

/** `GET /Users/{id}` (RFC 7644 section 3.4.1). */
export async function readUser(
  context: ScimContext,
  request: ScimRequest,
  id: string,
): Promise<ScimResponse> {
  const view = userView(request);
  const record = await readPerson(context, request, id);
  if (isKnown(request.ifNoneMatch, record.personVersion)) {
    return { ...bodilessAnswer(userResource(record, request.baseUrl)), status: 304 };
  }
  return resourceAnswer(await userAsSeen(context, request, record, view), view);
}

/** @throws ScimError 404 where there is no such person, or one who was deleted (RFC 7644 section 3.6) */
export async function readPerson(
  { services }: ScimContext,
  { tenantName }: ScimRequest,
  id: string,
): Promise<PersonRecord> {
  const record = await services.directory.readPerson(tenantName, id);
  if (record === undefined || record.deletedAt !== undefined) throw notFound('User', id);
  return record;
}

/** The user as the client sees it; its groups are looked up only if it looks at them, and they aren't known. */
export async function userAsSeen(
  { services }: ScimContext,
  { tenantName, baseUrl }: ScimRequest,
  record: PersonRecord,
  view: View,
  known?: readonly Membership[],
): Promise<Resource> {
  if (!view.wants('groups')) return userResource(record, baseUrl);
  return userResource(record, baseUrl, known ?? (await services.directory.groupsOf(tenantName, record.id)));
}

/** Which attributes the client looks at. */
export function userView({ query }: ScimRequest): View {
  return viewOf(selectionOf(query), USER_KIND);
}
