import { describe, expect, it } from 'vitest';
import { type Directory, openDirectory } from '../../functions/directory/directory.ts';
import { memoryTable } from '../../functions/directory/memory.ts';
import type { Transport } from '../../functions/runtime/transport.ts';
import { type Catalogue, openCatalogue } from '../../functions/smartassist/catalogue.ts';
import type { CallTerms } from '../../functions/smartassist/client.ts';
import type { Outcome } from '../../functions/smartassist/outcome.ts';
import { catalogueOf } from '../../local/simulator/catalogue.ts';
import type { SimulatorOptions } from '../../local/simulator/simulator.ts';
import { demoCatalogue } from '../mapping/demo.ts';
import { clientBench, START, simulatorBench } from './client-bench.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Calls that one reading of the demo catalogue takes: 4 lists, the roles among them, and 4 skill groups' skills in 5 pages. */
const READING = 9;

function catalogueBench(options: Partial<SimulatorOptions> = {}) {
  const made = simulatorBench(options);
  const directory = openDirectory(memoryTable(made.clock), made.clock);
  const open = () => openCatalogue({ client: made.client, directory, tenant: 'demo', clock: made.clock });
  return { ...made, directory, open, store: open(), calls: () => made.simulator.calls().total };
}

/** A catalogue that was read, or the test fails. */
async function read(outcome: Promise<Outcome<Catalogue>>): Promise<Catalogue> {
  const result = await outcome;
  if (result.outcome !== 'ok') throw new Error(`not read: ${JSON.stringify(result)}`);
  return result.value;
}

describe('the catalogue', () => {
  it('has all names and ids, through all pages', async () => {
    const { store, terms, simulator } = catalogueBench();
    const { orgId } = simulator;
    expect(await read(store.get(terms()))).toEqual({ ...demoCatalogue, orgId, readAt: START });
    expect(simulator.calls()).toEqual({
      total: READING,
      'GET /agent-groups': 1,
      'GET /skill-groups': 1,
      'GET /skill-groups/{id}/skills': 5,
      'GET /queues': 1,
      'GET /roles': 1,
    });
  });

  it('has what is beyond the first page of every list', async () => {
    const many = Array.from({ length: 21 }, (_, index) => `Name ${index}`);
    const catalogue = catalogueOf({
      agentGroups: many,
      skillGroups: Object.fromEntries(many.map((name) => [name, ['Skill']])),
      queues: many,
      roles: ['Agent'],
      layouts: [],
    });
    const { store, terms } = catalogueBench({ catalogue });
    const { agentGroups, skills, queues } = await read(store.get(terms()));
    expect(agentGroups.map(({ name }) => name)).toEqual(many);
    expect(skills.map(({ group }) => group)).toEqual(many);
    expect(queues.map(({ name }) => name)).toEqual(many);
  });

  it('is never read as back-fill: nobody can be provisioned without it', async () => {
    const { store, terms, taken } = catalogueBench();
    await store.get(terms({ urgency: 'backfill' }));
    expect(new Set(taken)).toEqual(new Set(['begun']));
  });

  it('is read by the deadline of whoever needs it', async () => {
    const { store, terms, clock, sent } = catalogueBench();
    await store.get(terms({ deadline: clock.now() + 3 * SECOND }));
    expect(new Set(sent.map(({ timeoutMs }) => timeoutMs))).toEqual(new Set([3 * SECOND]));
  });
});

describe('a catalogue that is known', () => {
  it('costs no call for an hour, and is read anew after it', async () => {
    const { store, terms, clock, calls } = catalogueBench();
    await store.get(terms());
    clock.advance(60 * MINUTE - 1);
    await store.get(terms());
    expect(calls()).toBe(READING);
    clock.advance(1);
    expect((await read(store.get(terms()))).readAt).toBe(START + 60 * MINUTE);
    expect(calls()).toBe(2 * READING);
  });

  it('is known to other functions through the directory', async () => {
    const { store, open, terms, calls } = catalogueBench();
    const first = await read(store.get(terms()));
    expect(await read(open().get(terms()))).toEqual(first);
    expect(calls()).toBe(READING);
  });

  it('is the newest that another function has read, a minute later at most', async () => {
    const { store, open, terms, clock } = catalogueBench();
    const old = await read(store.get(terms()));
    clock.advance(2 * MINUTE);
    await store.get(terms());
    const newer = await read(open().getNewer(old, terms()));
    expect(await read(store.get(terms()))).toEqual(old);
    clock.advance(MINUTE);
    expect(await read(store.get(terms()))).toEqual(newer);
  });

  it('is not asked for in the directory more than once a minute', async () => {
    const made = catalogueBench();
    let reads = 0;
    const directory: Directory = {
      ...made.directory,
      readDocument: (...key) => {
        reads += 1;
        return made.directory.readDocument(...key);
      },
    };
    const store = openCatalogue({ client: made.client, directory, tenant: 'demo', clock: made.clock });
    for (let time = 0; time < 2 * MINUTE; time += 20 * SECOND) {
      await store.get(made.terms());
      made.clock.advance(20 * SECOND);
    }
    expect(reads).toBe(2);
  });

  it('of another tenant is not this one', async () => {
    const { store, client, directory, clock, terms, calls } = catalogueBench();
    await store.get(terms());
    await openCatalogue({ client, directory, tenant: 'other', clock }).get(terms());
    expect(calls()).toBe(2 * READING);
  });

  it('can be had without a call, however old it is', async () => {
    const { store, open, terms, clock, calls } = catalogueBench();
    expect(await store.known()).toBeUndefined();
    const old = await read(store.get(terms()));
    clock.advance(2 * 60 * MINUTE);
    expect(await store.known()).toEqual(old);
    expect(await open().known()).toEqual(old);
    expect(calls()).toBe(READING);
  });

  it('that another version of the product has left is read anew', async () => {
    const { store, directory, terms, calls } = catalogueBench();
    await directory.writeDocument('demo', 'catalogue', { groups: [], readAt: START });
    expect((await read(store.get(terms()))).queues).toHaveLength(5);
    expect(calls()).toBe(READING);
  });
});

describe('those who need it at the same time', () => {
  it('share one reading', async () => {
    const { store, terms, calls } = catalogueBench();
    const all = await Promise.all([store.get(terms()), store.get(terms()), store.get(terms())]);
    expect(new Set(all.map(({ outcome }) => outcome))).toEqual(new Set(['ok']));
    expect(calls()).toBe(READING);
  });

  it('share one failure', async () => {
    const { store, terms, calls } = catalogueBench({
      behaviour: { faults: [{ on: 'GET /queues', kind: 'status', times: 1 }] },
    });
    const all = await Promise.all([store.get(terms()), store.get(terms())]);
    expect(all.map(({ outcome }) => outcome)).toEqual(['unknown', 'unknown']);
    expect(calls()).toBe(READING - 1);
  });
});

describe('a reading that breaks off', () => {
  const broken: Partial<SimulatorOptions> = {
    behaviour: { faults: [{ on: 'GET /queues', kind: 'status', times: 1 }] },
  };

  it('goes on where it ended', async () => {
    const { store, terms, calls, simulator } = catalogueBench(broken);
    const { orgId } = simulator;
    await store.get(terms());
    expect(await read(store.get(terms()))).toEqual({ ...demoCatalogue, orgId, readAt: START });
    expect(calls()).toBe(READING + 1);
  });

  it('begins from the start when what it has is too old to belong together', async () => {
    const { store, terms, clock, calls } = catalogueBench(broken);
    await store.get(terms());
    clock.advance(10 * MINUTE + 1);
    await store.get(terms());
    expect(calls()).toBe(READING - 1 + READING);
  });

  it('leaves nothing behind for the reading after it', async () => {
    const { store, terms, clock, calls } = catalogueBench(broken);
    await store.get(terms());
    const old = await read(store.get(terms()));
    clock.advance(MINUTE);
    await read(store.getNewer(old, terms()));
    expect(calls()).toBe(READING + 1 + READING);
  });
});

describe('a name that is missing', () => {
  it('has the catalogue read anew, once a minute at most', async () => {
    const { store, terms, clock, calls } = catalogueBench();
    const old = await read(store.get(terms()));
    clock.advance(MINUTE);
    const newer = await read(store.getNewer(old, terms()));
    expect(newer.readAt).toBe(START + MINUTE);
    expect(calls()).toBe(2 * READING);
    clock.advance(MINUTE - 1);
    expect(await read(store.getNewer(newer, terms()))).toEqual(newer);
    expect(calls()).toBe(2 * READING);
    clock.advance(1);
    await store.getNewer(newer, terms());
    expect(calls()).toBe(3 * READING);
  });

  it('costs no call where a newer catalogue is in the directory already', async () => {
    const { store, open, terms, clock, calls } = catalogueBench();
    const old = await read(store.get(terms()));
    clock.advance(5 * MINUTE);
    const newer = await read(open().getNewer(old, terms()));
    clock.advance(5 * MINUTE);
    expect(await read(store.getNewer(old, terms()))).toEqual(newer);
    expect(calls()).toBe(2 * READING);
  });

  it('is looked for once, however many persons have it', async () => {
    const { store, terms, clock, calls } = catalogueBench();
    const old = await read(store.get(terms()));
    clock.advance(MINUTE);
    await Promise.all([store.getNewer(old, terms()), store.getNewer(old, terms())]);
    expect(calls()).toBe(2 * READING);
  });

  it('leaves what is known in use when SmartAssist cannot be asked', async () => {
    const made = catalogueBench();
    const old = await read(made.store.get(made.terms()));
    made.clock.advance(MINUTE);
    made.budget.waitMs = 60_000;
    expect(await made.store.getNewer(old, made.terms())).toEqual({ outcome: 'no-slot', waitMs: 60_000 });
    expect(await read(made.store.get(made.terms()))).toEqual(old);
  });
});

describe('a list of SmartAssist', () => {
  const EMPTY = { results: [] };
  type Answers = Readonly<Record<string, unknown>>;

  /** Answers by the path behind the stream; whatever isn't given is an empty list. */
  const answeringBy =
    (answers: Answers): Transport =>
    async ({ url }) => {
      const { pathname, search } = new URL(url);
      const path = pathname.replace('/agentassist/api/v1/public/st-1', '').replace('/api/public', '');
      const body = answers[`${path}${search}`] ?? answers[path] ?? EMPTY;
      return { status: 200, headers: {}, body: JSON.stringify(body) };
    };

  function reading(answers: Answers): { outcome: Promise<Outcome<Catalogue>>; urls: () => string[] } {
    const { client, clock, terms, sent } = clientBench(answeringBy(answers));
    const directory = openDirectory(memoryTable(clock), clock);
    const store = openCatalogue({ client, directory, tenant: 'demo', clock });
    const given: CallTerms = terms();
    return { outcome: store.get(given), urls: () => sent.map(({ url }) => url.replace(/^.*\/public/, '')) };
  }

  it.each([
    ['a bare list', [{ id: 'qu-1', name: 'Billing' }]],
    ['results', { results: [{ id: 'qu-1', name: 'Billing' }], totalResults: 1 }],
    ['a list of its own name', { queues: [{ _id: 'qu-1', name: 'Billing', colour: '#fff' }] }],
  ])('is understood as %s', async (_, queues) => {
    const { queues: found } = await read(reading({ '/queues': queues }).outcome);
    expect(found).toEqual([{ id: 'qu-1', name: 'Billing' }]);
  });

  it('of roles has their names under another key', async () => {
    const { roles } = await read(reading({ '/roles': { roles: [{ _id: 'r1', role: 'Agent' }] } }).outcome);
    expect(roles).toEqual([{ id: 'r1', name: 'Agent' }]);
  });

  it('is read on while it has more, and no further than its last page', async () => {
    const page = (id: string, hasMore: boolean) => ({ results: [{ id, name: id }], hasMore });
    const { outcome, urls } = reading({
      '/queues?page=1': page('one', true),
      '/queues?page=2': page('two', true),
      '/queues?page=3': page('three', false),
      '/queues?page=4': page('four', false),
    });
    expect((await read(outcome)).queues.map(({ id }) => id)).toEqual(['one', 'two', 'three']);
    expect(urls().filter((url) => url.includes('queues'))).toHaveLength(3);
  });

  it('ends at an empty page that says there is more', async () => {
    const { outcome, urls } = reading({ '/queues': { results: [], hasMore: true } });
    expect((await read(outcome)).queues).toEqual([]);
    expect(urls().filter((url) => url.includes('queues'))).toHaveLength(1);
  });

  it('that says how many pages it has is read to the last', async () => {
    const { outcome, urls } = reading({ '/queues': { results: [{ id: 'x', name: 'x' }], totalPages: 3 } });
    await outcome;
    expect(urls().filter((url) => url.includes('queues'))).toHaveLength(3);
  });

  it('that never ends is given up, and no half of it is taken for the whole', async () => {
    const { outcome, urls } = reading({ '/queues': { results: [{ id: 'x', name: 'x' }], hasMore: true } });
    expect(await outcome).toMatchObject({ outcome: 'unknown' });
    expect(urls().filter((url) => url.includes('queues'))).toHaveLength(100);
  });

  it.each([
    ['no list', { count: 3 }],
    ['an entry without an id', { results: [{ name: 'Billing' }] }],
    ['entries that are words', { results: ['Billing'] }],
  ])('that is %s is no catalogue', async (_, queues) => {
    expect(await reading({ '/queues': queues }).outcome).toMatchObject({ outcome: 'unknown' });
  });
});
