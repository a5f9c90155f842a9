import { ignored, thinItem } from '../../events/event.ts';
import { isoOf } from '../../events/instant.ts';
import { type KindTable, kindOf } from '../../events/kind.ts';
import { type Handshake, JSON_TYPE } from '../../webhook/handshake.ts';
import type { WebhookProvider } from '../../webhook/provider.ts';
import type { HmacDescriptor } from '../../webhook/verify/hmac-descriptor.ts';

/** @see https://apidocs.hibob.com/reference/verify-webhooks */
export const HIBOB: HmacDescriptor = {
  algorithm: 'sha512',
  signature: { header: 'bob-signature', format: 'bare', encoding: 'base64' },
  key: { encoding: 'utf8' },
  content: '{body}',
};

const KINDS: KindTable = {
  'employee.created': 'upsert',
  'employee.updated': 'upsert',
  'employee.joined': 'upsert',
  'employee.activated': 'resume',
  'employee.inactivated': 'suspend',
  'employee.left': 'suspend',
  'employee.deleted': 'remove',
  'table.entry.created': 'upsert',
  'table.entry.updated': 'upsert',
};

/**
 * HiBob's test when a webhook is saved, maybe before its secret is known: exactly these bodies, and nothing comes of it.
 * @see https://apidocs.hibob.com/reference/webhooks
 */
const handshake: Handshake = ({ method, body }) => {
  if (method !== 'POST' || body.length > 64) return undefined;
  const text = body.toString('utf8').trim();
  const isPing =
    text === 'Ping test' || text === '"Ping test"' || /^\{\s*"text"\s*:\s*"Ping test"\s*\}$/.test(text);
  return isPing ? { status: 200, headers: JSON_TYPE, body: '{}' } : undefined;
};

/** HiBob's webhooks of the second version: the employee's id and which fields changed. @see https://apidocs.hibob.com/reference/webhooks-v2 */
export const webhook: WebhookProvider = {
  verifier: () => ({ kind: 'hmac', descriptor: HIBOB }),
  format: 'json',
  handshake,
  read: ({ body, settings }) => {
    const type = body.text('type');
    const kind = kindOf(settings, type, KINDS);
    if (type === undefined || kind === undefined) return [ignored(type)];
    return [
      thinItem(kind, type, body.text('data.employeeId') ?? body.text('employee.id'), {
        occurredAt: isoOf(body.text('triggeredAt')),
      }),
    ];
  },
};
