import { attributesOf, guessName } from '../../events/attributes.ts';
import { eventItem, type Item, ignored, verified } from '../../events/event.ts';
import { isoOf } from '../../events/instant.ts';
import type { JsonView } from '../../events/json-view.ts';
import { type KindTable, kindOf } from '../../events/kind.ts';
import { compact } from '../../runtime/compact.ts';
import type { Delivery } from '../../webhook/provider.ts';
import { auth0Person } from './user.ts';

const KINDS: KindTable = { 'user.created': 'upsert', 'user.updated': 'upsert', 'user.deleted': 'remove' };

/** One event, as a webhook brings it or, in `detail`, EventBridge. */
export function readPartnerEvent(event: JsonView, settings: Delivery['settings']): Item {
  // Both spellings are in use: with the vendor's name before it, as CloudEvents asks for, and without.
  const type = event.text('type')?.replace(/^com\.auth0\./, '');
  // What Auth0 sends to try a stream is about a made-up user.
  if (event.text('a0purpose') === 'test') return ignored(`${type} as a test`);
  const kind = kindOf(settings, type, KINDS);
  if (type === undefined || kind === undefined) return ignored(type);
  const user = event.at('data.object');
  return eventItem({
    kind,
    type,
    subject: {
      ...compact({ id: user.text('user_id'), userName: user.text('email'), email: user.text('email') }),
      ...verified(user.flag('email_verified')),
    },
    guess: attributesOf(guessName(user.text('name'))),
    ...compact({ person: kind === 'remove' ? undefined : auth0Person(user) }),
    completeness: 'full',
    ...compact({ occurredAt: isoOf(event.text('time')), key: event.text('id') }),
  });
}
