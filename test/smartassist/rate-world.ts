import { openDirectory } from '../../functions/directory/directory.ts';
import { memoryTable } from '../../functions/directory/memory.ts';
import { openCallBudget } from '../../functions/smartassist/budget.ts';
import type { CallRate } from '../../functions/smartassist/call-rate.ts';
import { Calls } from '../../local/simulator/calls.ts';
import { seeded } from '../local/simulator-bench.ts';
import { LeapingClock } from '../provision/bench.ts';

const MINUTE_MS = 60_000;
const LIMITS = { bucket: 'contact-centre', perMinute: 60 } as const;
/** As the client holds back where SmartAssist doesn't say for how long. */
const PAUSE_MS = 15_000;

/** When calls were made, and which of them SmartAssist turned away. */
export interface Made {
  readonly at: number;
  readonly isThrottled: boolean;
}

/**
 * An account under SmartAssist's limit, with back-fill that never ends on our side, and another owner's integration
 * that calls on its own.
 */
export async function underLimit(options: {
  readonly callsPerMinute: CallRate;
  readonly hours: number;
  readonly timeZone?: string;
  /** Calls a minute of the other integration at a moment (minutes since the beginning). */
  readonly foreign?: (minute: number) => number;
}): Promise<{ readonly ours: Made[]; readonly foreign: Made[]; readonly begun: number }> {
  const clock = new LeapingClock();
  const random = seeded(3);
  const budget = openCallBudget({
    directory: openDirectory(memoryTable(clock), clock),
    account: 'account:1',
    callsPerMinute: options.callsPerMinute,
    timeZone: options.timeZone,
    clock,
    random,
  });
  const calls = new Calls();
  const ours: Made[] = [];
  const foreign: Made[] = [];
  const begun = clock.now();
  const end = begun + options.hours * 60 * MINUTE_MS;
  const rateOfOthers = (at: number) => options.foreign?.((at - begun) / MINUTE_MS) ?? 0;
  const pauseOfOthers = (at: number) => {
    const rate = rateOfOthers(at);
    return rate === 0 ? MINUTE_MS : (MINUTE_MS / rate) * (0.8 + 0.4 * random());
  };
  const admit = (at: number): Made => ({ at, isThrottled: calls.admit('call', at, LIMITS) !== undefined });
  let othersAt = begun + pauseOfOthers(begun);
  while (clock.now() < end) {
    while (othersAt <= clock.now()) {
      if (rateOfOthers(othersAt) > 0) foreign.push(admit(othersAt));
      othersAt += pauseOfOthers(othersAt);
    }
    const slot = await budget.take('backfill');
    if (!slot.granted) {
      clock.advance(Math.max(1, Math.min(slot.waitMs, othersAt - clock.now(), 1_000)));
      continue;
    }
    const made = admit(clock.now());
    ours.push(made);
    if (made.isThrottled) await budget.pause(PAUSE_MS);
    else if (slot.isProbe) await budget.resume();
  }
  return { ours, foreign, begun };
}

/** The largest number of calls in any sixty seconds; the calls come in the order of time. */
export function peakOf(made: readonly Made[]): number {
  let first = 0;
  let peak = 0;
  for (const [last, { at }] of made.entries()) {
    while ((made[first]?.at ?? at) <= at - MINUTE_MS) first += 1;
    peak = Math.max(peak, last - first + 1);
  }
  return peak;
}

/** Which part of the calls was turned away, from some minute on. */
export function throttledShare(made: readonly Made[], begun: number, fromMinute = 0): number {
  const later = made.filter(({ at }) => at >= begun + fromMinute * MINUTE_MS);
  return later.length === 0 ? 0 : later.filter(({ isThrottled }) => isThrottled).length / later.length;
}
