import { describe, expect, it } from 'vitest';
import { type PersonRecord, PRIORITY } from '../../../functions/directory/record.ts';
import { drain } from '../../../functions/provision/drain/drain.ts';
import { nextRemapJob, storeRemapJob } from '../../../functions/provision/remap-jobs.ts';
import type { ServedGeneration } from '../../../functions/provision/services.ts';
import { openTenant } from '../../../functions/provision/tenant.ts';
import { correlated } from '../../../functions/runtime/correlation.ts';
import type { Rule } from '../../../functions/tenant/configuration.ts';
import { aPerson } from '../../contract/directory.ts';
import { demoTenant } from '../../mapping/demo.ts';
import { type ProvisionBench, person, provisionBench } from '../bench.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const later = { inline: undefined } as never;
const backfill = { inline: undefined, priority: PRIORITY.backfill } as never;

async function arrive(bench: ProvisionBench, ...names: string[]): Promise<PersonRecord[]> {
  const records = [];
  for (const name of names) records.push(await bench.stored(person(name), later));
  return records;
}

/** As the record is, with something changed that no drain has changed. */
async function store({ directory }: ProvisionBench, record: PersonRecord, changes: Partial<PersonRecord>) {
  await directory.updatePerson(record, { ...record, ...changes, version: record.version + 1 });
}

/** The names are read, and the calls for it are over. */
async function paidForNames(bench: ProvisionBench): Promise<void> {
  await bench.stored(person('first'));
  await bench.settled();
  bench.clock.advance(2 * MINUTE);
}

/** Persons for whom nothing is due. */
async function idlers({ directory }: ProvisionBench, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1)
    await directory.createPerson(
      aPerson('demo', `q${index}`, { person: { userName: `q${index}`, active: true } }),
    );
}

const aMoment = () => new Promise<void>((resolve) => setImmediate(resolve));
const inFuture = ({ clock }: ProvisionBench, milliseconds: number) =>
  new Date(clock.now() + milliseconds).toISOString();

describe('a drain ends', () => {
  it('at once when it is told to, between two records', async () => {
    const bench = provisionBench();
    await arrive(bench, 'ada', 'bob', 'cyd');
    const ending = new AbortController();
    const told = provisionBenchWith(bench, async (request) => {
      if (request.url.endsWith('/agents')) ending.abort();
      return bench.services.transport(request);
    });
    const { signal } = ending;
    const drained = await drain(told.provisioning, told.services, bench.clock.now() + MINUTE, { signal });
    expect(drained).toEqual({ outcome: 'more' });
    // What was begun has ended.
    expect(bench.simulator.agents().map(({ firstName }) => firstName)).toEqual(['ada']);
  });

  it('with all its time when less is left than one record takes, without a call', async () => {
    const bench = provisionBench();
    await arrive(bench, 'ada');
    expect(await bench.drained(10_000)).toEqual({ outcome: 'more' });
    expect(bench.agentCalls()).toEqual({});
    expect(await bench.drained(11_000)).not.toEqual({ outcome: 'more' });
    expect(bench.simulator.agents()).toHaveLength(1);
  });

  it.each([
    ['interactive', later],
    ['back-fill', backfill],
  ])('with when the next record is due, the sooner of those of both kinds: %s', async (_, terms) => {
    const bench = provisionBench();
    const first = await bench.stored(person('ada'), terms);
    const [second] = await arrive(bench, 'bob');
    if (second === undefined) throw new Error('nobody');
    const at = inFuture(bench, 5 * MINUTE);
    await store(bench, first, { dueAt: at });
    await store(bench, second, { dueAt: inFuture(bench, 7 * MINUTE) });
    expect(await bench.drained()).toEqual({ outcome: 'idle', nextAt: Date.parse(at) });
  });

  it('without a time where the next one is more than a day away', async () => {
    const bench = provisionBench();
    const [ada] = await arrive(bench, 'ada');
    if (ada === undefined) throw new Error('nobody');
    await store(bench, ada, { dueAt: inFuture(bench, DAY + MINUTE) });
    expect(await bench.drained()).toEqual({ outcome: 'idle' });
    bench.clock.advance(2 * MINUTE);
    expect(await bench.drained()).toMatchObject({ outcome: 'idle', nextAt: expect.any(Number) });
  });
});

describe('that its time is nearly over is told by a drain', () => {
  /** When, in milliseconds before its end, it was told. */
  async function toldBy(count: number): Promise<number[]> {
    const bench = provisionBench();
    const names = Array.from({ length: count }, (_, index) => `p-${index}`);
    for (const name of names) await bench.stored(person(name), backfill);
    const until = bench.clock.now() + MINUTE;
    const told: number[] = [];
    const onNearlyOver = () => void told.push(until - bench.clock.now());
    await drain(bench.provisioning, bench.services, until, { onNearlyOver });
    return told;
  }

  it('once, a second before it begins with no other record, where some are left', async () => {
    const told = await toldBy(70);
    expect(told).toHaveLength(1);
    expect(told[0]).toBeLessThanOrEqual(12_000);
    expect(told[0]).toBeGreaterThanOrEqual(11_000);
  });

  it('never where it does all of them in time', async () => {
    expect(await toldBy(5)).toEqual([]);
  });
});

describe('a drain under a generation', () => {
  const generationOf = (isOutdated: ServedGeneration['isOutdated']): ServedGeneration => ({
    number: 1,
    digest: '',
    isActive: true,
    isOutdated,
  });

  it('ends within half a minute of another one being active, and leaves the rest to the next drain', async () => {
    const bench = provisionBench();
    const names = Array.from({ length: 70 }, (_, index) => `p-${index}`);
    await arrive(bench, ...names);
    const began = bench.clock.now();
    const asked: number[] = [];
    const generation = generationOf(async () => {
      asked.push(bench.clock.now() - began);
      return asked.length > 1;
    });
    const provisioning = { ...bench.provisioning, generation };
    expect(await drain(provisioning, bench.services, began + 10 * MINUTE)).toEqual({ outcome: 'more' });
    expect(asked).toHaveLength(2);
    expect(asked[0]).toBeGreaterThanOrEqual(30_000);
    expect(asked[1]).toBeLessThan(2 * 32_000);
    expect(bench.simulator.agents().length).toBeLessThan(70);
  });

  it('leaves what a newer one has mapped to functions that know it, and asks once whether it should know', async () => {
    const bench = provisionBench();
    const [ada, bob] = await arrive(bench, 'ada', 'bob');
    if (ada === undefined || bob === undefined) throw new Error('nobody');
    await store(bench, ada, { generation: 2 });
    const asked: unknown[] = [];
    const generation = generationOf(async (anew) => {
      asked.push(anew);
      return false;
    });
    const provisioning = { ...bench.provisioning, generation };
    const drained = await drain(provisioning, bench.services, bench.clock.now() + MINUTE);
    expect(asked).toEqual(['anew']);
    expect(bench.simulator.agents().map(({ firstName }) => firstName)).toEqual(['bob']);
    expect(drained).toEqual({ outcome: 'idle', nextAt: bench.clock.now() + 30_000 });
    expect((await bench.read(ada)).state).toBe('due');
  });

  it('notes that it maps with one that is older than the active one, where it maps anybody', async () => {
    const bench = provisionBench();
    await bench.stored(person('eve'));
    await bench.settled();
    const seen = async () => (await bench.directory.readDocument('demo', 'mapping-seen'))?.body;
    const generation = { ...generationOf(async () => false), isActive: false };
    const drains = () =>
      drain({ ...bench.provisioning, generation }, bench.services, bench.clock.now() + MINUTE);
    await drains();
    expect(await seen()).not.toHaveProperty('olderUntil');
    await arrive(bench, 'ada', 'bob');
    const began = bench.clock.now();
    await drains();
    expect((await seen())?.olderUntil).toBe(began + MINUTE);
  });

  it('ends at once where it turns out that it should', async () => {
    const bench = provisionBench();
    const [ada] = await arrive(bench, 'ada', 'bob');
    if (ada === undefined) throw new Error('nobody');
    await store(bench, ada, { generation: 2 });
    const provisioning = { ...bench.provisioning, generation: generationOf(async () => true) };
    expect(await drain(provisioning, bench.services, bench.clock.now() + MINUTE)).toEqual({
      outcome: 'more',
    });
    expect(bench.simulator.agents()).toEqual([]);
  });
});

describe('a record in a drain', () => {
  it('is worked on under the id of the request that made it due', async () => {
    const bench = provisionBench();
    const ada = await correlated('the request of ada', () => bench.stored(person('ada'), later));
    await correlated('the ring', () => bench.drained());
    const { entries } = await bench.directory.listHistory('demo', ada.id, { limit: 1 });
    expect(entries).toMatchObject([{ what: 'created', correlationId: 'the request of ada' }]);
  });

  it('that the directory fails on is tried once in a drain, counted and named, and tried by the next one', async () => {
    let isAway = true;
    let tries = 0;
    const bench = provisionBench({
      directory: (directory) => ({
        ...directory,
        updatePerson: async (before, after) => {
          tries += 1;
          if (isAway) throw new Error('the disk is broken here');
          return directory.updatePerson(before, after);
        },
      }),
    });
    const [ada] = await arrive(bench, 'ada');
    if (ada === undefined) throw new Error('nobody');
    expect(await bench.drained()).toMatchObject({ outcome: 'idle' });
    expect(tries).toBe(1);
    expect(bench.numbers.of('Failed')).toEqual({ broken: 1 });
    const said = bench.logged.filter((line) => line.includes('the disk is broken here'));
    expect(said.map((line) => JSON.parse(line))).toMatchObject([{ tenant: 'demo', person: ada.id }]);
    isAway = false;
    await bench.settled();
    expect((await bench.read(ada)).state).toBe('provisioned');
  });

  it('is one of eight at most that are worked on at a time', async () => {
    const bench = provisionBench();
    await arrive(bench, ...Array.from({ length: 20 }, (_, index) => `p-${index}`));
    const { services, clock } = bench;
    let [asked, most] = [0, 0];
    let waiting: (() => void)[] = [];
    // Nobody is answered before eight wait, or all have been asked for.
    const slowly = provisionBenchWith(bench, async (request) => {
      if (request.method !== 'POST' || !request.url.endsWith('/agents')) return services.transport(request);
      asked += 1;
      const answered = new Promise<void>((resolve) => waiting.push(resolve));
      most = Math.max(most, waiting.length);
      if (waiting.length === 8 || asked === 20) {
        // A ninth would come meanwhile.
        for (let moment = 0; moment < 12; moment += 1) await aMoment();
        for (const answer of waiting) answer();
        waiting = [];
      }
      await answered;
      return services.transport(request);
    });
    // A drain that sleeps lets the others go on: an answer takes some seconds.
    const sleep = (milliseconds: number) => clock.sleep(milliseconds).then(aMoment);
    const its = { ...slowly.services, clock: { now: () => clock.now(), sleep } };
    await drain(slowly.provisioning, its, clock.now() + 10 * MINUTE);
    expect(bench.simulator.agents()).toHaveLength(20);
    expect(most).toBe(8);
  });
});

describe('a drain that has much to do', () => {
  const twenty = Array.from({ length: 20 }, (_, index) => `p-${index}`);

  it('looks at everybody behind joiners and beside back-fill, and seldom whether that is to be done', async () => {
    const bench = provisionBench();
    const { directory, services, clock, provisioning, simulator } = bench;
    await bench.drained();
    for (const name of twenty) await bench.stored(person(name), backfill);
    const [joiner] = await arrive(bench, 'joiner');
    if (joiner === undefined) throw new Error('nobody');
    await storeRemapJob(directory, 'demo', { kind: 'all' });
    let looks = 0;
    let first: { readonly agents: number; readonly joiner: PersonRecord } | undefined;
    const watched = {
      ...services,
      directory: {
        ...directory,
        readDocument: async (...document: Parameters<typeof directory.readDocument>) => {
          if (document[1] === 'jobs') looks += 1;
          return directory.readDocument(...document);
        },
        listPersons: async (...page: Parameters<typeof directory.listPersons>) => {
          first ??= { agents: simulator.agents().length, joiner: await bench.read(joiner) };
          return directory.listPersons(...page);
        },
      },
    };
    const began = clock.now();
    await drain(provisioning, watched, began + 2 * MINUTE);
    expect(simulator.agents()).toHaveLength(21);
    // Behind the joiner, and long before the last of the back-fill.
    expect(first?.joiner.lease ?? first?.joiner.agent.createdAt).toBeDefined();
    expect(first?.agents).toBeLessThan(5);
    // One each five seconds or so, and not one a person.
    expect(looks).toBeLessThan(twenty.length);
    expect(await nextRemapJob(directory, 'demo', clock.now())).toBeUndefined();
  });

  it('looks at everybody while back-fill waits for calls, of which it loses none by that', async () => {
    const took = async (hasJob: boolean) => {
      const bench = provisionBench();
      const { directory, clock, provisioning, simulator } = bench;
      await paidForNames(bench);
      for (const name of twenty) await bench.stored(person(name), backfill);
      await idlers(bench, 500);
      if (hasJob) await storeRemapJob(directory, 'demo', { kind: 'all' });
      const listPersons: typeof directory.listPersons = async (...page) => {
        await clock.sleep(600);
        return directory.listPersons(...page);
      };
      const began = clock.now();
      const services = { ...bench.services, directory: { ...directory, listPersons } };
      let last = 0;
      const transport: typeof services.transport = async (request) => {
        last = clock.now() - began;
        return services.transport(request);
      };
      const its = { ...services, transport };
      await drain(openTenant('demo', provisioning.tenant, its), its, began + 2 * MINUTE);
      expect(simulator.agents()).toHaveLength(21);
      expect(await nextRemapJob(directory, 'demo', clock.now())).toBeUndefined();
      return last;
    };
    // Of six pages, each of which takes 600 ms here, the first is done before any call is waited for.
    expect((await took(true)) - (await took(false))).toBeLessThan(3 * 600);
  });

  it.each([60, 130, 600])(
    'looks at everybody in good time beside back-fill at %i calls a minute',
    async (calls) => {
      const { smartassist } = demoTenant();
      const bench = provisionBench({
        tenant: { smartassist: { ...smartassist, callsPerMinute: calls } },
        behaviour: { callsPerMinute: 100_000 },
      });
      const { directory, clock } = bench;
      await paidForNames(bench);
      for (let index = 0; index < calls; index += 1) await bench.stored(person(`p-${index}`), backfill);
      await idlers(bench, 3_000);
      await storeRemapJob(directory, 'demo', { kind: 'all' });
      await bench.drained(MINUTE);
      expect(await bench.directory.duePersons('demo', clock.now(), 1)).not.toEqual([]);
      expect(await nextRemapJob(directory, 'demo', clock.now())).toBeUndefined();
    },
  );

  it('begins with no record when less time is left than one takes, although a page took its own', async () => {
    const bench = provisionBench();
    const { directory, clock } = bench;
    await bench.drained();
    for (const name of twenty) await bench.stored(person(name), backfill);
    await storeRemapJob(directory, 'demo', { kind: 'all' });
    const until = clock.now() + 12_000;
    const listPersons: typeof directory.listPersons = async (...page) => {
      await clock.sleep(3_000);
      return directory.listPersons(...page);
    };
    const services = { ...bench.services, directory: { ...directory, listPersons } };
    await drain(openTenant('demo', bench.provisioning.tenant, services), services, until);
    expect(bench.agentCalls()).toEqual({});
  });

  it('makes nobody wait for a call who needs none', async () => {
    const bench = provisionBench();
    const before = await bench.stored(person('dan'), later);
    await bench.stored(person('dan', { active: false }), { before, ...(later as object) });
    const { budget } = bench.provisioning;
    while ((await budget.take('interactive')).granted);
    const began = bench.clock.now();
    expect(await bench.drained()).toEqual({ outcome: 'idle' });
    expect(bench.clock.now() - began).toBeLessThan(1_000);
    expect((await bench.read(before)).state).toBe('waiting');
  });

  it('does within its time what begins by itself meanwhile', async () => {
    const now = provisionBench().clock.now();
    const midnight = Math.ceil((now + 1) / DAY) * DAY;
    const day = new Date(midnight).toISOString().slice(0, 10);
    const rule = { name: 'guests', from: day, set: { nickName: 'Guest' } } as Rule;
    const bench = provisionBench({ tenant: { rules: [...demoTenant().rules, rule] } });
    await bench.stored(person('ada'));
    await bench.settled().catch(() => undefined);
    bench.clock.advance(midnight - 10_000 - bench.clock.now());
    await arrive(bench, ...twenty);
    await bench.drained(5 * MINUTE);
    const [ada] = bench.simulator.agents();
    expect(ada).toMatchObject({ firstName: 'ada', nickName: 'Guest' });
  });
});

/** The same tenant, whose calls go another way. */
function provisionBenchWith(bench: ProvisionBench, transport: ProvisionBench['services']['transport']) {
  const services = { ...bench.services, transport };
  return { services, provisioning: openTenant('demo', bench.provisioning.tenant, services) };
}
