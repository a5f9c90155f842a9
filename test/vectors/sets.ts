import { createHmac, webcrypto } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compactVerify, createLocalJWKSet, decodeProtectedHeader, importJWK, type JWK } from 'jose';
import * as z from 'zod';
import { isCompactJws, keySetOf } from '../../functions/runtime/jws.ts';
import { scimJsonBody } from '../../functions/scim/http/body.ts';
import { ScimError } from '../../functions/scim/http/error.ts';
import { parseJson } from '../../functions/webhook/parse.ts';
import { Rejection } from '../../functions/webhook/rejection.ts';
import { ed25519Key, isSignedWith } from '../../functions/webhook/verify/ed25519-key.ts';
import { verifyHmac } from '../../functions/webhook/verify/hmac.ts';
import type { HmacDescriptor } from '../../functions/webhook/verify/hmac-descriptor.ts';
import { contextWith, scimEvent } from '../scim/event.ts';
import type { Outcome, VectorSet } from './vector-set.ts';
import { bytesOf, type Group, type Vector, wycheproof } from './wycheproof.ts';

const NO_KEYS = {
  get: () => Promise.reject(new Error('no keys')),
  refresh: () => Promise.reject(new Error('no keys')),
};
const NO_REQUEST = { method: 'POST', query: new URLSearchParams(), subtype: undefined };
const OF_SECRETS = ['HS256', 'HS384', 'HS512'];
const OF_KEY_SETS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
];

/** All sets over the folder in which their repositories were checked out. */
export function vectorSets(folder: string): readonly VectorSet[] {
  return [
    ...(['sha1', 'sha256', 'sha512'] as const).map((algorithm) => hmac(folder, algorithm)),
    ed25519(folder),
    ...[
      { file: 'ecdsa_secp256r1_sha256_p1363', namedCurve: 'P-256', hash: 'SHA-256' },
      { file: 'ecdsa_secp384r1_sha384_p1363', namedCurve: 'P-384', hash: 'SHA-384' },
      { file: 'ecdsa_secp521r1_sha512_p1363', namedCurve: 'P-521', hash: 'SHA-512' },
    ].map((curve) => ecdsa(folder, curve)),
    ...[2_048, 3_072, 4_096].flatMap((bits) =>
      [256, 384, 512].map((hash) => rsa(folder, `rsa_signature_${bits}_sha${hash}`, hash)),
    ),
    tokens(folder, 'json_web_signature'),
    tokens(folder, 'json_web_key'),
    jsonOfWebhooks(folder),
    jsonOfScim(folder),
  ];
}

function hmac(folder: string, algorithm: HmacDescriptor['algorithm']): VectorSet {
  const file = `hmac_${algorithm}`;
  const digestBytes = createHmac(algorithm, 'k').digest().length;
  const descriptor: HmacDescriptor = {
    algorithm,
    signature: { header: 'x-signature', format: 'bare', encoding: 'hex' },
    key: { encoding: 'hex' },
    content: '{body}',
  };
  return {
    name: file,
    outcomes: () =>
      wycheproof(
        folder,
        file,
        ({ key, msg, tag }) =>
          verifyHmac(
            { descriptor },
            { ...NO_REQUEST, headers: { 'x-signature': String(tag) }, body: bytesOf(msg) },
            { secrets: [String(key)], now: 0, keys: NO_KEYS },
          ).ok,
        ({ tag, key }) => {
          if (bytesOf(tag).length < digestBytes) return 'a signature that was cut short';
          return key === '' ? 'a secret of no length' : undefined;
        },
      ),
  };
}

function ed25519(folder: string): VectorSet {
  return {
    name: 'ed25519',
    outcomes: () =>
      wycheproof(folder, 'ed25519', ({ msg, sig }, { publicKey }) => {
        const key = ed25519Key(bytesOf(z.object({ pk: z.string() }).parse(publicKey).pk));
        return key !== undefined && isSignedWith(key, bytesOf(msg), bytesOf(sig));
      }),
  };
}

/** By the runtime's own WebCrypto, with which `jose` verifies ES256 to ES512. */
function ecdsa(
  folder: string,
  { file, namedCurve, hash }: { file: string; namedCurve: string; hash: string },
): VectorSet {
  return {
    name: file,
    outcomes: () =>
      wycheproof(folder, file, async ({ msg, sig }, { publicKey }) => {
        const point = bytesOf(z.object({ uncompressed: z.string() }).parse(publicKey).uncompressed);
        const algorithm = { name: 'ECDSA', namedCurve, hash };
        const key = await webcrypto.subtle.importKey('raw', point, algorithm, false, ['verify']);
        return webcrypto.subtle.verify(algorithm, key, bytesOf(sig), bytesOf(msg));
      }),
  };
}

/** By the runtime's own WebCrypto, with which `jose` verifies RS256 to RS512. */
function rsa(folder: string, file: string, hash: number): VectorSet {
  return {
    name: file,
    outcomes: () =>
      wycheproof(folder, file, async ({ msg, sig }, { publicKeyDer }) => {
        const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: `SHA-${hash}` };
        const key = await webcrypto.subtle.importKey('spki', bytesOf(publicKeyDer), algorithm, false, [
          'verify',
        ]);
        return webcrypto.subtle.verify(algorithm, key, bytesOf(sig), bytesOf(msg));
      }),
  };
}

const groupSchema = z.looseObject({ public: z.unknown().optional(), private: z.unknown().optional() });
const keySetSchema = z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })) });

/** Signatures and key sets of tokens, by `jose` as the doors call it: form and key set looked at before, algorithms pinned. */
function tokens(folder: string, file: string): VectorSet {
  const take = async ({ jws }: Vector, group: Group): Promise<boolean> => {
    const token = z.string().parse(jws);
    if (!isCompactJws(token)) return false;
    const keys = keysOf(group);
    const [key] = keys;
    if (keys.length === 1 && key?.kty === 'oct') {
      await compactVerify(token, await importJWK(key, 'HS256'), { algorithms: OF_SECRETS });
    } else {
      const keySet = keySetOf(JSON.stringify({ keys: keys.map(publicPart) }));
      await compactVerify(token, createLocalJWKSet(keySet ?? { keys: [] }), { algorithms: OF_KEY_SETS });
    }
    return true;
  };
  return { name: file, outcomes: () => wycheproof(folder, file, take, reasonOf) };
}

function keysOf(group: Group): readonly JWK[] {
  const { public: open, private: closed } = groupSchema.parse(group);
  const given: unknown = open ?? closed;
  const keySet = keySetSchema.safeParse(given);
  return keySet.success ? keySet.data.keys : keySetSchema.parse({ keys: [given] }).keys;
}

const publicPart = ({ d: _d, p: _p, q: _q, dp: _dp, dq: _dq, qi: _qi, ...rest }: JWK): JWK => rest;

/** Where this product and the set differ: on form it is the stricter one, and on what an owner chose it is not the judge. */
function reasonOf({ tcId, comment, jws }: Vector, group: Group): string | undefined {
  const keys = keysOf(group);
  const algorithm = isCompactJws(String(jws)) ? decodeProtectedHeader(String(jws)).alg : undefined;
  if (!isCompactJws(String(jws))) return 'no compact form as RFC 7515 writes it';
  if (keys.length > 1 && keys.every(({ kty }) => kty === 'oct')) return 'a secret is no key of a set';
  if (tcId === 367 || tcId === 370) return 'the same token as vector 357, which is valid';
  if (keys.length === 1 && keys[0]?.kty === 'oct') return 'a secret is bytes that the provider chose';
  if (keys.length === 1 && keys[0]?.alg !== undefined && keys[0].alg !== algorithm)
    return 'the key is for another alg';
  return comment === 'rejectsKeyWithRocaVulnerability'
    ? 'a weak key that the trusted issuer made'
    : undefined;
}

async function* jsonFiles(
  folder: string,
  isTaken: (body: Buffer) => Promise<boolean>,
): AsyncIterable<Outcome> {
  const WANTED: Readonly<Record<string, Outcome['wanted']>> = { y: 'taken', n: 'refused', i: 'either' };
  const tests = join(folder, 'JSONTestSuite', 'test_parsing');
  for (const name of (await readdir(tests)).filter((each) => each.endsWith('.json')).sort()) {
    const wanted = WANTED[name.slice(0, 1)] ?? 'either';
    yield { name, wanted, isTaken: await isTaken(await readFile(join(tests, name))) };
  }
}

/** Refusals are told from failures of our own, which end the run. */
async function isRead(read: () => unknown): Promise<boolean> {
  try {
    await read();
    return true;
  } catch (error) {
    if (error instanceof Rejection || (error instanceof ScimError && error.status < 500)) return false;
    throw error;
  }
}

function jsonOfWebhooks(folder: string): VectorSet {
  return {
    name: 'JSON of webhooks',
    outcomes: () => jsonFiles(folder, (body) => isRead(() => parseJson(body))),
  };
}

function jsonOfScim(folder: string): VectorSet {
  const { before } = scimJsonBody();
  const read = (body: Buffer) => before(requestOf(body));
  return { name: 'JSON of SCIM', outcomes: () => jsonFiles(folder, (body) => isRead(() => read(body))) };
}

/** A request as middy hands it to its middlewares, as far as the one for bodies looks at it. */
function requestOf(body: Buffer): Parameters<ReturnType<typeof scimJsonBody>['before']>[0] {
  const event = { ...scimEvent('POST', '/demo/scim/v2/Users', { body }), parsed: undefined };
  return { event, context: contextWith(), response: undefined, error: undefined, internal: {} };
}
