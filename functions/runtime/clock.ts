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

/** A moment (epoch milliseconds) in ISO 8601, as everything stored says it. */
export function timestamp(at: number): string {
  // Making one takes longer than a hash does, and what a request writes names the same moment many times.
  if (at !== last.at) last = { at, text: new Date(at).toISOString() };
  return last.text;
}

let last = { at: Number.NaN, text: '' };

/** A time in ISO 8601 in the one spelling that `timestamp` has, so that text sorts as time does. */
export function respelled(time: string): string {
  return SPELLING.test(time) ? time : new Date(time).toISOString();
}

const SPELLING = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** A number in [0, 1), as `Math.random` gives it; handed in, so that a simulation can seed it. */
export type Random = () => number;
