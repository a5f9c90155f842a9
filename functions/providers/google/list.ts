import { type JsonView, jsonView } from '../../events/json-view.ts';
import { compact } from '../../runtime/compact.ts';
import { elementsOf, idsOf, rowsOf } from '../../sources/elements.ts';
import { type FetchContext, FetchError } from '../../sources/fetcher.ts';
import { baseUrl, segment } from '../../sources/option.ts';
import type { Listing } from '../../sources/sync/listing.ts';
import { googlePerson, groupsOn } from './api.ts';
import { isThrottled } from './throttle.ts';
import { GROUPS, googleToken } from './token.ts';

/** Most of a page. */
const USERS = 500;
/** Most of a page of groups, or of their members. */
const MEMBERS = 200;
/** Before the place of the list of the deleted: a token of the first list never begins so. */
const DELETED = 'deleted:';

/**
 * All users, then those deleted within 20 days, who are a list of their own. There is no list of changes.
 * @see https://developers.google.com/workspace/admin/directory/reference/rest/v1/users/list
 */
export const listing: Listing = {
  list: async (context, place = '') => {
    const isDeleted = place.startsWith(DELETED);
    const token = isDeleted ? place.slice(DELETED.length) : place;
    const body = await usersOn(context, token, isDeleted);
    const rows = rowsOf(elementsOf(body, 'users', true), 'id', (user, id) => {
      if (isDeleted) return { is: 'gone', id, how: 'soft-deleted' };
      const organizationalUnit = user.text('orgUnitPath');
      const person = googlePerson(user);
      return { is: 'person', id, found: { outcome: 'found', id, organizationalUnit, person } };
    });
    const next = body.text('nextPageToken');
    if (isDeleted) return { rows, next: next === undefined ? undefined : `${DELETED}${next}` };
    return { rows, next: next ?? DELETED };
  },
  groups: {
    // https://developers.google.com/workspace/admin/directory/reference/rest/v1/groups/list
    list: async (context, token) => {
      const body = await askGroups(context, '', {
        customer: 'my_customer',
        ...compact({ pageToken: token }),
      });
      return { groups: groupsOn({ body }), next: body.text('nextPageToken') };
    },
    // Direct members, as reading one person tells: …/v1/members/list
    members: async (context, group, token) => {
      const body = await askGroups(context, `/${segment(group)}/members`, compact({ pageToken: token }));
      const members = elementsOf(body, 'members', true);
      // Whatever isn't said to be another thing may be a person.
      const users = members.filter((member) => (member.text('type') ?? 'USER') === 'USER');
      return { ids: idsOf(users), next: body.text('nextPageToken') };
    },
  },
  tellsAbsence: true,
  needs: 'the scope admin.directory.user, delegated for the administrator',
};

/** A page of groups, or of the members of one; nothing of a group that isn't there any more. */
async function askGroups(
  context: FetchContext,
  path: string,
  query: Readonly<Record<string, string>>,
): Promise<JsonView> {
  const base = baseUrl(context, () => 'https://admin.googleapis.com');
  const authorization = `Bearer ${await googleToken(context, GROUPS)}`;
  const { status, body } = await context.call(
    {
      method: 'GET',
      url: `${base}/admin/directory/v1/groups${path}?${new URLSearchParams({ maxResults: String(MEMBERS), ...query })}`,
      headers: { authorization, accept: 'application/json' },
    },
    isThrottled,
  );
  return status === 404 ? jsonView({}) : body;
}

async function usersOn(context: FetchContext, token: string, isDeleted: boolean): Promise<JsonView> {
  const base = baseUrl(context, () => 'https://admin.googleapis.com');
  const query = new URLSearchParams({
    customer: 'my_customer',
    maxResults: String(USERS),
    projection: 'full',
    ...compact({ showDeleted: isDeleted ? 'true' : undefined, pageToken: token === '' ? undefined : token }),
  });
  const { status, body } = await context.call(
    {
      method: 'GET',
      url: `${base}/admin/directory/v1/users?${query}`,
      headers: { authorization: `Bearer ${await googleToken(context)}`, accept: 'application/json' },
    },
    isThrottled,
  );
  if (status === 404)
    throw new FetchError('Google does not know the customer', { isPermanent: true, status });
  return body;
}
