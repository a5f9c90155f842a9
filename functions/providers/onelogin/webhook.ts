import { attributesOf, guessName } from '../../events/attributes.ts';
import { eventItem, ignored } from '../../events/event.ts';
import { isoOf } from '../../events/instant.ts';
import { type KindTable, kindOf } from '../../events/kind.ts';
import { compact } from '../../runtime/compact.ts';
import type { WebhookProvider } from '../../webhook/provider.ts';
import { MAX_BATCH_BYTES } from '../../webhook/request.ts';

/** Numbers of OneLogin's Event Types API. */
const KINDS: KindTable = { '13': 'upsert', '14': 'upsert', '15': 'suspend', '17': 'remove' };

/**
 * OneLogin event webhooks: everything that happens, as a list or one event a line, with names and ids alone.
 * @see https://developers.onelogin.com/api-docs/1/events/webhooks
 */
export const webhook: WebhookProvider = {
  verifier: ({ header = 'authorization', verify }) => ({
    kind: 'static-header',
    header,
    scheme: verify === 'bearer' || verify === 'basic' ? verify : 'raw',
  }),
  format: 'json-or-lines',
  maxBytes: MAX_BATCH_BYTES,
  read: ({ body, settings }) => {
    const items = body.list('');
    return (items.length === 0 ? [body] : items).map((item) => {
      const type = item.text('event_type_id');
      const kind = kindOf(settings, type, KINDS);
      if (type === undefined || kind === undefined) return ignored(type);
      const name = item.text('user_name');
      return eventItem({
        kind,
        type,
        subject: compact({ id: item.text('user_id'), userName: item.text('login_name') }),
        guess: attributesOf(guessName(name)),
        completeness: 'thin',
        ...compact({ occurredAt: isoOf(item.text('event_timestamp')), key: item.text('uuid') }),
      });
    });
  },
};
