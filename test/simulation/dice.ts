/** Chance of one simulated world: every number comes from the seed. */
export interface Dice {
  /** In [0, 1), as `Math.random`. */
  readonly next: () => number;
  /** True so often out of one. */
  chance(probability: number): boolean;
  /** A whole number from `low` to `high`, both included. */
  whole(low: number, high: number): number;
  pick<T>(list: readonly T[]): T;
  /** Another source for another purpose: what one of them is asked doesn't change what the other says. */
  fork(purpose: string): Dice;
}

export function dice(seed: number): Dice {
  const next = mulberry32(seed);
  const whole = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return {
    next,
    chance: (probability) => probability > 0 && next() < probability,
    whole,
    pick: <T>(list: readonly T[]): T => {
      const picked = list[whole(0, list.length - 1)];
      if (picked === undefined) throw new Error('nothing to pick from');
      return picked;
    },
    fork: (purpose) => dice(hash(purpose, seed)),
  };
}

function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** FNV-1a, begun with the seed. */
function hash(text: string, seed: number): number {
  let mixed = seed ^ 0x811c9dc5;
  for (const character of text) mixed = Math.imul(mixed ^ character.charCodeAt(0), 0x01000193);
  return mixed ^ (mixed >>> 15);
}
