import { attributesOf } from '../../events/attributes.ts';
import type { JsonView } from '../../events/json-view.ts';
import { compact } from '../../runtime/compact.ts';
import { elementsOf, namedIn } from '../../sources/elements.ts';
import type { Exchange, Fetcher } from '../../sources/fetcher.ts';
import { everyGroup, readGroups } from '../../sources/groups.ts';
import { baseUrl, segment } from '../../sources/option.ts';
import type { NamedGroup } from '../../sources/sync/listing.ts';
import { isThrottled } from './throttle.ts';
import { GROUPS, googleToken } from './token.ts';

/** @see https://developers.google.com/workspace/admin/directory/reference/rest/v1/users/get */
export const readPerson: Fetcher = async ({ id, userName = '' }, context) => {
  const base = baseUrl(context, () => 'https://admin.googleapis.com');
  const { status, body } = await context.call(
    {
      method: 'GET',
      url: `${base}/admin/directory/v1/users/${segment(id ?? userName)}?projection=full`,
      headers: { authorization: `Bearer ${await googleToken(context)}`, accept: 'application/json' },
    },
    isThrottled,
  );
  // 403 with notFound is how the API says that a deleted user isn't there; the call refuses it as forbidden.
  if (status === 404) return { outcome: 'not-found' };
  const key = body.text('id') ?? id ?? userName;
  const groups = await readGroups(context, async () => {
    const headers = {
      authorization: `Bearer ${await googleToken(context, GROUPS)}`,
      accept: 'application/json',
    };
    const first = `${base}/admin/directory/v1/groups?userKey=${encodeURIComponent(key)}&maxResults=200`;
    return everyGroup(
      (url) => context.call({ method: 'GET', url, headers }, isThrottled),
      first,
      groupsOn,
      ({ body: page }) => {
        const token = page.text('nextPageToken');
        return token === undefined ? undefined : `${first}&pageToken=${encodeURIComponent(token)}`;
      },
    );
  });
  return {
    outcome: 'found',
    ...groups,
    organizationalUnit: body.text('orgUnitPath'),
    ...compact({ id: body.text('id') }),
    person: googlePerson(body),
  };
};

/** A user as the Directory API has it. */
export function googlePerson(user: JsonView) {
  const email = user.text('primaryEmail');
  const organization =
    user.list('organizations').find((each) => each.flag('primary') === true) ?? user.list('organizations')[0];
  return attributesOf({
    userName: email,
    email,
    givenName: user.text('name.givenName'),
    familyName: user.text('name.familyName'),
    displayName: user.text('name.fullName'),
    title: organization?.text('title'),
    department: organization?.text('department'),
    costCenter: organization?.text('costCenter'),
    phone: user.list('phones')[0]?.text('value'),
    preferredLanguage: user.list('languages')[0]?.text('languageCode'),
    active: activeOf(user.flag('suspended'), user.flag('archived')),
  });
}

/**
 * Groups that have the person as a member, without those that have these groups.
 * @see https://developers.google.com/workspace/admin/directory/reference/rest/v1/groups/list
 */
export function groupsOn({ body }: Pick<Exchange, 'body'>): NamedGroup[] {
  return namedIn(elementsOf(body, 'groups', true), (group) => group.text('name') ?? group.text('email'));
}

function activeOf(isSuspended: boolean | undefined, isArchived: boolean | undefined): boolean | undefined {
  if (isSuspended === true || isArchived === true) return false;
  return isSuspended === undefined ? undefined : true;
}
