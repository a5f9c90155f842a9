import { eventItem, ignored } from '../event.ts';
import { type KindTable, kindOf } from '../kind.ts';
import { attributesOf } from '../profile.ts';
import type { Source } from '../source.ts';
import { isoOf } from '../time.ts';
import type { HmacDescriptor } from '../verify/hmac.ts';
import { compact } from './compact.ts';

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
export const descope: Source = {
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
        ...(kind === 'upsert' && login !== undefined
          ? {
              person: attributesOf({
                userName: login,
                email,
                givenName: data.text('givenName'),
                familyName: data.text('familyName'),
                displayName: data.text('name'),
                phone: data.text('phone'),
              }),
            }
          : {}),
        completeness: 'partial',
        ...compact({ occurredAt: isoOf(body.number('occurred') ?? body.text('occurred')) }),
      }),
    ];
  },
};
