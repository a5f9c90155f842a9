import type { WebhookProvider } from '../../webhook/provider.ts';
import { readPartnerEvent } from './partner.ts';

/**
 * Auth0 event streams to a webhook: CloudEvents with the whole user, and a bearer token of one's own choice.
 * @see https://auth0.com/docs/customize/events
 */
export const webhook: WebhookProvider = {
  verifier: ({ header = 'authorization' }) => ({ kind: 'static-header', header, scheme: 'bearer' }),
  format: 'json',
  statuses: { body: '' },
  read: ({ body, settings }) => [readPartnerEvent(body, settings)],
};
