import { activeIn } from '../../events/person/status.ts';
import { applyPatch } from '../../scim-core/patch/patch.ts';
import type { Person } from '../../scim-core/person.ts';
import { parseResource } from '../../scim-core/resource/parse.ts';
import { sameValue } from '../../scim-core/resource/resource.ts';
import { USER_KIND } from '../../scim-core/schema.ts';
import { clientDialectOf } from '../client-dialect.ts';
import type { ScimContext } from '../context.ts';
import { countChange } from '../groups/write.ts';
import { operationsOf } from '../http/message.ts';
import type { ScimRequest } from '../http/request.ts';
import { bodilessAnswer, resourceAnswer } from '../http/resource-answer.ts';
import type { ScimResponse } from '../http/response.ts';
import { userAsSeen, userView } from './read.ts';
import { userResource } from './resource.ts';
import { addPerson, changePerson } from './write.ts';

/**
 * `POST /Users` (RFC 7644 section 3.3): stores the person and tries once to make the agent. What SmartAssist or the
 * mapping refuses isn't stored; what can't be done now stays due and is answered 201 all the same.
 */
export async function createUser(context: ScimContext, request: ScimRequest): Promise<ScimResponse> {
  const view = userView(request);
  const record = await addPerson(context, request, parseResource(request.body, USER_KIND) as Person);
  // A new person is in no group yet.
  const resource =
    record.personVersion === 1
      ? userResource(record, request.baseUrl)
      : await userAsSeen(context, request, record, view);
  return resourceAnswer(resource, view, 201);
}

/** `PUT /Users/{id}` (RFC 7644 section 3.5.1): the body is the whole person; what it doesn't name is unassigned. */
export async function replaceUser(
  context: ScimContext,
  request: ScimRequest,
  id: string,
): Promise<ScimResponse> {
  const view = userView(request);
  const person = parseResource(request.body, USER_KIND) as Person;
  const { record, groups } = await changePerson(context, request, id, (before, { state }) =>
    // Sending a person again is how an administrator has a failed agent tried again.
    state !== 'failed' && sameValue(inService(before), inService(person))
      ? undefined
      : { person, isWhole: true, active: person.active },
  );
  return resourceAnswer(await userAsSeen(context, request, record, view, groups), view);
}

/** As answers show the person: `active` is true where nothing is said of it, and a client may send that back. */
function inService(person: Person): Person {
  return { ...person, active: person.active ?? true };
}

/** `PATCH /Users/{id}` (RFC 7644 section 3.5.2): all operations or none. Nothing is written when nothing changes. */
export async function patchUser(
  context: ScimContext,
  request: ScimRequest,
  id: string,
): Promise<ScimResponse> {
  const view = userView(request);
  const operations = operationsOf(request.body);
  const { record, groups } = await changePerson(context, request, id, (before, stored) => {
    const { resource, changed } = applyPatch(before, operations, USER_KIND);
    const active = activeIn(operations);
    // What other sources say may be all that keeps it from changing something.
    if (!changed && (active === undefined || stored.links === undefined)) return undefined;
    return { person: resource as Person, isWhole: false, active };
  });
  if (clientDialectOf(request) === 'entra' && !view.isChosen) {
    return bodilessAnswer(userResource(record, request.baseUrl));
  }
  return resourceAnswer(await userAsSeen(context, request, record, view, groups), view);
}

/** `DELETE /Users/{id}` (RFC 7644 section 3.6): gone for every client; what becomes of the agent the tenant says. */
export async function removeUser(
  context: ScimContext,
  request: ScimRequest,
  id: string,
): Promise<ScimResponse> {
  await changePerson(context, request, id, (person) => ({
    person,
    isWhole: false,
    active: undefined,
    deleted: true,
  }));
  context.positions.forget('Users');
  await leaveGroups(context, request, id);
  return { status: 204 };
}

/** A person who is gone is a member of nothing; one who comes back is pushed into the groups again. */
async function leaveGroups(context: ScimContext, { tenantName }: ScimRequest, id: string): Promise<void> {
  const { directory } = context.services;
  const memberships = await directory.groupsOf(tenantName, id);
  if (memberships.length === 0) return;
  const groups = await directory.readGroups(
    tenantName,
    memberships.map((membership) => membership.id),
  );
  for (const group of groups) {
    const left = await directory.removeMembers(tenantName, group.id, [id]);
    if (left.length > 0) await countChange(context, group);
  }
}
