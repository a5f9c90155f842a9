import { eventItem, type Item, ignored } from '../event.ts';
import { type KindTable, kindOf } from '../kind.ts';
import type { Payload } from '../payload.ts';
import type { Delivery, Source } from '../source.ts';
import { compact } from './compact.ts';

const KINDS: KindTable = { created: 'upsert', updated: 'upsert', deleted: 'remove' };

/**
 * Microsoft Graph change notifications of users: ids alone, several subscriptions in one request, each item with the
 * `clientState` that proves it. Who it is is read from Graph.
 * @see https://learn.microsoft.com/graph/change-notifications-delivery-webhooks
 */
export const graph: Source = {
  verifier: () => ({ kind: 'body-secret', items: 'value', path: 'clientState' }),
  format: 'json',
  handshake: 'graph',
  statuses: { stored: 202, ignored: 202, body: '' },
  read: ({ body, settings }) => body.list('value').map((item) => readItem(item, settings)),
};

/** @see https://learn.microsoft.com/graph/change-notifications-lifecycle-events */
const LIFECYCLE: Readonly<Record<string, 'due' | 'gone' | undefined>> = {
  reauthorizationRequired: 'due',
  subscriptionRemoved: 'gone',
};

function readItem(item: Payload, settings: Delivery['settings']): Item {
  const lifecycle = item.text('lifecycleEvent');
  if (lifecycle !== undefined) {
    const detail = `subscription ${item.text('subscriptionId')}: ${lifecycle}`;
    return {
      kind: 'notice',
      type: lifecycle,
      detail,
      isAlarming: lifecycle !== 'reauthorizationRequired',
      subscription: LIFECYCLE[lifecycle],
    };
  }
  const type = item.text('changeType');
  const kind = kindOf(settings, type, KINDS);
  if (type === undefined || kind === undefined || !/^users\//i.test(item.text('resource') ?? '')) {
    return ignored(item.text('resource') ?? type);
  }
  const id = item.text('resourceData.id') ?? item.text('resource')?.replace(/^users\//i, '');
  return eventItem({ kind, type, subject: compact({ id }), completeness: 'thin' });
}
