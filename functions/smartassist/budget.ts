import type { Directory } from '../directory/directory.ts';
import { MAX_RACES } from '../directory/errors.ts';
import type { Clock, Random } from '../runtime/clock.ts';
import { compact } from '../runtime/compact.ts';
import {
  type CallLog,
  callsOfMinute,
  type Limits,
  paused,
  prune,
  readLog,
  type StoredLog,
  taken,
  type Urgency,
  waitOf,
  without,
} from './call-log.ts';
import { CALLS_BY_DEFAULT, type CallRate, isAuto, rateOf } from './call-rate.ts';

export type { Urgency } from './call-log.ts';

export type Slot =
  /** `isProbe`: SmartAssist throttled, and this call alone finds out whether it still does. */
  { readonly granted: true; readonly isProbe?: true } | { readonly granted: false; readonly waitMs: number };

/** The account's calls to SmartAssist, shared by everything that calls it, on every machine. */
export interface CallBudget {
  /** Takes one call now, or says how long until one may be free. */
  take(urgency: Urgency): Promise<Slot>;
  /** How long until one may be free, 0 when one is; takes none. */
  waitMs(urgency: Urgency): Promise<number>;
  /** How many percent of the calls of the last minute are used. */
  use(): Promise<number>;
  /**
   * SmartAssist throttles: nothing is sent for so long, and longer each time in a row. After it one call at a time goes
   * out, until one was taken.
   */
  pause(milliseconds: number): Promise<void>;
  /** A probe was taken: SmartAssist throttles no more. */
  resume(): Promise<void>;
}

const DOCUMENT = 'call-budget';
/** A call is noted for a little later than it is taken, and has to be sent until then: writing the log takes time. */
const PROMPT_MS = 50;
const MOST_PROMPT_MS = 5_000;
const MAX_TRIES = 6;

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
  readonly callsPerMinute: CallRate;
  /** Whose hours `auto` counts by (IANA); UTC where it isn't said. */
  readonly timeZone?: string | undefined;
  /** Where the API counts by the hour as well. */
  readonly callsPerHour?: number;
  readonly clock: Clock;
  readonly random: Random;
}): CallBudget {
  const { directory, account, callsPerMinute: rate, timeZone = 'UTC', callsPerHour, clock, random } = options;
  const limitsAt = (log: CallLog, now: number): Limits => {
    const hourly = compact({ callsPerHour });
    if (typeof rate === 'number') return { callsPerMinute: rate, ...hourly };
    return isAuto(rate, now, timeZone)
      ? { callsPerMinute: rateOf(log), isFelt: true, ...hourly }
      : { callsPerMinute: CALLS_BY_DEFAULT, ...hourly };
  };
  let known: StoredLog | undefined;
  /** Grows while the directory is slow, so that calls can be sent in time. */
  let promptMs = PROMPT_MS;

  const load = async (): Promise<StoredLog> => {
    known ??= readLog(await directory.readDocument(account, DOCUMENT));
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
      known = result.found === undefined ? undefined : readLog(result.found);
      if (race > 3) await clock.sleep(random() * 20 * Math.min(race, 10));
    }
    throw new Error('the call budget is contended beyond reason');
  };

  return {
    take: async (urgency) => {
      let noted: number | undefined;
      let isProbe = false;
      for (let tries = 0; tries < MAX_TRIES; tries += 1) {
        const late = noted;
        const waitMs = await change((log, now) => {
          const others = late === undefined ? log : without(log, late);
          const limits = limitsAt(others, now);
          const wait = waitOf(others, now, urgency, limits);
          if (wait > 0) return wait;
          isProbe = others.breaches > 0;
          const after = taken(others, now, promptMs, urgency, limits);
          noted = after.calls.at(-1);
          return after;
        });
        if (waitMs > 0) return { granted: false, waitMs };
        if (noted !== undefined && clock.now() <= noted) {
          promptMs = Math.max(PROMPT_MS, promptMs / 2);
          return isProbe ? { granted: true, isProbe } : { granted: true };
        }
        // Sent now, it would count in another minute than the one it is noted in: it is noted again.
        promptMs = Math.min(MOST_PROMPT_MS, promptMs * 2);
      }
      return { granted: false, waitMs: promptMs };
    },
    waitMs: async (urgency) => {
      const { log } = await load();
      const now = clock.now();
      const wait = waitOf(prune(log, now), now, urgency, limitsAt(log, now));
      if (wait > 0) known = undefined;
      return wait;
    },
    use: async () => {
      known = undefined;
      const { log } = await load();
      const now = clock.now();
      return (100 * callsOfMinute(log, now)) / limitsAt(log, now).callsPerMinute;
    },
    pause: async (milliseconds) => {
      await change((log, now) => paused(log, now, milliseconds, limitsAt(log, now)));
    },
    resume: async () => {
      await change((log) => (log.breaches === 0 ? 0 : { ...log, breaches: 0, probeAt: 0 }));
    },
  };
}
