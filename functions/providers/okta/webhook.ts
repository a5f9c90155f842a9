import { type Handshake, JSON_TYPE, MAX_CHALLENGE } from '../../webhook/handshake.ts';
import type { WebhookProvider } from '../../webhook/provider.ts';
import { MAX_BATCH_BYTES } from '../../webhook/request.ts';
import { readPartnerEvent } from './partner.ts';

/**
 * One time verification of an event hook.
 * @see https://developer.okta.com/docs/concepts/event-hooks/#one-time-verification-request
 */
const handshake: Handshake = ({ method, headers }) => {
  const verification = headers['x-okta-verification-challenge'];
  if (method !== 'GET' || verification === undefined || verification.length > MAX_CHALLENGE) return undefined;
  return { status: 200, headers: JSON_TYPE, body: JSON.stringify({ verification }) };
};

/**
 * Okta event hooks: batches of LogEvents with a fixed secret in a header; ids, logins and display names alone.
 * @see https://developer.okta.com/docs/concepts/event-hooks/
 */
export const webhook: WebhookProvider = {
  verifier: ({ header = 'authorization', verify }) => ({
    kind: 'static-header',
    header,
    scheme: verify === 'bearer' || verify === 'basic' ? verify : 'raw',
  }),
  format: 'json',
  maxBytes: MAX_BATCH_BYTES,
  handshake,
  statuses: { body: '' },
  read: ({ body, settings }) => body.list('data.events').map((event) => readPartnerEvent(event, settings)),
};
