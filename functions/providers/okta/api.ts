import { compact } from '../../runtime/compact.ts';
import type { Fetcher, GroupFetcher } from '../../sources/fetcher.ts';
import { everyGroup, readGroups } from '../../sources/groups.ts';
import { segment } from '../../sources/option.ts';
import { askOkta } from './ask.ts';
import { groupsOn, nextPage } from './groups.ts';
import { isAssigned } from './scope.ts';
import { oktaPerson } from './user.ts';

/**
 * `GET /api/v1/users/{id}` with an API token. Where the source has an application as its scope, the assignment is asked
 * for at every reading: without it nobody is in service, however active the account.
 */
export const readPerson: Fetcher = async (subject, context) => {
  const ask = askOkta(context);
  const { status, body } = await ask(`/api/v1/users/${segment(subject.id ?? subject.userName ?? '')}`);
  if (status === 404) return { outcome: 'not-found' };
  const id = body.text('id') ?? subject.id ?? '';
  const isInScope =
    context.settings.scope?.application === undefined ? undefined : await isAssigned(ask, context, id);
  const groups = await readGroups(context, () =>
    everyGroup(ask, `/api/v1/users/${segment(id)}/groups`, groupsOn, nextPage),
  );
  return {
    outcome: 'found',
    ...compact({ id: id === '' ? undefined : id }),
    ...groups,
    isInScope,
    ...oktaPerson(body, context.settings),
  };
};

/** `GET /api/v1/groups/{id}` */
export const readGroup: GroupFetcher = async (id, context) => {
  const { status, body } = await askOkta(context)(`/api/v1/groups/${segment(id)}`);
  const display = body.text('profile.name');
  return status === 404 || display === undefined ? { outcome: 'not-found' } : { outcome: 'found', display };
};
