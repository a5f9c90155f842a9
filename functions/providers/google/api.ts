import { attributesOf } from '../../events/attributes.ts';
import type { Fetcher } from '../../sources/fetcher.ts';
import { baseUrl, segment } from '../../sources/option.ts';
import { isThrottled } from './throttle.ts';
import { googleToken } from './token.ts';

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
  const email = body.text('primaryEmail');
  const organization =
    body.list('organizations').find((each) => each.flag('primary') === true) ?? body.list('organizations')[0];
  return {
    outcome: 'found',
    ...(body.text('id') === undefined ? {} : { id: body.text('id') ?? '' }),
    person: attributesOf({
      userName: email,
      email,
      givenName: body.text('name.givenName'),
      familyName: body.text('name.familyName'),
      displayName: body.text('name.fullName'),
      title: organization?.text('title'),
      department: organization?.text('department'),
      costCenter: organization?.text('costCenter'),
      phone: body.list('phones')[0]?.text('value'),
      preferredLanguage: body.list('languages')[0]?.text('languageCode'),
      active: activeOf(body.flag('suspended'), body.flag('archived')),
    }),
  };
};

function activeOf(isSuspended: boolean | undefined, isArchived: boolean | undefined): boolean | undefined {
  if (isSuspended === true || isArchived === true) return false;
  return isSuspended === undefined ? undefined : true;
}
