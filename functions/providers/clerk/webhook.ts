import { attributesOf } from '../../events/attributes.ts';
import { bad, type EventKind, eventItem, type Item, ignored, verified } from '../../events/event.ts';
import { isoOf } from '../../events/instant.ts';
import type { JsonView } from '../../events/json-view.ts';
import { type KindTable, kindOf } from '../../events/kind.ts';
import { compact } from '../../runtime/compact.ts';
import type { WebhookProvider } from '../../webhook/provider.ts';
import { SVIX } from '../standard-webhooks/svix.ts';

const KINDS: KindTable = {
  'user.created': 'upsert',
  'user.updated': 'upsert',
  'user.deleted': 'remove',
  'directoryGroup.created': 'upsert',
  'directoryGroup.updated': 'upsert',
  'directoryGroup.deleted': 'remove',
};

/**
 * Clerk: whole users, signed by Svix. Bans are updates.
 * @see https://clerk.com/docs/webhooks/overview
 */
export const webhook: WebhookProvider = {
  verifier: () => ({ kind: 'hmac', descriptor: SVIX }),
  format: 'json',
  read: ({ body, settings }) => {
    const type = body.text('type');
    const kind = kindOf(settings, type, KINDS);
    if (type === undefined || kind === undefined) return [ignored(type)];
    const user = body.at('data');
    if (type.startsWith('directoryGroup.')) return [readGroup(body, type, kind)];
    const email = primary(user, 'email_addresses', 'email_address', user.text('primary_email_address_id'));
    const userName = email ?? user.text('username');
    return [
      eventItem({
        kind,
        type,
        subject: {
          ...compact({ id: user.text('id'), userName, email }),
          ...verified(isVerified(user, email)),
        },
        ...compact({
          person:
            kind === 'remove'
              ? undefined
              : attributesOf({
                  userName,
                  email,
                  givenName: user.text('first_name'),
                  familyName: user.text('last_name'),
                  phone: primary(user, 'phone_numbers', 'phone_number', user.text('primary_phone_number_id')),
                  active:
                    user.flag('banned') !== true &&
                    !(settings.onLock === 'suspend' && user.flag('locked') === true),
                }),
        }),
        completeness: 'full',
        ...compact({ occurredAt: isoOf(user.number('updated_at') ?? body.number('timestamp')) }),
      }),
    ];
  },
};

/** A group of a directory that Clerk syncs. @see https://clerk.com/changelog/2026-11-03-directory-sync-updates */
function readGroup(body: JsonView, type: string, kind: EventKind): Item {
  const group = body.at('data');
  const [id, display] = [group.text('id'), group.text('display_name')];
  if (id === undefined) return bad(`An event of type ${type} names no group.`);
  const change = {
    does: kind === 'remove' ? ('delete' as const) : ('rename' as const),
    type,
    group: { id, ...compact({ display }) },
    ...compact({ occurredAt: isoOf(body.number('timestamp') ?? group.number('updated_at')) }),
  };
  return { kind: 'group', change };
}

/** @see https://clerk.com/docs/reference/backend/types/backend-email-address */
function isVerified(user: JsonView, email: string | undefined): boolean {
  const address = user.list('email_addresses').find((each) => each.text('email_address') === email);
  return address?.text('verification.status') === 'verified';
}

function primary(user: JsonView, list: string, value: string, id: string | undefined): string | undefined {
  const all = user.list(list);
  return (all.find((each) => each.text('id') === id) ?? all[0])?.text(value);
}
