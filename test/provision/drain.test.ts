import { describe, expect, it } from 'vitest';
import { PRIORITY } from '../../functions/directory/record.ts';
import { drain } from '../../functions/provision/drain/drain.ts';
import { markGroupDue, markPersonsDue } from '../../functions/provision/mark-due.ts';
import { aGroup } from '../contract/directory.ts';
import { person, provisionBench } from './bench.ts';

const later = { inline: undefined } as never;
const backfill = { inline: undefined, priority: PRIORITY.backfill } as never;
const CREATE = 'POST /agents';

/** The first names of the agents in the order in which they were made. */
const made = ({ simulator }: ReturnType<typeof provisionBench>) =>
  simulator.agents().map(({ firstName }) => firstName);

describe('a drain', () => {
  it('takes joiners before back-fill, and the longest due first', async () => {
    const bench = provisionBench();
    for (const [name, terms] of [
      ['file-1', backfill],
      ['joiner-1', later],
      ['file-2', backfill],
      ['joiner-2', later],
    ] as const) {
      await bench.stored(person(name), terms);
      bench.clock.advance(1_000);
    }
    await bench.settled();
    expect(made(bench)).toEqual(['joiner-1', 'joiner-2', 'file-1', 'file-2']);
  });

  it('lets a joiner who arrives midway go ahead of back-fill', async () => {
    const bench = provisionBench();
    for (let index = 0; index < 120; index += 1) await bench.stored(person(`file-${index}`), backfill);
    await bench.drained(60_000);
    const arrivedAt = bench.clock.now();
    await bench.stored(person('joiner'), later);
    await bench.drained(20_000);
    expect(made(bench)).toContain('joiner');
    const createdAt =
      bench.simulator.agents().find(({ firstName }) => firstName === 'joiner')?.createdAt ?? '';
    expect(Date.parse(createdAt) - arrivedAt).toBeLessThan(10_000);
    expect(made(bench).length).toBeLessThan(120);
  });

  it('goes on with the others when one can not be provisioned', async () => {
    const bench = provisionBench({
      behaviour: { faults: [{ on: CREATE, kind: 'status', status: 400, times: 1 }] },
    });
    const bad = await bench.stored(person('bad'), later);
    const unmappable = await bench.stored(person('worse', { userName: 'x', emails: [] }), later);
    await bench.stored(person('good'), later);
    await bench.settled();
    expect(made(bench)).toEqual(['good']);
    expect((await bench.read(bad)).state).toBe('failed');
    expect((await bench.read(unmappable)).state).toBe('failed');
  });

  it('goes on with the others when the directory fails on one', async () => {
    let poisoned = '';
    const bench = provisionBench({
      directory: (directory) => ({
        ...directory,
        updatePerson: async (before, after) => {
          if (before.id === poisoned) throw new Error('the disk is broken here');
          return directory.updatePerson(before, after);
        },
      }),
    });
    poisoned = (await bench.stored(person('bad'), later)).id;
    await bench.stored(person('good'), later);
    await bench.drained();
    expect(made(bench)).toEqual(['good']);
  });

  it('ends when its time is up, and says that work is left', async () => {
    const bench = provisionBench();
    for (let index = 0; index < 80; index += 1) await bench.stored(person(`p-${index}`), later);
    const until = bench.clock.now() + 30_000;
    expect(await drain(bench.provisioning, bench.services, until)).toEqual({ outcome: 'more' });
    expect(bench.clock.now()).toBeLessThanOrEqual(until);
    await bench.settled();
    expect(made(bench)).toHaveLength(80);
  });

  it('leaves a record alone that somebody else has', async () => {
    const bench = provisionBench();
    const record = await bench.stored(person('ada'), later);
    const lease = { holder: 'somebody', until: bench.clock.now() + 10_000 };
    await bench.directory.updatePerson(record, { ...record, version: record.version + 1, lease });
    const drained = await bench.drained();
    expect(drained).toEqual({ outcome: 'idle', nextAt: lease.until + 1 });
    expect(bench.agentCalls()).toEqual({});
  });

  it('sends nothing more once its lease may be another drain’s', async () => {
    const bench = provisionBench({ behaviour: { returnsAgentId: true } });
    const record = await bench.stored(person('ada'));
    const before = bench.agentCalls();
    const married = person('ada', { name: { givenName: 'Ada', familyName: 'Other' } });
    await bench.stored(married, { inline: undefined, before: await bench.read(record) } as never);
    // The machine stands still for longer than a lease lasts, with the agent read and not yet changed.
    bench.betweenGetAndPut(() => bench.clock.advance(61_000));
    await bench.settled();
    const after = bench.agentCalls();
    const made = Object.entries(after).map(([call, count]) => [call, count - (before[call] ?? 0)] as const);
    expect(Object.fromEntries(made)).toEqual({
      'POST /agents': 0,
      // Read twice: the first attempt has sent nothing after it.
      'GET /agents/{agentId}': 2,
      'PUT /agents/{agentId}': 1,
    });
    expect((await bench.read(record)).state).toBe('provisioned');
  });

  it('looks behind many that others have', async () => {
    const bench = provisionBench();
    for (let index = 0; index < 60; index += 1) {
      const record = await bench.stored(person(`theirs-${index}`), later);
      const lease = { holder: 'another', until: bench.clock.now() + 600_000 };
      await bench.directory.updatePerson(record, { ...record, version: record.version + 1, lease });
    }
    bench.clock.advance(1_000);
    await bench.stored(person('ours'), later);
    await bench.drained(30_000);
    expect(made(bench)).toEqual(['ours']);
  });

  it('tries what failed again after a pause, and a longer one each time', async () => {
    const bench = provisionBench({ behaviour: { faults: [{ on: CREATE, kind: 'status', status: 503 }] } });
    const record = await bench.stored(person('ada'), later);
    const pauses: number[] = [];
    for (let tries = 1; tries <= 6; tries += 1) {
      while ((await bench.read(record)).attempts.count < tries) await bench.drained(12_000);
      const { dueAt = '' } = await bench.read(record);
      pauses.push(Date.parse(dueAt) - bench.clock.now());
      bench.clock.advance(Math.max(0, Date.parse(dueAt) - bench.clock.now()));
    }
    expect(Math.max(...pauses)).toBeGreaterThan(5_000);
  });

  it('hears of a joiner while back-fill waits for a call', async () => {
    const bench = provisionBench();
    for (let index = 0; index < 60; index += 1) await bench.stored(person(`file-${index}`), backfill);
    await bench.drained(40_000);
    // The joiner comes in the middle of a wait of back-fill.
    const { sleep } = bench.clock;
    let arrivedAt: number | undefined;
    bench.clock.sleep = async (milliseconds) => {
      await sleep.call(bench.clock, milliseconds);
      if (arrivedAt !== undefined) return;
      arrivedAt = bench.clock.now();
      await bench.stored(person('joiner'), later);
    };
    await bench.drained(20_000);
    const createdAt =
      bench.simulator.agents().find(({ firstName }) => firstName === 'joiner')?.createdAt ?? '';
    expect(Date.parse(createdAt) - (arrivedAt ?? 0)).toBeLessThan(3_000);
  });

  it('beside another drain makes each agent once', async () => {
    const bench = provisionBench();
    for (let index = 0; index < 30; index += 1) await bench.stored(person(`p-${index}`), later);
    await Promise.all([bench.drained(), bench.drained(), bench.drained()]);
    await bench.settled();
    expect(made(bench)).toHaveLength(30);
    expect(bench.agentCalls()).toEqual({ [CREATE]: 30 });
  });

  it('slows down when SmartAssist throttles, and counts it as nobody’s failure', async () => {
    const bench = provisionBench({ behaviour: { callsPerMinute: 20 } });
    const records = [];
    for (let index = 0; index < 40; index += 1) records.push(await bench.stored(person(`p-${index}`), later));
    await bench.settled();
    expect(made(bench)).toHaveLength(40);
    for (const record of records) expect((await bench.read(record)).attempts.count).toBe(0);
  });

  it('never makes more calls in sixty seconds than the budget', async () => {
    const bench = provisionBench();
    for (let index = 0; index < 150; index += 1) {
      await bench.stored(person(`p-${index}`), index % 2 === 0 ? later : backfill);
    }
    await bench.settled();
    expect(made(bench)).toHaveLength(150);
    expect(bench.simulator.peakPerMinute()).toBeLessThanOrEqual(50);
  });
});

describe('a change of the mapping', () => {
  it('makes only those due whose payload it changes, as back-fill', async () => {
    const bench = provisionBench();
    const billing = {
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department: 'Billing' },
    };
    await bench.stored(person('ada', billing));
    await bench.stored(person('bob'));
    await bench.settled();
    const rules = bench.provisioning.tenant.rules.map((rule) =>
      rule.name === 'billing' ? { ...rule, set: { agentGroup: 'Sales' } } : rule,
    );
    const changed = bench.reconfigure({ rules });
    const before = bench.agentCalls();
    await drain(changed, bench.services, bench.clock.now() + 120_000);
    const after = bench.agentCalls();
    expect(after['PUT /agents/{agentId}']).toBe(1);
    expect(after[CREATE]).toBe(before[CREATE]);
    const sales = bench.simulator.catalogue.agentGroups.find(({ name }) => name === 'Sales')?.id;
    expect(bench.simulator.agents().map(({ agentGroupId }) => agentGroupId === sales)).toEqual([true, false]);
  });

  it('makes nobody wait who joins meanwhile', async () => {
    const bench = provisionBench();
    for (let index = 0; index < 80; index += 1) await bench.stored(person(`p-${index}`), later);
    await bench.settled();
    bench.clock.advance(60_000);
    const rules = bench.provisioning.tenant.rules.map((rule) =>
      rule.name === 'everyone' ? { ...rule, set: { ...rule.set, agentGroup: 'Sales' } } : rule,
    );
    const changed = bench.reconfigure({ rules });
    await drain(changed, bench.services, bench.clock.now() + 12_000);
    const waiting = await bench.directory.duePersons('demo', bench.clock.now() + 1e9, 200);
    expect(new Set(waiting.map(({ priority }) => priority))).toEqual(new Set([PRIORITY.backfill]));
    await bench.stored(person('joiner'), later);
    await drain(changed, bench.services, bench.clock.now() + 14_000);
    expect(made(bench)).toContain('joiner');
  });

  it('reaches those too who were made before the first drain', async () => {
    const bench = provisionBench();
    await bench.stored(person('ada'));
    const rules = bench.provisioning.tenant.rules.map((rule) =>
      rule.name === 'everyone' ? { ...rule, set: { ...rule.set, agentGroup: 'Sales' } } : rule,
    );
    await drain(bench.reconfigure({ rules }), bench.services, bench.clock.now() + 120_000);
    const sales = bench.simulator.catalogue.agentGroups.find(({ name }) => name === 'Sales')?.id;
    expect(bench.simulator.agents().map(({ agentGroupId }) => agentGroupId)).toEqual([sales]);
  });

  it('tries those again who were refused, by itself', async () => {
    const bench = provisionBench({ tenant: { provisionWhen: 'not (active eq false)' } });
    const wrong = bench.reconfigure({ rules: [{ name: 'all', set: { agentGroup: 'Nowhere' } }] });
    const record = await bench.stored(person('ada'), later);
    await drain(wrong, bench.services, bench.clock.now() + 60_000);
    expect((await bench.read(record)).state).toBe('failed');
    await drain(wrong, bench.services, bench.clock.now() + 60_000);
    await drain(bench.provisioning, bench.services, bench.clock.now() + 60_000);
    expect((await bench.read(record)).state).toBe('provisioned');
  });

  it('costs nothing when nothing changed', async () => {
    const bench = provisionBench();
    await bench.stored(person('ada'));
    await bench.settled();
    const calls = bench.simulator.calls();
    await drain(bench.reconfigure({}), bench.services, bench.clock.now() + 60_000);
    expect(bench.simulator.calls()).toEqual(calls);
  });
});

describe('groups', () => {
  const group = (displayName: string) => aGroup('demo', 'g1', { displayName });
  const groupName = ({ simulator }: ReturnType<typeof provisionBench>) => {
    const id = simulator.agents()[0]?.agentGroupId;
    return simulator.catalogue.agentGroups.find((each) => each.id === id)?.name;
  };

  it('decide as they are now: joined, renamed, left', async () => {
    const bench = provisionBench();
    const { directory, services } = bench;
    const record = await bench.stored(person('ada'));
    expect(groupName(bench)).toBe('Default Group');
    await directory.createGroup(group('Contact Centre Billing'));
    await directory.addMembers('demo', 'g1', [{ value: record.id }, { value: 'not here yet' }]);
    await markPersonsDue(services, 'demo', [record.id, 'not here yet']);
    await bench.settled();
    expect(groupName(bench)).toBe('Billing');
    await directory.updateGroup(group('Contact Centre Billing'), { ...group('Something else'), version: 2 });
    await markGroupDue(services, 'demo', 'g1');
    await bench.settled();
    expect(groupName(bench)).toBe('Default Group');
    expect(bench.rung.length).toBeGreaterThanOrEqual(2);
  });

  it('of many are worked off page by page, and only who is concerned becomes due', async () => {
    const bench = provisionBench();
    const { directory, services } = bench;
    await directory.createGroup(group('Contact Centre Billing'));
    for (let index = 0; index < 230; index += 1) {
      const { id } = await bench.stored(person(`p-${index}`, { active: false }), later);
      await directory.addMembers('demo', 'g1', [{ value: id }]);
    }
    await bench.settled();
    await markGroupDue(services, 'demo', 'g1');
    await bench.settled();
    expect(bench.agentCalls()).toEqual({});
    expect(await directory.duePersons('demo', bench.clock.now() + 1e9, 1)).toEqual([]);
  });
});
