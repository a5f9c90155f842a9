import { attributesOf } from '../../events/attributes.ts';
import { bad, eventItem, gone, ignored } from '../../events/event.ts';
import type { JsonView } from '../../events/json-view.ts';
import { type KindTable, kindOf } from '../../events/kind.ts';
import { compact } from '../../runtime/compact.ts';
import type { WebhookProvider } from '../../webhook/provider.ts';
import type { HmacDescriptor } from '../../webhook/verify/hmac-descriptor.ts';

/** @see https://www.ory.sh/docs/polis/directory-sync/webhooks */
export const ORY_POLIS: HmacDescriptor = {
  algorithm: 'sha256',
  signature: { header: 'ory-signature', format: 'kv', signatureKeys: ['s'], encoding: 'hex' },
  key: { encoding: 'utf8' },
  content: '{timestamp}.{body}',
  timestamp: { kvKey: 't', unit: 'ms', toleranceSec: 300, semantics: 'attempt' },
};

const KINDS: KindTable = {
  'user.created': 'upsert',
  'user.updated': 'upsert',
  'user.deleted': 'remove',
  'group.created': 'upsert',
  'group.updated': 'upsert',
  'group.deleted': 'remove',
  'group.user_added': 'assign',
  'group.user_removed': 'unassign',
};

/**
 * Ory Polis (before: BoxyHQ), which passes on what identity providers send by SCIM: whole users, with the resource as it
 * came in `raw`. Okta and Entra ID never delete there; leaving is `active: false`.
 */
export const webhook: WebhookProvider = {
  verifier: ({ header = 'ory-signature' }) => ({
    kind: 'hmac',
    descriptor: { ...ORY_POLIS, signature: { ...ORY_POLIS.signature, header } },
  }),
  format: 'json',
  read: ({ body, settings }) => {
    const type = body.text('event');
    if (type === 'dsync.deleted' || type === 'dsync.deactivated') return [gone(type)];
    const kind = kindOf(settings, type, KINDS);
    if (type === undefined || kind === undefined) return [ignored(type)];
    const user = body.at('data');
    if (/^group\.(created|updated|deleted)$/.test(type)) {
      const [id, display] = [user.text('id'), user.text('name')];
      if (id === undefined) return [bad(`An event of type ${type} names no group.`)];
      const does = kind === 'remove' ? 'delete' : 'rename';
      return [{ kind: 'group', change: { does, type, group: { id, ...compact({ display }) } } }];
    }
    const email = user.text('email');
    const groupId = user.text('group.id');
    const isGroup = type.startsWith('group.') && groupId !== undefined;
    return [
      eventItem({
        kind,
        type,
        subject: compact({ id: user.text('id'), userName: user.text('raw.userName') ?? email, email }),
        ...compact({ person: kind === 'upsert' ? personOf(user) : undefined }),
        ...(isGroup
          ? {
              guess: personOf(user),
              group: { id: groupId, ...compact({ display: user.text('group.name') }) },
            }
          : {}),
        completeness: 'full',
      }),
    ];
  },
};

function personOf(user: JsonView) {
  const email = user.text('email');
  return attributesOf({
    userName: user.text('raw.userName') ?? email,
    email,
    givenName: user.text('first_name'),
    familyName: user.text('last_name'),
    title: user.text('raw.title'),
    displayName: user.text('raw.displayName'),
    locale: user.text('raw.locale'),
    preferredLanguage: user.text('raw.preferredLanguage'),
    phone: user.list('raw.phoneNumbers')[0]?.text('value'),
    active: user.flag('active'),
  });
}
