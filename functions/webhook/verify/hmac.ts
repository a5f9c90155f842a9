import { createHmac, timingSafeEqual } from 'node:crypto';
import { compact } from '../../runtime/compact.ts';
import { decode } from '../../runtime/encoding.ts';
import { Rejection, type RejectionCode } from '../rejection.ts';
import type { WebhookRequest } from '../request.ts';
import type { HmacDescriptor } from './hmac-descriptor.ts';
import { stampOf, windowOf } from './timestamp.ts';
import type { Terms, Verdict } from './verifier.ts';

const MAX_SECRETS = 4;
const MAX_SIGNATURES = 8;
const MAX_HEADER = 4_096;

/**
 * Verifies a request by a descriptor, over the raw bytes. Every secret is tried with every signature in the header, so
 * that both sides can rotate; whatever is missing, doubled or can't be decoded is a refusal.
 */
export function verifyHmac(
  { descriptor }: { readonly descriptor: HmacDescriptor },
  request: WebhookRequest,
  { secrets, now }: Terms,
): Verdict {
  const keys = secrets.slice(0, MAX_SECRETS).flatMap((secret) => keyOf(secret, descriptor.key) ?? []);
  if (keys.length === 0) {
    return refused('no-secret', 'No usable secret is stored for this source.');
  }
  const { header } = descriptor.signature;
  const value = request.headers[header.toLowerCase()]?.trim();
  if (value === undefined || value === '') return refused('no-signature', `The header ${header} is missing.`);
  const parts = value.length > MAX_HEADER ? undefined : partsOf(value, descriptor);
  if (parts === undefined) {
    return refused('malformed-signature', `The header ${header} is not as this provider writes it.`);
  }
  const id = headerOf(request, descriptor.id?.header);
  const stamp = stampOf(descriptor.timestamp, request, parts.timestamp);
  const content = contentOf(descriptor, { id, timestamp: stamp, method: request.method, body: request.body });
  if (content === undefined) {
    return refused(
      'malformed-signature',
      'The id or the time stamp that belongs to the signature is missing or malformed.',
    );
  }
  const secret = match(descriptor.algorithm, keys, parts.signatures, content);
  if (secret === -1) {
    return refused('bad-signature', `The signature in ${header} does not fit the body and the secret.`);
  }
  const window = windowOf(descriptor.timestamp, stamp, now);
  if (window !== undefined && descriptor.timestamp?.enforce !== false)
    return { ok: false, rejection: window };
  return {
    ok: true,
    trust: 'signed',
    secret,
    ...compact({ id, stamp, outsideWindow: window === undefined ? undefined : true }),
  };
}

interface Parts {
  readonly signatures: readonly Buffer[];
  readonly timestamp?: string;
}

/** The signatures in the header's value; undefined when one of them, or the form of the whole, is wrong. */
function partsOf(value: string, { signature, timestamp }: HmacDescriptor): Parts | undefined {
  const decoded = (texts: readonly string[]): readonly Buffer[] | undefined => {
    const bytes = texts.map((text) => decode(text, signature.encoding));
    return bytes.length > 0 && bytes.every((each) => each !== undefined) ? bytes : undefined;
  };
  switch (signature.format) {
    case 'bare':
      return withSignatures(decoded([value]));
    case 'prefix': {
      const { prefix = '' } = signature;
      return value.startsWith(prefix) ? withSignatures(decoded([value.slice(prefix.length)])) : undefined;
    }
    case 'kv': {
      const pairs = value.split(',').map((pair) => /^([\w-]+)=(.*)$/.exec(pair.trim()));
      const of = (name: string) => pairs.flatMap((pair) => (pair?.[1] === name ? [pair[2] ?? ''] : []));
      if (pairs.includes(null)) return undefined;
      const stamps = timestamp?.kvKey === undefined ? [] : of(timestamp.kvKey);
      // Twice the same key is two headers joined into one.
      if (stamps.length > 1) return undefined;
      const texts = (signature.signatureKeys ?? []).flatMap(of).slice(0, MAX_SIGNATURES);
      return withSignatures(decoded(texts), stamps[0]);
    }
    case 'versioned-list': {
      const entries = value.split(/ +/).map((entry) => entry.split(','));
      if (entries.some((entry) => entry.length !== 2)) return undefined;
      const texts = entries.flatMap(([version, text = '']) => (version === signature.version ? [text] : []));
      return withSignatures(decoded(texts.slice(0, MAX_SIGNATURES)));
    }
  }
}

function withSignatures(signatures: readonly Buffer[] | undefined, timestamp?: string): Parts | undefined {
  if (signatures === undefined) return undefined;
  return timestamp === undefined ? { signatures } : { signatures, timestamp };
}

/** The header's value, if it is one value: a comma is an HTTP API's way to say that it came twice. */
function headerOf(request: WebhookRequest, name: string | undefined): string | undefined {
  const value = name === undefined ? undefined : request.headers[name.toLowerCase()]?.trim();
  return value === undefined || value === '' || value.includes(',') ? undefined : value;
}

/**
 * The signed bytes. Put in once and literally, so that a value which holds `{body}` stays what it is; undefined when
 * something that the template names isn't there. An id with a dot in it could be moved over the border to the time.
 */
function contentOf(
  { content }: HmacDescriptor,
  values: { id: string | undefined; timestamp: string | undefined; method: string; body: Buffer },
): Buffer | undefined {
  if (content.startsWith('{id}.') && values.id?.includes('.')) return undefined;
  const pieces: Buffer[] = [];
  for (const piece of content.split(/(\{\w+\})/)) {
    const name = /^\{(\w+)\}$/.exec(piece)?.[1];
    const value = name === undefined ? piece : values[name as keyof typeof values];
    if (value === undefined) return undefined;
    pieces.push(typeof value === 'string' ? Buffer.from(value, 'utf8') : value);
  }
  return Buffer.concat(pieces);
}

function keyOf(secret: string, { encoding, stripPrefixes = [] }: HmacDescriptor['key']): Buffer | undefined {
  const prefix = stripPrefixes.find((each) => secret.startsWith(each)) ?? '';
  const text = secret.slice(prefix.length);
  if (text.trim() === '') return undefined;
  return encoding === 'utf8' ? Buffer.from(text, 'utf8') : decode(text, encoding);
}

function match(
  algorithm: string,
  keys: readonly Buffer[],
  signatures: readonly Buffer[],
  content: Buffer,
): number {
  let found = -1;
  keys.forEach((key, index) => {
    const expected = createHmac(algorithm, key).update(content).digest();
    for (const given of signatures) {
      const fits = given.length === expected.length && timingSafeEqual(given, expected);
      if (fits && found === -1) found = index;
    }
  });
  return found;
}

const refused = (code: RejectionCode, message: string): Verdict => ({
  ok: false,
  rejection: new Rejection(code, message),
});
