import { jsonView } from '../../events/json-view.ts';
import type { Handshake } from '../../webhook/handshake.ts';
import type { WebhookProvider } from '../../webhook/provider.ts';
import { MAX_BATCH_BYTES } from '../../webhook/request.ts';
import type { Verifier } from '../../webhook/verify/verifier.ts';
import { readCustom } from '../generic/read.ts';
import { STANDARD_WEBHOOKS } from '../standard-webhooks/webhook.ts';

/**
 * Abuse protection of CloudEvents' web hooks: the origin may send, as fast as it likes.
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/http-webhook.md#4-abuse-protection
 */
const handshake: Handshake = ({ method, headers }) => {
  const origin = headers['webhook-request-origin'];
  if (method !== 'OPTIONS' || origin === undefined || !/^[\w.:*-]{1,255}$/.test(origin)) return undefined;
  const allowed = { 'webhook-allowed-origin': origin, 'webhook-allowed-rate': '*', allow: 'POST, OPTIONS' };
  return { status: 200, headers: allowed, body: '' };
};

/**
 * CloudEvents over HTTP in all three modes: attributes in headers, one event in an envelope, a batch of such. The token
 * is in the Authorization header or the query, as the web hook specification has it; or the request is signed.
 * @see https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
 */
export const webhook: WebhookProvider = {
  verifier: ({ verify, hmac, header = 'authorization' }): Verifier => {
    if (verify === 'hmac') return { kind: 'hmac', descriptor: hmac ?? STANDARD_WEBHOOKS };
    const bearer: Verifier = { kind: 'static-header', header, scheme: 'bearer' };
    return { kind: 'any-of', verifiers: [bearer, { kind: 'query-secret', parameter: 'access_token' }] };
  },
  format: 'json-or-nothing',
  maxBytes: MAX_BATCH_BYTES,
  handshake,
  statuses: { stored: 202, ignored: 204, body: '' },
  read: ({ body, headers, settings }) => {
    const isBinary = headers['ce-type'] !== undefined && headers['ce-specversion'] !== undefined;
    if (isBinary) {
      return readCustom(jsonView({ data: body.value }), settings, {
        type: headers['ce-type'],
        occurredAt: headers['ce-time'],
        key: keyOf(headers['ce-source'], headers['ce-id']),
      });
    }
    const events = body.list('').length > 0 ? body.list('') : [body];
    return events.flatMap((event) =>
      readCustom(event, settings, {
        type: event.text('type'),
        occurredAt: event.text('time'),
        key: keyOf(event.text('source'), event.text('id')),
      }),
    );
  },
};

/** Source and id together are unique. */
function keyOf(source: string | undefined, id: string | undefined): string | undefined {
  return source === undefined || id === undefined ? undefined : JSON.stringify([source, id]);
}
