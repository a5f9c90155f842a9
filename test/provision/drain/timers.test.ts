import { describe, expect, it } from 'vitest';
import type { PersonRecord } from '../../../functions/directory/record.ts';
import { changesAtOf, fireTimers, keepTimer } from '../../../functions/provision/drain/timers.ts';
import type { Plan } from '../../../functions/provision/plan.ts';
import { person, provisionBench } from '../bench.ts';

const DAY = 86_400_000;
const plan = (changesAt?: number) =>
  ({ kind: 'agent', ...(changesAt === undefined ? {} : { changesAt }) }) as Plan;

async function open(isDated = true) {
  const bench = provisionBench();
  const ada = await bench.stored(person('ada'));
  const tenant = { name: 'demo', mapping: { ...bench.provisioning.mapping, isDated } };
  const { directory, services, clock } = bench;
  return {
    ...bench,
    ada,
    keeps: (at: number | undefined, record: PersonRecord = ada) => keepTimer(services, record, plan(at)),
    fires: () => fireTimers(tenant, services),
    timers: async () => (await directory.dueTimers('demo', clock.now() + 9 * DAY, 9)).map(({ at }) => at),
  };
}

describe('the time at which a person changes', () => {
  it('is what the plan says, if it says one', () => {
    expect(changesAtOf(plan())).toBeUndefined();
    expect(changesAtOf({ kind: 'nothing' })).toBeUndefined();
    expect(changesAtOf(plan(0))).toBe('1970-01-01T00:00:00.000Z');
  });

  it('is kept, unless there is none or the record has it', async () => {
    const { keeps, timers, ada, clock } = await open();
    const at = clock.now() + DAY;
    const changesAt = new Date(at).toISOString();
    await keeps(undefined);
    await keeps(at, { ...ada, changesAt });
    expect(await timers()).toEqual([]);
    await keeps(at);
    expect(await timers()).toEqual([changesAt]);
  });

  it('makes the person due when it has come, once, and not before', async () => {
    const { keeps, fires, timers, ada, read, clock } = await open();
    const at = clock.now() + DAY / 2;
    await keeps(at);
    expect(await fires()).toBe(at);
    expect((await read(ada)).state).toBe('provisioned');
    clock.advance(DAY / 2);
    expect(await fires()).toBeUndefined();
    expect(await read(ada)).toMatchObject({ state: 'due', priority: 1 });
    expect(await timers()).toEqual([]);
  });

  it('is told where it is within a day, and not beyond', async () => {
    const { keeps, fires, clock } = await open();
    await keeps(clock.now() + DAY + 1_000);
    expect(await fires()).toBeUndefined();
    clock.advance(2_000);
    expect(await fires()).toBe(clock.now() + DAY - 1_000);
  });

  it('is looked for in no tenant whose mapping has none', async () => {
    const { keeps, fires, clock } = await open(false);
    await keeps(clock.now() + 1_000);
    expect(await fires()).toBeUndefined();
  });
});
