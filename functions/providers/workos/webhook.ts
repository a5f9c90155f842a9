import { bad, eventItem, gone, type Item, ignored, type SourceGroup } from '../../events/event.ts';
import { isoOf } from '../../events/instant.ts';
import type { JsonView } from '../../events/json-view.ts';
import { type KindTable, kindOf } from '../../events/kind.ts';
import { compact } from '../../runtime/compact.ts';
import type { WebhookProvider } from '../../webhook/provider.ts';
import type { HmacDescriptor } from '../../webhook/verify/hmac-descriptor.ts';
import { emailOf, personOf, toldGroups } from './user.ts';

/** @see https://github.com/workos/workos-node/blob/main/src/webhooks/webhooks.ts */
export const WORKOS: HmacDescriptor = {
  algorithm: 'sha256',
  signature: { header: 'workos-signature', format: 'kv', signatureKeys: ['v1'], encoding: 'hex' },
  key: { encoding: 'utf8' },
  content: '{timestamp}.{body}',
  timestamp: { kvKey: 't', unit: 'ms', toleranceSec: 180, semantics: 'attempt' },
};

export const KINDS: KindTable = {
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
      ...compact({
        person: kind === 'upsert' ? personOf(user, email) : undefined,
        guess: isGroup ? personOf(user, email) : undefined,
        // The user of the API names groups, that of an event only sometimes.
        group,
        groups: kind === 'upsert' ? toldGroups(user) : undefined,
      }),
      completeness: 'full',
      ...compact({ occurredAt, key }),
    });
    return [item];
  },
};

function groupOf(body: JsonView): SourceGroup | undefined {
  const id = body.text('data.group.id');
  return id === undefined ? undefined : { id, ...compact({ display: body.text('data.group.name') }) };
}
