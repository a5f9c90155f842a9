import type { JSONWebKeySet, JWK } from 'jose';
import { decode } from './encoding.ts';

/**
 * Whether a text is a JSON Web Signature in its compact form: three parts in base64url as RFC 7515 section 2 writes it,
 * without padding and in the one way that stands for these bytes, so that no two tokens are of one signature.
 */
export function isCompactJws(token: string): boolean {
  const parts = token.split('.');
  return (
    parts.length === 3 &&
    parts.every((part) => !part.includes('=') && decode(part, 'base64url') !== undefined)
  );
}

/**
 * The keys of a set (RFC 7517 section 5) that can be keys: what is no object would make the others unusable, and with an
 * RSA exponent below 3 (RFC 8017 section 3.1) any signature can be made up. Undefined for what is no key set.
 */
export function keySetOf(text: string): JSONWebKeySet | undefined {
  let value: { readonly keys?: unknown } | null;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return Array.isArray(value?.keys) ? { keys: value.keys.filter(isKey) } : undefined;
}

function isKey(value: unknown): value is JWK {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const { kty, e } = value as { readonly kty?: unknown; readonly e?: unknown };
  return kty !== 'RSA' || typeof e !== 'string' || !isTiny(Buffer.from(e, 'base64url'));
}

const isTiny = (exponent: Buffer) =>
  exponent.subarray(0, -1).every((byte) => byte === 0) && (exponent.at(-1) ?? 0) < 3;
