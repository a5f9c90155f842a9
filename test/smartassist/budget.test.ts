import { describe, expect, it } from 'vitest';
import { openDirectory } from '../../functions/directory/directory.ts';
import { memoryTable } from '../../functions/directory/memory.ts';
import type { Table } from '../../functions/directory/table.ts';
import { type CallBudget, openCallBudget, type Urgency } from '../../functions/smartassist/budget.ts';
import { START, seeded } from '../local/simulator-bench.ts';
import { LeapingClock } from '../provision/bench.ts';
import { VirtualTime } from '../simulation/virtual-time.ts';

/** An account's budget as several functions see it, each with its own clock. */
function account(callsPerMinute: number, skews: readonly number[] = [0]) {
  const clock = new LeapingClock();
  const directory = openDirectory(memoryTable(clock), clock);
  const budgets = skews.map((skew) =>
    openCallBudget({
      directory,
      account: 'account:1',
      callsPerMinute,
      clock: { now: () => clock.now() + skew, sleep: (ms) => clock.sleep(ms) },
      random: seeded(1),
    }),
  );
  const [budget] = budgets;
  if (budget === undefined) throw new Error('no budget');
  return { clock, budget, budgets };
}

/** A table that takes its time. */
function slow(table: Table, pause: () => Promise<void>): Table {
  return {
    ...table,
    get: async (key) => {
      await pause();
      return table.get(key);
    },
    write: async (writes) => {
      const result = await table.write(writes);
      await pause();
      return result;
    },
  };
}

/** The most calls in any sixty seconds. */
function peak(times: readonly number[]): number {
  return Math.max(
    0,
    ...times.map((from) => times.filter((time) => time >= from && time < from + 60_000).length),
  );
}

/** Takes calls as fast as they are given for so long; the true times of those that were. */
async function greedy(
  { clock, budgets }: ReturnType<typeof account>,
  urgency: Urgency,
  milliseconds: number,
): Promise<number[]> {
  const times: number[] = [];
  const end = clock.now() + milliseconds;
  for (let turn = 0; clock.now() < end; turn += 1) {
    const budget = budgets[turn % budgets.length];
    const slot = await budget?.take(urgency);
    if (slot?.granted) times.push(clock.now());
    else clock.advance(Math.min(slot?.waitMs ?? 1, 250));
  }
  return times;
}

describe('a joiner', () => {
  it('takes a whole minute of calls at once, and then none', async () => {
    const { budget } = account(10);
    for (let call = 0; call < 10; call += 1)
      expect(await budget.take('interactive')).toEqual({ granted: true });
    expect(await budget.take('interactive')).toEqual({ granted: false, waitMs: 61_050 });
  });

  it('waits until the oldest call is a minute old, and a second for clocks that differ, and what noting it may take', async () => {
    const { budget, clock } = account(2);
    await budget.take('interactive');
    clock.advance(20_000);
    await budget.take('interactive');
    expect(await budget.waitMs('interactive')).toBe(41_050);
    clock.advance(41_049);
    expect(await budget.take('interactive')).toMatchObject({ granted: false });
    clock.advance(1);
    expect(await budget.take('interactive')).toEqual({ granted: true });
  });
});

describe('back-fill', () => {
  it('keeps an even pace, so that a joiner waits a moment however much of it there is', async () => {
    const bench = account(60);
    await greedy(bench, 'backfill', 10 * 60_000);
    const waits: number[] = [];
    for (let second = 0; second < 70; second += 1) {
      waits.push(await bench.budget.waitMs('interactive'));
      await greedy(bench, 'backfill', 1_000);
    }
    expect(Math.max(...waits)).toBeLessThan(4_000);
  });

  it('uses at least 98 % of the budget while there is work', async () => {
    const bench = account(50);
    const times = await greedy(bench, 'backfill', 60 * 60_000);
    expect(times.length).toBeGreaterThanOrEqual(0.98 * 50 * 60);
    expect(peak(times)).toBeLessThanOrEqual(50);
  });

  it('leaves a fifth free in the minute after a joiner came', async () => {
    const bench = account(60);
    await bench.budget.take('interactive');
    const times = await greedy(bench, 'backfill', 50_000);
    expect(times.length).toBeLessThanOrEqual(0.8 * 50 + 3);
    expect(times.length).toBeGreaterThanOrEqual(0.8 * 50 * 0.95);
  });
});

describe('any sixty seconds', () => {
  it.each([
    ['one function', [0]],
    ['functions whose clocks differ by a second', [-500, 500, 0]],
  ])('hold no more calls than the budget: %s', async (_, skews) => {
    const bench = account(20, skews);
    const times = [
      ...(await greedy(bench, 'interactive', 150_000)),
      ...(await greedy(bench, 'backfill', 150_000)),
      ...(await greedy(bench, 'interactive', 150_000)),
    ];
    expect(peak(times)).toBeLessThanOrEqual(20);
    expect(times.length).toBeGreaterThan(20 * 6);
  });

  it('hold no more when many functions ask at the same moment', async () => {
    const time = new VirtualTime(START, seeded(1));
    const directory = openDirectory(
      slow(memoryTable(time), () => time.sleep(5)),
      time,
    );
    const budgets = Array.from({ length: 16 }, (_, seed) =>
      openCallBudget({
        directory,
        account: 'account:1',
        callsPerMinute: 20,
        clock: time,
        random: seeded(seed),
      }),
    );
    const granted: number[] = [];
    const ask = async (budget: CallBudget) => {
      if ((await budget.take('interactive')).granted) granted.push(time.now());
    };
    const asked = Promise.all(budgets.flatMap((budget) => [ask(budget), ask(budget)]));
    await time.run(() => false);
    await asked;
    expect(granted).toHaveLength(20);
  });

  it('hold no more when the directory is slow: a call that could not be noted in time is noted again', async () => {
    const time = new VirtualTime(START, seeded(1));
    const random = seeded(2);
    const table = slow(memoryTable(time), () => time.sleep(random() < 0.1 ? random() * 3_000 : 5));
    const directory = openDirectory(table, time);
    const times: number[] = [];
    const greedy = async (seed: number) => {
      const budget = openCallBudget({
        directory,
        account: 'account:1',
        callsPerMinute: 20,
        clock: time,
        random: seeded(seed),
      });
      while (time.now() < START + 600_000) {
        const slot = await budget.take('interactive');
        if (slot.granted) times.push(time.now());
        else await time.sleep(Math.min(slot.waitMs, 250));
      }
    };
    const all = Promise.all([greedy(1), greedy(2), greedy(3)]);
    await time.run(() => false);
    await all;
    expect(peak(times)).toBeLessThanOrEqual(20);
    expect(times.length).toBeGreaterThan(150);
  });
});

describe("SmartAssist's own throttling", () => {
  it('stops everybody for as long as it says', async () => {
    const { budgets, clock } = account(10, [0, 0]);
    await budgets[0]?.pause(15_000);
    expect(await budgets[1]?.take('interactive')).toEqual({ granted: false, waitMs: 15_000 });
    clock.advance(15_000);
    expect(await budgets[1]?.take('interactive')).toEqual({ granted: true, isProbe: true });
  });

  it('is followed by one call at a time on all machines, until one was taken', async () => {
    const { budgets, clock } = account(10, [0, 0]);
    const [one, other] = budgets;
    await one?.pause(15_000);
    clock.advance(15_000);
    expect(await one?.take('backfill')).toMatchObject({ isProbe: true });
    for (const urgency of ['interactive', 'begun', 'backfill'] as const) {
      expect(await other?.take(urgency)).toMatchObject({ granted: false });
    }
    await one?.resume();
    expect(await other?.take('interactive')).toEqual({ granted: true });
    expect(await one?.take('interactive')).toEqual({ granted: true });
  });

  it('lasts longer each time that the one call is throttled, a minute at most', async () => {
    const { budget, clock } = account(60);
    const waits: number[] = [];
    await budget.pause(15_000);
    for (let probe = 0; probe < 5; probe += 1) {
      const waitMs = await budget.waitMs('interactive');
      waits.push(waitMs);
      clock.advance(waitMs);
      expect(await budget.take('interactive')).toMatchObject({ isProbe: true });
      await budget.pause(15_000);
    }
    expect(waits).toEqual([15_000, 30_000, 60_000, 60_000, 60_000]);
  });

  it('grows by no answer to a call that was under way already', async () => {
    const { budget } = account(10);
    for (let call = 0; call < 5; call += 1) await budget.pause(15_000);
    expect(await budget.waitMs('interactive')).toBe(15_000);
  });

  it('is probed anew when the one call got no answer at all', async () => {
    const { budget, clock } = account(10);
    await budget.pause(15_000);
    clock.advance(15_000);
    await budget.take('interactive');
    clock.advance(29_999);
    expect(await budget.take('interactive')).toMatchObject({ granted: false });
    clock.advance(1);
    expect(await budget.take('interactive')).toMatchObject({ granted: true, isProbe: true });
  });

  it('is not shortened by a shorter word', async () => {
    const { budget } = account(10);
    await budget.pause(30_000);
    await budget.pause(1_000);
    expect(await budget.waitMs('interactive')).toBe(30_000);
  });
});

describe('calls that are counted by the hour as well', () => {
  it('are no more than the hour has, however they are spread', async () => {
    const { clock, directory } = stored();
    const budget = openCallBudget({
      directory,
      account: 'admin:account:1',
      callsPerMinute: 60,
      callsPerHour: 100,
      clock,
      random: seeded(1),
    });
    const times: number[] = [];
    const end = clock.now() + 3 * 60 * 60_000;
    while (clock.now() < end) {
      const slot = await budget.take('interactive');
      if (slot.granted) times.push(clock.now());
      else await clock.sleep(slot.waitMs);
    }
    const inTheHour = times.map((from) => times.filter((time) => time >= from && time < from + 3_600_000));
    expect(Math.max(...inTheHour.map(({ length }) => length))).toBe(100);
    expect(times.length).toBeGreaterThanOrEqual(280);
  });
});

function stored() {
  const clock = new LeapingClock();
  return { clock, directory: openDirectory(memoryTable(clock), clock) };
}
