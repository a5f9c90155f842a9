import { eventItem, ignored } from '../../events/event.ts';
import { type KindTable, kindOf } from '../../events/kind.ts';
import { compact } from '../../runtime/compact.ts';
import type { WebhookProvider } from '../../webhook/provider.ts';

const KINDS: KindTable = {
  add: 'upsert',
  update: 'upsert',
  makeAdmin: 'upsert',
  undelete: 'resume',
  delete: 'remove',
};

/**
 * Google Workspace's push notifications of users: what happened in headers, who in a small body. A suspension is an
 * update, so everything is read from the Directory API. A channel begins with a message of state `sync`.
 * @see https://developers.google.com/workspace/admin/directory/v1/guides/push
 */
export const webhook: WebhookProvider = {
  verifier: () => ({ kind: 'static-header', header: 'x-goog-channel-token', scheme: 'raw' }),
  format: 'json-or-nothing',
  read: ({ body, headers, settings }) => {
    const type = headers['x-goog-resource-state'];
    const kind = kindOf(settings, type, KINDS);
    if (type === undefined || kind === undefined) return [ignored(type)];
    const email = body.text('primaryEmail');
    const [channel, number] = [headers['x-goog-channel-id'], headers['x-goog-message-number']];
    return [
      eventItem({
        kind,
        type,
        subject: compact({ id: body.text('id'), userName: email, email }),
        completeness: 'thin',
        ...compact({
          key: channel === undefined || number === undefined ? undefined : `${channel}/${number}`,
        }),
      }),
    ];
  },
};
