import { hash, timingSafeEqual } from 'node:crypto';

/**
 * Tokens are signed and checked with Web Crypto, whose work is done on threads: when it ends is for the machine to
 * decide, so a seed would pass in another order each time, and slowly. In a simulation the same HMAC is computed at once.
 * Only what HS256 needs is there; everything else fails loudly.
 *
 * @returns puts the real one back
 */
export function withSynchronousHmac(): () => void {
  const stand = {
    importKey: async (format: string, bytes: unknown) => {
      if (format !== 'raw' || !(bytes instanceof Uint8Array))
        throw new Error('only raw HMAC keys are simulated');
      return { ...KEY, bytes } satisfies Key;
    },
    sign: async (_algorithm: unknown, key: Key, data: Uint8Array) => new Uint8Array(hmac(key, data)).buffer,
    verify: async (_algorithm: unknown, key: Key, signature: Uint8Array, data: Uint8Array) => {
      const [given, right] = [Buffer.from(signature), hmac(key, data)];
      return given.length === right.length && timingSafeEqual(given, right);
    },
  };
  Object.defineProperty(globalThis.crypto, 'subtle', { value: stand, configurable: true });
  return () => {
    Reflect.deleteProperty(globalThis.crypto, 'subtle');
  };
}

const KEY = {
  [Symbol.toStringTag]: 'CryptoKey',
  type: 'secret',
  extractable: false,
  algorithm: { name: 'HMAC', hash: { name: 'SHA-256' }, length: 256 },
  usages: ['sign', 'verify'],
};

type Key = typeof KEY & { readonly bytes: Uint8Array };

const BLOCK = 64;

/** RFC 2104 over two one-shot hashes: a tenth of what `createHmac` takes with a new key at each call. */
function hmac({ bytes }: Key, data: Uint8Array): Buffer {
  const { inner, outer } = padsOf(bytes);
  return hash(
    'sha256',
    Buffer.concat([outer, hash('sha256', Buffer.concat([inner, data]), 'buffer')]),
    'buffer',
  );
}

const pads = new Map<string, { readonly inner: Buffer; readonly outer: Buffer }>();

/** The few secrets of the simulations, padded. */
function padsOf(bytes: Uint8Array): { readonly inner: Buffer; readonly outer: Buffer } {
  const name = Buffer.from(bytes).toString('base64');
  const known = pads.get(name);
  if (known !== undefined) return known;
  const secret = bytes.length > BLOCK ? hash('sha256', bytes, 'buffer') : bytes;
  const padded = (pad: number) => Buffer.alloc(BLOCK, pad).map((byte, at) => byte ^ (secret[at] ?? 0));
  const made = { inner: Buffer.from(padded(0x36)), outer: Buffer.from(padded(0x5c)) };
  pads.set(name, made);
  return made;
}
