import { describe, expect, it } from 'vitest';
import { memoryTable } from '../../functions/directory/memory.ts';
import type { Item, Query, Table } from '../../functions/directory/table.ts';
import { overlayTable } from '../../functions/sources/dry-run/overlay-table.ts';
import { item, type TableUnderTest } from '../contract/table.ts';
import { tableConditions } from '../contract/table-conditions.ts';
import { tableCounters } from '../contract/table-counters.ts';

const NOON = Date.UTC(2030, 0, 15, 12);

/** An overlay on an empty table. */
function underTest(): TableUnderTest {
  let now = NOON;
  let partitions = 0;
  const clock = { now: () => now, sleep: async () => {} };
  return {
    table: overlayTable(memoryTable(clock), clock).table,
    seconds: () => now / 1_000,
    advance: (seconds) => {
      now += seconds * 1_000;
    },
    partition: () => `demo#${partitions++}`,
  };
}

describe('a table of which nothing is stored', () => {
  describe('conditions', () => tableConditions(underTest()));
  describe('counters', () => tableCounters(underTest()));
});

const at = (sk: string, version = 1, pk = 'p'): Item => item({ pk, sk }, version);

/** An overlay on a table that has b, d and f. */
async function open() {
  const clock = { now: () => NOON, sleep: async () => {} };
  const below = memoryTable(clock);
  await below.write([
    ...['b', 'd', 'f'].map((sk) => ({ put: at(sk) })),
    { count: { pk: 'p', sk: 'n' }, by: 3 },
  ]);
  const before = await all(below);
  const overlay = overlayTable(below, clock);
  return { ...overlay, below, isUntouched: async () => expect(await all(below)).toEqual(before) };
}

/** Everything in a partition, page by page. */
async function all(table: Table, query: Partial<Query> = {}): Promise<Item[]> {
  const found: Item[] = [];
  let after: string | undefined;
  do {
    const page = await table.query({
      pk: 'p',
      limit: 10,
      ...query,
      ...(after === undefined ? {} : { after }),
    });
    found.push(...page.items);
    after = page.next;
  } while (after !== undefined);
  return found;
}

describe('a table over another one', () => {
  it('has what is below, and what was written over it', async () => {
    const { table, isUntouched } = await open();
    await table.write([
      { put: at('a') },
      { put: at('d', 2) },
      { delete: { pk: 'p', sk: 'f' } },
      { put: at('g') },
    ]);
    expect(await all(table)).toEqual([at('a'), at('b'), at('d', 2), at('g')]);
    expect(await table.get({ pk: 'p', sk: 'b' })).toEqual(at('b'));
    expect(await table.get({ pk: 'p', sk: 'd' })).toEqual(at('d', 2));
    expect(await table.get({ pk: 'p', sk: 'f' })).toBeUndefined();
    expect(await table.getMany(['f', 'a', 'b'].map((sk) => ({ pk: 'p', sk })))).toEqual([
      undefined,
      at('a'),
      at('b'),
    ]);
    await isUntouched();
  });

  it.each([1, 2, 3, 10])(
    'leaves nothing out and says nothing twice in pages of %s, both ways',
    async (limit) => {
      const { table } = await open();
      await table.write([
        { put: at('a') },
        { put: at('c') },
        { put: at('d', 2) },
        { delete: { pk: 'p', sk: 'b' } },
        { put: at('g') },
      ]);
      const expected = [at('a'), at('c'), at('d', 2), at('f'), at('g')];
      expect(await all(table, { limit })).toEqual(expected);
      expect(await all(table, { limit, reverse: true })).toEqual(expected.toReversed());
      expect(await all(table, { limit, upTo: 'd' })).toEqual(expected.slice(0, 3));
    },
  );

  it('leaves nothing out that is written over while it is listed', async () => {
    for (let turns = 0; turns < 12; turns += 1) {
      const { table } = await open();
      const listed = all(table);
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      await table.write([{ put: at('d', 2) }]);
      expect((await listed).map(({ sk }) => sk)).toEqual(['b', 'd', 'f']);
    }
  });

  it('says nothing of other partitions', async () => {
    const { table } = await open();
    await table.write([{ put: at('a', 1, 'q') }, { put: at('b', 7, 'q') }]);
    expect(await all(table)).toEqual([at('b'), at('d'), at('f')]);
    expect(await all(table, { pk: 'q' })).toEqual([at('a', 1, 'q'), at('b', 7, 'q')]);
  });

  it('compares conditions with what would be there', async () => {
    const { table, isUntouched } = await open();
    expect(await table.write([{ put: at('b'), if: 'absent' }])).toEqual({
      ok: false,
      failed: 0,
      found: at('b'),
    });
    expect(await table.write([{ put: at('b', 2), if: { version: 1 } }])).toEqual({ ok: true });
    expect(await table.write([{ delete: { pk: 'p', sk: 'b' }, if: { version: 1 } }])).toEqual({
      ok: false,
      failed: 0,
      found: at('b', 2),
    });
    await table.write([{ delete: { pk: 'p', sk: 'd' } }]);
    expect(await table.write([{ check: { pk: 'p', sk: 'd' }, if: 'absent' }, { put: at('e') }])).toEqual({
      ok: true,
    });
    expect(await table.write([{ put: at('x') }, { put: at('f', 9), if: { version: 8 } }])).toEqual({
      ok: false,
      failed: 1,
      found: at('f'),
    });
    expect(await all(table)).toEqual([at('b', 2), at('e'), at('f')]);
    await isUntouched();
  });

  it('counts on from what is below', async () => {
    const { table, below } = await open();
    const key = { pk: 'p', sk: 'n' };
    await table.write([{ count: key, by: 4 }]);
    expect(await table.getCounts([key, { pk: 'p', sk: 'm' }])).toEqual([7, 0]);
    expect(await below.getCounts([key])).toEqual([3]);
  });

  it('has nothing due that was written to it', async () => {
    const { table, below } = await open();
    const due = { pk: 'due', sk: '1' };
    await below.write([{ put: { ...at('h'), due } }]);
    await table.write([{ put: { ...at('i'), due } }]);
    expect((await table.queryDue({ pk: 'due', limit: 9 })).items).toEqual([{ ...at('h'), due }]);
  });
});

describe('what was written over a table', () => {
  it('is known by partition, without what was deleted, checked or counted', async () => {
    const { table, written } = await open();
    await table.write([
      { put: at('a') },
      { put: at('z', 1, 'q') },
      { delete: { pk: 'p', sk: 'b' } },
      { check: { pk: 'p', sk: 'd' }, if: { version: 1 } },
      { count: { pk: 'p', sk: 'n' }, by: 1 },
    ]);
    await table.write([{ put: at('c') }]);
    expect([written('p'), written('q'), written('r')]).toEqual([['a', 'c'], ['z'], []]);
    await table.write([{ delete: { pk: 'p', sk: 'a' } }]);
    expect(written('p')).toEqual(['c']);
  });

  it('is forgotten, but for the partitions that are to stay', async () => {
    const { table, written, clear, isUntouched } = await open();
    await table.write([{ put: at('d', 2) }, { delete: { pk: 'p', sk: 'b' } }]);
    await table.write([{ put: at('a', 1, 'q') }, { put: at('b', 1, 'q') }]);
    await table.write([{ delete: { pk: 'q', sk: 'b' } }]);
    await clear((pk) => pk === 'q');
    expect(await all(table)).toEqual([at('b'), at('d'), at('f')]);
    expect(await all(table, { pk: 'q' })).toEqual([at('a', 1, 'q')]);
    expect([written('p'), written('q')]).toEqual([[], ['a']]);
    await table.write([{ put: at('d', 3) }]);
    expect(await table.get({ pk: 'p', sk: 'd' })).toEqual(at('d', 3));
    await isUntouched();
  });
});
