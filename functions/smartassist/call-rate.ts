import { once } from '../runtime/once.ts';

/**
 * How many calls a minute may be made: a number, or `auto`: as many as SmartAssist lets through, always or by these hours
 * of the day (`20:00-06:00`) and `CALLS_BY_DEFAULT` otherwise.
 */
export type CallRate = number | 'auto' | { readonly auto: string };

/** Of the 60 that an account has, ten are left to the customer's other integrations. */
export const CALLS_BY_DEFAULT = 50;
/** Per account and minute, all contact-centre APIs together. */
export const MOST_CALLS = 60;
/** However often SmartAssist throttles, so many calls are tried: else the rate would never grow again. */
const FEWEST_CALLS = 5;

/**
 * How far to go is known up to the rate that was throttled last: quickly to just below it, then one call at a time. Once
 * that rate is passed the account has changed, and it goes quickly again.
 */
const QUICK_STEP = 3;
const QUICK_EVERY_MS = 60_000;
const SLOW_EVERY_MS = 5 * 60_000;
/** A rate that isn't used proves nothing. */
const USED_SHARE = 0.9;

/** A number of calls to reckon times with. */
export function callsToReckonWith(rate: CallRate): number {
  return typeof rate === 'number' ? rate : rate === 'auto' ? MOST_CALLS : CALLS_BY_DEFAULT;
}

/** What is kept of a rate that is felt out, 0 where nothing is known. */
export interface FeltRate {
  readonly rate: number;
  /** Epoch milliseconds when it was changed last. */
  readonly rateAt: number;
  /** The rate at which SmartAssist throttled last. */
  readonly throttledAt: number;
}

/** @param now epoch milliseconds */
export function isAuto(rate: CallRate, now: number, timeZone: string): boolean {
  return rate === 'auto' || (typeof rate === 'object' && isWithin(rate.auto, minuteOfDay(now, timeZone)));
}

export function rateOf({ rate }: FeltRate): number {
  return rate === 0 ? CALLS_BY_DEFAULT : rate;
}

/** The rate after a call was let through. */
export function grown(felt: FeltRate, callsOfMinute: number, now: number): FeltRate {
  const rate = rateOf(felt);
  if (felt.rateAt === 0) return { ...felt, rate, rateAt: now };
  const { throttledAt } = felt;
  const isQuick = throttledAt === 0 || rate + QUICK_STEP < throttledAt || rate > throttledAt + 1;
  const isProven = callsOfMinute >= USED_SHARE * rate;
  if (rate >= MOST_CALLS || !isProven || now - felt.rateAt < (isQuick ? QUICK_EVERY_MS : SLOW_EVERY_MS)) {
    return felt;
  }
  return { ...felt, rate: Math.min(MOST_CALLS, rate + (isQuick ? QUICK_STEP : 1)), rateAt: now };
}

/** The rate after SmartAssist throttled. */
export function halved(felt: FeltRate, now: number): FeltRate {
  const rate = rateOf(felt);
  return { rate: Math.max(FEWEST_CALLS, Math.floor(rate / 2)), rateAt: now, throttledAt: rate };
}

/** Hours may go over midnight; the end is outside. */
function isWithin(hours: string, minute: number): boolean {
  const [from = 0, to = 0] = hours.split('-').map((time) => {
    const [hour = 0, minutes = 0] = time.split(':').map(Number);
    return 60 * hour + minutes;
  });
  return from < to ? minute >= from && minute < to : minute >= from || minute < to;
}

const formats = once(() => new Map<string, Intl.DateTimeFormat>());

function minuteOfDay(now: number, timeZone: string): number {
  const known = formats().get(timeZone);
  const format =
    known ??
    new Intl.DateTimeFormat('en-US', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  if (known === undefined) formats().set(timeZone, format);
  const parts = format.formatToParts(now);
  const part = (type: string) => Number(parts.find((each) => each.type === type)?.value ?? 0);
  return 60 * part('hour') + part('minute');
}
