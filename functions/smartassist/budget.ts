import * as z from 'zod/mini';
import type { Directory } from '../directory/directory.ts';
import type { Clock, Random } from '../runtime/clock.ts';
import { once } from '../runtime/once.ts';

/**
 * Who goes first: joiners that somebody waits for, or work that can wait (back-fill, census). `begun` is what the first
 * call of either has to be followed by: given up halfway, the first one would be spent for nothing, and again next time.
 */
export type Urgency = 'interactive' | 'backfill' | 'begun';

export type Slot = { readonly granted: true } | { readonly granted: false; readonly waitMs: number };

/** The account's calls to SmartAssist, shared by everything that calls it, on every machine. */
export interface CallBudget {
  /** Takes one call now, or says how long until one may be free. */
  take(urgency: Urgency): Promise<Slot>;
  /** How long until one may be free, 0 when one is; takes none. */
  waitMs(urgency: Urgency): Promise<number>;
  /** How many percent of the calls of the last minute are used. */
  use(): Promise<number>;
  /** SmartAssist throttles: nobody calls for so long. */
  pause(milliseconds: number): Promise<void>;
}

const MINUTE_MS = 60_000;
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
const MAX_RACES = 50;
/** A call is noted for a little later than it is taken, and has to be sent until then: writing the log takes time. */
const PROMPT_MS = 50;
const MOST_PROMPT_MS = 5_000;
const MAX_TRIES = 6;

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
  }),
);
type CallLog = z.output<ReturnType<typeof logSchema>>;
/** A field that an older version didn't write gets its default. */
const storedLog = once(() => z.partial(logSchema()));

const EMPTY: CallLog = { calls: [], joinerAt: 0, paceAt: 0, pausedUntil: 0 };
const DOCUMENT = 'call-budget';

/**
 * A sliding log of call times on the account's item, changed by one conditional write a call.
 *
 * Joiners take what is free, in a burst if need be: any sixty seconds hold no more calls than the budget, which a bucket
 * that refills could not promise. Back-fill keeps an even pace at the full budget, so that a call becomes free every
 * second or so however much of it there is, and a joiner takes the next one; in the minute after a joiner came, back-fill
 * slows down to leave a fifth free for those who may follow, and when it has fallen behind it goes a little faster.
 */
export function openCallBudget(options: {
  readonly directory: Directory;
  /** What shares the calls: the SmartAssist account. */
  readonly account: string;
  readonly callsPerMinute: number;
  readonly clock: Clock;
  readonly random: Random;
}): CallBudget {
  const { directory, account, callsPerMinute, clock, random } = options;
  let known: Stored | undefined;
  /** Grows while the directory is slow, so that calls can be sent in time. */
  let promptMs = PROMPT_MS;

  const load = async (): Promise<Stored> => {
    known ??= read(await directory.readDocument(account, DOCUMENT));
    return known;
  };

  /** Writes what `edit` makes of the log; a lost race hands over the winner's log, so it costs no second read. */
  const change = async (edit: (log: CallLog, now: number) => CallLog | number): Promise<number> => {
    for (let race = 0; race < MAX_RACES; race += 1) {
      const { version, log } = await load();
      const now = clock.now();
      const edited = edit(prune(log, now), now);
      if (typeof edited === 'number') {
        // What stands in the way may have been changed by another function: the next call reads anew.
        known = undefined;
        return edited;
      }
      const condition = version === 0 ? 'absent' : { version };
      const result = await directory.writeDocument(account, DOCUMENT, { ...edited }, condition);
      if (result.ok) {
        known = { version: result.version, log: edited };
        return 0;
      }
      known = result.found === undefined ? undefined : read(result.found);
      if (race > 3) await clock.sleep(random() * 20 * Math.min(race, 10));
    }
    throw new Error('the call budget is contended beyond reason');
  };

  return {
    take: async (urgency) => {
      let noted: number | undefined;
      for (let tries = 0; tries < MAX_TRIES; tries += 1) {
        const late = noted;
        const waitMs = await change((log, now) => {
          const others = late === undefined ? log : without(log, late);
          const wait = waitOf(others, now, urgency, callsPerMinute);
          if (wait > 0) return wait;
          const after = taken(others, now, promptMs, urgency, callsPerMinute);
          noted = after.calls.at(-1);
          return after;
        });
        if (waitMs > 0) return { granted: false, waitMs };
        if (noted !== undefined && clock.now() <= noted) {
          promptMs = Math.max(PROMPT_MS, promptMs / 2);
          return { granted: true };
        }
        // Sent now, it would count in another minute than the one it is noted in: it is noted again.
        promptMs = Math.min(MOST_PROMPT_MS, promptMs * 2);
      }
      return { granted: false, waitMs: promptMs };
    },
    waitMs: async (urgency) => {
      const { log } = await load();
      const now = clock.now();
      const wait = waitOf(prune(log, now), now, urgency, callsPerMinute);
      if (wait > 0) known = undefined;
      return wait;
    },
    use: async () => {
      known = undefined;
      const { log } = await load();
      return (100 * prune(log, clock.now()).calls.length) / callsPerMinute;
    },
    pause: async (milliseconds) => {
      await change((log, now) => ({ ...log, pausedUntil: Math.max(log.pausedUntil, now + milliseconds) }));
    },
  };
}

interface Stored {
  readonly version: number;
  readonly log: CallLog;
}

function waitOf(log: CallLog, now: number, urgency: Urgency, limit: number): number {
  const inTheWay = log.calls.at(-limit);
  const untilFree = log.calls.length < limit || inTheWay === undefined ? 0 : inTheWay + WINDOW_MS - now;
  const untilPace = urgency === 'backfill' ? paceOf(log, now, limit) - now : 0;
  return Math.max(0, Math.ceil(untilFree), Math.ceil(untilPace), log.pausedUntil - now);
}

function taken(log: CallLog, now: number, promptMs: number, urgency: Urgency, limit: number): CallLog {
  const calls = [...log.calls, Math.max(now + promptMs, log.calls.at(-1) ?? 0)];
  if (urgency === 'interactive') return { ...log, calls, joinerAt: now };
  const since = log.paceAt < now - BEHIND_MS ? now : log.paceAt;
  return { ...log, calls, paceAt: since + spacingOf(log, now, limit) };
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

function without(log: CallLog, call: number): CallLog {
  const at = log.calls.lastIndexOf(call);
  return at === -1 ? log : { ...log, calls: log.calls.toSpliced(at, 1) };
}

function prune(log: CallLog, now: number): CallLog {
  const first = log.calls.findIndex((time) => time > now - WINDOW_MS);
  return { ...log, calls: first === -1 ? [] : log.calls.slice(first) };
}

function read(stored: { version: number; body: unknown } | undefined): Stored {
  if (stored === undefined) return { version: 0, log: EMPTY };
  return { version: stored.version, log: { ...EMPTY, ...storedLog().parse(stored.body) } as CallLog };
}
