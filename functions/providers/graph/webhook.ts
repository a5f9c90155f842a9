import { type Item, ignored, thinItem } from '../../events/event.ts';
import type { JsonView } from '../../events/json-view.ts';
import { type KindTable, kindOf } from '../../events/kind.ts';
import { type Handshake, MAX_CHALLENGE, PLAIN_TEXT } from '../../webhook/handshake.ts';
import type { Delivery, WebhookProvider } from '../../webhook/provider.ts';

const KINDS: KindTable = { created: 'upsert', updated: 'upsert', deleted: 'remove' };

/**
 * Validation of a notification URL: the decoded token as plain text, so that no browser takes it for a page.
 * @see https://learn.microsoft.com/graph/change-notifications-delivery-webhooks#notificationurl-validation
 */
const handshake: Handshake = ({ method, query }) => {
  const token = query.get('validationToken');
  if (method !== 'POST' || token === null || token.length > MAX_CHALLENGE) return undefined;
  return { status: 200, headers: PLAIN_TEXT, body: token };
};

/** A thousand notifications without resource data; one has about 600 bytes, and nothing of it is proven before it is read. */
const MAX_BYTES = 256 * 1024;

/**
 * Microsoft Graph change notifications of users: ids alone, several subscriptions in one request, each item with the
 * `clientState` that proves it. Who it is is read from Graph.
 * @see https://learn.microsoft.com/graph/change-notifications-delivery-webhooks
 */
export const webhook: WebhookProvider = {
  verifier: () => ({ kind: 'body-secret', items: 'value', path: 'clientState' }),
  format: 'json',
  maxBytes: MAX_BYTES,
  handshake,
  statuses: { stored: 202, ignored: 202, body: '' },
  read: ({ body, settings }) => body.list('value').map((item) => readItem(item, settings)),
};

/** @see https://learn.microsoft.com/graph/change-notifications-lifecycle-events */
const LIFECYCLE: Readonly<Record<string, 'due' | 'gone' | undefined>> = {
  reauthorizationRequired: 'due',
  subscriptionRemoved: 'gone',
};

function readItem(item: JsonView, settings: Delivery['settings']): Item {
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
  return thinItem(kind, type, id);
}
