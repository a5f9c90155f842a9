import * as z from 'zod/mini';
import { compact } from '../runtime/compact.ts';
import { once } from '../runtime/once.ts';
import { grown, halved } from './call-rate.ts';

/**
 * What goes first: joiners that a request waits for, or work that can wait (back-fill, reconciliation). `begun` is what
 * the first call of either has to be followed by: given up halfway, the first one would be spent for nothing, and again
 * next time.
 */
export type Urgency = 'interactive' | 'backfill' | 'begun';

/** What holds at a moment. */
export interface Limits {
  readonly callsPerMinute: number;
  /** `callsPerMinute` is felt out: it grows while all is let through, and is halved when SmartAssist throttles. */
  readonly isFelt?: boolean;
  /** Where the API counts by the hour as well. */
  readonly callsPerHour?: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** No call takes longer. */
const PROBE_MS = 30_000;
/** How soon it is looked whether the probe has its answer. */
const LOOK_AGAIN_MS = 500;
/** Clocks of different functions may differ by this much, so a call counts for that much longer than a minute. */
const CLOCK_SKEW_MS = 1_000;
const WINDOW_MS = MINUTE_MS + CLOCK_SKEW_MS;
/** The part of the budget that back-fill leaves free for joiners while joiners come. */
const RESERVED_SHARE = 0.2;
/**
 * Back-fill that is behind its pace by no more than this catches up: it has waited for others' calls or for an answer.
 * By more, there was nothing to do, and it begins anew.
 */
const BEHIND_MS = 30_000;
/** What is left of the pause between two calls while it catches up: no burst, or the next minute would have a gap. */
const CATCHING_UP = 0.9;
const logSchema = once(() =>
  z.object({
    /** When the calls of the last minute were sent at the latest, oldest first, epoch milliseconds. */
    calls: z.array(z.number()),
    /** When a joiner last took a call. */
    joinerAt: z.number(),
    /** When back-fill's next call is due by its pace. */
    paceAt: z.number(),
    /** Until when SmartAssist wants no calls. */
    pausedUntil: z.number(),
    /** How often in a row SmartAssist has throttled; 0 when the last answer was none of that. */
    breaches: z.number(),
    /** When the call was sent that finds out whether SmartAssist still throttles. */
    probeAt: z.number(),
    /** The calls of the last hour, where it is counted, as pairs of a minute since the epoch and their number. */
    minutes: z.array(z.tuple([z.number(), z.number()])),
    /** Where the rate is felt out, see `FeltRate`. */
    rate: z.number(),
    rateAt: z.number(),
    throttledAt: z.number(),
  }),
);
export type CallLog = z.output<ReturnType<typeof logSchema>>;
/** A field that an older version didn't write gets its default. */
const storedLog = once(() => z.partial(logSchema()));

const EMPTY: CallLog = {
  calls: [],
  joinerAt: 0,
  paceAt: 0,
  pausedUntil: 0,
  breaches: 0,
  probeAt: 0,
  minutes: [],
  rate: 0,
  rateAt: 0,
  throttledAt: 0,
};

export interface StoredLog {
  readonly version: number;
  readonly log: CallLog;
}

/** How long until a call may be free; 0 when one is. */
export function waitOf(log: CallLog, now: number, urgency: Urgency, limits: Limits): number {
  const limit = limits.callsPerMinute;
  const inTheWay = log.calls.at(-limit);
  const untilFree = log.calls.length < limit || inTheWay === undefined ? 0 : inTheWay + WINDOW_MS - now;
  const untilPace = urgency === 'backfill' ? paceOf(log, now, limit) - now : 0;
  return Math.max(
    0,
    Math.ceil(untilFree),
    Math.ceil(untilPace),
    untilHourFree(log, now, limits),
    untilProbed(log, now),
    log.pausedUntil - now,
  );
}

/** The log with one call more, noted a little later than now. */
export function taken(
  log: CallLog,
  now: number,
  promptMs: number,
  urgency: Urgency,
  { callsPerMinute, callsPerHour, isFelt }: Limits,
): CallLog {
  const call = Math.max(now + promptMs, log.calls.at(-1) ?? 0);
  const noted = {
    ...log,
    ...(isFelt && log.breaches === 0 ? grown(log, log.calls.length + 1, now) : {}),
    calls: [...log.calls, call],
    ...compact({
      probeAt: log.breaches > 0 ? now : undefined,
      minutes: callsPerHour === undefined ? undefined : counted(log.minutes, call, 1),
    }),
  };
  if (urgency === 'interactive') return { ...noted, joinerAt: now };
  const since = log.paceAt < now - BEHIND_MS ? now : log.paceAt;
  return { ...noted, paceAt: since + spacingOf(log, now, callsPerMinute) };
}

/** While a probe is under way nothing else goes out. One without an answer is over when its call is. */
function untilProbed({ breaches, probeAt }: CallLog, now: number): number {
  return breaches > 0 && now < probeAt + PROBE_MS ? LOOK_AGAIN_MS : 0;
}

/**
 * The log after an answer that SmartAssist throttles. Answers to calls that were under way already belong to the same
 * breach; one that comes after the pause is the probe's, and the pause grows.
 */
export function paused(
  log: CallLog,
  now: number,
  milliseconds: number,
  { isFelt }: Pick<Limits, 'isFelt'> = {},
): CallLog {
  if (now < log.pausedUntil) return { ...log, pausedUntil: Math.max(log.pausedUntil, now + milliseconds) };
  const grown = log.breaches === 0 ? 0 : Math.min(MINUTE_MS, milliseconds * 2 ** Math.min(log.breaches, 10));
  return {
    ...log,
    ...(isFelt && log.breaches === 0 ? halved(log, now) : {}),
    breaches: log.breaches + 1,
    probeAt: 0,
    pausedUntil: now + Math.max(milliseconds, grown),
  };
}

/** An hour's calls are counted by the minute: a minute counts until all of it is an hour ago. */
function untilHourFree({ minutes }: CallLog, now: number, { callsPerHour }: Limits): number {
  if (callsPerHour === undefined) return 0;
  let inTheHour = minutes.reduce((sum, [, count]) => sum + count, 0);
  for (const [minute, count] of minutes) {
    if (inTheHour < callsPerHour) return 0;
    inTheHour -= count;
    if (inTheHour < callsPerHour) return endsToCount(minute) - now;
  }
  return 0;
}

function endsToCount(minute: number): number {
  return (minute + 1) * MINUTE_MS + HOUR_MS + CLOCK_SKEW_MS;
}

function counted(minutes: CallLog['minutes'], call: number, by: number): CallLog['minutes'] {
  const minute = Math.floor(call / MINUTE_MS);
  const counts = new Map(minutes);
  counts.set(minute, (counts.get(minute) ?? 0) + by);
  return [...counts].filter(([, count]) => count > 0).toSorted(([a], [b]) => a - b);
}

/** When back-fill's next call may be made. */
function paceOf(log: CallLog, now: number, limit: number): number {
  const soonest = (log.calls.at(-1) ?? 0) + CATCHING_UP * spacingOf(log, now, limit);
  return Math.max(log.paceAt, soonest);
}

/** Milliseconds between two calls of back-fill. */
function spacingOf(log: CallLog, now: number, limit: number): number {
  const share = now - log.joinerAt < MINUTE_MS ? 1 - RESERVED_SHARE : 1;
  return WINDOW_MS / Math.max(1, limit * share);
}

/** The log as if the call had not been taken. */
export function without(log: CallLog, call: number): CallLog {
  const at = log.calls.lastIndexOf(call);
  if (at === -1) return log;
  return { ...log, calls: log.calls.toSpliced(at, 1), minutes: counted(log.minutes, call, -1) };
}

/** The log without what counts no more. */
export function prune(log: CallLog, now: number): CallLog {
  const first = log.calls.findIndex((time) => time > now - WINDOW_MS);
  return {
    ...log,
    calls: first === -1 ? [] : log.calls.slice(first),
    minutes: log.minutes.filter(([minute]) => endsToCount(minute) > now),
  };
}

export function callsOfMinute(log: CallLog, now: number): number {
  return prune(log, now).calls.length;
}

/** The log as it is stored; version 0 when there is none yet. */
export function readLog(stored: { version: number; body: unknown } | undefined): StoredLog {
  if (stored === undefined) return { version: 0, log: EMPTY };
  return { version: stored.version, log: { ...EMPTY, ...storedLog().parse(stored.body) } as CallLog };
}
