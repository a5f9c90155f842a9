import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { MIN_KEY_LENGTH } from './secret.ts';

/**
 * Seals what the product has to keep itself, such as a refresh token that changes at each use, for the directory:
 * AES-256-GCM with a key of the tenant's door secret (`keys`). Reading the table alone shows nothing of it.
 */

const FORM = 'v1';
const ALGORITHM = 'aes-256-gcm';
/** NIST SP 800-38D section 8.2.2: 96 random bits a message. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/**
 * @param secret the newest of the `keys`
 * @param about what the text belongs to, as tenant and source: sealed for one it doesn't open for another
 * @throws Error for a secret that is too short
 */
export function seal(text: string, secret: string, about: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, deriveKey(secret, 'seal'), nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(Buffer.from(about, 'utf8'));
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  return [FORM, nonce.toString('base64url'), body.toString('base64url')].join('.');
}

/**
 * Opens what was sealed.
 *
 * @param secrets the newest first; several while one is being rotated
 * @returns undefined where no secret opens it: changed, sealed for something else, or with a secret that is gone
 */
export function unseal(sealed: string, secrets: readonly string[], about: string): string | undefined {
  const [form, nonce = '', body = '', ...rest] = sealed.split('.');
  if (form !== FORM || rest.length > 0) return undefined;
  const bytes = Buffer.from(body, 'base64url');
  const iv = Buffer.from(nonce, 'base64url');
  if (iv.length !== NONCE_BYTES || bytes.length < TAG_BYTES) return undefined;
  for (const secret of secrets) {
    const decipher = createDecipheriv(ALGORITHM, deriveKey(secret, 'seal'), iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(about, 'utf8'));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    try {
      const text = decipher.update(bytes.subarray(0, -TAG_BYTES));
      return Buffer.concat([text, decipher.final()]).toString('utf8');
    } catch {
      // Another secret's: the next one is tried.
    }
  }
  return undefined;
}

/**
 * The key for a purpose, from one of the `keys` of the door secret (HKDF, RFC 5869): what is learned of one says nothing of
 * another.
 *
 * @throws Error for a secret that is too short
 */
export function deriveKey(secret: string, purpose: 'seal' | 'cursor' | 'console'): Buffer {
  if (secret.length < MIN_KEY_LENGTH) {
    throw new Error(`a secret that keys are made from has ${MIN_KEY_LENGTH} characters at least`);
  }
  return Buffer.from(hkdfSync('sha256', secret, '', `agent-provisioner ${purpose}`, KEY_BYTES));
}
