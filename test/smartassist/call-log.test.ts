import { describe, expect, it } from 'vitest';
import { openDirectory } from '../../functions/directory/directory.ts';
import { memoryTable } from '../../functions/directory/memory.ts';
import { openCallBudget } from '../../functions/smartassist/budget.ts';
import {
  type CallLog,
  callsOfMinute,
  paused,
  prune,
  readLog,
  taken,
  waitOf,
  without,
} from '../../functions/smartassist/call-log.ts';
import { callsToReckonWith, grown, halved, isAuto, rateOf } from '../../functions/smartassist/call-rate.ts';

const NOW = Date.parse('2026-11-20T12:00:00.000Z');
const MINUTE = 60_000;
/** A call counts for a minute, and a second for clocks that differ. */
const WINDOW = 61_000;
const EMPTY = readLog(undefined).log;
const log = (changes: Partial<CallLog> = {}): CallLog => ({ ...EMPTY, ...changes });
const LIMIT = { callsPerMinute: 2 };

describe('how long until a call is free', () => {
  it('is not at all while the minute has room, and then until its oldest call is over', () => {
    expect(waitOf(log(), NOW, 'interactive', LIMIT)).toBe(0);
    expect(waitOf(log({ calls: [NOW] }), NOW, 'interactive', LIMIT)).toBe(0);
    expect(waitOf(log({ calls: [NOW - 1_000, NOW] }), NOW, 'interactive', LIMIT)).toBe(WINDOW - 1_000);
    expect(waitOf(log({ calls: [NOW - 9_000, NOW - 1_000, NOW] }), NOW, 'interactive', LIMIT)).toBe(
      WINDOW - 1_000,
    );
    expect(waitOf(log({ calls: [NOW - 0.5, NOW] }), NOW, 'interactive', LIMIT)).toBe(WINDOW);
  });

  it('is until its pace for back-fill alone, which catches up a little faster', () => {
    const paced = log({ paceAt: NOW + 700.5, calls: [NOW - MINUTE] });
    expect(waitOf(paced, NOW, 'backfill', LIMIT)).toBe(701);
    expect(waitOf(paced, NOW, 'interactive', LIMIT)).toBe(0);
    expect(waitOf(paced, NOW, 'begun', LIMIT)).toBe(0);
    const behind = log({ paceAt: NOW - 5_000, calls: [NOW] });
    expect(waitOf(behind, NOW, 'backfill', LIMIT)).toBe(0.9 * (WINDOW / 2));
    // In the minute after a joiner a fifth is left free.
    const joined = (ago: number) =>
      waitOf(log({ calls: [NOW], joinerAt: NOW - ago }), NOW, 'backfill', { callsPerMinute: 10 });
    expect(joined(MINUTE - 1)).toBe(Math.ceil(0.9 * (WINDOW / 8)));
    expect(joined(MINUTE)).toBe(Math.ceil(0.9 * (WINDOW / 10)));
    expect(waitOf(log({ calls: [NOW], joinerAt: NOW }), NOW, 'backfill', { callsPerMinute: 1 })).toBe(WINDOW);
  });

  it('is as long as SmartAssist wants none, and while one call finds out', () => {
    expect(waitOf(log({ pausedUntil: NOW + 5 }), NOW, 'interactive', LIMIT)).toBe(5);
    expect(waitOf(log({ pausedUntil: NOW - 5 }), NOW, 'interactive', LIMIT)).toBe(0);
    const probing = { breaches: 1, probeAt: NOW - 1_000 };
    expect(waitOf(log(probing), NOW, 'interactive', LIMIT)).toBe(500);
    expect(waitOf(log({ ...probing, breaches: 0 }), NOW, 'interactive', LIMIT)).toBe(0);
    expect(waitOf(log({ ...probing, probeAt: NOW - 30_000 }), NOW, 'interactive', LIMIT)).toBe(0);
    expect(waitOf(log({ ...probing, probeAt: NOW - 29_999 }), NOW, 'interactive', LIMIT)).toBe(500);
  });

  it('is until enough minutes of the hour are over, where the hour is counted', () => {
    const minute = Math.floor(NOW / MINUTE);
    const minutes: CallLog['minutes'] = [
      [minute - 50, 3],
      [minute - 10, 2],
    ];
    const wait = (callsPerHour?: number) =>
      waitOf(log({ minutes }), NOW, 'interactive', { ...LIMIT, ...(callsPerHour && { callsPerHour }) });
    expect(wait()).toBe(0);
    expect(wait(6)).toBe(0);
    expect(wait(5)).toBe((minute - 49) * MINUTE + 60 * MINUTE + 1_000 - NOW);
    expect(wait(3)).toBe((minute - 49) * MINUTE + 60 * MINUTE + 1_000 - NOW);
    expect(wait(2)).toBe((minute - 9) * MINUTE + 60 * MINUTE + 1_000 - NOW);
  });
});

describe('a call that is taken', () => {
  it('is noted a little later than now, and never before the last one', () => {
    const after = taken(log(), NOW, 50, 'interactive', LIMIT);
    expect(after).toEqual(log({ calls: [NOW + 50], joinerAt: NOW }));
    expect(taken(log({ calls: [NOW + 90] }), NOW, 50, 'interactive', LIMIT).calls).toEqual([
      NOW + 90,
      NOW + 90,
    ]);
  });

  it('of back-fill moves the pace on, from now where it was far behind', () => {
    const spacing = WINDOW / 2;
    const at = (paceAt: number, urgency: 'backfill' | 'begun' = 'backfill') =>
      taken(log({ paceAt }), NOW, 50, urgency, LIMIT).paceAt - NOW;
    expect(at(NOW)).toBe(spacing);
    expect(at(NOW - 30_000)).toBe(spacing - 30_000);
    expect(at(NOW - 30_001)).toBe(spacing);
    expect(at(NOW, 'begun')).toBe(spacing);
    expect(taken(log({ joinerAt: 5 }), NOW, 50, 'backfill', LIMIT).joinerAt).toBe(5);
  });

  it('finds out whether SmartAssist still throttles, and is counted by the hour where that is asked', () => {
    const hourly = { ...LIMIT, callsPerHour: 9 };
    expect(taken(log({ breaches: 2 }), NOW, 50, 'interactive', LIMIT).probeAt).toBe(NOW);
    const minute = Math.floor(NOW / MINUTE);
    const minutes: CallLog['minutes'] = [[minute - 1, 1]];
    const counted = taken(log({ minutes }), NOW, 50, 'interactive', hourly);
    expect(counted.minutes).toEqual([
      [minute - 1, 1],
      [minute, 1],
    ]);
    expect(taken(counted, NOW, 50, 'interactive', hourly).minutes).toEqual([
      [minute - 1, 1],
      [minute, 2],
    ]);
    expect(taken(log({ minutes }), NOW, 50, 'interactive', LIMIT).minutes).toEqual(minutes);
    expect(without(counted, counted.calls[0] ?? 0)).toMatchObject({ calls: [], minutes });
    expect(without(counted, 5)).toBe(counted);
  });

  it('lets a rate grow that is felt out, unless SmartAssist throttles', () => {
    const felt = { callsPerMinute: 10, isFelt: true };
    expect(taken(log(), NOW, 50, 'interactive', felt)).toMatchObject({ rate: 50, rateAt: NOW });
    expect(taken(log({ breaches: 1 }), NOW, 50, 'interactive', felt).rateAt).toBe(0);
    expect(taken(log(), NOW, 50, 'interactive', LIMIT).rateAt).toBe(0);
    const nine = { rate: 10, rateAt: NOW - MINUTE, calls: Array.from({ length: 8 }, () => NOW) };
    expect(taken(log(nine), NOW, 50, 'interactive', felt).rate).toBe(13);
    expect(taken(log({ ...nine, calls: nine.calls.slice(1) }), NOW, 50, 'interactive', felt).rate).toBe(10);
  });

  it('counts for a minute and a second, by the hour for the rest of its minute', () => {
    const minute = Math.floor(NOW / MINUTE);
    const old = log({
      calls: [NOW - WINDOW, NOW - WINDOW + 1],
      minutes: [
        [minute - 62, 1],
        [minute - 61, 1],
        [minute - 60, 1],
      ],
    });
    const pruned = prune(old, NOW);
    expect(pruned.calls).toEqual([NOW - WINDOW + 1]);
    expect(pruned.minutes.map(([each]) => each - minute)).toEqual([-61, -60]);
    expect(prune(old, NOW + 1_000).minutes.map(([each]) => each - minute)).toEqual([-60]);
    expect(prune(log({ calls: [NOW - WINDOW] }), NOW).calls).toEqual([]);
    expect(callsOfMinute(old, NOW)).toBe(1);
  });
});

describe('the log after SmartAssist throttled', () => {
  it('is paused, and longer each time in a row, a minute at most unless SmartAssist says more', () => {
    const at = (breaches: number, milliseconds = 1_000) =>
      paused(log({ breaches }), NOW, milliseconds).pausedUntil - NOW;
    expect([at(0), at(1), at(2), at(5), at(6)]).toEqual([1_000, 2_000, 4_000, 32_000, 60_000]);
    expect(at(3, 90_000)).toBe(90_000);
    expect(at(12, 10)).toBe(10_240);
    expect(paused(log({ breaches: 1, probeAt: 7 }), NOW, 5)).toMatchObject({ breaches: 2, probeAt: 0 });
  });

  it('grows by no answer that belongs to the same breach', () => {
    const during = log({ breaches: 1, pausedUntil: NOW + 10, probeAt: 7 });
    expect(paused(during, NOW, 5)).toEqual(during);
    expect(paused(during, NOW, 20)).toEqual({ ...during, pausedUntil: NOW + 20 });
    expect(paused(during, NOW + 10, 20).breaches).toBe(2);
  });

  it('has half the rate where that is felt out, once a breach', () => {
    const felt = log({ rate: 40 });
    expect(paused(felt, NOW, 5, { isFelt: true })).toMatchObject({ rate: 20, rateAt: NOW, throttledAt: 40 });
    expect(paused({ ...felt, breaches: 1 }, NOW, 5, { isFelt: true }).rate).toBe(40);
    expect(paused(felt, NOW, 5, {}).rate).toBe(40);
  });
});

describe('a rate that is felt out', () => {
  const felt = { rate: 20, rateAt: NOW, throttledAt: 0 };
  const rateAfter = (changes: Partial<typeof felt>, minutes: number, calls = 60) =>
    grown({ ...felt, ...changes }, calls, NOW + minutes * MINUTE).rate;

  it('begins with what is usual, and is half of that after a breach, at least five', () => {
    expect([rateOf({ ...felt, rate: 0 }), rateOf(felt)]).toEqual([50, 20]);
    expect(grown({ rate: 0, rateAt: 0, throttledAt: 0 }, 0, NOW)).toEqual({
      rate: 50,
      rateAt: NOW,
      throttledAt: 0,
    });
    expect(halved({ ...felt, rate: 0 }, NOW)).toEqual({ rate: 25, rateAt: NOW, throttledAt: 50 });
    expect(halved({ ...felt, rate: 11 }, NOW).rate).toBe(5);
    expect(halved({ ...felt, rate: 7 }, NOW).rate).toBe(5);
  });

  it('grows quickly up to just below the rate that was throttled, then slowly, then quickly again', () => {
    expect([rateAfter({}, 0.9), rateAfter({}, 1)]).toEqual([20, 23]);
    expect(rateAfter({ throttledAt: 24 }, 1)).toBe(23);
    expect([
      rateAfter({ throttledAt: 23 }, 1),
      rateAfter({ throttledAt: 23 }, 4.9),
      rateAfter({ throttledAt: 23 }, 5),
    ]).toEqual([20, 20, 21]);
    expect(rateAfter({ throttledAt: 19 }, 1)).toBe(20);
    expect(rateAfter({ throttledAt: 19 }, 5)).toBe(21);
    expect(rateAfter({ throttledAt: 18 }, 1)).toBe(23);
    expect(grown(felt, 60, NOW + MINUTE).rateAt).toBe(NOW + MINUTE);
  });

  it('grows by what is used, and to what an account has', () => {
    expect([rateAfter({}, 1, 17), rateAfter({}, 1, 18)]).toEqual([20, 23]);
    expect([rateAfter({ rate: 58 }, 1), rateAfter({ rate: 60 }, 9)]).toEqual([60, 60]);
  });

  it('is felt out always, or in its hours', () => {
    expect([isAuto('auto', NOW, 'Etc/UTC'), isAuto(40, NOW, 'Etc/UTC')]).toEqual([true, false]);
    const within = (auto: string) => isAuto({ auto }, NOW, 'Etc/UTC');
    expect(['12:00-13:00', '11:00-12:00', '11:00-12:01', '13:00-12:00', '13:00-12:01'].map(within)).toEqual([
      true,
      false,
      true,
      false,
      true,
    ]);
    expect([callsToReckonWith(40), callsToReckonWith('auto'), callsToReckonWith({ auto: '1-2' })]).toEqual([
      40, 60, 50,
    ]);
  });
});

describe('the log as it is stored', () => {
  it('is empty at first, and has defaults for what an older version did not write', () => {
    expect(readLog(undefined)).toEqual({ version: 0, log: EMPTY });
    expect(Object.values(EMPTY).flat()).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect(readLog({ version: 3, body: { calls: [NOW], breaches: 1 } })).toEqual({
      version: 3,
      log: log({ calls: [NOW], breaches: 1 }),
    });
  });

  it('in no form that is known is refused', () => {
    const bad = [{ calls: 'odd' }, { calls: ['x'] }, { minutes: [[1]] }, { joinerAt: 'x' }, { rate: 'x' }];
    for (const body of bad) expect(() => readLog({ version: 1, body })).toThrow();
  });
});

describe('the budget of an account', () => {
  const open = (changes: Partial<Parameters<typeof openCallBudget>[0]> = {}) => {
    let now = NOW;
    const advance = (milliseconds: number) => {
      now += milliseconds;
    };
    const clock = { now: () => now, sleep: async (milliseconds: number) => advance(milliseconds) };
    const directory = openDirectory(memoryTable(clock), clock);
    const budget = (more: typeof changes = {}) =>
      openCallBudget({
        directory,
        account: 'a',
        callsPerMinute: 4,
        clock,
        random: () => 0.5,
        ...changes,
        ...more,
      });
    return { directory, budget, clock, advance };
  };

  it('says how much of it is used, also by others', async () => {
    const { budget } = open();
    const [mine, other] = [budget(), budget()];
    expect(await mine.use()).toBe(0);
    await other.take('interactive');
    expect(await mine.use()).toBe(25);
    expect(await mine.waitMs('interactive')).toBe(0);
    for (let each = 0; each < 3; each += 1) await other.take('interactive');
    expect(await mine.use()).toBe(100);
    expect(await mine.waitMs('interactive')).toBe(WINDOW + 50);
    expect(await mine.take('interactive')).toEqual({ granted: false, waitMs: WINDOW + 50 });
  });

  it('reads anew after it had to wait', async () => {
    const { budget, directory } = open();
    const [mine, other] = [budget(), budget()];
    for (let each = 0; each < 4; each += 1) await mine.take('interactive');
    expect(await mine.waitMs('interactive')).toBeGreaterThan(0);
    await directory.eraseDocument('a', 'call-budget');
    expect(await mine.waitMs('interactive')).toBe(0);
    expect(await other.take('interactive')).toEqual({ granted: true });
  });

  it('is stopped and goes on with one call, and resuming twice is no write', async () => {
    const { budget, directory, advance } = open();
    const mine = budget();
    await mine.pause(1_000);
    expect(await mine.take('interactive')).toEqual({ granted: false, waitMs: 1_000 });
    advance(1_000);
    expect(await mine.take('interactive')).toEqual({ granted: true, isProbe: true });
    expect(await mine.take('interactive')).toEqual({ granted: false, waitMs: 500 });
    await mine.resume();
    const written = await directory.readDocument('a', 'call-budget');
    await mine.resume();
    expect(await directory.readDocument('a', 'call-budget')).toEqual(written);
    expect(written?.body).toMatchObject({ breaches: 0, probeAt: 0 });
    expect(await mine.take('interactive')).toEqual({ granted: true });
  });

  it('is that of the hours in which it is felt out', async () => {
    const { budget, directory } = open();
    await directory.writeDocument('a', 'call-budget', { rate: 10, calls: [NOW] });
    expect(await budget({ callsPerMinute: 'auto' }).use()).toBe(10);
    expect(await budget({ callsPerMinute: { auto: '12:00-13:00' } }).use()).toBe(10);
    expect(await budget({ callsPerMinute: { auto: '13:00-14:00' } }).use()).toBe(2);
    expect(await budget({ callsPerMinute: { auto: '13:00-14:00' }, timeZone: 'Europe/Berlin' }).use()).toBe(
      10,
    );
    await budget({ callsPerMinute: 'auto' }).pause(5);
    expect((await directory.readDocument('a', 'call-budget'))?.body).toMatchObject({
      rate: 5,
      throttledAt: 10,
    });
  });

  it('is given up where others write all the time', async () => {
    const { budget, directory } = open();
    const busy = { ...directory, writeDocument: async () => ({ ok: false as const }) };
    await expect(budget({ directory: busy }).take('interactive')).rejects.toThrow('contended beyond reason');
  });

  it('counts by the hour as well where the API does', async () => {
    const { budget } = open({ callsPerHour: 2, callsPerMinute: 50 });
    const mine = budget();
    expect([(await mine.take('interactive')).granted, (await mine.take('interactive')).granted]).toEqual([
      true,
      true,
    ]);
    expect(await mine.take('interactive')).toEqual({ granted: false, waitMs: 61 * MINUTE + 1_000 });
  });
});
