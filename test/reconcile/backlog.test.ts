import { describe, expect, it } from 'vitest';
import { PRIORITY } from '../../functions/directory/record.ts';
import { measureBacklog } from '../../functions/reconcile/backlog.ts';
import { reconcileHandler } from '../../functions/reconcile/handler.ts';
import { reconcile } from '../../functions/reconcile/reconciliation.ts';
import { person, provisionBench } from '../provision/bench.ts';
import { openNumbers } from '../runtime/numbers.ts';
import { contextWith } from '../scim/event.ts';

const later = { inline: undefined } as object;
const HOUR_MS = 3_600_000;

async function backlog(bench: ReturnType<typeof provisionBench>) {
  await measureBacklog(bench.provisioning, bench.services);
  return bench.numbers;
}

describe('how a tenant stands', () => {
  it('is measured by the minute, also where there is nothing to say', async () => {
    const bench = provisionBench();
    const handler = reconcileHandler({ tenants: { demo: bench.provisioning.tenant } }, bench.services);
    await handler({ kind: 'minute' }, contextWith());
    expect(bench.numbers.of('OldestDueAge')).toEqual({ '': 0 });
    expect(bench.numbers.of('OldestBackfillAge')).toEqual({ '': 0 });
    expect(bench.numbers.of('BudgetUse')).toEqual({ '': 0 });
    expect(bench.numbers.of('FailedNow')).toEqual({ '': 0 });
    expect(bench.numbers.of('BrakeEngaged')).toEqual({});
    expect(bench.numbers.of('CensusAge')).toEqual({});
  });

  it('says how long the one has waited who has waited longest, although it is put off again and again', async () => {
    const bench = provisionBench({ behaviour: { faults: [{ kind: 'drop-before' }] } });
    const first = bench.clock.now();
    await bench.stored(person('ada'), later);
    bench.clock.advance(10 * 60_000);
    await bench.stored(person('ben'), later);
    await bench.drained(60_000);
    bench.clock.advance(HOUR_MS);
    await bench.drained(60_000);
    const now = bench.clock.now();
    const numbers = await backlog(bench);
    expect(numbers.of('OldestDueAge')).toEqual({ '': Math.round((now - first) / 1_000) });
    expect(numbers.of('OldestBackfillAge')).toEqual({ '': 0 });
  });

  it('tells joiners from those for whom nobody waits', async () => {
    const bench = provisionBench();
    await bench.stored(person('ada'), { ...later, priority: PRIORITY.backfill });
    bench.clock.advance(HOUR_MS);
    const numbers = await backlog(bench);
    expect(numbers.of('OldestDueAge')).toEqual({ '': 0 });
    expect(numbers.of('OldestBackfillAge')).toEqual({ '': 3_600 });
  });

  it('says how much of the minute is used', async () => {
    const bench = provisionBench();
    await bench.stored(person('ada'));
    // Roles are an Admin API, which has a limit of its own.
    const { total, 'GET /roles': roles = 0 } = bench.simulator.calls();
    const callsPerMinute = Number(bench.provisioning.tenant.smartassist.callsPerMinute);
    expect((await backlog(bench)).of('BudgetUse')).toEqual({ '': (100 * (total - roles)) / callsPerMinute });
    bench.clock.advance(2 * 60_000);
    expect((await backlog(bench)).of('BudgetUse')).toEqual({ '': 0 });
  });

  it('says that the brake holds, at once and as long as it does', async () => {
    const shipped = provisionBench().provisioning.tenant.lifecycle;
    const brake = { ...shipped.brake, percent: 0, atLeast: 1, within: 3_600 };
    const bench = provisionBench({ tenant: { lifecycle: { ...shipped, brake } } });
    const ada = await bench.stored(person('ada'));
    expect((await backlog(bench)).of('BrakeEngaged')).toEqual({});
    await bench.stored({ ...ada.person, active: false }, { before: await bench.read(ada), ...later });
    await bench.settled();
    expect(bench.numbers.of('BrakeEngaged')).toEqual({ '': 1 });
    const metrics = openNumbers();
    await measureBacklog(bench.provisioning, { ...bench.services, metrics });
    expect(metrics.of('BrakeEngaged')).toEqual({ '': 1 });
  });

  it('says of each number whose it is, with seats, brake and pause where there are any', async () => {
    const bench = provisionBench({ tenant: { seats: 3 } });
    const faults = [{ on: 'POST /agents', kind: 'status', status: 400, times: 1 }] as const;
    bench.simulator.setBehaviour({ faults: [...faults] });
    await bench.stored(person('ada'), later);
    await bench.stored(person('ben'), later);
    await bench.settled();
    const { services, provisioning, clock } = bench;
    await reconcile(provisioning, services, clock.now() + HOUR_MS, true);
    const since = new Date(clock.now()).toISOString();
    await bench.directory.writeDocument('demo', 'pause', { pause: { since, by: 'ada' } });
    const engaged = { at: clock.now(), window: 'within', counted: 3, limit: 2 };
    await bench.directory.writeDocument('demo', 'brake', { windows: {}, engaged: { leaving: engaged } });
    clock.advance(HOUR_MS);
    const measured: [string, object, number][] = [];
    const gauge = (...one: [string, object, number]) => void measured.push(one);
    await measureBacklog(provisioning, { ...services, metrics: { ...bench.numbers, gauge } });
    const demo = { tenant: 'demo' };
    for (const [name, value] of [
      ['OldestDueAge', 0],
      ['OldestBackfillAge', 0],
      ['BudgetUse', 0],
      ['FailedNow', 1],
      ['SeatUse', 33],
      ['BrakeEngaged', 1],
      ['PausedAge', 3_600],
      ['CensusAge', expect.any(Number)],
    ] as const) {
      expect(measured).toContainEqual([name, demo, value]);
    }
    expect(new Set(measured.map(([, dimensions]) => JSON.stringify(dimensions)))).toEqual(
      new Set([JSON.stringify(demo)]),
    );
  });

  it('says nothing of seats and pauses where there are none', async () => {
    const numbers = await backlog(provisionBench());
    expect(numbers.of('SeatUse')).toEqual({});
    expect(numbers.of('PausedAge')).toEqual({});
  });

  it('is never ahead of the clock: what another machine with a fast clock wrote is 0 seconds old', async () => {
    const bench = provisionBench();
    const since = new Date(bench.clock.now() + 5_000).toISOString();
    await bench.directory.writeDocument('demo', 'pause', { pause: { since, by: 'ada' } });
    expect((await backlog(bench)).of('PausedAge')).toEqual({ '': 0 });
  });

  it('says how old the reconciliation is, and what it found', async () => {
    const bench = provisionBench();
    await bench.stored(person('ada'));
    bench.clock.advance(HOUR_MS);
    const [agent] = bench.simulator.agents();
    if (agent === undefined) throw new Error('nobody is there');
    bench.simulator.editAgent(agent.id, { firstName: 'Somebody' });
    bench.simulator.seedAgent({ emailId: 'stranger@example.com' });
    await reconcile(bench.provisioning, bench.services, bench.clock.now() + HOUR_MS, true);
    expect(bench.numbers.of('CensusDrift')).toEqual({ changed: 1, missing: 0, foreign: 1 });
    bench.clock.advance(30 * HOUR_MS);
    expect((await backlog(bench)).of('CensusAge')['']).toBeGreaterThanOrEqual(30 * 3_600);
  });
});
