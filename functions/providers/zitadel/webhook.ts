import { attributesOf } from '../../events/attributes.ts';
import { eventItem, ignored } from '../../events/event.ts';
import { isoOf } from '../../events/instant.ts';
import { type KindTable, kindOf } from '../../events/kind.ts';
import { compact } from '../../runtime/compact.ts';
import type { WebhookProvider } from '../../webhook/provider.ts';
import type { HmacDescriptor } from '../../webhook/verify/hmac-descriptor.ts';

/** @see https://zitadel.com/docs/apis/actions/v2 */
export const ZITADEL: HmacDescriptor = {
  algorithm: 'sha256',
  signature: { header: 'zitadel-signature', format: 'kv', signatureKeys: ['v1'], encoding: 'hex' },
  key: { encoding: 'utf8' },
  content: '{timestamp}.{body}',
  timestamp: { kvKey: 't', unit: 's', toleranceSec: 300, semantics: 'attempt' },
};

const KINDS: KindTable = {
  'user.human.added': 'upsert',
  'user.human.selfregistered': 'upsert',
  'user.human.profile.changed': 'upsert',
  'user.human.email.changed': 'upsert',
  'user.human.phone.changed': 'upsert',
  'user.username.changed': 'upsert',
  'user.reactivated': 'resume',
  'user.unlocked': 'resume',
  'user.deactivated': 'suspend',
  'user.removed': 'remove',
};

/** Wrong passwords lock an account; unlocking ends what a source with `onLock: suspend` has begun. */
const LOCKING: KindTable = { ...KINDS, 'user.locked': 'suspend' };

/**
 * Zitadel Actions v2: what changed, with a count a user that orders it.
 * @see https://zitadel.com/docs/guides/integrate/actions/testing-event
 */
export const webhook: WebhookProvider = {
  verifier: ({ verify, jwksUri, issuer }) =>
    verify === 'jwt' && jwksUri !== undefined
      ? {
          kind: 'jwt',
          keys: { jwksUri },
          algorithms: ['RS256', 'ES256', 'EdDSA'],
          ...compact({ issuer }),
          requireExp: false,
        }
      : { kind: 'hmac', descriptor: ZITADEL },
  format: 'json',
  read: ({ body, settings }) => {
    const type = body.text('event_type');
    const kind = kindOf(settings, type, settings.onLock === 'suspend' ? LOCKING : KINDS);
    if (type === undefined || kind === undefined || body.text('aggregateType') !== 'user')
      return [ignored(type)];
    const id = body.text('aggregateID');
    const sequence = body.number('sequence');
    const change = body.at('event_payload');
    return [
      eventItem({
        kind,
        type,
        subject: compact({ id, userName: change.text('userName'), email: change.text('email') }),
        ...compact({
          person:
            kind === 'upsert'
              ? attributesOf({
                  userName: change.text('userName'),
                  email: change.text('email'),
                  givenName: change.text('firstName'),
                  familyName: change.text('lastName'),
                  displayName: change.text('displayName'),
                  phone: change.text('phone'),
                  preferredLanguage: change.text('preferredLanguage'),
                })
              : undefined,
        }),
        completeness: 'partial',
        ...compact({
          occurredAt: isoOf(body.text('created_at')),
          sequence,
          key: id === undefined || sequence === undefined ? undefined : `${id}:${sequence}`,
        }),
      }),
    ];
  },
};
