import { attributesOf } from '../../events/attributes.ts';
import { timeOf } from '../../events/instant.ts';
import type { JsonView } from '../../events/json-view.ts';
import { isObject } from '../../scim-core/resource/resource.ts';
import { type Exchange, FetchError, type Fetcher } from '../../sources/fetcher.ts';
import { everyGroup, readGroups } from '../../sources/groups.ts';
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
  const headers = { authorization: `Bearer ${await graphToken(context)}`, accept: 'application/json' };
  const select = asksForLeaving ? [...SELECT, 'employeeLeaveDateTime'] : SELECT;
  const { status, body } = await context.call({
    method: 'GET',
    url: `${base}/v1.0/users/${segment(id)}?$select=${select.join(',')}`,
    headers,
  });
  if (status === 404) return { outcome: 'not-found' };
  const groups = await readGroups(context, () =>
    everyGroup(
      (url) => context.call({ method: 'GET', url, headers }),
      `${base}/v1.0/users/${segment(id)}/transitiveMemberOf?$select=id,displayName&$top=999`,
      groupsOn,
      (page) => nextPage(page, base),
    ),
  );
  const userName = body.text('userPrincipalName');
  return {
    outcome: 'found',
    ...groups,
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

/**
 * Groups, also those that hold the person by another group; roles and administrative units are none. Of an object that
 * the application may not read Graph tells the type and the id alone.
 *
 * @see https://learn.microsoft.com/graph/api/user-list-transitivememberof
 */
function groupsOn({ body }: Exchange) {
  return body.list('value').flatMap((each) => {
    if (annotation(each, 'type') !== '#microsoft.graph.group') return [];
    const [id, display] = [each.text('id'), each.text('displayName')];
    if (id === undefined) return [];
    if (display === undefined) {
      throw new FetchError('Graph tells no names of groups: the permission GroupMember.Read.All is missing', {
        isPermanent: true,
      });
    }
    return [{ id, display }];
  });
}

/** @throws FetchError for an address elsewhere: the token goes to Graph alone */
function nextPage({ body }: Exchange, base: string): string | undefined {
  const next = annotation(body, 'nextLink');
  if (next === undefined || next.startsWith(`${base}/`)) return next;
  throw new FetchError('Graph names a next page on another host', { isPermanent: true });
}

/** What stands under `@odata.…`: named as a whole, since the name has a dot in it. */
function annotation({ value }: JsonView, name: string): string | undefined {
  if (!isObject(value)) return undefined;
  const found = value[`@odata.${name}`];
  return typeof found === 'string' ? found : undefined;
}
