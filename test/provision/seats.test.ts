import { describe, expect, it } from 'vitest';
import { PRIORITY } from '../../functions/directory/record.ts';
import { rowOf } from '../../functions/operate/people/row.ts';
import { attentionTo } from '../../functions/operate/tenant/attention.ts';
import { readOverview } from '../../functions/operate/tenant/overview.ts';
import { drain } from '../../functions/provision/drain/drain.ts';
import { measureBacklog } from '../../functions/reconcile/backlog.ts';
import { provisioningOf } from '../../functions/scim/users/provisioning.ts';
import { type ProvisionBench, person, provisionBench } from './bench.ts';

const WAITS = { inline: undefined } as never;
const UNASSIGNED = 'Unassigned';

/** Agents that are in service in SmartAssist. */
function inService({ simulator }: ProvisionBench): string[] {
  const id = simulator.catalogue.agentGroups.find(({ name }) => name === UNASSIGNED)?.id;
  return simulator
    .agents()
    .filter(({ agentGroupId }) => agentGroupId !== id)
    .map(({ firstName }) => String(firstName))
    .sort();
}

async function named({ directory }: ProvisionBench, name: string) {
  const [record] = await directory.findPerson('demo', {
    attribute: 'userName',
    value: `${name}@example.com`,
  });
  if (record === undefined) throw new Error(`no ${name}`);
  return record;
}

async function arriveInTurn(bench: ProvisionBench, names: readonly string[], changes: object = WAITS) {
  for (const name of names) {
    await bench.stored(person(name), changes);
    bench.clock.advance(1_000);
  }
}

async function leave(bench: ProvisionBench, name: string) {
  const before = await named(bench, name);
  await bench.stored(person(name, { active: false }), { before, ...(WAITS as object) });
  await bench.settled();
}

describe('seats', () => {
  it('are as many agents as there are at most, and who is beyond waits, said plainly', async () => {
    const bench = provisionBench({ tenant: { seats: 2 } });
    await arriveInTurn(bench, ['ada', 'bob', 'cyd']);
    await bench.settled();
    expect(inService(bench)).toEqual(['ada', 'bob']);
    const cyd = await named(bench, 'cyd');
    expect(provisioningOf(cyd)).toMatchObject({
      state: 'waiting',
      reason: 'All 2 seats are taken (seats in the configuration); the agent is in service once one is free.',
    });
    expect(rowOf(cyd)).toMatchObject({ state: 'waiting', reason: 'no-seat' });
    const overview = await readOverview(bench.provisioning, bench.services);
    expect(attentionTo(overview)).toMatchObject([
      { what: '1 person waits for one of 2 seats', place: { is: 'waiting', reason: 'no-seat' } },
    ]);
    expect(bench.agentCalls()).toMatchObject({ 'POST /agents': 2 });
  });

  it('say so to a caller that waits', async () => {
    const bench = provisionBench({ tenant: { seats: 1 } });
    await bench.stored(person('ada'));
    expect(provisioningOf(await bench.stored(person('bob')))).toMatchObject({ state: 'waiting' });
  });

  it('that are free again go to who has waited longest', async () => {
    const bench = provisionBench({ tenant: { seats: 2 } });
    await arriveInTurn(bench, ['ada', 'bob', 'cyd', 'dan', 'eve']);
    await bench.settled();
    await leave(bench, 'bob');
    expect(inService(bench)).toEqual(['ada', 'cyd']);
    await leave(bench, 'ada');
    expect(inService(bench)).toEqual(['cyd', 'dan']);
  });

  it('go to joiners ahead of back-fill', async () => {
    const bench = provisionBench({ tenant: { seats: 1 } });
    await arriveInTurn(bench, ['ada']);
    await bench.settled();
    await arriveInTurn(bench, ['old'], { inline: undefined, priority: PRIORITY.backfill });
    await arriveInTurn(bench, ['new']);
    await bench.settled();
    await leave(bench, 'ada');
    expect(inService(bench)).toEqual(['new']);
  });

  it('are kept by who waits against one who comes later, and place and time are kept by a change', async () => {
    const bench = provisionBench({ tenant: { seats: 1 } });
    await arriveInTurn(bench, ['ada', 'bob', 'cyd']);
    await bench.settled();
    const since = (await named(bench, 'bob')).listed?.since;
    bench.clock.advance(60_000);
    const before = await named(bench, 'bob');
    await bench.stored(person('bob', { title: 'Clerk' }), { before, ...(WAITS as object) });
    await bench.settled();
    expect((await named(bench, 'bob')).listed?.since).toBe(since);
    await leave(bench, 'ada');
    expect(inService(bench)).toEqual(['bob']);
  });

  it('that are more by another configuration are given in the same order; without a limit everybody has one', async () => {
    const bench = provisionBench({ tenant: { seats: 1 } });
    await arriveInTurn(bench, ['ada', 'zoe', 'bob', 'cyd']);
    await bench.settled();
    const until = () => bench.clock.now() + 300_000;
    await drain(bench.reconfigure({ seats: 2 }), bench.services, until());
    expect(inService(bench)).toEqual(['ada', 'zoe']);
    await drain(bench.reconfigure({ seats: undefined }), bench.services, until());
    expect(inService(bench)).toEqual(['ada', 'bob', 'cyd', 'zoe']);
  });

  it('are never taken from who has one, where there are fewer', async () => {
    const bench = provisionBench();
    await arriveInTurn(bench, ['ada', 'bob', 'cyd']);
    await bench.settled();
    await drain(bench.reconfigure({ seats: 1 }), bench.services, bench.clock.now() + 300_000);
    expect(inService(bench)).toEqual(['ada', 'bob', 'cyd']);
  });

  it('are needed by who comes back, too', async () => {
    const bench = provisionBench({ tenant: { seats: 1 } });
    await arriveInTurn(bench, ['ada']);
    await bench.settled();
    await leave(bench, 'ada');
    await arriveInTurn(bench, ['bob']);
    await bench.settled();
    const before = await named(bench, 'ada');
    await bench.stored(person('ada'), { before, ...(WAITS as object) });
    await bench.settled();
    expect(inService(bench)).toEqual(['bob']);
    expect(rowOf(await named(bench, 'ada'))).toMatchObject({ reason: 'no-seat' });
    await leave(bench, 'bob');
    expect(inService(bench)).toEqual(['ada']);
  });

  it('are kept while it is not known whether an agent was made', async () => {
    const behaviour = { faults: [{ on: 'POST /agents', kind: 'drop-after', times: 1 }] } as const;
    const bench = provisionBench({ tenant: { seats: 1 }, behaviour: behaviour as never });
    await bench.stored(person('ada'));
    expect((await named(bench, 'ada')).attempts.unknown).toBe(true);
    await bench.stored(person('bob'));
    expect(rowOf(await named(bench, 'bob'))).toMatchObject({ reason: 'no-seat' });
    await bench.settled();
    expect(inService(bench)).toEqual(['ada']);
  });

  it('are never more than there are, with drains and callers at the same time', async () => {
    const bench = provisionBench({ tenant: { seats: 7 } });
    const names = Array.from({ length: 30 }, (_, index) => `p-${index}`);
    await Promise.all(names.slice(0, 15).map((name) => bench.stored(person(name), WAITS)));
    const until = bench.clock.now() + 240_000;
    await Promise.all([
      drain(bench.provisioning, bench.services, until),
      drain(bench.provisioning, bench.services, until),
      drain(bench.reconfigure({}), bench.services, until),
      ...names.slice(15).map((name) => bench.stored(person(name))),
    ]);
    await bench.settled();
    expect(inService(bench)).toHaveLength(7);
    expect(bench.simulator.agents()).toHaveLength(7);
  });

  it('are measured every minute', async () => {
    const bench = provisionBench({ tenant: { seats: 3 } });
    await arriveInTurn(bench, ['ada', 'bob']);
    await bench.settled();
    await measureBacklog(bench.provisioning, bench.services);
    expect(bench.numbers.of('SeatUse')).toEqual({ '': 66 });
  });

  it('cost nothing where there is no limit', async () => {
    const bench = provisionBench();
    await arriveInTurn(bench, ['ada']);
    await bench.settled();
    expect(await bench.directory.readDocument('demo', 'seats')).toBeUndefined();
  });
});
