import { attributesOf } from '../../events/attributes.ts';
import { timeOf } from '../../events/instant.ts';
import type { JsonView } from '../../events/json-view.ts';
import { isObject } from '../../scim-core/resource/resource.ts';
import { elementsOf } from '../../sources/elements.ts';
import { type Exchange, type FetchContext, FetchError, type Fetcher } from '../../sources/fetcher.ts';
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
  'userType',
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
  const base = graphBase(context);
  const headers = { authorization: `Bearer ${await graphToken(context)}`, accept: 'application/json' };
  const { status, body } = await context.call({
    method: 'GET',
    url: `${base}/v1.0/users/${segment(id)}?$select=${selected(context).join(',')}`,
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
  return { outcome: 'found', ...groups, ...graphPerson(body) };
};

export function graphBase(context: FetchContext): string {
  return baseUrl(context, () => 'https://graph.microsoft.com');
}

/** The properties that are asked for. */
export function selected({ settings }: FetchContext): readonly string[] {
  return settings.fetch?.employeeLeaveDateTime === 'true' ? [...SELECT, 'employeeLeaveDateTime'] : SELECT;
}

/** A user as Graph has it. */
export function graphPerson(user: JsonView) {
  const userName = user.text('userPrincipalName');
  return {
    isGuest: isGuest(user.text('userType')),
    person: attributesOf({
      userName,
      email: user.text('mail') ?? userName,
      givenName: user.text('givenName'),
      familyName: user.text('surname'),
      displayName: user.text('displayName'),
      title: user.text('jobTitle'),
      department: user.text('department'),
      organization: user.text('companyName'),
      employeeNumber: user.text('employeeId'),
      userType: user.text('employeeType'),
      phone: user.list('businessPhones')[0]?.text(''),
      mobile: user.text('mobilePhone'),
      preferredLanguage: user.text('preferredLanguage'),
      active: user.flag('accountEnabled'),
    }),
    joinsAt: timeOf(user.text('employeeHireDate')),
    leavesAt: timeOf(user.text('employeeLeaveDateTime')),
  };
}

/**
 * Groups, also those that hold the person by another group; roles and administrative units are none. Of an object that
 * the application may not read Graph tells the type and the id alone.
 *
 * @see https://learn.microsoft.com/graph/api/user-list-transitivememberof
 */
function groupsOn({ body }: Exchange) {
  return elementsOf(body, 'value').flatMap((each) => {
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
export function nextPage({ body }: Exchange, base: string): string | undefined {
  const next = annotation(body, 'nextLink');
  if (next === undefined || next.startsWith(`${base}/`)) return next;
  throw new FetchError('Graph names a next page on another host', { isPermanent: true });
}

/** What stands under `@odata.…`: named as a whole, since the name has a dot in it. */
export function annotation({ value }: JsonView, name: string): string | undefined {
  if (!isObject(value)) return undefined;
  const found = value[`@odata.${name}`];
  return typeof found === 'string' ? found : undefined;
}

function isGuest(userType: string | undefined): boolean | undefined {
  return userType === undefined ? undefined : /^guest$/i.test(userType);
}
