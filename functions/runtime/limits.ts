import type { Clock } from './clock.ts';

/** How many requests a second are taken in the long run, and how many at once after a quiet time. */
export interface Rate {
  readonly perSecond: number;
  readonly atOnce: number;
}

/**
 * How much a process does for one caller, so that no tenant and no stranger uses up what is there for all. It is kept in
 * memory alone: a limit that costs a write a request would be a way to cause writes.
 */
export interface Limits {
  /** A request by SCIM that proved itself: 0, or the seconds after which it may come again. */
  ofScim(tenant: string): number;
  /** The same of a request that proved nothing, by the tenant that its address names, whether there is one or not. */
  ofStrangers(named: string): number;
}

/** What the functions hold to: more of SCIM than one client asks for, and enough of strangers to look for a mistake. */
const RATES = { scim: { perSecond: 50, atOnce: 200 }, strangers: { perSecond: 5, atOnce: 100 } };

export const NO_LIMITS: Limits = { ofScim: () => 0, ofStrangers: () => 0 };

/** Names of strangers share so many buckets: any number of names takes this memory, and an own bucket shows no tenant. */
const SLOTS = 64;

export function openLimits(
  clock: Clock,
  rates: { readonly scim: Rate; readonly strangers: Rate } = RATES,
): Limits {
  const ofTenants = openBuckets(clock, rates.scim);
  const ofNames = openBuckets(clock, rates.strangers);
  return { ofScim: ofTenants, ofStrangers: (named) => ofNames(String(slotOf(named))) };
}

/** Token buckets: each request takes one, and time puts them back. */
function openBuckets(clock: Clock, { perSecond, atOnce }: Rate): (name: string) => number {
  const buckets = new Map<string, { left: number; at: number }>();
  return (name) => {
    const now = clock.now();
    const bucket = buckets.get(name) ?? { left: atOnce, at: now };
    buckets.set(name, bucket);
    // A clock that is put back takes nothing away.
    const passed = Math.max(0, now - bucket.at) / 1_000;
    bucket.left = Math.min(atOnce, bucket.left + passed * perSecond);
    bucket.at = now;
    if (bucket.left < 1) return Math.max(1, Math.ceil((1 - bucket.left) / perSecond));
    bucket.left -= 1;
    return 0;
  };
}

function slotOf(name: string): number {
  let sum = 0;
  for (const character of name.slice(0, 64)) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % SLOTS;
  return sum;
}
