import type { Weather } from '../weather.ts';

/** What a function takes to write down that it shall wait; calls of others that are on their way until then are none. */
const NOTED_MS = 1_000;
/** Clocks of two functions differ by so much at most. */
const CLOCKS_MS = 1_000;

/**
 * Holds the product to what SmartAssist asks for: no call while a Retry-After runs. Only where functions live and the
 * directory answers: what a function dies with, or can't write down, no other one knows.
 */
export class RetryAfterWatch {
  readonly #now: () => number;
  readonly #breaks: (rule: string) => void;
  readonly #runs = new Map<string, { readonly from: number; readonly until: number }>();

  constructor(now: () => number, breaks: (rule: string) => void) {
    this.#now = now;
    this.#breaks = breaks;
  }

  /** An answer is with the function that called. */
  answered(to: string, headers: Readonly<Record<string, string>>, weather: Weather): void {
    const seconds = Number(headers['retry-after']);
    if (!(seconds > 0) || !isCertain(weather)) return;
    const now = this.#now();
    const runs = this.#runs.get(to);
    if (runs !== undefined && now < runs.until) return;
    this.#runs.set(to, { from: now + NOTED_MS, until: now + seconds * 1_000 - CLOCKS_MS });
  }

  sent(to: string): void {
    const runs = this.#runs.get(to);
    const now = this.#now();
    if (runs === undefined || now < runs.from || now >= runs.until) return;
    this.#breaks(`a ${to} call is sent ${runs.until - now} ms before the end of a Retry-After`);
  }
}

function isCertain(weather: Weather): boolean {
  const { directoryRefuses, directoryForgets, directoryIsSlow, functionDies } = weather;
  return directoryRefuses + directoryForgets + directoryIsSlow + functionDies === 0;
}
