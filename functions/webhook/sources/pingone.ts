import { eventItem, type Item, ignored } from '../event.ts';
import { type KindTable, kindOf } from '../kind.ts';
import type { Payload } from '../payload.ts';
import type { Delivery, Source } from '../source.ts';
import { isoOf } from '../time.ts';
import { compact } from './compact.ts';

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
export const pingone: Source = {
  verifier: ({ header = 'authorization', verify }) => ({
    kind: 'static-header',
    header,
    scheme: verify === 'bearer' || verify === 'basic' ? verify : 'raw',
  }),
  format: 'json-or-lines',
  statuses: { stored: 200, ignored: 200, bad: 200, body: '' },
  read: ({ body, settings }) => {
    const items = body.list('');
    return (items.length === 0 ? [body] : items).map((item) => readActivity(item, settings));
  },
};

function readActivity(item: Payload, settings: Delivery['settings']): Item {
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
    ...(kind === 'upsert' && userName !== undefined ? { person: { userName } } : {}),
    completeness: 'partial',
    ...compact({ occurredAt: isoOf(item.text('recordedAt')), key: item.text('id') }),
  });
}
