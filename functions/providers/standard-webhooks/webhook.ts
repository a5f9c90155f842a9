import type { WebhookProvider } from '../../webhook/provider.ts';
import type { HmacDescriptor } from '../../webhook/verify/hmac-descriptor.ts';
import type { Verifier } from '../../webhook/verify/verifier.ts';
import { readCustom } from '../generic/read.ts';

/** @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
export const STANDARD_WEBHOOKS: HmacDescriptor = {
  algorithm: 'sha256',
  signature: { header: 'webhook-signature', format: 'versioned-list', version: 'v1', encoding: 'base64' },
  key: { encoding: 'base64', stripPrefixes: ['v1,whsec_', 'whsec_'] },
  content: '{id}.{timestamp}.{body}',
  id: { header: 'webhook-id' },
  timestamp: { header: 'webhook-timestamp', unit: 's', toleranceSec: 300, semantics: 'attempt' },
};

/** Standard Webhooks, for whatever one can make send: `{type, timestamp, data}` with a SCIM User or a mapping. */
export const webhook: WebhookProvider = {
  verifier: ({ verify, publicKeys = [] }): Verifier => {
    const symmetric: Verifier = { kind: 'hmac', descriptor: STANDARD_WEBHOOKS };
    if (publicKeys.length === 0) return symmetric;
    const asymmetric: Verifier = { kind: 'ed25519', publicKeys };
    return verify === 'ed25519' ? asymmetric : { kind: 'any-of', verifiers: [asymmetric, symmetric] };
  },
  format: 'json',
  statuses: { ignored: 204 },
  read: ({ body, settings, headers }) => readCustom(body, settings, { key: headers['webhook-id'] }),
};
