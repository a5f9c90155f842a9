import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openDirectory } from '../../functions/directory/directory.ts';
import { memoryTable } from '../../functions/directory/memory.ts';
import type { PersonRecord } from '../../functions/directory/record.ts';
import type { Item, Table } from '../../functions/directory/table.ts';
import { personsOfAddress } from '../../functions/provision/agent/address.ts';
import { drain } from '../../functions/provision/drain/drain.ts';
import { forecast } from '../../functions/provision/forecast.ts';
import { openTenant, type TenantProvisioning } from '../../functions/provision/tenant.ts';
import { keepAgentHolders } from '../../functions/reconcile/holder-keys.ts';
import { reconcile } from '../../functions/reconcile/reconciliation.ts';
import { demoTenant } from '../mapping/demo.ts';
import { type ProvisionBench, person, provisionBench } from './bench.ts';

const HOUR_MS = 3_600_000;
const later = { inline: undefined } as never;
const addressOf = (name: string) => ({
  emails: [{ value: `${name}@example.com`, type: 'work', primary: true }],
});

async function census(bench: ProvisionBench, provisioning: TenantProvisioning = bench.provisioning) {
  bench.clock.advance(HOUR_MS);
  const outcome = await reconcile(provisioning, bench.services, bench.clock.now() + HOUR_MS, true);
  if (outcome.outcome !== 'done') throw new Error(JSON.stringify(outcome));
  return outcome.reconciliation;
}

const agentOf = ({ simulator }: ProvisionBench, emailId: string) =>
  simulator.agents().find((agent) => agent.emailId === emailId);

describe('an agent that a person has', () => {
  it('is not adopted for a second one with its address, who is refused and told whose it is', async () => {
    const bench = provisionBench();
    const ada = await bench.stored(person('ada'));
    await census(bench);
    const before = agentOf(bench, 'ada@example.com');
    const eve = await bench.arrive(person('eve', addressOf('ada')));
    expect(eve).toMatchObject({ outcome: 'taken', message: expect.stringContaining('"ada@example.com"') });
    expect(agentOf(bench, 'ada@example.com')).toEqual(before);
    expect(await bench.read(ada)).toMatchObject({ state: 'provisioned', agent: { agentId: before?.id } });
    expect(await bench.directory.countPersons('demo')).toBe(1);
  });

  it('is not deleted for another one whose record names it', async () => {
    const lifecycle = { ...demoTenant().lifecycle, onDelete: 'remove' as const };
    const bench = provisionBench({ tenant: { lifecycle } });
    const ada = await bench.stored(person('ada'));
    const eve = await bench.stored(person('eve'));
    await census(bench);
    const agentId = (await bench.read(ada)).agent.agentId ?? '';
    const known = await bench.read(eve);
    // As version 0.1.0 could write it: the id of another person's agent, and no account with it.
    const { account: _, ...agent } = known.agent;
    const wrong = { ...known, version: known.version + 1, agent: { ...agent, agentId } };
    expect((await bench.directory.updatePerson(known, wrong)).ok).toBe(true);
    await bench.stored(person('eve'), { before: wrong, deleted: true, ...(later as object) });
    await bench.settled();
    expect(agentOf(bench, 'ada@example.com')?.id).toBe(agentId);
  });

  it('fails a second one for whom nobody waits, and stays in service when that one leaves', async () => {
    const bench = provisionBench();
    await bench.stored(person('ada'));
    await census(bench);
    const before = agentOf(bench, 'ada@example.com');
    const eve = await bench.stored(person('eve', addressOf('ada')), later);
    await bench.settled();
    const failed = await bench.read(eve);
    expect(failed).toMatchObject({
      state: 'failed',
      attempts: { lastError: { code: 'uniqueness', message: expect.stringContaining('"ada@example.com"') } },
    });
    const gone = await bench.arrive(person('eve', { ...addressOf('ada'), active: false }), {
      before: failed,
    });
    expect(gone.outcome).toBe('stored');
    await bench.settled();
    expect(agentOf(bench, 'ada@example.com')).toEqual(before);
  });

  it('stays with a leaver whose address a joiner gets: the joiner is refused', async () => {
    const bench = provisionBench();
    const joined = await bench.stored(person('ada'));
    const left = await bench.stored(person('ada', { active: false }), { before: joined });
    expect(left.state).toBe('suspended');
    await census(bench);
    expect(await bench.arrive(person('new', addressOf('ada')))).toMatchObject({
      outcome: 'taken',
      message: expect.stringMatching(/"ada@example\.com".*another address/),
    });
    const back = await bench.stored(person('ada'), { before: await bench.read(left) });
    expect(back.state).toBe('provisioned');
    expect(bench.simulator.agents()).toHaveLength(1);
  });

  it('is taken by one of two who are tried at the same time', async () => {
    const bench = provisionBench();
    await bench.stored(person('first'));
    bench.simulator.seedAgent({ emailId: 'desk@example.com' });
    await census(bench);
    const outcomes = await Promise.all([
      bench.arrive(person('ada', addressOf('desk'))),
      bench.arrive(person('eve', addressOf('desk'))),
    ]);
    expect(outcomes.filter(({ outcome }) => outcome === 'taken')).toHaveLength(1);
    const { persons } = await bench.directory.listPersons('demo', { limit: 9 });
    const ids = persons.map(({ agent }) => agent.agentId).filter((id) => id !== undefined);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('tenants of one account', () => {
  it('share its agents: what a person of one has is not adopted by another, which is told no name', async () => {
    const bench = provisionBench();
    const { tenant } = bench.provisioning;
    const all = { demo: tenant, second: tenant };
    const demo = openTenant('demo', tenant, bench.services, all);
    const second = openTenant('second', tenant, bench.services, all);
    await bench.stored(person('ada'));
    await census(bench, demo);
    await second.organization.learn(bench.simulator.orgId);
    await census(bench, second);
    const before = bench.simulator.agents();
    await bench.services.directory.createPerson({
      ...(await bench.stored(person('eve', { ...addressOf('ada'), active: false }))),
      tenant: 'second',
      id: 'eve',
      person: person('eve', addressOf('ada')),
      state: 'due',
      dueAt: new Date(bench.clock.now()).toISOString(),
    });
    await drain(second, bench.services, bench.clock.now() + 120_000);
    const eve = await bench.directory.readPerson('second', 'eve');
    expect(eve).toMatchObject({
      state: 'failed',
      attempts: {
        lastError: { message: expect.stringContaining('an agent of another tenant of this account') },
      },
    });
    expect(eve?.attempts.lastError?.message).not.toContain('"ada');
    expect(bench.simulator.agents()).toEqual(before);
  });

  it('adopt nothing until the agents of all of them are known', async () => {
    const bench = provisionBench();
    const { tenant } = bench.provisioning;
    const all = { demo: tenant, second: tenant };
    const demo = openTenant('demo', tenant, bench.services, all);
    await bench.stored(person('first'));
    bench.simulator.seedAgent({ emailId: 'ada@example.com', nickName: 'Countess' });
    await census(bench, demo);
    const ada = await bench.stored(person('ada'), later);
    await drain(demo, bench.services, bench.clock.now() + 120_000);
    expect((await bench.read(ada)).state).not.toBe('provisioned');
    expect(agentOf(bench, 'ada@example.com')?.firstName).not.toBe('ada');
    const second = openTenant('second', tenant, bench.services, all);
    expect(await keepAgentHolders(second, bench.services, bench.clock.now() + HOUR_MS)).toBe(true);
    await census(bench, demo);
    await bench.settled();
    expect(await bench.read(ada)).toMatchObject({ state: 'provisioned' });
  });
});

const FIXTURE = join(import.meta.dirname, '../fixtures/stored/two-holders-0.1.json');
const SHARED = 'a-9ba1735a-cebd-5da2-883e-57096b494530';

describe('a directory of 0.1.0 in which two persons have one agent', () => {
  async function opened(customIdOf: 'ada' | 'eve' | undefined) {
    let table: Table | undefined;
    const bench = provisionBench({
      directory: () => {
        const clock = { now: () => bench?.clock.now() ?? 0, sleep: async () => {} };
        table = memoryTable(clock);
        return openDirectory(table, clock);
      },
    });
    const items = JSON.parse(readFileSync(FIXTURE, 'utf8')) as Item[];
    await table?.write(items.map((put) => ({ put })));
    const records = items.flatMap(({ body }) =>
      body.record === undefined ? [] : [body.record as PersonRecord],
    );
    const named = (name: string) => records.find(({ person: { userName } }) => userName.startsWith(name));
    const record = async (name: string) => {
      const found = named(name);
      if (found === undefined) throw new Error(`the fixture has no ${name}`);
      return bench.read(found);
    };
    const bob = await record('bob');
    bench.simulator.seedAgent({
      id: SHARED,
      emailId: 'ada@example.com',
      customId: customIdOf === undefined ? 'customer-1' : (await record(customIdOf)).agent.customId,
    });
    bench.simulator.seedAgent({ emailId: 'bob@example.com', customId: bob.agent.customId });
    return { bench, record };
  }
  const keep = ({ provisioning, services, clock }: ProvisionBench, until = HOUR_MS) =>
    keepAgentHolders(provisioning, services, clock.now() + until);

  it.each(['ada', 'eve'] as const)('leaves it to the one whose Custom ID it carries: %s', async (name) => {
    const { bench, record } = await opened(name);
    const other = name === 'ada' ? 'eve' : 'ada';
    expect(await keep(bench)).toBe(true);
    const { account } = bench.provisioning;
    const keeper = await record(name);
    expect(keeper).toMatchObject({ state: 'provisioned', agent: { agentId: SHARED } });
    expect(await bench.directory.agentHolder(account, SHARED)).toEqual({ tenant: 'demo', id: keeper.id });
    expect(await record(other)).toMatchObject({ state: 'due', agent: { presence: 'none' } });
    expect((await record(other)).agent).not.toHaveProperty('agentId');
    const before = bench.simulator.agents();
    await bench.drained();
    await bench.provisioning.organization.learn(bench.simulator.orgId);
    await census(bench);
    await bench.settled();
    expect((await record(other)).state).toBe('failed');
    expect(bench.simulator.agents()).toEqual(before);
  });

  it('leaves it to one of the two where the agent carries neither', async () => {
    const { bench, record } = await opened(undefined);
    expect(await keep(bench)).toBe(true);
    const holders = [await record('ada'), await record('eve')].filter(
      ({ agent }) => agent.agentId === SHARED,
    );
    expect(holders).toHaveLength(1);
  });

  it('goes on with it where it was broken off, and adopts nothing before it is done', async () => {
    const { bench, record } = await opened('eve');
    bench.simulator.setBehaviour({
      faults: [{ on: 'GET /agents/{agentId}', kind: 'drop-before', times: 1 }],
    });
    expect(await keep(bench)).toBe(false);
    expect(await reconcile(bench.provisioning, bench.services, bench.clock.now() + 500, true)).toMatchObject({
      outcome: 'more',
    });
    expect(await keep(bench)).toBe(true);
    expect((await record('eve')).agent.agentId).toBe(SHARED);
    const calls = bench.simulator.calls().total;
    expect(await keep(bench)).toBe(true);
    expect(bench.simulator.calls().total).toBe(calls);
  });
});

describe('two persons who would be one e-mail address', () => {
  const agentCalls = (bench: ProvisionBench) => bench.simulator.calls()['POST /agents'] ?? 0;

  it('are found by either spelling, composed or with a combining character', async () => {
    const bench = provisionBench();
    const [composed, combining] = ['zo\u00eb', 'zoe\u0308'];
    const zoe = await bench.stored(person('zoe', addressOf(combining)), later);
    for (const spelling of [composed, combining, 'ZO\u00cb']) {
      const found = await personsOfAddress(bench.provisioning, bench.services, `${spelling}@example.com`);
      expect(found.map(({ id }) => id)).toEqual([zoe.id]);
    }
  });

  it('are found at the door, before any call', async () => {
    const bench = provisionBench();
    await bench.stored(person('ada'));
    const before = bench.simulator.calls().total;
    expect(await bench.arrive(person('eve', addressOf('ada')))).toMatchObject({
      outcome: 'taken',
      message: expect.stringContaining('"ada@example.com"'),
    });
    expect(bench.simulator.calls().total).toBe(before);
  });

  it('are found by the drain: the first one gets the agent, and the second one costs no call', async () => {
    const bench = provisionBench();
    const ada = await bench.stored(person('ada'), later);
    const eve = await bench.stored(person('eve', addressOf('ada')), later);
    await bench.settled();
    expect((await bench.read(ada)).state).toBe('provisioned');
    expect(await bench.read(eve)).toMatchObject({
      state: 'failed',
      attempts: { lastError: { code: 'uniqueness' } },
    });
    expect(agentCalls(bench)).toBe(1);
  });

  it('are found when one of two who have agents gets the address of the other', async () => {
    const bench = provisionBench();
    const ada = await bench.stored(person('ada'));
    await bench.stored(person('eve'));
    const before = bench.simulator.agents();
    const changed = await bench.arrive(person('ada', addressOf('eve')), { before: ada });
    expect(changed).toMatchObject({
      outcome: 'taken',
      message: expect.stringContaining('"eve@example.com"'),
    });
    expect(bench.simulator.agents()).toEqual(before);
    expect((await bench.read(ada)).person.emails).toEqual(person('ada').emails);
  });

  it('are shown by a plan', async () => {
    const bench = provisionBench();
    await bench.stored(person('ada'), later);
    await bench.stored(person('eve', addressOf('ada')), later);
    const foreseen = [];
    for await (const one of forecast(bench.directory, 'demo', bench.provisioning.planner, undefined)) {
      foreseen.push(one);
    }
    expect(foreseen).toMatchObject([
      { userName: 'ada@example.com', effect: 'create' },
      {
        userName: 'eve@example.com',
        effect: 'fail',
        problems: [expect.stringContaining('"ada@example.com"')],
      },
    ]);
  });
});
