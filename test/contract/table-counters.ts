import { expect, it } from 'vitest';
import type { Key } from '../../functions/directory/table.ts';
import { item, type TableUnderTest } from './table.ts';

/** Counters lose nothing and are no items. */
export function tableCounters(test: TableUnderTest): void {
  it('counts from 0, up and down, by any whole number', async () => {
    const pk = test.partition();
    const [a, b, c] = ['a', 'b', 'c'].map((sk) => ({ pk, sk })) as [Key, Key, Key];
    expect(await test.table.write([{ count: a, by: 1 }])).toEqual({ ok: true });
    await test.table.write([
      { count: a, by: 41 },
      { count: b, by: -3 },
    ]);
    expect(await test.table.getCounts([b, a, c, a])).toEqual([-3, 42, 0, 42]);
    expect(await test.table.getCounts([])).toEqual([]);
  });

  it('is not to be seen as an item', async () => {
    const pk = test.partition();
    await test.table.write([{ count: { pk, sk: 'a' }, by: 1 }]);
    expect(await test.table.get({ pk, sk: 'a' })).toBeUndefined();
    expect(await test.table.getMany([{ pk, sk: 'a' }])).toEqual([undefined]);
    expect(await test.table.query({ pk, limit: 9 })).toEqual({ items: [] });
  });

  it('loses nothing under parallel use, alone or with other writes', async () => {
    const pk = test.partition();
    const counter = { pk: `${pk}#count`, sk: 'a' };
    const results = await Promise.all(
      Array.from({ length: 16 }, (_, i) =>
        test.table.write([
          { count: counter, by: 1 },
          ...(i % 2 ? [{ put: item({ pk, sk: String(i) }), if: 'absent' as const }] : []),
        ]),
      ),
    );
    expect(results.every(({ ok }) => ok)).toBe(true);
    expect(await test.table.getCounts([counter])).toEqual([16]);
  });
}
