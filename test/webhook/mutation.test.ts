import { generateKeyPairSync, sign as signWithKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BAMBOOHR } from '../../functions/providers/bamboohr/webhook.ts';
import { webhook as fusionauth } from '../../functions/providers/fusionauth/webhook.ts';
import { MERGE } from '../../functions/providers/merge-dev/webhook.ts';
import { STANDARD_WEBHOOKS } from '../../functions/providers/standard-webhooks/webhook.ts';
import { WORKOS } from '../../functions/providers/workos/webhook.ts';
import { sourceSchema } from '../../functions/tenant/sources.ts';
import type { WebhookRequest } from '../../functions/webhook/request.ts';
import type { Keys } from '../../functions/webhook/verify/keys.ts';
import type { Terms, Verifier } from '../../functions/webhook/verify/verifier.ts';
import { verify } from '../../functions/webhook/verify/verify.ts';
import { sign } from './hooks.ts';
import { JWKS, JWKS_URI, jwt, signingKey } from './providers.ts';

const NOW = 1_767_225_600_000;
const SECONDS = String(NOW / 1000);
const TEXT = 'a secret of some length';
const BASE64 = Buffer.from('0123456789abcdef01234567').toString('base64');
const body = JSON.stringify({ type: 'user.created', data: { userName: 'ada@example.com', note: 'wörld' } });

const ed25519 = generateKeyPairSync('ed25519');
const publicKey = `whpk_${ed25519.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64')}`;
const TOKEN_HEADER = { alg: 'ES256', kid: 'k1' };

/** Requests that are right, each with the parts that its signature covers. */
const VALID: readonly {
  name: string;
  verifier: Verifier;
  secret: string;
  headers: Record<string, string>;
  /** Where it is another than the others'. */
  body?: string;
}[] = [
  {
    name: 'a versioned list',
    verifier: { kind: 'hmac', descriptor: STANDARD_WEBHOOKS },
    secret: BASE64,
    headers: sign.standard(BASE64, 'msg_1', Number(SECONDS), body),
  },
  {
    name: 'keys and values',
    verifier: { kind: 'hmac', descriptor: WORKOS },
    secret: TEXT,
    headers: { 'workos-signature': `t=${NOW}, v1=${sign.hex(TEXT, `${NOW}.${body}`)}` },
  },
  {
    name: 'a bare signature with a time stamp',
    verifier: { kind: 'hmac', descriptor: BAMBOOHR },
    secret: TEXT,
    headers: { 'x-bamboohr-timestamp': SECONDS, 'x-bamboohr-signature': sign.hex(TEXT, body + SECONDS) },
  },
  {
    name: 'base64url',
    verifier: { kind: 'hmac', descriptor: MERGE },
    secret: TEXT,
    headers: { 'x-merge-webhook-signature': sign.base64url(TEXT, body) },
  },
  {
    name: 'ed25519',
    verifier: { kind: 'ed25519', publicKeys: [publicKey] },
    secret: TEXT,
    headers: {
      'webhook-id': 'msg_1',
      'webhook-timestamp': SECONDS,
      'webhook-signature': `v1a,${signWithKey(null, Buffer.from(`msg_1.${SECONDS}.${body}`), ed25519.privateKey).toString('base64')}`,
    },
  },
  {
    name: "a token with the body's digest",
    verifier: fusionauth.verifier(sourceSchema.parse({ preset: 'fusionauth', jwksUri: JWKS_URI })),
    secret: TEXT,
    headers: {
      'x-fusionauth-signature-jwt': jwt(
        { request_body_sha256: sign.sha256(body).digest('base64') },
        signingKey,
        TOKEN_HEADER,
      ),
    },
  },
  {
    name: 'a token that is the body',
    verifier: { kind: 'jwt', keys: { jwksUri: JWKS_URI }, algorithms: ['ES256'], requireExp: false },
    secret: TEXT,
    headers: {},
    body: jwt({ jti: '1', sub: 'ada' }, signingKey, TOKEN_HEADER),
  },
];
const RUNS = 1_700;

const keys: Keys = { get: async () => JWKS, refresh: async () => JWKS };
const terms = (secret: string): Terms => ({ secrets: [secret], now: NOW, keys });
const request = (headers: Record<string, string>, bytes: Buffer): WebhookRequest => ({
  method: 'POST',
  headers,
  query: new URLSearchParams(),
  body: bytes,
  subtype: undefined,
});

/** What a proxy may do to a header, or a sender write in two ways, without its value being another. */
function isSame(name: string, before: string, after: string): boolean {
  const plain = (text: string) => {
    const trimmed = text.trim();
    if (name === 'x-bamboohr-signature' || name === 'workos-signature') {
      // Hexadecimal digits in either case; blanks around pairs; pairs that nobody asked for.
      return trimmed.toLowerCase().replace(/\s*,\s*/g, ',');
    }
    if (name === 'x-merge-webhook-signature') return trimmed.replace(/=+$/, '');
    return name === 'webhook-signature' ? trimmed.replace(/=+(?= |$)/g, '').replace(/ +/g, ' ') : trimmed;
  };
  return plain(before) === plain(after);
}

const change = fc.record({
  where: fc.nat(),
  at: fc.nat(),
  how: fc.constantFrom(
    'flip',
    'insert',
    'delete',
    'replace',
    'swap-case',
    'repeat',
    'empty',
  ) as fc.Arbitrary<string>,
  byte: fc.integer({ min: 32, max: 126 }),
  bit: fc.integer({ min: 0, max: 7 }),
});

function mutated(
  bytes: Buffer,
  { at, how, byte, bit }: { at: number; how: string; byte: number; bit: number },
): Buffer {
  const index = bytes.length === 0 ? 0 : at % bytes.length;
  const [head, tail] = [bytes.subarray(0, index), bytes.subarray(index)];
  switch (how) {
    case 'flip':
      return Buffer.concat([head, Buffer.from([(tail[0] ?? 0) ^ (1 << bit)]), tail.subarray(1)]);
    case 'insert':
      return Buffer.concat([head, Buffer.from([byte]), tail]);
    case 'delete':
      return Buffer.concat([head, tail.subarray(1)]);
    case 'replace':
      return Buffer.concat([head, Buffer.from([byte]), tail.subarray(1)]);
    case 'swap-case':
      return Buffer.concat([head, Buffer.from([(tail[0] ?? 0) ^ 32]), tail.subarray(1)]);
    case 'repeat':
      return Buffer.concat([bytes, Buffer.from(', '), bytes]);
    default:
      return Buffer.alloc(0);
  }
}

it('there are 10,000 mutations and more', () => {
  expect(VALID.length * RUNS).toBeGreaterThanOrEqual(10_000);
});

describe.each(VALID)('a valid request with $name', ({ verifier, secret, headers, body: own }) => {
  const right = Buffer.from(own ?? body);

  it('passes as it is', async () => {
    expect(await verify(verifier, request(headers, right), terms(secret))).toMatchObject({ ok: true });
  });

  it(`passes in none of ${RUNS} forms that are not what was signed`, async () => {
    const names = Object.keys(headers);
    await fc.assert(
      fc.asyncProperty(change, async (mutation) => {
        const part = mutation.where % (names.length + 1);
        const name = names[part];
        if (name === undefined) {
          const changed = mutated(right, mutation);
          // Blanks around a token are no part of it.
          const isRight =
            own === undefined ? changed.equals(right) : changed.toString('latin1').trim() === own;
          if (isRight) return;
          const verdict = await verify(verifier, request(headers, changed), terms(secret));
          expect(verdict.ok).toBe(false);
          return;
        }
        const before = headers[name] ?? '';
        const after = mutated(Buffer.from(before), mutation).toString('latin1');
        if (isSame(name, before, after)) return;
        const verdict = await verify(verifier, request({ ...headers, [name]: after }, right), terms(secret));
        expect(verdict.ok, `${name}: ${after}`).toBe(false);
      }),
      { numRuns: RUNS },
    );
  });
});
