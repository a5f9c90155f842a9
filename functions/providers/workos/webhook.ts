import { attributesOf } from '../../events/attributes.ts';
import { bad, eventItem, gone, type Item, ignored, type SourceGroup } from '../../events/event.ts';
import { isoOf } from '../../events/instant.ts';
import type { JsonView } from '../../events/json-view.ts';
import { type KindTable, kindOf } from '../../events/kind.ts';
import { compact } from '../../runtime/compact.ts';
import { ENTERPRISE_USER } from '../../scim-core/schema/enterprise.ts';
import type { WebhookProvider } from '../../webhook/provider.ts';
import type { HmacDescriptor } from '../../webhook/verify/hmac-descriptor.ts';

/** @see https://github.com/workos/workos-node/blob/main/src/webhooks/webhooks.ts */
export const WORKOS: HmacDescriptor = {
  algorithm: 'sha256',
  signature: { header: 'workos-signature', format: 'kv', signatureKeys: ['v1'], encoding: 'hex' },
  key: { encoding: 'utf8' },
  content: '{timestamp}.{body}',
  timestamp: { kvKey: 't', unit: 'ms', toleranceSec: 180, semantics: 'attempt' },
};

const KINDS: KindTable = {
  'dsync.user.created': 'upsert',
  'dsync.user.updated': 'upsert',
  'dsync.user.deleted': 'remove',
  'dsync.group.created': 'upsert',
  'dsync.group.updated': 'upsert',
  'dsync.group.deleted': 'remove',
  'dsync.group.user_added': 'assign',
  'dsync.group.user_removed': 'unassign',
  'user.created': 'upsert',
  'user.updated': 'upsert',
  'user.deleted': 'remove',
};

/** What is said about a group itself. */
const OF_GROUP: ReadonlySet<string> = new Set([
  'dsync.group.created',
  'dsync.group.updated',
  'dsync.group.deleted',
]);

/**
 * WorkOS directory sync (and AuthKit users): whole users. A directory that is deleted says nothing about its people.
 * @see https://workos.com/docs/events/directory-sync
 */
export const webhook: WebhookProvider = {
  verifier: () => ({ kind: 'hmac', descriptor: WORKOS }),
  format: 'json',
  read: ({ body, settings }) => {
    const type = body.text('event');
    if (type === 'dsync.deleted' || type === 'connection.deleted') return [gone(type)];
    const kind = kindOf(settings, type, KINDS);
    if (type === undefined || kind === undefined) return [ignored(type)];
    const occurredAt = isoOf(body.text('created_at'));
    const key = body.text('id');
    if (OF_GROUP.has(type)) {
      const [id, display] = [body.text('data.id'), body.text('data.name')];
      if (id === undefined) return [bad(`An event of type ${type} names no group.`)];
      const does = kind === 'remove' ? 'delete' : 'rename';
      const group = { id, ...compact({ display }) };
      return [{ kind: 'group', change: { does, type, group, ...compact({ occurredAt, key }) } }];
    }
    const isGroup = type.startsWith('dsync.group.');
    const user = isGroup ? body.at('data.user') : body.at('data');
    const email = emailOf(user);
    const group = isGroup ? groupOf(body) : undefined;
    const item: Item = eventItem({
      kind,
      type,
      subject: compact({ id: user.text('id'), userName: user.text('username') ?? email, email }),
      ...(kind === 'upsert' ? { person: personOf(user, email) } : {}),
      ...(isGroup ? { guess: personOf(user, email) } : {}),
      // The user of the API names groups, that of an event only sometimes.
      ...compact({ group, groups: kind === 'upsert' ? groupsOf(user) : undefined }),
      completeness: 'full',
      ...compact({ occurredAt, key }),
    });
    return [item];
  },
};

function personOf(user: JsonView, email: string | undefined) {
  const raw = user.at('raw_attributes');
  // Named as a whole: its own name has dots in it.
  const enterprise =
    (raw.value as Record<string, Record<string, unknown>> | undefined)?.[ENTERPRISE_USER.id] ?? {};
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
  const state = user.text('state');
  return attributesOf({
    userName: user.text('username') ?? email,
    email,
    givenName: user.text('first_name'),
    familyName: user.text('last_name'),
    title: user.text('job_title') ?? raw.text('title'),
    department: text(enterprise.department),
    employeeNumber: text(enterprise.employeeNumber),
    preferredLanguage: raw.text('preferredLanguage'),
    locale: raw.text('locale'),
    phone: raw.list('phoneNumbers')[0]?.text('value'),
    // AuthKit's users have no state.
    active: state === undefined ? undefined : state === 'active',
  });
}

function emailOf(user: JsonView): string | undefined {
  const emails = user.list('emails');
  const primary = emails.find((each) => each.flag('primary') === true) ?? emails[0];
  return (
    user.text('email') ??
    primary?.text('value') ??
    user.list('raw_attributes.emails')[0]?.text('value') ??
    user.text('raw_attributes.userName')
  );
}

function groupsOf(user: JsonView): SourceGroup[] | undefined {
  if (!Array.isArray(user.at('groups').value)) return undefined;
  return user.list('groups').flatMap((group) => {
    const [id, display] = [group.text('id'), group.text('name')];
    return id === undefined ? [] : [{ id, ...compact({ display }) }];
  });
}

function groupOf(body: JsonView): SourceGroup | undefined {
  const id = body.text('data.group.id');
  return id === undefined ? undefined : { id, ...compact({ display: body.text('data.group.name') }) };
}
