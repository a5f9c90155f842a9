/** What a write to one thing came to, as far as its writer can know. */
export type Effect = 'applied' | 'none' | 'unknown';

interface Attempt<T> {
  readonly value: T;
  readonly from: number;
  to: number;
  effect: Effect;
}

/** Something sent may still be done this long after its sender died. */
const UNDER_WAY_MS = 10_000;

/**
 * One thing that several may write at the same time, as seen from outside: when each write began and ended, and what was
 * answered. It can't always be said what it holds (two writes crossed, an answer was lost), but always what it may hold.
 */
export class Register<T> {
  #attempts: Attempt<T>[];

  constructor(initial: T) {
    this.#attempts = [
      { value: initial, from: Number.NEGATIVE_INFINITY, to: Number.NEGATIVE_INFINITY, effect: 'applied' },
    ];
  }

  /** A write begins. @returns to be called when it has ended */
  begin(value: T, from: number): (to: number, effect: Effect) => void {
    const attempt: Attempt<T> = { value, from, to: Number.POSITIVE_INFINITY, effect: 'unknown' };
    this.#attempts.push(attempt);
    return (to, effect) => {
      attempt.to = effect === 'unknown' ? to + UNDER_WAY_MS : to;
      attempt.effect = effect;
      this.#forget();
    };
  }

  /** What it may hold: every write that no other has certainly come after. */
  mayHold(): T[] {
    return this.#attempts.map(({ value }) => value);
  }

  #forget(): void {
    const latest = this.#attempts.reduce(
      (most, { effect, from }) => (effect === 'applied' ? Math.max(most, from) : most),
      Number.NEGATIVE_INFINITY,
    );
    this.#attempts = this.#attempts.filter(({ effect, to }) => effect !== 'none' && to >= latest);
  }
}
