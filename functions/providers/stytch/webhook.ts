import { attributesOf, guessName } from '../../events/attributes.ts';
import { eventItem, ignored, verified } from '../../events/event.ts';
import { isoOf } from '../../events/instant.ts';
import { type KindTable, kindOf } from '../../events/kind.ts';
import { compact } from '../../runtime/compact.ts';
import type { WebhookProvider } from '../../webhook/provider.ts';
import { SVIX } from '../standard-webhooks/svix.ts';

const KINDS: KindTable = {
  'user.CREATE': 'upsert',
  'user.UPDATE': 'upsert',
  'user.DELETE': 'remove',
  'member.CREATE': 'upsert',
  'member.UPDATE': 'upsert',
  'member.DELETE': 'remove',
};

/**
 * Stytch, users (consumer) and members (B2B, SCIM among them): whole entities, signed by Svix.
 * @see https://stytch.com/docs/guides/webhooks
 */
export const webhook: WebhookProvider = {
  verifier: () => ({ kind: 'hmac', descriptor: SVIX }),
  format: 'json',
  read: ({ body, settings }) => {
    const object = body.text('object_type') ?? '';
    const type = `${object}.${body.text('action')}`;
    const kind = kindOf(settings, type, KINDS);
    if (kind === undefined) return [ignored(type)];
    const entity = body.at(object);
    const email = entity.text('email_address') ?? entity.list('emails')[0]?.text('email');
    const isVerified = entity.flag('email_address_verified') ?? entity.list('emails')[0]?.flag('verified');
    const name = entity.text('name');
    return [
      eventItem({
        kind,
        type,
        subject: { ...compact({ id: body.text('id'), userName: email, email }), ...verified(isVerified) },
        guess: attributesOf(guessName(name)),
        ...compact({
          person:
            kind === 'remove'
              ? undefined
              : attributesOf({
                  userName: email,
                  email,
                  givenName: entity.text('name.first_name'),
                  familyName: entity.text('name.last_name'),
                  displayName: name,
                  phone:
                    entity.text('mfa_phone_number') ?? entity.list('phone_numbers')[0]?.text('phone_number'),
                  active: entity.text('status') !== 'deleted',
                }),
        }),
        completeness: 'full',
        ...compact({ occurredAt: isoOf(body.text('timestamp')), key: body.text('event_id') }),
      }),
    ];
  },
};
