import { expect, it } from 'vitest';
import { item, type TableUnderTest } from './table.ts';

/** An item whose time is over is not there, swept out or not. */
export function tableExpiry(test: TableUnderTest): void {
  it('shows an item until its time is over and in no reading after', async () => {
    const pk = test.partition();
    const put = item({ pk, sk: 'a' }, 1, { due: { pk, sk: '0' }, expiresAt: test.seconds() + 10 });
    await test.table.write([{ put }]);
    test.advance(9);
    expect(await test.table.get(put)).toEqual(put);
    test.advance(1);
    expect(await test.table.get(put)).toBeUndefined();
    expect(await test.table.getMany([put])).toEqual([undefined]);
    expect(await test.table.query({ pk, limit: 9 })).toEqual({ items: [] });
    expect(await test.table.queryDue({ pk, limit: 9 })).toEqual({ items: [] });
  });

  it('fills pages from behind expired items', async () => {
    const pk = test.partition();
    const keys = ['a', 'b', 'c', 'd', 'e'].map((sk) => ({ pk, sk }));
    const expiresAt = test.seconds() + 10;
    await test.table.write(
      keys.map((key) => ({ put: item(key, 1, 'bce'.includes(key.sk) ? { expiresAt } : {}) })),
    );
    test.advance(10);
    const first = await test.table.query({ pk, limit: 1 });
    expect(first).toMatchObject({ items: [{ sk: 'a' }], next: 'a' });
    expect(await test.table.query({ pk, limit: 1, after: 'a' })).toEqual({
      items: [item({ pk, sk: 'd' })],
    });
  });

  it('counts an expired item as absent in every condition', async () => {
    const pk = test.partition();
    const old = item({ pk, sk: 'a' }, 1, { expiresAt: test.seconds() + 10 });
    const other = item({ pk, sk: 'b' });
    await test.table.write([{ put: old }]);
    test.advance(10);
    const gone = { ok: false, failed: 0 };
    expect(await test.table.write([{ put: item(old, 2), if: { version: 1 } }])).toEqual(gone);
    expect(await test.table.write([{ delete: old, if: { version: 1 } }])).toEqual(gone);
    expect(await test.table.write([{ check: old, if: { version: 1 } }])).toEqual(gone);
    expect(await test.table.write([{ check: old, if: { version: 1 } }, { put: other }])).toEqual(gone);
    const checked = await test.table.write([{ put: other }, { check: old, if: 'absent' }]);
    expect(checked).toEqual({ ok: true });
    const put = item({ pk, sk: 'a' }, 5);
    expect(await test.table.write([{ put, if: 'absent' }])).toEqual({ ok: true });
    expect(await test.table.get(put)).toEqual(put);
  });
}
