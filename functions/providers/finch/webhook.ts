import { type Item, ignored, thinItem } from '../../events/event.ts';
import { type KindTable, kindOf } from '../../events/kind.ts';
import type { WebhookProvider } from '../../webhook/provider.ts';
import type { HmacDescriptor } from '../../webhook/verify/hmac-descriptor.ts';

/** @see https://github.com/Finch-API/finch-api-node/blob/main/src/resources/webhooks.ts */
export const FINCH: HmacDescriptor = {
  algorithm: 'sha256',
  signature: { header: 'finch-signature', format: 'versioned-list', version: 'v1', encoding: 'base64' },
  key: { encoding: 'base64' },
  content: '{id}.{timestamp}.{body}',
  id: { header: 'finch-event-id' },
  timestamp: { header: 'finch-timestamp', unit: 's', toleranceSec: 300, semantics: 'attempt' },
};

const KINDS: KindTable = {
  'directory.created': 'upsert',
  'directory.updated': 'upsert',
  'directory.deleted': 'remove',
  'individual.created': 'upsert',
  'individual.updated': 'upsert',
  'individual.deleted': 'remove',
  'employment.created': 'upsert',
  'employment.updated': 'upsert',
  'employment.deleted': 'remove',
};

/** Finch: the id of the individual. @see https://developer.tryfinch.com/developer-resources/Webhooks */
export const webhook: WebhookProvider = {
  verifier: () => ({ kind: 'hmac', descriptor: FINCH }),
  format: 'json',
  read: ({ body, settings }) => {
    const type = body.text('event_type');
    if (type === 'account.updated') {
      const status = body.text('data.status') ?? 'unknown';
      const item: Item = { kind: 'notice', type, detail: status, isAlarming: status !== 'connected' };
      return [item];
    }
    const kind = kindOf(settings, type, KINDS);
    if (type === undefined || kind === undefined) return [ignored(type)];
    return [thinItem(kind, type, body.text('data.individual_id'))];
  },
};
