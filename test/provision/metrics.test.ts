import { describe, expect, it } from 'vitest';
import type { BehaviourInput } from '../../local/simulator/behaviour.ts';
import { person, provisionBench } from './bench.ts';

const later = { inline: undefined } as object;
const CREATE = 'POST /agents';
const status = (code: number, times = 1): BehaviourInput => ({
  faults: [{ on: CREATE, kind: 'status', status: code, times }],
});

describe('provisioning counts', () => {
  it('who is accepted, what is done by kind, and the calls that it takes', async () => {
    const bench = provisionBench();
    const { numbers } = bench;
    const ada = await bench.stored(person('ada'));
    await bench.stored(person('ben'), later);
    await bench.settled();
    expect(numbers.of('Accepted')).toEqual({ '': 2 });
    expect(numbers.of('Provisioned')).toEqual({ create: 2 });
    const change = async (changes: object, more = {}) => {
      const before = await bench.read(ada);
      await bench.stored({ ...before.person, ...changes }, { before, ...later, ...more });
      await bench.settled();
    };
    await change({ name: { givenName: 'Augusta', familyName: 'Example' } });
    await change({ active: false });
    await change({ active: true });
    expect(numbers.of('Provisioned')).toEqual({ create: 2, update: 1, suspend: 1, resume: 1 });
    const { total } = bench.simulator.calls();
    expect(numbers.of('Call')).toEqual({ '': total });
    expect(numbers.of('Failed')).toEqual({});
  });

  it('nothing where nothing changed', async () => {
    const bench = provisionBench();
    const before = await bench.stored(person('ada'));
    await bench.stored(before.person, { before: await bench.read(before) });
    expect(bench.numbers.of('Provisioned')).toEqual({ create: 1 });
  });

  it('who is removed, and who is adopted', async () => {
    const bench = provisionBench();
    const lifecycle = { ...bench.provisioning.tenant.lifecycle, onDelete: 'remove' as const };
    const removing = provisionBench({ tenant: { lifecycle } });
    const ada = await removing.stored(person('ada'));
    const before = await removing.read(ada);
    await removing.stored(before.person, { before, deleted: true, ...later });
    await removing.settled();
    expect(removing.numbers.of('Provisioned')).toEqual({ create: 1, remove: 1 });

    bench.simulator.setBehaviour({ faults: [{ on: CREATE, kind: 'drop-after', times: 1 }] });
    await bench.stored(person('ben'), later);
    await bench.settled();
    expect(bench.numbers.of('Provisioned')).toEqual({ adopt: 1 });
  });

  it('who stays behind as failed, and not who is told at once', async () => {
    const told = provisionBench({ behaviour: status(400) });
    expect((await told.arrive(person('ada'))).outcome).toBe('refused');
    expect(told.numbers.of('Failed')).toEqual({});
    expect(told.numbers.of('Accepted')).toEqual({});

    const bench = provisionBench({ behaviour: status(400) });
    await bench.stored(person('ada'), later);
    await bench.stored(person('bad', { userName: 'x', emails: [] }), later);
    await bench.settled();
    expect(bench.numbers.of('Failed')).toEqual({ refused: 1, invalid: 1 });
  });

  it.each([
    ['throttles', status(429), 'CallThrottled'],
    ['answers 503', status(503), 'CallUnanswered'],
    ['takes no credentials', status(401), 'CallUnauthorized'],
  ] as const)('a SmartAssist that %s', async (_, behaviour, metric) => {
    const bench = provisionBench({ behaviour });
    await bench.stored(person('ada'), later);
    await bench.settled();
    expect(bench.numbers.of(metric)).toEqual({ '': 1 });
    expect(bench.numbers.of('Failed')).toEqual({});
  });
});

describe('a record', () => {
  it('knows since when it has been due, however often it is put off or changed', async () => {
    const bench = provisionBench({ behaviour: status(503, 3) });
    const since = new Date(bench.clock.now()).toISOString();
    const record = await bench.stored(person('ada'), later);
    await bench.drained(20_000);
    bench.clock.advance(60_000);
    const put = await bench.read(record);
    expect(put).toMatchObject({ state: 'due', dueSince: since });
    expect(put.dueAt).not.toBe(since);
    await bench.stored(put.person, { before: put, ...later });
    expect((await bench.read(record)).dueSince).toBe(since);
    await bench.settled();
    expect(await bench.read(record)).not.toHaveProperty('dueSince');
  });
});
