import { attributesOf, guessName } from '../../events/attributes.ts';
import { bad, eventItem, type Item, ignored, type PersonEvent } from '../../events/event.ts';
import { isoOf } from '../../events/instant.ts';
import type { JsonView } from '../../events/json-view.ts';
import { type KindTable, kindOf } from '../../events/kind.ts';
import { compact } from '../../runtime/compact.ts';
import type { Delivery } from '../../webhook/provider.ts';
import { isOfScope } from './scope.ts';

/** @see https://developer.okta.com/docs/reference/api/event-types/?q=event-hook-eligible */
const KINDS: KindTable = {
  'user.lifecycle.create': 'upsert',
  'user.lifecycle.activate': 'resume',
  'user.lifecycle.reactivate': 'resume',
  'user.lifecycle.unsuspend': 'resume',
  'user.lifecycle.deactivate': 'suspend',
  'user.lifecycle.suspend': 'suspend',
  'user.lifecycle.delete.initiated': 'remove',
  'user.account.update_profile': 'upsert',
  'application.user_membership.add': 'assign',
  'application.user_membership.update': 'upsert',
  'application.user_membership.remove': 'unassign',
  'group.user_membership.add': 'assign',
  'group.user_membership.remove': 'unassign',
  'group.lifecycle.create': 'upsert',
  'group.profile.update': 'upsert',
  'group.lifecycle.delete': 'remove',
};

/** What is said about a group itself. */
const OF_GROUP = /^group\.(lifecycle|profile)\./;

/** The types that mean something, as the System Log is asked for them. */
export const LOGGED = Object.keys(KINDS);

/** Of the System Log, too, as it comes over EventBridge: one LogEvent. */
export function readPartnerEvent(event: JsonView, settings: Delivery['settings']): Item {
  const type = event.text('eventType');
  const kind = kindOf(settings, type, KINDS);
  if (type === undefined || kind === undefined) return ignored(type);
  // Okta logs what failed, too.
  if (event.text('outcome.result') !== 'SUCCESS') return ignored(`${type} without success`);
  const targets = event.list('target');
  const of = (name: string) => targets.find((target) => target.text('type') === name);
  if (type.startsWith('application.')) {
    const application = of('AppInstance');
    if (settings.scope?.application === undefined) {
      return bad(`${type} says nothing while it isn't known which application is meant (scope.application).`);
    }
    if (application === undefined || !isOfScope(settings, application)) {
      return ignored(`${type} of another application`);
    }
  }
  const occurredAt = isoOf(event.text('published'));
  const key = event.text('uuid');
  const group = type.startsWith('group.') ? of('UserGroup') : undefined;
  const groupId = group?.text('id');
  const display = group?.text('displayName');
  if (OF_GROUP.test(type)) {
    if (groupId === undefined) return bad(`An event of type ${type} has no group among its targets.`);
    const does = kind === 'remove' ? 'delete' : 'rename';
    const named = { id: groupId, ...compact({ display }) };
    return { kind: 'group', change: { does, type, group: named, ...compact({ occurredAt, key }) } };
  }
  // The user name that the application has for the person stands beside it, as AppUser.
  const user = of('User');
  const id = user?.text('id');
  const login = user?.text('alternateId');
  if (id === undefined) return bad(`An event of type ${type} has no user among its targets.`);
  const isName = login !== undefined && login !== 'unknown';
  return eventItem({
    kind,
    type,
    subject: { id, ...compact({ userName: isName ? login : undefined }) },
    guess: attributesOf(guessName(user?.text('displayName'))),
    completeness: 'partial',
    ...compact({
      person: kind === 'upsert' && isName ? { userName: login } : undefined,
      group: groupId === undefined ? undefined : { id: groupId, ...compact({ display }) },
      occurredAt,
      key,
    }),
  } satisfies PersonEvent);
}
