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
  const digits = hash('sha256', `${tenant}\n${personId}`, 'hex').slice(0, 20);
  let text = '';
  // From the end, five digits of the hash at a time: 20 bits, which are four characters.
  for (let end = digits.length; end > 0; end -= 5) {
    const bits = Number.parseInt(digits.slice(end - 5, end), 16);
    for (let shift = 0; shift < 20; shift += 5) text += ALPHABET.charAt((bits >> shift) & 31);
  }
  return text.slice(0, LENGTH);
}
