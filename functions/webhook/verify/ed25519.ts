import type { KeyObject } from 'node:crypto';
import { decode } from '../../runtime/encoding.ts';
import { Rejection, type RejectionCode } from '../rejection.ts';
import type { WebhookRequest } from '../request.ts';
import { ed25519Key, isSignedWith } from './ed25519-key.ts';
import { stampOf, type TimestampRule, windowOf } from './timestamp.ts';
import type { Terms, Verdict } from './verifier.ts';

const TIMESTAMP: TimestampRule = {
  header: 'webhook-timestamp',
  unit: 's',
  toleranceSec: 300,
  semantics: 'attempt',
};
const MAX_KEYS = 4;
const MAX_SIGNATURES = 8;

/**
 * Verifies the asymmetric signatures of Standard Webhooks: `v1a,<base64>` over `id.timestamp.body`.
 * @see https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
 */
export function verifyEd25519(
  { publicKeys }: { readonly publicKeys: readonly string[] },
  { headers, body, ...request }: WebhookRequest,
  { now }: Terms,
): Verdict {
  const keys = publicKeys.slice(0, MAX_KEYS).flatMap((text) => keyOf(text) ?? []);
  if (keys.length === 0) return refused('no-secret', 'No usable public key is configured for this source.');
  const value = headers['webhook-signature']?.trim();
  if (value === undefined || value === '') {
    return refused('no-signature', 'The header webhook-signature is missing.');
  }
  const entries = value.split(/ +/).map((entry) => entry.split(','));
  const texts = entries.flatMap(([version, text = '']) => (version === 'v1a' ? [text] : []));
  const signatures = texts.slice(0, MAX_SIGNATURES).flatMap((text) => decode(text, 'base64') ?? []);
  const id = headers['webhook-id']?.trim() ?? '';
  const stamp = stampOf(TIMESTAMP, { ...request, headers, body }, undefined);
  if (
    entries.some((entry) => entry.length !== 2) ||
    signatures.length === 0 ||
    signatures.length !== Math.min(texts.length, MAX_SIGNATURES) ||
    id === '' ||
    /[.,]/.test(id) ||
    stamp === undefined
  ) {
    return refused(
      'malformed-signature',
      'The headers webhook-id, -timestamp and -signature are incomplete or malformed.',
    );
  }
  const content = Buffer.concat([Buffer.from(`${id}.${stamp}.`, 'utf8'), body]);
  const secret = keys.findIndex((key) =>
    signatures.some((signature) => isSignedWith(key, content, signature)),
  );
  if (secret === -1) {
    return refused('bad-signature', 'The signature in webhook-signature does not fit the body and the key.');
  }
  const window = windowOf(TIMESTAMP, stamp, now);
  if (window !== undefined) return { ok: false, rejection: window };
  return { ok: true, trust: 'signed', secret, id };
}

function keyOf(text: string): KeyObject | undefined {
  return ed25519Key(decode(text.replace(/^whpk_/, ''), 'base64'));
}

const refused = (code: RejectionCode, message: string): Verdict => ({
  ok: false,
  rejection: new Rejection(code, message),
});
