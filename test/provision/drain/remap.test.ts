import { describe, expect, it } from 'vitest';
import type { PersonRecord } from '../../../functions/directory/record.ts';
import { needsProvisioning, runRemapPage } from '../../../functions/provision/drain/remap.ts';
import { readRuleCounts } from '../../../functions/provision/drain/rule-counts.ts';
import type { Plan } from '../../../functions/provision/plan.ts';
import { nextRemapJob, storeRemapJob } from '../../../functions/provision/remap-jobs.ts';
import { aGroup } from '../../contract/directory.ts';
import { person, provisionBench } from '../bench.ts';

const later = { inline: undefined } as never;
const TERMS = { urgency: 'backfill', deadline: Number.MAX_SAFE_INTEGER } as const;
const done = (changes: object = {}): PersonRecord =>
  ({
    state: 'provisioned',
    agent: { presence: 'active', appliedHash: 'as it is' },
    attempts: { count: 0, unknown: false },
    ...changes,
  }) as PersonRecord;
const WANTED = { kind: 'agent', hash: 'as it is' } as Plan;
const INVALID = { kind: 'invalid', problems: [{ message: 'one' }, { message: 'two' }] } as unknown as Plan;
const plan = (kind: Plan['kind']) => ({ kind }) as Plan;
const waiting = (presence: string, more: object = {}) =>
  done({ state: 'waiting', agent: { presence }, ...more });

describe('a look at one person', () => {
  it.each<[string, PersonRecord, Plan, boolean]>([
    ['an agent that is as it should be', done(), WANTED, false],
    ['one with another payload', done({ agent: { presence: 'active', appliedHash: 'old' } }), WANTED, true],
    [
      'one that is out of service',
      done({ agent: { presence: 'suspended', appliedHash: 'as it is' } }),
      WANTED,
      true,
    ],
    ['one who failed before', done({ state: 'failed' }), WANTED, true],
    [
      'a change that an operator decides about already',
      done({ state: 'waiting', held: 'brake', hold: { hash: 'as it is' } }),
      WANTED,
      false,
    ],
    [
      'another change than that',
      done({ state: 'waiting', held: 'brake', hold: { hash: 'other' } }),
      WANTED,
      true,
    ],
    ['one who can not be mapped any more', done(), INVALID, true],
    [
      'the same failure',
      done({ state: 'failed', attempts: { lastError: { message: 'one; two' } } }),
      INVALID,
      false,
    ],
    [
      'another failure',
      done({ state: 'failed', attempts: { lastError: { message: 'one' } } }),
      INVALID,
      true,
    ],
    ['a failure of which nothing is kept', done({ state: 'failed' }), INVALID, true],
    ['names that can not be read', done(), plan('unreadable'), true],
    ['nobody, without a catalogue', done(), plan('unavailable'), false],
    ['a leaver in service', done(), plan('suspend'), true],
    ['a leaver out of service', done({ agent: { presence: 'suspended' } }), plan('suspend'), false],
    ['a leaver whom the brake holds', waiting('active', { held: 'brake' }), plan('suspend'), false],
    ['an agent to be deleted', done(), plan('remove'), true],
    [
      'an agent to be deleted, suspended so far',
      done({ agent: { presence: 'suspended' } }),
      plan('remove'),
      true,
    ],
    ['an agent that is deleted', done({ agent: { presence: 'removed' } }), plan('remove'), false],
    ['a deletion that the brake holds', waiting('active', { held: 'brake' }), plan('remove'), false],
    ['a test to be undone', done(), plan('undo'), true],
    ['a test that is undone', done({ agent: { presence: 'removed' } }), plan('undo'), false],
    ['one who is not to be an agent and waits', waiting('none'), plan('nothing'), false],
    ['one who is not to be an agent and was removed', done({ state: 'removed' }), plan('nothing'), false],
    ['one who is not to be an agent and failed', done({ state: 'failed' }), plan('nothing'), true],
    ['one who is left as it is and waits', waiting('active'), plan('keep'), false],
    ['one who is left as it is from now on', done(), plan('keep'), true],
  ])('finds work or not: %s', (_, record, made, needs) => {
    expect(needsProvisioning(record, made)).toBe(needs);
  });
});

/** So many people who wait for no reason any more, once everybody is to be an agent. */
async function open(people: number, seats?: number) {
  const bench = provisionBench({ tenant: { provisionWhen: 'title eq "Agent"' } });
  const records: PersonRecord[] = [];
  for (let index = 0; index < people; index += 1) {
    records.push(await bench.stored(person(`p-${index}`)));
    bench.clock.advance(1);
  }
  const provisioning = bench.reconfigure({
    provisionWhen: 'not (active eq false)',
    ...(seats === undefined ? {} : { seats }),
  });
  await provisioning.catalogue.get(TERMS);
  const { directory, services, clock } = bench;
  return {
    ...bench,
    records,
    store: (request: Parameters<typeof storeRemapJob>[2]) => storeRemapJob(directory, 'demo', request),
    job: () => nextRemapJob(directory, 'demo', clock.now()),
    /** Pages until none is left; how many. */
    pages: async (its = provisioning) => {
      for (let pages = 0; pages < 10; pages += 1) {
        const job = await nextRemapJob(directory, 'demo', clock.now());
        if (job === undefined) return pages;
        expect(await runRemapPage(its, services, job, TERMS)).toBe(true);
      }
      throw new Error('it never ends');
    },
    provisioning,
    due: async () => (await directory.duePersons('demo', clock.now() + 1, 300)).map(({ id }) => id),
  };
}

describe('a look at everybody', () => {
  it('makes all of whom something else comes due, as back-fill, page by page', async () => {
    const { store, pages, due, records, directory, clock } = await open(201);
    await store({ kind: 'all' });
    expect(await pages()).toBe(3);
    expect((await due()).toSorted()).toEqual(records.map(({ id }) => id).toSorted());
    const [first] = await directory.duePersons('demo', clock.now(), 1);
    expect(first?.priority).toBe(1);
  });

  it('counts for how many people each rule is, and who is to be an agent', async () => {
    const { store, pages, directory, provisioning, stored, clock } = await open(102);
    await stored(person('out', { active: false }));
    const before = await stored(person('gone'));
    await stored(before.person, { before, deleted: true });
    await store({ kind: 'all' });
    await pages();
    const counts = await readRuleCounts(directory, 'demo');
    expect(counts).toMatchObject({
      persons: 103,
      wanted: 102,
      rules: { everyone: 102 },
      at: new Date(clock.now()).toISOString(),
    });
    const empty = provisioning.tenant.rules.map(({ name }) => name).filter((name) => name !== 'everyone');
    expect(Object.keys(counts?.emptySince ?? {}).toSorted()).toEqual(empty.toSorted());
  });

  it('keeps since when a rule is for nobody, while it stays so', async () => {
    const { store, pages, directory, clock } = await open(1);
    await store({ kind: 'all' });
    await pages();
    const first = await readRuleCounts(directory, 'demo');
    clock.advance(60_000);
    await store({ kind: 'all' });
    await pages();
    const second = await readRuleCounts(directory, 'demo');
    expect(second?.emptySince).toEqual(first?.emptySince);
    expect(second?.at).not.toBe(first?.at);
  });

  it('counts who is due already, and leaves the place in the queue', async () => {
    const { store, pages, directory, stored, read, clock } = await open(1);
    const record = await stored(person('new', { title: 'Agent' }), later);
    expect(record.state).toBe('due');
    clock.advance(1_000);
    await store({ kind: 'all' });
    await pages();
    expect(await read(record)).toEqual(record);
    expect(await readRuleCounts(directory, 'demo')).toMatchObject({ persons: 2, wanted: 2 });
  });

  it('is put off, and begun anew at the same page, where no catalogue can be read', async () => {
    const { store, job, due, services, provisioning } = await open(3);
    await store({ kind: 'all' });
    const before = await job();
    if (before === undefined) throw new Error('no job');
    const planner = { ...provisioning.planner, plan: async () => plan('unavailable') };
    expect(await runRemapPage({ ...provisioning, planner }, services, before, TERMS)).toBe(false);
    expect(await job()).toEqual(before);
    expect(await due()).toEqual([]);
  });

  it('makes an agent due that is as it should be, where the day is another on which it changes', async () => {
    const bench = await open(0);
    const record = await bench.stored(person('ada', { title: 'Agent' }));
    expect(record.state).toBe('provisioned');
    const { planner } = bench.provisioning;
    const dated = (changesAt: number) => ({
      ...bench.provisioning,
      planner: {
        ...planner,
        plan: async (...asked: Parameters<typeof planner.plan>) => ({
          ...(await planner.plan(...asked)),
          changesAt,
        }),
      },
    });
    const at = bench.clock.now() + 86_400_000;
    await bench.store({ kind: 'all' });
    await bench.pages(bench.provisioning);
    expect((await bench.read(record)).state).toBe('provisioned');
    await bench.store({ kind: 'all' });
    await bench.pages(dated(at) as typeof bench.provisioning);
    expect((await bench.read(record)).state).toBe('due');
  });

  it('leaves the deleted alone', async () => {
    const { store, pages, stored, read } = await open(0);
    const before = await stored(person('gone', { title: 'Agent' }));
    const gone = await stored(before.person, { before, deleted: true });
    await store({ kind: 'all' });
    await pages();
    expect(await read(gone)).toEqual(gone);
  });

  it('takes nobody out of the line of those who wait for a seat', async () => {
    const { store, pages, due, directory, records, clock, reconfigure } = await open(2, 1);
    const [ada, bob] = records;
    if (ada === undefined || bob === undefined) throw new Error('nobody');
    const lastError = { code: 'no-seat', message: '', at: '' };
    const waits = { ...ada, version: ada.version + 1, attempts: { count: 0, unknown: false, lastError } };
    await directory.updatePerson(ada, waits);
    await store({ kind: 'all' });
    await pages();
    expect(await due()).toEqual([bob.id]);
    clock.advance(1_000);
    await store({ kind: 'all' });
    await pages(reconfigure({ provisionWhen: 'not (active eq false)' }));
    expect((await due()).toSorted()).toEqual([ada.id, bob.id].toSorted());
  });
});

describe('a look at the members of a group', () => {
  it('is at them alone, and counts no rules', async () => {
    const { store, pages, due, directory, records } = await open(3);
    const [ada] = records;
    await directory.addMembers('demo', 'g1', [{ value: ada?.id ?? '' }, { value: 'not here yet' }]);
    await directory.createGroup(aGroup('demo', 'g1', { displayName: 'Night shift' }));
    await store({ kind: 'group', groupId: 'g1' });
    await pages();
    expect(await due()).toEqual([ada?.id]);
    expect(await readRuleCounts(directory, 'demo')).toBeUndefined();
    expect((await directory.listMembers('demo', 'g1', { limit: 9 })).members).toHaveLength(2);
  });

  it('leaves those as they are who are due already', async () => {
    const { store, pages, directory, stored, read, clock } = await open(1);
    const record = await stored(person('new', { title: 'Agent' }), later);
    await directory.addMembers('demo', 'g1', [{ value: record.id }]);
    clock.advance(1_000);
    await store({ kind: 'group', groupId: 'g1' });
    await pages();
    expect(await read(record)).toEqual(record);
  });

  it('takes the members out of a group that is gone', async () => {
    const { store, pages, directory, records } = await open(3);
    await directory.addMembers(
      'demo',
      'g1',
      records.map(({ id }) => ({ value: id })),
    );
    await store({ kind: 'group', groupId: 'g1' });
    await pages();
    expect((await directory.listMembers('demo', 'g1', { limit: 9 })).members).toEqual([]);
  });
});
