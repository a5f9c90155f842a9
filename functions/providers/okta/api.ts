import { attributesOf } from '../../events/attributes.ts';
import type { Fetcher } from '../../sources/fetcher.ts';
import { baseUrl, credential, option, segment } from '../../sources/option.ts';

/** Statuses of people who may work. @see https://developer.okta.com/docs/reference/api/users/#user-status */
const IN_SERVICE = new Set(['ACTIVE', 'PROVISIONED', 'RECOVERY', 'PASSWORD_EXPIRED', 'LOCKED_OUT']);

/**
 * `GET /api/v1/users/{id}` with an API token. For an event about an application the assignment is asked for, too:
 * whoever lost it is gone from here, however active.
 */
export const readPerson: Fetcher = async (subject, context) => {
  const base = baseUrl(context, () => `https://${option(context, 'domain')}`);
  const headers = { authorization: `SSWS ${credential(context)}`, accept: 'application/json' };
  const who = segment(subject.id ?? subject.userName ?? '');
  if (subject.application !== undefined) {
    const url = `${base}/api/v1/apps/${segment(subject.application)}/users/${who}`;
    const assignment = await context.call({ method: 'GET', url, headers });
    if (assignment.status === 404) return { outcome: 'not-found' };
  }
  const { status, body } = await context.call({ method: 'GET', url: `${base}/api/v1/users/${who}`, headers });
  if (status === 404) return { outcome: 'not-found' };
  const profile = body.at('profile');
  return {
    outcome: 'found',
    ...(body.text('id') === undefined ? {} : { id: body.text('id') ?? '' }),
    person: attributesOf({
      userName: profile.text('login'),
      email: profile.text('email'),
      givenName: profile.text('firstName'),
      familyName: profile.text('lastName'),
      displayName: profile.text('displayName'),
      title: profile.text('title'),
      phone: profile.text('primaryPhone'),
      mobile: profile.text('mobilePhone'),
      userType: profile.text('userType'),
      preferredLanguage: profile.text('preferredLanguage'),
      locale: profile.text('locale'),
      timezone: profile.text('timezone'),
      department: profile.text('department'),
      division: profile.text('division'),
      organization: profile.text('organization'),
      costCenter: profile.text('costCenter'),
      employeeNumber: profile.text('employeeNumber'),
      active: IN_SERVICE.has(body.text('status') ?? ''),
    }),
  };
};
