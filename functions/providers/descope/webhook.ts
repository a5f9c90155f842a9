import { attributesOf } from '../../events/attributes.ts';
import { eventItem, ignored } from '../../events/event.ts';
import { isoOf } from '../../events/instant.ts';
import { type KindTable, kindOf } from '../../events/kind.ts';
import { compact } from '../../runtime/compact.ts';
import type { WebhookProvider } from '../../webhook/provider.ts';
import type { HmacDescriptor } from '../../webhook/verify/hmac-descriptor.ts';

/** @see https://docs.descope.com/connectors/audit-webhook */
export const DESCOPE: HmacDescriptor = {
  algorithm: 'sha256',
  signature: { header: 'x-descope-webhook-s256', format: 'bare', encoding: 'base64' },
  key: { encoding: 'utf8' },
  content: '{body}',
};

const KINDS: KindTable = {
  UserCreated: 'upsert',
  UserModified: 'upsert',
  UserActivated: 'resume',
  UserDisabled: 'suspend',
  UserDeleted: 'remove',
};

/** Descope's audit webhook: who did what, with the login names; the user's data where the action carries it. */
export const webhook: WebhookProvider = {
  verifier: ({ verify, header = 'authorization' }) =>
    verify === 'bearer' || verify === 'basic'
      ? { kind: 'static-header', header, scheme: verify }
      : { kind: 'hmac', descriptor: DESCOPE },
  format: 'json',
  read: ({ body, settings }) => {
    const type = body.text('action');
    const kind = kindOf(settings, type, KINDS);
    if (type === undefined || kind === undefined) return [ignored(type)];
    const data = body.at('data');
    const login = body.list('externalIds')[0]?.text('') ?? data.list('loginIds')[0]?.text('');
    const email = data.text('email') ?? (login?.includes('@') === true ? login : undefined);
    return [
      eventItem({
        kind,
        type,
        subject: compact({ id: body.text('userId'), userName: login, email }),
        ...compact({
          person:
            kind === 'upsert' && login !== undefined
              ? attributesOf({
                  userName: login,
                  email,
                  givenName: data.text('givenName'),
                  familyName: data.text('familyName'),
                  displayName: data.text('name'),
                  phone: data.text('phone'),
                })
              : undefined,
        }),
        completeness: 'partial',
        ...compact({ occurredAt: isoOf(body.number('occurred') ?? body.text('occurred')) }),
      }),
    ];
  },
};
