import type { CallRate } from '../../functions/smartassist/call-rate.ts';
import type { Dice } from './dice.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
/** What is left to others of an account is ten calls of sixty, except where the product may feel out how many there are. */
const POLITE = 50;
const MOST = 60;
/** A rate that is felt out grows by so much a minute. */
const GROWTH = 3;
/** A call is noted at another moment than it is sent. */
const TOLERANCE_MS = 5_000;

/** What the account does with another e-mail address in an update, which is documented nowhere. */
export interface EmailChanges {
  readonly emailChange: 'taken' | 'refused' | 'ignored';
  /** `doctor --probe` has found it out beforehand. */
  readonly isProbed: boolean;
}

export function emailChangesOf(dice: Dice): EmailChanges {
  return {
    emailChange: dice.pick(['taken', 'taken', 'taken', 'refused', 'ignored'] as const),
    isProbed: dice.chance(0.3),
  };
}

/** @param fixed what a tenant has that gives a number */
export function callRateOf(dice: Dice, fixed: number): CallRate {
  if (dice.chance(0.7)) return fixed;
  if (dice.chance(0.5)) return 'auto';
  const from = dice.whole(0, DAY_MINUTES - 1);
  return { auto: `${timeOf(from)}-${timeOf((from + dice.whole(60, 12 * 60)) % DAY_MINUTES)}` };
}

function timeOf(minute: number): string {
  return [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

/**
 * How many calls the sixty seconds may hold that end now. Written apart from the product's own reckoning on purpose: what
 * is felt out begins at fifty, grows by three a minute, and by no more than fifty go out beyond the hours that are given.
 *
 * @param begun epoch milliseconds of the first call
 */
export function mostCalls(rate: CallRate, now: number, begun: number): number {
  if (typeof rate === 'number') return rate;
  if (typeof rate === 'object' && !isOpen(rate.auto, now) && !isOpen(rate.auto, now - MINUTE_MS))
    return POLITE;
  return Math.min(MOST, POLITE + GROWTH * Math.floor((now - begun + TOLERANCE_MS) / MINUTE_MS));
}

/** Whether a moment is within hours such as `20:00-06:00`, of UTC: the end is outside. */
function isOpen(hours: string, at: number): boolean {
  const [from = 0, to = 0] = hours
    .split('-')
    .map((time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3)));
  const minute = Math.floor(at / MINUTE_MS) % DAY_MINUTES;
  return (minute - from + DAY_MINUTES) % DAY_MINUTES < (to - from + DAY_MINUTES) % DAY_MINUTES;
}
