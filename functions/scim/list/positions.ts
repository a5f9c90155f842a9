/** Distances below this are walked, so that small directories are exact whatever happens between two pages. */
const NEAR = 1_000;
const MAX_POSITIONS = 2_000;
const MAX_AGE_MS = 10 * 60_000;

/** The list of users and groups, which changes with each of the two. */
export const EVERYTHING = 'all';

interface Position {
  readonly after: string;
  readonly at: number;
}

/**
 * Which key stands at which index of a list: who pages through 100,000 users by `startIndex` comes back for the next
 * page at once, and it begins where the last one ended. A memory of one process, that may be lost at any time.
 */
export class Positions {
  readonly #known = new Map<string, Map<number, Position>>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The nearest known position at or before an index (from 0) that is worth beginning at. */
  nearest(list: string, index: number): { readonly index: number; readonly after?: string } {
    let best: { index: number; after?: string } = { index: 0 };
    if (index < NEAR) return best;
    for (const [known, { after, at }] of this.#known.get(list) ?? []) {
      if (known <= index && known > best.index && this.#now() - at < MAX_AGE_MS)
        best = { index: known, after };
    }
    return best;
  }

  /** So many entries stand at or before this key. */
  remember(list: string, index: number, after: string): void {
    if (index < NEAR) return;
    const positions = this.#known.get(list) ?? new Map<number, Position>();
    this.#known.set(list, positions);
    positions.delete(index);
    positions.set(index, { after, at: this.#now() });
    const [oldest] = positions.keys();
    if (positions.size > MAX_POSITIONS && oldest !== undefined) positions.delete(oldest);
  }

  /** Something was taken out of a list, or put in at an unknown place. */
  forget(list: string): void {
    this.#known.delete(list);
    this.#known.delete(EVERYTHING);
  }
}
