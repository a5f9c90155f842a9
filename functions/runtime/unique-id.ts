import { randomUUID } from 'node:crypto';

const LAST_COUNT = 0xfff;

/**
 * Makes UUIDs of version 7 (RFC 9562 section 5.7), each after the one before: where the version leaves 12 bits to random,
 * those of one millisecond are counted (section 6.2, method 1). Of a random UUID Node keeps the bytes in stock, which
 * is a fifth of what fetching 16 random bytes takes.
 */
export function openUniqueIds(now: () => number): () => string {
  let at = 0;
  let count = 0;
  return () => {
    const moment = now();
    if (moment > at) {
      at = moment;
      count = 0;
    } else if (count < LAST_COUNT) {
      count += 1;
    } else {
      // More than a millisecond has room for, or a clock that was put back: ahead of the clock.
      at += 1;
      count = 0;
    }
    const time = at.toString(16).padStart(12, '0');
    const counted = count.toString(16).padStart(3, '0');
    // What follows the version: variant and 62 random bits.
    return `${time.slice(0, 8)}-${time.slice(8)}-7${counted}${randomUUID().slice(18)}`;
  };
}
