import { eventItem, type Item, ignored } from '../event.ts';
import { type KindTable, kindOf } from '../kind.ts';
import type { Payload } from '../payload.ts';
import { attributesOf, guessName } from '../profile.ts';
import type { Delivery, Source } from '../source.ts';
import { isoOf } from '../time.ts';
import { auth0Person } from './auth0-user.ts';
import { compact } from './compact.ts';

const KINDS: KindTable = { 'user.created': 'upsert', 'user.updated': 'upsert', 'user.deleted': 'remove' };

/** One event, as a webhook brings it or, in `detail`, EventBridge. */
export function readAuth0Event(event: Payload, settings: Delivery['settings']): Item {
  const type = event.text('type');
  const kind = kindOf(settings, type, KINDS);
  if (type === undefined || kind === undefined) return ignored(type);
  const user = event.at('data.object');
  return eventItem({
    kind,
    type,
    subject: compact({ id: user.text('user_id'), userName: user.text('email'), email: user.text('email') }),
    guess: attributesOf(guessName(user.text('name'))),
    ...(kind === 'remove' ? {} : { person: auth0Person(user) }),
    completeness: 'full',
    ...compact({ occurredAt: isoOf(event.text('time')), key: event.text('id') }),
  });
}

/**
 * Auth0 event streams to a webhook: CloudEvents with the whole user, and a bearer token of one's own choice.
 * @see https://auth0.com/docs/customize/events
 */
export const auth0: Source = {
  verifier: ({ header = 'authorization' }) => ({ kind: 'static-header', header, scheme: 'bearer' }),
  format: 'json',
  statuses: { body: '' },
  read: ({ body, settings }) => [readAuth0Event(body, settings)],
};
