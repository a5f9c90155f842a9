import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { Rejection, type RejectionCode } from '../rejection.ts';
import type { WebhookRequest } from '../request.ts';
import { decode } from './encoding.ts';
import { stampOf, type TimestampRule, windowOf } from './timestamp.ts';
import type { Terms, Verdict } from './verifier.ts';

/** What stands before the 32 bytes of an ed25519 key in its SubjectPublicKeyInfo (RFC 8410 section 4). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
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
    signatures.some((signature) => verify(null, content, key, signature)),
  );
  if (secret === -1) {
    return refused('bad-signature', 'The signature in webhook-signature does not fit the body and the key.');
  }
  const window = windowOf(TIMESTAMP, stamp, now);
  if (window !== undefined) return { ok: false, rejection: window };
  return { ok: true, trust: 'signed', secret, id };
}

function keyOf(text: string): KeyObject | undefined {
  const bytes = decode(text.replace(/^whpk_/, ''), 'base64');
  if (bytes?.length !== 32) return undefined;
  return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, bytes]), format: 'der', type: 'spki' });
}

const refused = (code: RejectionCode, message: string): Verdict => ({
  ok: false,
  rejection: new Rejection(code, message),
});
