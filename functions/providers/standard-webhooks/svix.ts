import type { HmacDescriptor } from '../../webhook/verify/hmac-descriptor.ts';

/** Svix, who sends for Clerk and Stytch: Standard Webhooks under names of its own. @see https://docs.svix.com/receiving/verifying-payloads/how-manual */
export const SVIX: HmacDescriptor = {
  algorithm: 'sha256',
  signature: { header: 'svix-signature', format: 'versioned-list', version: 'v1', encoding: 'base64' },
  key: { encoding: 'base64', stripPrefixes: ['whsec_'] },
  content: '{id}.{timestamp}.{body}',
  id: { header: 'svix-id' },
  timestamp: { header: 'svix-timestamp', unit: 's', toleranceSec: 300, semantics: 'attempt' },
};
