import { describe, expect, it } from 'vitest';
import { drain } from '../../functions/provision/drain/drain.ts';
import { provisionHandler } from '../../functions/provision/drain/handler.ts';
import type { WorkPendingEvents } from '../../functions/provision/drain/pending-event-rounds.ts';
import { contextWith } from '../scim/event.ts';
import { person, provisionBench } from './bench.ts';

const later = { inline: undefined } as never;
const MINUTE = 60_000;
const aMoment = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A drain with a provider's pending events beside it. */
function open(work: (bench: ReturnType<typeof provisionBench>) => WorkPendingEvents) {
  const bench = provisionBench();
  const wanted = work(bench);
  let rounds = 0;
  const counting: WorkPendingEvents = (...round) => {
    rounds += 1;
    return wanted(...round);
  };
  return {
    ...bench,
    work: counting,
    rounds: () => rounds,
    drained: (milliseconds = 2 * MINUTE) =>
      drain(bench.provisioning, bench.services, bench.clock.now() + milliseconds, { work: counting }),
    made: () => bench.simulator.agents().map(({ firstName }) => firstName),
  };
}

describe('the pending events of a tenant', () => {
  it('are worked on in a drain that has no records, and who comes of them is provisioned in the same drain', async () => {
    let isDone = false;
    const bench = open((all) => async () => {
      if (!isDone) await all.stored(person('ada'), later);
      isDone = true;
      return {};
    });
    expect(await bench.drained()).toEqual({ outcome: 'idle' });
    expect(bench.made()).toEqual(['ada']);
  });

  it('keep no record waiting when a provider takes its time', async () => {
    let seen: string[] = [];
    const bench = open((all) => async () => {
      const agents = async (count: number) => {
        while (all.simulator.agents().length < count) await aMoment();
      };
      await agents(1);
      await all.stored(person('bob'), later);
      await agents(2);
      seen = all.simulator.agents().map(({ firstName }) => firstName);
      return {};
    });
    await bench.stored(person('ada'), later);
    // A drain that sleeps lets the others go on.
    const clock = {
      now: () => bench.clock.now(),
      sleep: (milliseconds: number) => bench.clock.sleep(milliseconds).then(aMoment),
    };
    const { provisioning, services, work } = bench;
    await drain(provisioning, { ...services, clock }, clock.now() + 60 * MINUTE, { work });
    expect(seen).toEqual(['ada', 'bob']);
  });

  it('decide with the records when the drain is to ring again', async () => {
    let next: number | undefined;
    const bench = open(() => async () => (next === undefined ? {} : { nextAt: next }));
    expect(await bench.drained()).toEqual({ outcome: 'idle' });
    next = bench.clock.now() + 60_000;
    expect(await bench.drained()).toEqual({ outcome: 'idle', nextAt: next });
    const record = await bench.stored(person('ada'), later);
    const lease = { holder: 'somebody', until: bench.clock.now() + 3_000 };
    await bench.directory.updatePerson(record, { ...record, version: record.version + 1, lease });
    expect(await bench.drained()).toEqual({ outcome: 'idle', nextAt: lease.until + 1 });
  });

  it('that are due in a moment are waited for, and others are not', async () => {
    let next: number | undefined = 0;
    let soon = 2_000;
    const bench = open((all) => async () => {
      if (next === 0) next = all.clock.now() + soon;
      else if (next !== undefined && all.clock.now() >= next) next = undefined;
      return next === undefined ? {} : { nextAt: next };
    });
    const began = bench.clock.now();
    expect(await bench.drained()).toEqual({ outcome: 'idle' });
    // On a clock that leaps, a look at a round under way takes a second.
    expect(bench.clock.now() - began).toBeLessThanOrEqual(3_000);
    expect(bench.rounds()).toBe(2);
    next = 0;
    soon = 20_000;
    const drained = await bench.drained();
    expect(drained).toEqual({ outcome: 'idle', nextAt: next });
    expect(bench.rounds()).toBe(3);
  });

  it('that are always due in a moment are waited for some seconds in all', async () => {
    const bench = open((all) => async () => ({ nextAt: all.clock.now() + 1_500 }));
    const began = bench.clock.now();
    expect(await bench.drained(10 * MINUTE)).toMatchObject({ outcome: 'idle' });
    // On a clock that leaps, a look at a round under way takes a second: 15 rounds are 15 more.
    expect(bench.clock.now() - began).toBeLessThanOrEqual(31_000);
  });

  it('that had no time ring the bell again', async () => {
    const bench = open((all) => async () => ({ nextAt: all.clock.now() }));
    expect(await bench.drained(MINUTE)).toEqual({ outcome: 'more' });
    expect(bench.rounds()).toBeGreaterThan(1);
  });

  it('begin none that could not end in time', async () => {
    const until: number[] = [];
    const bench = open(() => async (_, __, last) => {
      until.push(last);
      return {};
    });
    const end = bench.clock.now() + MINUTE;
    await bench.drained(MINUTE);
    expect(until).toEqual([end - 30_000]);
    expect(await bench.drained(20_000)).toEqual({ outcome: 'idle' });
    expect(bench.rounds()).toBe(1);
  });

  it('come again and again in a drain that is busy with records', async () => {
    const bench = open(() => async () => ({}));
    for (let index = 0; index < 120; index += 1) await bench.stored(person(`p-${index}`), later);
    await bench.drained(2 * MINUTE);
    expect(bench.rounds()).toBeGreaterThan(5);
    expect(bench.rounds()).toBeLessThan(30);
  });

  it('that fail harm no record, are said in the log, and are tried again soon', async () => {
    const bench = open(() => async () => {
      throw new Error('the table is away');
    });
    await bench.stored(person('ada'), later);
    const drained = await bench.drained();
    expect(bench.made()).toEqual(['ada']);
    expect(drained).toMatchObject({ outcome: 'idle', nextAt: expect.any(Number) });
    expect(bench.logged.join()).toContain('the table is away');
  });

  it('end with the drain when it is ended', async () => {
    const bench = open(() => async () => ({}));
    const ending = new AbortController();
    ending.abort();
    const { provisioning, services, clock, work } = bench;
    await drain(provisioning, services, clock.now() + MINUTE, { signal: ending.signal, work });
    expect(bench.rounds()).toBe(0);
  });
});

describe("the drain's function", () => {
  it('works on the pending events of the tenant that rang', async () => {
    const bench = provisionBench();
    const worked: string[] = [];
    const handle = provisionHandler({ tenants: { demo: bench.provisioning.tenant } }, bench.services, {
      work: async ({ name }) => {
        worked.push(name);
        return {};
      },
    });
    const event = { Records: [{ messageId: '1', body: '{"tenant":"demo"}' }] } as never;
    const context = { ...contextWith(), getRemainingTimeInMillis: () => MINUTE };
    expect(await handle(event, context)).toEqual({ batchItemFailures: [] });
    expect(worked).toEqual(['demo']);
  });
});
