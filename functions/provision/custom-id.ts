import { hash } from 'node:crypto';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';
const LENGTH = 15;

/**
 * Our key of an agent in SmartAssist: 15 characters of base32 (RFC 4648 section 6, lower case) from a hash of tenant and
 * person id. Stable, so that an attempt with an unknown outcome can be looked up, and legal under both generations of
 * the API (15 characters without special ones, or 64 without space and backslash). 75 bits: a million persons collide
 * with a probability of about one in 10^11.
 */
export function customIdOf(tenant: string, personId: string): string {
  let bits = BigInt(`0x${hash('sha256', `${tenant}\n${personId}`, 'hex').slice(0, 20)}`);
  let text = '';
  for (let index = 0; index < LENGTH; index += 1) {
    text += ALPHABET.charAt(Number(bits & 31n));
    bits >>= 5n;
  }
  return text;
}
