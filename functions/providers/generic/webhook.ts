import type { WebhookProvider } from '../../webhook/provider.ts';
import type { HmacDescriptor } from '../../webhook/verify/hmac-descriptor.ts';
import { readCustom } from './read.ts';

/** As GitHub signs: what most systems that sign at all do in some spelling. */
const GITHUB: HmacDescriptor = {
  algorithm: 'sha256',
  signature: { header: 'x-hub-signature-256', format: 'prefix', prefix: 'sha256=', encoding: 'hex' },
  key: { encoding: 'utf8' },
  content: '{body}',
};

/** Any HMAC, by a descriptor in the configuration. */
export const hmac: WebhookProvider = {
  verifier: ({ hmac: descriptor = GITHUB }) => ({ kind: 'hmac', descriptor }),
  format: 'json-or-form',
  read: ({ body, settings }) => readCustom(body, settings),
};

/** A documented envelope of JSON with basic authentication (or a fixed header): for Workday and all else that can post. */
export const json: WebhookProvider = {
  verifier: ({ verify, header = 'authorization' }) => ({
    kind: 'static-header',
    header,
    scheme: verify === 'bearer' ? 'bearer' : verify === 'header' ? 'raw' : 'basic',
  }),
  format: 'json',
  read: ({ body, settings }) => readCustom(body, settings),
};
