import { attributesOf } from '../../events/attributes.ts';
import { isoOf } from '../../events/instant.ts';
import { clientToken } from '../../sources/client-credentials.ts';
import type { FetchContext, Fetcher } from '../../sources/fetcher.ts';
import { baseUrl, option, segment } from '../../sources/option.ts';

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
  'employeeLeaveDateTime',
].join(',');

/** An access token for Graph: client id and secret are the credentials, `fetch.tenantId` the directory. */
export function graphToken(context: FetchContext): Promise<string> {
  const login = option(context, 'loginUrl', 'https://login.microsoftonline.com').replace(/\/+$/, '');
  const url = `${login}/${segment(option(context, 'tenantId'))}/oauth2/v2.0/token`;
  return clientToken(context, url, { scope: 'https://graph.microsoft.com/.default' });
}

/** @see https://learn.microsoft.com/graph/api/user-get */
export const fetchGraphUser: Fetcher = async ({ id = '' }, context) => {
  const base = baseUrl(context, () => 'https://graph.microsoft.com');
  const { status, body } = await context.call({
    method: 'GET',
    url: `${base}/v1.0/users/${segment(id)}?$select=${SELECT}`,
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
      active: body.flag('accountEnabled') !== false,
    }),
    leavesAt: isoOf(body.text('employeeLeaveDateTime')),
  };
};
