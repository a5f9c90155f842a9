import { describe, expect, it } from 'vitest';
import { startReconciliation } from '../../functions/operate/reconciliation/view.ts';
import { openTenant } from '../../functions/provision/tenant.ts';
import { reconcileHandler } from '../../functions/reconcile/handler.ts';
import { reconcile } from '../../functions/reconcile/reconciliation.ts';
import { readReconciliation } from '../../functions/reconcile/report.ts';
import { type ProvisionBench, person, provisionBench } from '../provision/bench.ts';
import { contextWith } from '../scim/event.ts';

const LIST = 'GET /organizations/{orgId}/agents';
const HOUR_MS = 3_600_000;
const later = { inline: undefined } as never;

async function staffed(count: number, behaviour = {}): Promise<ProvisionBench> {
  const bench = provisionBench({ behaviour });
  for (let index = 0; index < count; index += 1) await bench.stored(person(`p-${index}`), later);
  await bench.settled();
  bench.clock.advance(HOUR_MS);
  return bench;
}

async function census(bench: ProvisionBench) {
  const outcome = await reconcile(bench.provisioning, bench.services, bench.clock.now() + HOUR_MS, true);
  if (outcome.outcome !== 'done') throw new Error(JSON.stringify(outcome));
  return outcome.reconciliation;
}

const rules = (bench: ProvisionBench) => [
  ...bench.provisioning.tenant.rules,
  { name: 'queue', add: { queues: [{ queue: 'Billing' }, { queue: 'Sales' }] } },
];

describe('the list of agents, which shows no Custom ID and queues only where they are asked for', () => {
  it('has nothing to report of agents that nobody touched, and costs its pages alone', async () => {
    const bench = await staffed(25);
    const provisioning = bench.reconfigure({ rules: rules(bench) });
    await bench.stored(person('queued'));
    const before = bench.simulator.calls();
    const result = await census({ ...bench, provisioning } as ProvisionBench);
    expect(result).toMatchObject({
      agents: 26,
      learned: 26,
      drifted: 0,
      missed: 0,
      foreigners: 0,
      adopted: 0,
    });
    await bench.settled();
    bench.clock.advance(HOUR_MS);
    expect(await census(bench)).toMatchObject({ learned: 0, drifted: 0, missed: 0, foreigners: 0 });
    const after = bench.simulator.calls();
    const spent = Object.keys(after).filter((call) => /agents/.test(call) && after[call] !== before[call]);
    expect(spent).toEqual([LIST]);
  });

  it('shows queues and preferences, so that one taken away by hand is drift', async () => {
    const made = provisionBench();
    const bench = provisionBench({ tenant: { rules: rules(made) } });
    await bench.stored(person('ada'));
    bench.clock.advance(HOUR_MS);
    expect(await census(bench)).toMatchObject({ drifted: 0 });
    const [agent] = bench.simulator.agents();
    expect(agent?.queues.length).toBeGreaterThan(1);
    bench.simulator.editAgent(agent?.id ?? '', { queues: agent?.queues.slice(1) ?? [] });
    bench.clock.advance(HOUR_MS);
    expect(await census(bench)).toMatchObject({ drifted: 1, drift: [{ fields: ['queues'] }] });
  });

  it('finds an agent by its id although its address was changed by hand', async () => {
    const bench = await staffed(2);
    await census(bench);
    const [agent] = bench.simulator.agents();
    bench.simulator.editAgent(agent?.id ?? '', { emailId: 'by.hand@example.com' });
    bench.clock.advance(HOUR_MS);
    expect(await census(bench)).toMatchObject({ drifted: 1, missed: 0, foreigners: 0 });
  });

  it.each(['contradicting', 'missing'] as const)(
    'is read to its end when its page facts are %s',
    async (listFacts) => {
      const bench = await staffed(25, { listFacts });
      expect(await census(bench)).toMatchObject({ agents: 25, missed: 0 });
      expect(bench.simulator.calls()).toMatchObject({ [LIST]: 4 });
    },
  );
});

describe('a page of agents that is not as documented', () => {
  /** The bench with what its pages of agents become on the way. */
  const through = (bench: ProvisionBench, change: (body: string, page: number) => string) => {
    const transport: typeof bench.services.transport = async (request) => {
      const response = await bench.services.transport(request);
      const page = /\/organizations\/.*[?&]page=(\d+)/.exec(request.url)?.[1];
      return page === undefined ? response : { ...response, body: change(response.body, Number(page)) };
    };
    const services = { ...bench.services, transport };
    return { ...bench, services, provisioning: openTenant('demo', bench.provisioning.tenant, services) };
  };
  const results = (body: string, edit: (records: object[]) => object[]) => {
    const page = JSON.parse(body) as { results: object[] };
    return JSON.stringify({ ...page, results: edit(page.results) });
  };

  it.each<[string, (records: object[]) => object[]]>([
    ['has no queues', (records) => records.map((record) => ({ ...record, queues: undefined }))],
    ['has unknown fields', (records) => records.map((record) => ({ ...record, mood: { of: ['day'] } }))],
    ['has an agent twice', (records) => [...records, ...records.slice(0, 1)]],
  ])('%s: nothing is reported, and no agent is given twice', async (_, edit) => {
    const bench = await staffed(12);
    const changed = through(bench, (body) => results(body, edit));
    expect(await census(changed)).toMatchObject({ learned: 12, drifted: 0, missed: 0, foreigners: 0 });
    const { persons } = await bench.directory.listPersons('demo', { limit: 99 });
    expect(new Set(persons.map(({ agent }) => agent.agentId)).size).toBe(12);
  });

  it('is cut midway: it is read again', async () => {
    const bench = await staffed(12);
    let cuts = 1;
    const changed = through(bench, (body, page) =>
      page === 2 && cuts-- > 0 ? body.slice(0, body.length / 2) : body,
    );
    const until = bench.clock.now() + HOUR_MS;
    expect(await reconcile(changed.provisioning, changed.services, until, true)).toMatchObject({
      outcome: 'more',
    });
    expect(await reconcile(changed.provisioning, changed.services, until, false)).toMatchObject({
      outcome: 'done',
      reconciliation: { learned: 12, drifted: 0, missed: 0, foreigners: 0 },
    });
  });
});

describe('an empty directory beside an account that has agents, as after a table was lost', () => {
  it('reads all of them before a person is there, and adopts each when the person comes again', async () => {
    const bench = provisionBench();
    for (let index = 0; index < 12; index += 1) {
      bench.simulator.seedAgent({ emailId: `p-${index}@example.com`, nickName: `n-${index}` });
    }
    await startReconciliation(bench.services, 'demo', { by: 'anna' });
    const minute = reconcileHandler({ tenants: { demo: bench.provisioning.tenant } }, bench.services);
    await minute({ kind: 'minute' }, { ...contextWith(), getRemainingTimeInMillis: () => HOUR_MS });
    // The organization is told by the catalogue: neither a person nor an agent has named it.
    expect(await readReconciliation(bench.services, 'demo')).toMatchObject({ agents: 12, foreigners: 12 });
    bench.clock.advance(HOUR_MS);
    for (let index = 0; index < 12; index += 1) await bench.stored(person(`p-${index}`));
    await bench.settled();
    const { persons } = await bench.directory.listPersons('demo', { limit: 20 });
    expect(persons.map(({ state }) => state)).toEqual(Array(12).fill('provisioned'));
    expect(
      bench.simulator
        .agents()
        .map(({ nickName }) => nickName)
        .toSorted(),
    ).toEqual(Array.from({ length: 12 }, (_, index) => `n-${index}`).toSorted());
    expect(bench.simulator.calls()).not.toHaveProperty('POST /agents');
  });
});

describe('a first roll-out among people who are agents already', () => {
  it('begins on an empty directory, and adopts everybody at one refused create and two calls each', async () => {
    const bench = provisionBench();
    for (let index = 0; index < 12; index += 1) {
      bench.simulator.seedAgent({ emailId: `p-${index}@example.com`, nickName: `n-${index}` });
    }
    const first = await bench.stored(person('p-0'));
    expect(first).toMatchObject({ state: 'due', attempts: { lookedForSince: expect.any(String) } });
    const minute = reconcileHandler({ tenants: { demo: bench.provisioning.tenant } }, bench.services);
    const context = { ...contextWith(), getRemainingTimeInMillis: () => HOUR_MS };
    bench.clock.advance(60_000);
    await minute({ kind: 'minute' }, context);
    expect(bench.simulator.calls()).toMatchObject({ [LIST]: 2 });
    for (let index = 1; index < 12; index += 1) await bench.stored(person(`p-${index}`), later);
    await bench.settled();
    const { persons } = await bench.directory.listPersons('demo', { limit: 20 });
    expect(persons.map(({ state }) => state)).toEqual(Array(12).fill('provisioned'));
    expect(bench.simulator.agents()).toHaveLength(12);
    expect(bench.simulator.agents().map(({ nickName }) => nickName)).toContain('n-7');
    expect(bench.simulator.calls()).toMatchObject({ 'POST /agents': 1, 'PUT /agents/{agentId}': 12 });
  });

  it('fails a person in the end whose agent is in no list, and looks no second time within the hour', async () => {
    const bench = provisionBench({
      behaviour: { faults: [{ on: 'POST /agents', kind: 'status', status: 409 }] },
    });
    const record = await bench.stored(person('ada'));
    expect(record.state).toBe('due');
    bench.clock.advance(60_000);
    expect(await census(bench)).toMatchObject({ agents: 0 });
    await bench.settled();
    const failed = await bench.read(record);
    expect(failed).toMatchObject({ state: 'failed', attempts: { lastError: { code: 'refused' } } });
    expect(await bench.arrive(person('ada', { title: 'again' }), { before: failed })).toMatchObject({
      outcome: 'refused',
      status: 409,
    });
  });
});
