/** Time as it is handed in, so that tests and simulations own it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after so many milliseconds of this clock. */
  sleep(milliseconds: number): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

/** Lets go first what the event loop has waiting: requests that came, answers that are there. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** A moment (epoch milliseconds) in ISO 8601, as everything stored says it. */
export function timestamp(at: number): string {
  const second = Math.floor(at / 1_000);
  // Making one takes as long as a hash does, and what is written in a second begins alike.
  if (second !== last.second)
    last = { second, beginning: new Date(second * 1_000).toISOString().slice(0, -4) };
  return `${last.beginning}${String(Math.trunc(at) - second * 1_000).padStart(3, '0')}Z`;
}

let last = { second: Number.NaN, beginning: '' };

/** A time in ISO 8601 in the one spelling that `timestamp` has, so that text sorts as time does. */
export function respelled(time: string): string {
  return SPELLING.test(time) ? time : new Date(time).toISOString();
}

const SPELLING = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** A number in [0, 1), as `Math.random` gives it; handed in, so that a simulation can seed it. */
export type Random = () => number;
