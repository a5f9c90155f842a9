import { describe, expect, it } from 'vitest';
import { accept } from '../../functions/provision/accept.ts';
import { openTenant } from '../../functions/provision/tenant.ts';
import { loadRoster } from '../../functions/sources/sync/roster.ts';
import { openListed } from '../../functions/sources/sync/source.ts';
import {
  changeSyncState,
  holdState,
  keepIds,
  keptIds,
  LeaseLost,
  readSyncState,
} from '../../functions/sources/sync/state.ts';
import { sourceSchema } from '../../functions/tenant/sources.ts';
import { demoTenant } from '../mapping/demo.ts';
import { openHooks } from '../webhook/hooks.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

function open() {
  const { services, clock, directory } = openHooks();
  const hold = async () => {
    const held = await holdState(services, 'demo', 'people');
    if (held === undefined) throw new Error('another one has it');
    return held;
  };
  return {
    services,
    clock,
    directory,
    hold,
    isFree: async () => {
      const held = await holdState(services, 'demo', 'people');
      await held?.release();
      return held !== undefined;
    },
    state: () => readSyncState(services, 'demo', 'people'),
  };
}

describe('a source is read by one function', () => {
  it('until it lets go', async () => {
    const { hold, isFree, state } = open();
    const held = await hold();
    expect(await isFree()).toBe(false);
    await held.release();
    expect(await state()).toEqual({});
    expect(await isFree()).toBe(true);
  });

  it('or for three minutes, in which it says nothing', async () => {
    const { hold, isFree, clock } = open();
    await hold();
    clock.advance(3 * MINUTE_MS - 1);
    expect(await isFree()).toBe(false);
    clock.advance(1);
    expect(await isFree()).toBe(true);
  });

  it('as long as it goes on', async () => {
    const { hold, isFree, clock } = open();
    const held = await hold();
    for (let minute = 0; minute < 10; minute += 1) {
      clock.advance(MINUTE_MS);
      await held.keep();
    }
    expect(await isFree()).toBe(false);
    clock.advance(2 * MINUTE_MS);
    await held.change((state) => ({ ...state, failures: 1 }));
    clock.advance(2 * MINUTE_MS);
    expect(await isFree()).toBe(false);
    expect(held.state().failures).toBe(1);
  });

  it('that writes nothing to keep it before half of the time is over', async () => {
    const { hold, directory, clock } = open();
    const held = await hold();
    const version = async () => (await directory.readDocument('demo', 'sync:people'))?.version;
    const before = await version();
    clock.advance(1.5 * MINUTE_MS - 1);
    await held.keep();
    expect(await version()).toBe(before);
    clock.advance(1);
    await held.keep();
    expect(await version()).not.toBe(before);
  });

  it('and one that has lost it writes nothing any more', async () => {
    const { hold, clock, state } = open();
    const first = await hold();
    clock.advance(4 * MINUTE_MS);
    const second = await hold();
    for (const write of [
      () => first.change(() => ({ failures: 9 })),
      () => first.keep(),
      () => first.release(),
    ])
      await expect(write()).rejects.toThrow(LeaseLost);
    expect((await state()).lease).toEqual(second.state().lease);
    expect(await state()).not.toHaveProperty('failures');
  });
});

describe('how the reading of a source stands', () => {
  it('is nothing at first', async () => {
    expect(await open().state()).toEqual({});
  });

  it('keeps what a newer version has stored beside it', async () => {
    const { directory, services, state } = open();
    const stored = { failures: 1, newer: { a: 1 }, problem: { at: 'x', reason: 'y', more: 'z' } };
    await directory.writeDocument('demo', 'sync:people', stored);
    await changeSyncState(services, 'demo', 'people', (before) => ({ ...before, failures: 2 }));
    expect(await state()).toEqual({ ...stored, failures: 2 });
  });

  it.each([
    ['a word for a reading that it does not know', { underWay: { kind: 'half' } }],
    ['a text in the place of a number', { failures: 'two' }],
    ['a reading that ended in no known way', { full: { outcome: 'so-so' } }],
    ['a cursor without an owner', { cursor: { value: 'c' } }],
    ['a lease of nobody', { lease: { until: 1 } }],
  ])('is not guessed from %s', async (_, stored) => {
    const { directory, state } = open();
    await directory.writeDocument('demo', 'sync:people', stored);
    await expect(state()).rejects.toThrow();
  });
});

describe('the ids of a reading', () => {
  const ids = (count: number) => Array.from({ length: count }, (_, number) => `id-${number}`);

  it.each([
    [0, 0],
    [1, 1],
    [2_000, 1],
    [2_001, 2],
    [4_500, 3],
  ])('%s of them are kept in %s documents, in their order', async (count, chunks) => {
    const { services } = open();
    expect(await keepIds(services, 'demo', 'people', ids(count))).toBe(chunks);
    expect(await keptIds(services, 'demo', 'people', chunks)).toEqual(ids(count));
  });

  it('are kept a week, of each source', async () => {
    const { services, clock } = open();
    await keepIds(services, 'demo', 'people', ['1']);
    await keepIds(services, 'demo', 'others', ['2']);
    clock.advance(7 * DAY_MS - 1_000);
    expect(await keptIds(services, 'demo', 'people', 1)).toEqual(['1']);
    expect(await keptIds(services, 'demo', 'others', 1)).toEqual(['2']);
    clock.advance(2_000);
    expect(await keptIds(services, 'demo', 'people', 1)).toBeUndefined();
  });

  it('are none where some of them are gone or are no list', async () => {
    const { services, directory } = open();
    await keepIds(services, 'demo', 'people', ids(2_001));
    await directory.writeDocument('demo', 'sync:people:ids:0', { ids: 'none' });
    expect(await keptIds(services, 'demo', 'people', 2)).toBeUndefined();
  });
});

describe('whom a source knows', () => {
  it('are those linked to it, by each of its ids, and whether they are in service', async () => {
    const { services, directory, clock } = open();
    const since = new Date(clock.now()).toISOString();
    const bring = async (userName: string, people: object | undefined) =>
      accept('demo', services, {
        person: { userName, active: true },
        source: 'scim',
        priority: 0,
        links: { scim: { profileAt: since }, ...(people === undefined ? {} : { people }) },
      });
    await bring('in', { id: '1', readAs: 'abc' });
    await bring('out', { id: '2', out: { since } });
    await bring('unassigned', { id: '3', unassigned: { since } });
    await bring('two', { id: '4', out: { since }, others: { '4b': { readAs: 'def' } } });
    await bring('nameless', { others: { '5b': {} } });
    await bring('of-others', undefined);
    const gone = await bring('gone', { id: '6' });
    if (gone.outcome !== 'stored') throw new Error(gone.outcome);
    const { record } = gone;
    await directory.updatePerson(record, { ...record, version: record.version + 1, deletedAt: since });
    const roster = await loadRoster(directory, 'demo', 'people');
    expect(Object.fromEntries([...roster].toSorted())).toEqual({
      '1': { readAs: 'abc', isIn: true },
      '2': { readAs: undefined, isIn: false },
      '3': { readAs: undefined, isIn: false },
      '4': { readAs: undefined, isIn: false },
      '4b': { readAs: 'def', isIn: true },
      '5b': { readAs: undefined, isIn: true },
      '6': { readAs: undefined, isIn: false },
    });
    // A name that every object has is no link.
    expect(await loadRoster(directory, 'demo', 'constructor')).toEqual(new Map());
  });
});

describe('a source that is read', () => {
  const settings = sourceSchema.parse({ preset: 'workos', fetch: { directory: 'd' }, sync: {} });
  const listed = async (answer: () => Promise<number>) => {
    const { services } = openHooks();
    const transport = async () => ({ status: await answer(), headers: {}, body: '{}' });
    const provisioning = openTenant('demo', { ...demoTenant(), sources: { people: settings } }, services);
    const listing = { tellsAbsence: true, list: async () => ({ rows: [] }) };
    const providers = { listing: async () => listing, reader: async () => undefined } as never;
    const source = await openListed(providers, provisioning, { ...services, transport }, 'people', settings);
    if (source === undefined) throw new Error('no list');
    return source;
  };
  const URL_OF = 'https://idp.example/';

  it('has four calls under way at most, and the others wait for theirs', async () => {
    let [running, most] = [0, 0];
    const ends: (() => void)[] = [];
    const source = await listed(async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise<void>((resolve) => ends.push(resolve));
      running -= 1;
      return 200;
    });
    const calls = Array.from({ length: 10 }, () =>
      source.context.call({ method: 'GET', url: URL_OF, headers: {} }),
    );
    for (let turn = 0; turn < 200; turn += 1) {
      await Promise.resolve();
      if (turn % 10 === 0) ends.shift()?.();
    }
    await Promise.all(calls);
    expect([most, source.calls()]).toEqual([4, 10]);
  });

  it('goes on with the others where a call fails', async () => {
    let made = 0;
    const source = await listed(async () => {
      made += 1;
      if (made <= 5) throw new Error('no route');
      return 200;
    });
    const calls = Array.from({ length: 8 }, () =>
      source.context.call({ method: 'GET', url: URL_OF, headers: {} }),
    );
    const ends = await Promise.allSettled(calls);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    expect(source.calls()).toBe(8);
  });

  it('is none whose people can not be listed', async () => {
    const { services } = openHooks();
    const provisioning = openTenant('demo', { ...demoTenant(), sources: { people: settings } }, services);
    const providers = { listing: async () => undefined } as never;
    expect(await openListed(providers, provisioning, services, 'people', settings)).toBeUndefined();
  });
});
