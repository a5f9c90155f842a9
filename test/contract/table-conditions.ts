import { expect, it } from 'vitest';
import { item, type TableUnderTest } from './table.ts';

/** Writes happen under their conditions and together, or not at all. */
export function tableConditions(test: TableUnderTest): void {
  it('puts where nothing is, and says what stands there instead', async () => {
    const key = { pk: test.partition(), sk: 'a' };
    expect(await test.table.write([{ put: item(key), if: 'absent' }])).toEqual({ ok: true });
    const again = await test.table.write([{ put: item(key, 2), if: 'absent' }]);
    expect(again).toEqual({ ok: false, failed: 0, found: item(key) });
    expect(await test.table.get(key)).toEqual(item(key));
  });

  it('puts over exactly the version named', async () => {
    const key = { pk: test.partition(), sk: 'a' };
    const nothing = await test.table.write([{ put: item(key, 2), if: { version: 1 } }]);
    expect(nothing).toEqual({ ok: false, failed: 0 });
    await test.table.write([{ put: item(key) }]);
    expect(await test.table.write([{ put: item(key, 2), if: { version: 1 } }])).toEqual({ ok: true });
    const late = await test.table.write([{ put: item(key, 2), if: { version: 1 } }]);
    expect(late).toEqual({ ok: false, failed: 0, found: item(key, 2) });
  });

  it('refuses a put that is equal to what stands there, as any other', async () => {
    const key = { pk: test.partition(), sk: 'a' };
    await test.table.write([{ put: item(key), if: 'absent' }]);
    const equal = await test.table.write([{ put: item(key), if: 'absent' }]);
    expect(equal).toEqual({ ok: false, failed: 0, found: item(key) });
  });

  it('deletes whatever stands there, or exactly the version named', async () => {
    const key = { pk: test.partition(), sk: 'a' };
    expect(await test.table.write([{ delete: key }])).toEqual({ ok: true });
    expect(await test.table.write([{ delete: key, if: { version: 1 } }])).toEqual({ ok: false, failed: 0 });
    await test.table.write([{ put: item(key, 3) }]);
    const other = await test.table.write([{ delete: key, if: { version: 2 } }]);
    expect(other).toEqual({ ok: false, failed: 0, found: item(key, 3) });
    expect(await test.table.write([{ delete: key, if: { version: 3 } }])).toEqual({ ok: true });
    expect(await test.table.get(key)).toBeUndefined();
    await test.table.write([{ put: item(key, 9) }]);
    expect(await test.table.write([{ delete: key }])).toEqual({ ok: true });
    expect(await test.table.get(key)).toBeUndefined();
  });

  it('checks a key without writing to it', async () => {
    const pk = test.partition();
    const [there, gap, put] = [item({ pk, sk: 'there' }, 4), { pk, sk: 'gap' }, item({ pk, sk: 'put' })];
    await test.table.write([{ put: there }]);
    expect(await test.table.write([{ check: there, if: { version: 4 } }])).toEqual({ ok: true });
    expect(await test.table.write([{ check: gap, if: 'absent' }])).toEqual({ ok: true });
    expect(await test.table.write([{ check: gap, if: { version: 4 } }])).toEqual({ ok: false, failed: 0 });
    const checked = await test.table.write([
      { check: there, if: { version: 4 } },
      { check: gap, if: 'absent' },
      { put },
    ]);
    expect(checked).toEqual({ ok: true });
    expect(await test.table.getMany([there, gap, put])).toEqual([there, undefined, put]);
    const failed = await test.table.write([{ put: item(put, 2) }, { check: there, if: 'absent' }]);
    expect(failed).toEqual({ ok: false, failed: 1, found: there });
    expect(await test.table.get(put)).toEqual(put);
  });

  it('writes all or nothing', async () => {
    const pk = test.partition();
    const [old, fresh, counter] = [
      item({ pk, sk: 'old' }),
      { pk, sk: 'new' },
      { pk: `${pk}#count`, sk: 'c' },
    ];
    await test.table.write([{ put: old }]);
    const result = await test.table.write([
      { put: item(fresh) },
      { delete: old },
      { count: counter, by: 1 },
      { put: item({ pk, sk: 'late' }), if: { version: 1 } },
    ]);
    expect(result).toEqual({ ok: false, failed: 3 });
    expect(await test.table.getMany([old, fresh])).toEqual([old, undefined]);
    expect(await test.table.getCounts([counter])).toEqual([0]);
  });

  it('names the first of several writes whose conditions fail', async () => {
    const pk = test.partition();
    const [a, b] = [item({ pk, sk: 'a' }), item({ pk, sk: 'b' })];
    await test.table.write([{ put: a }, { put: b }]);
    const result = await test.table.write([
      { put: item({ pk, sk: 'c' }), if: 'absent' },
      { put: item(b, 2), if: 'absent' },
      { put: item(a, 2), if: 'absent' },
    ]);
    expect(result).toEqual({ ok: false, failed: 1, found: b });
  });

  it('lets exactly one of many parallel writers have a free place, and shows it to the others', async () => {
    const key = { pk: test.partition(), sk: 'a' };
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        test.table.write([{ put: item(key, 1, { body: { writer: i } }), if: 'absent' }]),
      ),
    );
    const stands = await test.table.get(key);
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(results.findIndex(({ ok }) => ok)).toBe(stands?.body.writer);
    for (const result of results) {
      if (!result.ok) expect(result).toEqual({ ok: false, failed: 0, found: stands });
    }
  });

  it('loses no update of writers that read, add and write again when refused', async () => {
    const pk = test.partition();
    const [key, log] = [
      { pk, sk: 'a' },
      { pk, sk: 'log' },
    ];
    await test.table.write([{ put: { ...key, version: 0, body: { sum: 0 } } }]);
    const add = async (amount: number): Promise<void> => {
      for (;;) {
        const before = await test.table.get(key);
        if (!before) throw new Error('the item is gone');
        const after = {
          ...key,
          version: before.version + 1,
          body: { sum: Number(before.body.sum) + amount },
        };
        const put = { put: after, if: { version: before.version } };
        // Half of the writers use a transaction.
        const writes = amount % 2 ? [put] : [put, { put: item({ ...log, sk: `log${amount}` }) }];
        if ((await test.table.write(writes)).ok) return;
      }
    };
    await Promise.all([1, 2, 3, 4, 5, 6].map(add));
    expect((await test.table.get(key))?.body).toEqual({ sum: 21 });
    expect((await test.table.query({ pk, prefix: 'log', limit: 9 })).items).toHaveLength(3);
  });
}
