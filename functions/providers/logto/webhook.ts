import { attributesOf, guessName } from '../../events/attributes.ts';
import { eventItem, ignored } from '../../events/event.ts';
import { isoOf } from '../../events/instant.ts';
import { type KindTable, kindOf } from '../../events/kind.ts';
import { compact } from '../../runtime/compact.ts';
import type { WebhookProvider } from '../../webhook/provider.ts';
import type { HmacDescriptor } from '../../webhook/verify/hmac-descriptor.ts';

/** @see https://docs.logto.io/developers/webhooks/secure-webhooks */
export const LOGTO: HmacDescriptor = {
  algorithm: 'sha256',
  signature: { header: 'logto-signature-sha-256', format: 'bare', encoding: 'hex' },
  key: { encoding: 'utf8' },
  content: '{body}',
};

const KINDS: KindTable = {
  PostRegister: 'upsert',
  'User.Created': 'upsert',
  'User.Data.Updated': 'upsert',
  'User.SuspensionStatus.Updated': 'upsert',
  'User.Deleted': 'remove',
};

/** Logto: whole users. @see https://docs.logto.io/developers/webhooks/webhooks-events */
export const webhook: WebhookProvider = {
  verifier: () => ({ kind: 'hmac', descriptor: LOGTO }),
  format: 'json',
  read: ({ body, settings }) => {
    const type = body.text('event');
    const kind = kindOf(settings, type, KINDS);
    if (type === undefined || kind === undefined) return [ignored(type)];
    const user = body.has('data.id') ? body.at('data') : body.at('user');
    const email = user.text('primaryEmail');
    const userName = email ?? user.text('username') ?? user.text('primaryPhone');
    // A deletion names the user only in its path.
    const id = user.text('id') ?? body.text('params.userId');
    return [
      eventItem({
        kind,
        type,
        subject: compact({ id, userName, email }),
        guess: attributesOf(guessName(user.text('name'))),
        ...compact({
          person:
            kind === 'remove'
              ? undefined
              : attributesOf({
                  userName,
                  email,
                  givenName: user.text('profile.givenName'),
                  familyName: user.text('profile.familyName'),
                  displayName: user.text('name'),
                  phone: user.text('primaryPhone'),
                  locale: user.text('profile.locale'),
                  active: user.flag('isSuspended') !== true,
                }),
        }),
        completeness: 'full',
        ...compact({ occurredAt: isoOf(body.text('createdAt')) }),
      }),
    ];
  },
};
