const WINDOW_MS = 60_000;

/**
 * The account's calls: how many of each kind, and how many in the last 60 seconds. The window slides: two calls
 * exactly 60,000 ms apart are not in the same one.
 */
export class Calls {
  #counts = new Map<string, number>();
  #total = 0;
  #peak = 0;
  #seen: number[] = [];
  #admitted: number[] = [];

  /**
   * Counts a call and says whether the limit lets it through. A call that is turned away is counted in the totals and
   * the peak, but doesn't prolong the wait: only admitted calls fill the window.
   */
  admit(name: string, now: number, limit: number): boolean {
    this.#total += 1;
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    this.#seen = within(this.#seen, now);
    this.#seen.push(now);
    this.#peak = Math.max(this.#peak, this.#seen.length);
    this.#admitted = within(this.#admitted, now);
    if (this.#admitted.length >= limit) return false;
    this.#admitted.push(now);
    return true;
  }

  counts(): CallCounts {
    return { total: this.#total, ...Object.fromEntries(this.#counts) };
  }

  /** The largest number of calls in any 60 seconds, those turned away included. */
  peakPerMinute(): number {
    return this.#peak;
  }

  reset(): void {
    this.#counts.clear();
    this.#total = 0;
    this.#peak = 0;
    this.#seen = [];
    this.#admitted = [];
  }
}

/** `total` and one number an operation, e.g. `{"total":2,"POST /agents":2}`. */
export type CallCounts = { readonly total: number; readonly [operation: string]: number };

function within(times: number[], now: number): number[] {
  const first = times.findIndex((time) => time > now - WINDOW_MS);
  return first === -1 ? [] : first === 0 ? times : times.slice(first);
}
