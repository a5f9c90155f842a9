const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Under which limit a call falls: SmartAssist counts the contact-centre APIs and the Admin APIs apart. */
export interface CallLimits {
  readonly bucket: 'contact-centre' | 'admin';
  readonly perMinute: number;
  readonly perHour?: number;
}

export type Breach = 'minute' | 'hour';

/**
 * The account's calls: how many of each kind, and how many in the last 60 seconds. The window slides: two calls
 * exactly 60,000 ms apart are not in the same one.
 */
export class Calls {
  #counts = new Map<string, number>();
  #total = 0;
  #peak = 0;
  #seen: number[] = [];
  #admitted = new Map<CallLimits['bucket'], number[]>();

  /**
   * Counts a call and says which limit doesn't let it through. A call that is turned away is counted in the totals and
   * the peak, but doesn't prolong the wait: only admitted calls fill the window.
   */
  admit(name: string, now: number, { bucket, perMinute, perHour }: CallLimits): Breach | undefined {
    this.#total += 1;
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    if (bucket === 'contact-centre') {
      this.#seen = within(this.#seen, now, MINUTE_MS);
      this.#seen.push(now);
      this.#peak = Math.max(this.#peak, this.#seen.length);
    }
    const admitted = within(
      this.#admitted.get(bucket) ?? [],
      now,
      perHour === undefined ? MINUTE_MS : HOUR_MS,
    );
    this.#admitted.set(bucket, admitted);
    if (perHour !== undefined && admitted.length >= perHour) return 'hour';
    if (within(admitted, now, MINUTE_MS).length >= perMinute) return 'minute';
    admitted.push(now);
    return undefined;
  }

  counts(): CallCounts {
    return { total: this.#total, ...Object.fromEntries(this.#counts) };
  }

  /** The largest number of contact-centre calls in any 60 seconds, those turned away included. */
  peakPerMinute(): number {
    return this.#peak;
  }

  reset(): void {
    this.#counts.clear();
    this.#total = 0;
    this.#peak = 0;
    this.#seen = [];
    this.#admitted.clear();
  }
}

/** `total` and one number an operation, e.g. `{"total":2,"POST /agents":2}`. */
export type CallCounts = { readonly total: number; readonly [operation: string]: number };

function within(times: number[], now: number, window: number): number[] {
  const first = times.findIndex((time) => time > now - window);
  return first === -1 ? [] : first === 0 ? times : times.slice(first);
}
