import { attributesOf } from '../../events/attributes.ts';
import type { FetchContext, Fetcher, GroupFetcher } from '../../sources/fetcher.ts';
import { everyGroup, readGroups } from '../../sources/groups.ts';
import { baseUrl, credential, option, segment } from '../../sources/option.ts';
import { groupsOn, nextPage } from './groups.ts';
import { type AskOkta, isAssigned } from './scope.ts';

/** Statuses of people who may work. @see https://developer.okta.com/docs/reference/api/users/#user-status */
const IN_SERVICE = new Set(['ACTIVE', 'PROVISIONED', 'RECOVERY', 'PASSWORD_EXPIRED']);

/**
 * `GET /api/v1/users/{id}` with an API token. Where the source has an application as its scope, the assignment is asked
 * for at every reading: without it nobody is in service, however active the account.
 */
export const readPerson: Fetcher = async (subject, context) => {
  const ask = asking(context);
  const { status, body } = await ask(`/api/v1/users/${segment(subject.id ?? subject.userName ?? '')}`);
  if (status === 404) return { outcome: 'not-found' };
  const profile = body.at('profile');
  const id = body.text('id') ?? subject.id ?? '';
  const isInScope =
    context.settings.scope?.application === undefined ? undefined : await isAssigned(ask, context, id);
  const groups = await readGroups(context, () =>
    everyGroup(ask, `/api/v1/users/${segment(id)}/groups`, groupsOn, nextPage),
  );
  return {
    outcome: 'found',
    ...(id === '' ? {} : { id }),
    ...groups,
    isInScope,
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
      active: activeOf(body.text('status'), context.settings.onLock),
    }),
  };
};

/** `GET /api/v1/groups/{id}` */
export const readGroup: GroupFetcher = async (id, context) => {
  const { status, body } = await asking(context)(`/api/v1/groups/${segment(id)}`);
  const display = body.text('profile.name');
  return status === 404 || display === undefined ? { outcome: 'not-found' } : { outcome: 'found', display };
};

function asking(context: FetchContext): AskOkta {
  const base = baseUrl(context, () => `https://${option(context, 'domain')}`);
  const headers = { authorization: `SSWS ${credential(context)}`, accept: 'application/json' };
  return (path) => context.call({ method: 'GET', url: `${base}${path}`, headers });
}

/** Wrong passwords lock a user out: no leaving, unless the configuration says so. */
function activeOf(status: string | undefined, onLock: 'ignore' | 'suspend' = 'ignore'): boolean | undefined {
  if (status === undefined) return undefined;
  return IN_SERVICE.has(status) || (status === 'LOCKED_OUT' && onLock === 'ignore');
}
