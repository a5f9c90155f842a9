import { expect, it } from 'vitest';
import { DirectoryWriteError } from '../../functions/directory/errors.ts';
import { MAX_WRITES } from '../../functions/directory/table.ts';
import { item, type TableUnderTest } from './table.ts';

/** DynamoDB's limits hold everywhere. */
export function tableLimits(test: TableUnderTest): void {
  const writes = (pk: string, count: number) =>
    Array.from({ length: count }, (_, i) => ({ put: item({ pk, sk: String(i).padStart(3, '0') }) }));

  it('takes no writes at all, and says that they are done', async () => {
    expect(await test.table.write([])).toEqual({ ok: true });
  });

  it(`takes ${MAX_WRITES} writes in one call`, async () => {
    const pk = test.partition();
    expect(await test.table.write(writes(pk, MAX_WRITES))).toEqual({ ok: true });
    expect((await test.table.query({ pk, limit: 200 })).items).toHaveLength(MAX_WRITES);
  });

  it('refuses one write more, and does none of them', async () => {
    const pk = test.partition();
    await expect(test.table.write(writes(pk, MAX_WRITES + 1))).rejects.toThrow(DirectoryWriteError);
    expect(await test.table.query({ pk, limit: 1 })).toEqual({ items: [] });
  });

  it('refuses two writes on one key', async () => {
    const key = { pk: test.partition(), sk: 'a' };
    const twice = test.table.write([{ put: item(key) }, { check: key, if: 'absent' }]);
    await expect(twice).rejects.toThrow(DirectoryWriteError);
    expect(await test.table.get(key)).toBeUndefined();
  });

  const long = 'x'.repeat(2_100);
  const impossible = [
    ['an empty partition key', { pk: '', sk: 'a' }],
    ['an empty sort key', { pk: 'demo', sk: '' }],
    ['a partition key of over 2,048 bytes', { pk: long, sk: 'a' }],
    ['a sort key of over 1,024 bytes', { pk: 'demo', sk: 'é'.repeat(513) }],
    ['half a character', { pk: 'demo', sk: '\ud83d' }],
  ] as const;

  it.each(impossible)('refuses to write to %s: what works on one machine works on AWS', async (_, key) => {
    for (const write of [{ put: item(key) }, { delete: key }, { count: key, by: 1 }]) {
      await expect(test.table.write([write])).rejects.toThrow(DirectoryWriteError);
    }
    const due = test.table.write([{ put: item({ pk: 'demo', sk: 'a' }, 1, { due: key }) }]);
    await expect(due).rejects.toThrow(DirectoryWriteError);
  });

  it.each(impossible)('finds nothing at %s, without an error', async (_, key) => {
    expect(await test.table.get(key)).toBeUndefined();
    expect(await test.table.getMany([key])).toEqual([undefined]);
    expect(await test.table.getCounts([key])).toEqual([0]);
    expect((await test.table.query({ pk: long, limit: 1 })).items).toEqual([]);
    expect((await test.table.query({ pk: '', limit: 1 })).items).toEqual([]);
  });
}
