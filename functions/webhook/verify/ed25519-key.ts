import { createPublicKey, type KeyObject, verify } from 'node:crypto';

/** What stands before the 32 bytes of an ed25519 key in its SubjectPublicKeyInfo (RFC 8410 section 4). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const KEY_BYTES = 32;

/** The public key of these bytes (RFC 8032 section 5.1.5); undefined for another number of them. */
export function ed25519Key(bytes: Buffer | undefined): KeyObject | undefined {
  if (bytes?.length !== KEY_BYTES) return undefined;
  return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, bytes]), format: 'der', type: 'spki' });
}

/** Whether the content was signed with the private half of the key. A signature of another length is none. */
export function isSignedWith(key: KeyObject, content: Buffer, signature: Buffer): boolean {
  return verify(null, content, key, signature);
}
