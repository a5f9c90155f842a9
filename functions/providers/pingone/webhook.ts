import { eventItem, type Item, ignored } from '../../events/event.ts';
import { isoOf } from '../../events/instant.ts';
import type { JsonView } from '../../events/json-view.ts';
import { type KindTable, kindOf } from '../../events/kind.ts';
import { compact } from '../../runtime/compact.ts';
import type { Delivery, WebhookProvider } from '../../webhook/provider.ts';
import { MAX_BATCH_BYTES } from '../../webhook/request.ts';

const KINDS: KindTable = {
  'USER.CREATED': 'upsert',
  'USER.UPDATED': 'upsert',
  'USER.ACCESS_ENABLED': 'resume',
  'USER.ACCESS_DISABLED': 'suspend',
  'USER.DELETED': 'remove',
};

/**
 * PingOne: up to 500 activities in one request, which it repeats until it hears 200 and nothing else; so an item that
 * can't be used is answered 200, too, and kept in the log of refusals.
 * @see https://docs.pingidentity.com/pingone/integrations/p1_webhooks.html
 */
export const webhook: WebhookProvider = {
  verifier: ({ header = 'authorization', verify }) => ({
    kind: 'static-header',
    header,
    scheme: verify === 'bearer' || verify === 'basic' ? verify : 'raw',
  }),
  format: 'json-or-lines',
  maxBytes: MAX_BATCH_BYTES,
  statuses: { stored: 200, ignored: 200, bad: 200, body: '' },
  read: ({ body, settings }) => {
    const items = body.list('');
    return (items.length === 0 ? [body] : items).map((item) => readActivity(item, settings));
  },
};

function readActivity(item: JsonView, settings: Delivery['settings']): Item {
  const type = item.text('action.type');
  const kind = kindOf(settings, type, KINDS);
  if (type === undefined || kind === undefined) return ignored(type);
  if (item.has('result.status') && item.text('result.status') !== 'SUCCESS')
    return ignored(`${type} without success`);
  const user = item.list('resources').find((resource) => resource.text('type') === 'USER');
  const userName = user?.text('name');
  return eventItem({
    kind,
    type,
    subject: compact({ id: user?.text('id'), userName }),
    ...compact({ person: kind === 'upsert' && userName !== undefined ? { userName } : undefined }),
    completeness: 'partial',
    ...compact({ occurredAt: isoOf(item.text('recordedAt')), key: item.text('id') }),
  });
}
