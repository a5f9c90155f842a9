import * as z from 'zod';
import type { Directory } from '../directory/directory.ts';
import type { Clock, Random } from '../runtime/clock.ts';

/** Who goes first: joiners that somebody waits for, or work that can wait (back-fill, census). */
export type Urgency = 'interactive' | 'backfill';

export type Slot = { readonly granted: true } | { readonly granted: false; readonly waitMs: number };

/** The account's calls to SmartAssist, shared by everything that calls it, on every machine. */
export interface CallBudget {
  /** Takes one call now, or says how long until one may be free. */
  take(urgency: Urgency): Promise<Slot>;
  /** SmartAssist throttles: nobody calls for so long. */
  pause(milliseconds: number): Promise<void>;
}

const MINUTE_MS = 60_000;
/** Clocks of different functions may differ by this much, so a call counts for that much longer than a minute. */
const CLOCK_SKEW_MS = 1_000;
/** The part of the budget that back-fill leaves free for new joiners. */
const RESERVED_SHARE = 0.2;
const MAX_RACES = 50;

/** Times of the calls of the last minute, oldest first, and until when SmartAssist wants none. Epoch milliseconds. */
const logSchema = z.object({ calls: z.array(z.number()), pausedUntil: z.number() });
type CallLog = z.output<typeof logSchema>;

const DOCUMENT = 'call-budget';

/**
 * A sliding log of call times on the account's item, changed by one conditional write a call. It lets a full burst
 * through when the last minute was quiet and never lets any sixty seconds hold more than the budget; even spacing would
 * waste the burst, and a bucket that refills could exceed a window.
 */
export function openCallBudget(options: {
  readonly directory: Directory;
  /** What shares the sixty calls: the SmartAssist account. */
  readonly account: string;
  readonly callsPerMinute: number;
  readonly clock: Clock;
  readonly random: Random;
}): CallBudget {
  const { directory, account, callsPerMinute, clock, random } = options;
  const forBackfill = Math.max(1, Math.floor(callsPerMinute * (1 - RESERVED_SHARE)));
  let known: { version: number; log: CallLog } | undefined;

  /** Writes what `change` makes of the log; a lost race hands over the winner's log, so it costs no second read. */
  const change = async <T>(
    decide: (log: CallLog, now: number) => { log?: CallLog; answer: T },
  ): Promise<T> => {
    for (let race = 0; race < MAX_RACES; race += 1) {
      if (known === undefined) known = read(await directory.readDocument(account, DOCUMENT));
      const now = clock.now();
      const { log, answer } = decide(prune(known.log, now), now);
      if (log === undefined) {
        // A refusal rests on what another function may have changed meanwhile: the next one reads anew.
        known = undefined;
        return answer;
      }
      const version = known.version + 1;
      const result = await directory.writeDocument(
        account,
        DOCUMENT,
        { ...log },
        known.version === 0 ? 'absent' : { version: known.version },
      );
      if (result.ok) {
        known = { version, log };
        return answer;
      }
      known = result.found === undefined ? undefined : read(result.found);
      if (race > 3) await clock.sleep(random() * 20 * Math.min(race, 10));
    }
    throw new Error('the call budget is contended beyond reason');
  };

  return {
    take: (urgency) =>
      change<Slot>((log, now) => {
        if (log.pausedUntil > now) return { answer: { granted: false, waitMs: log.pausedUntil - now } };
        const limit = urgency === 'interactive' ? callsPerMinute : forBackfill;
        const oldestInTheWay = log.calls.at(-limit);
        if (log.calls.length >= limit && oldestInTheWay !== undefined) {
          const waitMs = oldestInTheWay + MINUTE_MS + CLOCK_SKEW_MS - now;
          return { answer: { granted: false, waitMs: Math.max(1, waitMs) } };
        }
        const time = Math.max(now, log.calls.at(-1) ?? 0);
        return { log: { ...log, calls: [...log.calls, time] }, answer: { granted: true } };
      }),
    pause: (milliseconds) =>
      change<void>((log, now) => ({
        log: { ...log, pausedUntil: Math.max(log.pausedUntil, now + milliseconds) },
        answer: undefined,
      })),
  };
}

function prune(log: CallLog, now: number): CallLog {
  const since = now - MINUTE_MS - CLOCK_SKEW_MS;
  const first = log.calls.findIndex((time) => time > since);
  return { ...log, calls: first === -1 ? [] : log.calls.slice(first) };
}

function read(stored: { version: number; body: unknown } | undefined): { version: number; log: CallLog } {
  if (stored === undefined) return { version: 0, log: { calls: [], pausedUntil: 0 } };
  return { version: stored.version, log: logSchema.parse(stored.body) };
}
