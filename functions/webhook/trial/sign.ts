import { createHmac, randomUUID } from 'node:crypto';
import { decode } from '../../runtime/encoding.ts';
import { isObject } from '../../scim-core/resource/resource.ts';
import type { HmacDescriptor } from '../verify/hmac-descriptor.ts';
import type { TimestampRule } from '../verify/timestamp.ts';
import type { StaticHeader, Verifier } from '../verify/verifier.ts';

/** A secret that is no key of the form that the provider's are of. */
export class UnusableSecret extends Error {
  override readonly name = 'UnusableSecret';
}

/** A request as a provider sends it. */
export interface SignedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Behind the source's address. */
  readonly path?: string;
  readonly query?: Readonly<Record<string, string>>;
}

export interface Signing {
  readonly body: string;
  readonly secret: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Proves a body in the way that a verifier takes: the other side of `webhook/verify/`.
 *
 * @returns undefined where the proof is made with a private key, which is the provider's alone
 */
export function signedBy(verifier: Verifier, signing: Signing): SignedRequest | undefined {
  const { body, secret } = signing;
  switch (verifier.kind) {
    case 'hmac':
      return { headers: hmacHeaders(verifier.descriptor, signing), body };
    case 'static-header':
      return { headers: { [verifier.header]: credentials(verifier.scheme, secret) }, body };
    case 'jwt':
      return undefined;
    case 'body-secret':
      return { headers: {}, body: withSecretInItems(verifier, signing) };
    case 'ed25519':
      return undefined;
    case 'url-secret':
      return { headers: {}, body, path: `/${encodeURIComponent(secret)}` };
    case 'query-secret':
      return { headers: {}, body, query: { [verifier.parameter]: secret } };
    case 'any-of':
      for (const each of verifier.verifiers) {
        const signed = signedBy(each, signing);
        if (signed !== undefined) return signed;
      }
      return undefined;
  }
}

function credentials(scheme: StaticHeader['scheme'], secret: string): string {
  if (scheme === 'raw') return secret;
  return scheme === 'bearer' ? `Bearer ${secret}` : `Basic ${Buffer.from(secret).toString('base64')}`;
}

function hmacHeaders(descriptor: HmacDescriptor, { body, secret, now }: Signing): Record<string, string> {
  const { algorithm, signature, content, id: idRule, timestamp: rule } = descriptor;
  const id = `msg_${randomUUID().replaceAll('-', '')}`;
  const timestamp = stampOf(rule, now);
  const values: Readonly<Record<string, string>> = { id, timestamp, method: 'POST', body };
  const signed = content.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '');
  const mac = createHmac(algorithm, keyOf(secret, descriptor)).update(signed).digest(signature.encoding);
  const headers: Record<string, string> = { [signature.header]: written(descriptor, mac, timestamp) };
  if (idRule !== undefined) headers[idRule.header] = id;
  if (rule?.header !== undefined) headers[rule.header] = timestamp;
  return headers;
}

function keyOf(secret: string, { key, signature }: HmacDescriptor): Buffer {
  const prefix = (key.stripPrefixes ?? []).find((each) => secret.startsWith(each)) ?? '';
  const text = secret.slice(prefix.length);
  const bytes = key.encoding === 'utf8' ? Buffer.from(text) : decode(text, key.encoding);
  if (bytes !== undefined) return bytes;
  throw new UnusableSecret(`the secret is not ${key.encoding}, as the key of ${signature.header} is`);
}

function stampOf(rule: TimestampRule | undefined, now: number): string {
  if (rule?.unit === 'iso8601') return new Date(now).toISOString();
  return String(rule?.unit === 'ms' ? now : Math.floor(now / 1_000));
}

/** The header's value, as the format has it. */
function written({ signature, timestamp }: HmacDescriptor, mac: string, stamp: string): string {
  switch (signature.format) {
    case 'bare':
      return mac;
    case 'prefix':
      return `${signature.prefix ?? ''}${mac}`;
    case 'kv': {
      const time = timestamp?.kvKey === undefined ? [] : [`${timestamp.kvKey}=${stamp}`];
      return [...time, `${signature.signatureKeys?.[0] ?? 'v1'}=${mac}`].join(',');
    }
    case 'versioned-list':
      return `${signature.version ?? 'v1'},${mac}`;
  }
}

/** Each item of the body has the secret, as Microsoft Graph's `clientState`. */
function withSecretInItems(
  { items, path }: { readonly items: string; readonly path: string },
  { body, secret }: Signing,
): string {
  const whole: unknown = JSON.parse(body);
  const list = isObject(whole) ? whole[items] : undefined;
  if (!isObject(whole) || !Array.isArray(list)) return body;
  return JSON.stringify({ ...whole, [items]: list.map((item) => ({ ...item, [path]: secret })) });
}
