import { attributesOf } from '../../events/attributes.ts';
import { timeOf } from '../../events/instant.ts';
import type { Fetcher } from '../../sources/fetcher.ts';
import { baseUrl, segment } from '../../sources/option.ts';
import { graphToken } from './token.ts';

const SELECT = [
  'id',
  'userPrincipalName',
  'mail',
  'givenName',
  'surname',
  'displayName',
  'jobTitle',
  'department',
  'employeeId',
  'employeeType',
  'companyName',
  'businessPhones',
  'mobilePhone',
  'preferredLanguage',
  'accountEnabled',
  'employeeHireDate',
];

/**
 * `GET /users/{id}`. The last day (`employeeLeaveDateTime`) takes a permission of its own, `User-LifeCycleInfo.Read.All`,
 * and is asked for only where `fetch.employeeLeaveDateTime` is "true". @see https://learn.microsoft.com/graph/api/user-get
 */
export const readPerson: Fetcher = async ({ id = '' }, context) => {
  const base = baseUrl(context, () => 'https://graph.microsoft.com');
  const asksForLeaving = context.settings.fetch?.employeeLeaveDateTime === 'true';
  const select = asksForLeaving ? [...SELECT, 'employeeLeaveDateTime'] : SELECT;
  const { status, body } = await context.call({
    method: 'GET',
    url: `${base}/v1.0/users/${segment(id)}?$select=${select.join(',')}`,
    headers: { authorization: `Bearer ${await graphToken(context)}`, accept: 'application/json' },
  });
  if (status === 404) return { outcome: 'not-found' };
  const userName = body.text('userPrincipalName');
  return {
    outcome: 'found',
    person: attributesOf({
      userName,
      email: body.text('mail') ?? userName,
      givenName: body.text('givenName'),
      familyName: body.text('surname'),
      displayName: body.text('displayName'),
      title: body.text('jobTitle'),
      department: body.text('department'),
      organization: body.text('companyName'),
      employeeNumber: body.text('employeeId'),
      userType: body.text('employeeType'),
      phone: body.list('businessPhones')[0]?.text(''),
      mobile: body.text('mobilePhone'),
      preferredLanguage: body.text('preferredLanguage'),
      active: body.flag('accountEnabled'),
    }),
    joinsAt: timeOf(body.text('employeeHireDate')),
    leavesAt: timeOf(body.text('employeeLeaveDateTime')),
  };
};
