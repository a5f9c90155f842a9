import { attributesOf } from '../../events/attributes.ts';
import { type EventKind, eventItem, type Item, ignored, verified } from '../../events/event.ts';
import { isoOf } from '../../events/instant.ts';
import type { JsonView } from '../../events/json-view.ts';
import { type KindTable, kindOf } from '../../events/kind.ts';
import { compact } from '../../runtime/compact.ts';
import type { WebhookProvider } from '../../webhook/provider.ts';

const BULK = 'user.bulk.create';

/** What comes inside a transaction may still be taken back; its `.complete` comes when it is done. */
const KINDS: KindTable = {
  [BULK]: 'upsert',
  'user.create.complete': 'upsert',
  'user.update.complete': 'upsert',
  'user.registration.create.complete': 'upsert',
  'user.reactivate': 'resume',
  'user.deactivate': 'suspend',
  'user.delete.complete': 'remove',
};

/**
 * FusionAuth: whole users; a signed token in a header holds the body's digest.
 * @see https://fusionauth.io/docs/extend/events-and-webhooks/signing
 */
export const webhook: WebhookProvider = {
  verifier: ({ jwksUri, algorithms, issuer }) => ({
    kind: 'jwt',
    header: 'x-fusionauth-signature-jwt',
    scheme: 'raw',
    keys: jwksUri === undefined ? { secret: true } : { jwksUri },
    algorithms:
      algorithms ??
      (jwksUri === undefined
        ? ['HS256', 'HS384', 'HS512']
        : ['EdDSA', 'Ed25519', 'ES256', 'ES384', 'ES512', 'RS256', 'RS384', 'RS512']),
    ...compact({ issuer }),
    // The token in the vendor's own example has no time in it.
    requireExp: false,
    bodyHash: { claim: 'request_body_sha256', encoding: 'base64' },
  }),
  format: 'json',
  read: ({ body, settings }) => {
    const event = body.at('event');
    const type = event.text('type');
    const kind = kindOf(settings, type, KINDS);
    if (type === undefined || kind === undefined) return [ignored(type)];
    const users = type === BULK ? event.list('users') : [event.at('user')];
    return users.map((user) => readUser(user, event, type, kind));
  },
};

/** The user as FusionAuth has it now; several users of one event are told apart by their ids. */
function readUser(user: JsonView, event: JsonView, type: string, kind: EventKind): Item {
  const email = user.text('email');
  const userName = email ?? user.text('username');
  const id = user.text('id') ?? event.text('userId');
  const eventId = event.text('id');
  const key = type === BULK && eventId !== undefined ? `${eventId}#${id ?? userName ?? ''}` : eventId;
  return eventItem({
    kind,
    type,
    subject: { ...compact({ id, userName, email }), ...verified(user.flag('verified')) },
    ...compact({
      person:
        kind === 'upsert' || kind === 'resume'
          ? attributesOf({
              userName,
              email,
              givenName: user.text('firstName'),
              familyName: user.text('lastName'),
              displayName: user.text('fullName'),
              mobile: user.text('mobilePhone'),
              timezone: user.text('timezone'),
              preferredLanguage: user.list('preferredLanguages')[0]?.text(''),
              active: kind === 'resume' ? undefined : user.flag('active'),
            })
          : undefined,
    }),
    completeness: 'full',
    ...compact({ occurredAt: isoOf(event.number('createInstant')), key }),
  });
}
