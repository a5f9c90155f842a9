import type { Dice } from '../dice.ts';
import type { Kind } from '../platform.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * The code of a machine. `bundled` has its configuration in the code, as version 0.1.0 had it; `this` is what is tested;
 * `next` is a later one that knows a form of configurations which `this` doesn't know.
 */
export type Version = 'bundled' | 'this' | 'next';

/** One version of the code takes over from another while both work, function by function. */
export interface Rollout {
  readonly from: Version;
  readonly to: Version;
  /** Milliseconds after the morning when the first machines of the new version start, by function. */
  readonly begins: Readonly<Record<Kind, number>>;
  /** How long both work. */
  readonly lasts: number;
  /** How much of the work goes to the new version meanwhile. */
  readonly share: number;
  /** Ends with the old version again. */
  readonly isTakenBack: boolean;
  /** Configurations of the new version are pushed while the old one still works, which no release does by itself. */
  readonly isPushedEarly: boolean;
}

export function rolloutOf(dice: Dice): Rollout {
  const from = dice.pick(['bundled', 'this'] as const);
  const begin = () => dice.whole(0, 4 * HOUR_MS);
  const isTogether = dice.chance(0.3);
  const first = begin();
  const begins = { scim: first, webhook: first, drain: first, schedule: first, sync: first, operator: 0 };
  return {
    from,
    to: from === 'bundled' ? 'this' : 'next',
    begins: isTogether ? begins : { ...begins, drain: begin(), schedule: begin() },
    lasts: dice.pick([5 * MINUTE_MS, HOUR_MS, 4 * HOUR_MS]),
    share: dice.pick([0.1, 0.5, 0.9]),
    isTakenBack: dice.chance(0.2),
    isPushedEarly: dice.chance(0.5),
  };
}

const FUNCTIONS = ['scim', 'drain', 'schedule'] as const;

/** Milliseconds after the morning when only one version is left. */
export function settledAt({ begins, lasts }: Rollout): number {
  return Math.max(...FUNCTIONS.map((kind) => begins[kind])) + lasts;
}

/** Which version the next piece of work goes to. */
export function versionAt(
  rollout: Rollout | undefined,
  kind: Kind,
  sinceMorning: number,
  dice: Dice,
): Version {
  if (rollout === undefined) return 'this';
  const { from, to, begins, lasts, share, isTakenBack, isPushedEarly } = rollout;
  const last = isTakenBack ? from : to;
  const end = settledAt(rollout);
  if (kind === 'operator') {
    // Before functions that read generations there has to be one, so commands are never older than that.
    if (from === 'bundled') return 'this';
    if (sinceMorning >= end) return last;
    return isPushedEarly && sinceMorning >= begins.scim ? to : from;
  }
  if (sinceMorning < begins[kind]) return from;
  const settles = isTakenBack ? end : begins[kind] + lasts;
  if (sinceMorning >= settles) return last;
  return dice.chance(share) ? to : from;
}
