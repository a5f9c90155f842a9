import { expect, it } from 'vitest';
import type { Item } from '../../functions/directory/table.ts';
import { item, type TableUnderTest } from './table.ts';

/** What is put comes back as it was, from every key. */
export function tableItems(test: TableUnderTest): void {
  it('returns an item as it was put, with version, due place and expiry', async () => {
    const pk = test.partition();
    const put: Item = {
      pk,
      sk: 'a',
      version: 7,
      body: { name: 'Ada' },
      due: { pk: `${pk}#due`, sk: '0' },
      expiresAt: test.seconds() + 60,
    };
    expect(await test.table.write([{ put }])).toEqual({ ok: true });
    expect(await test.table.get({ pk, sk: 'a' })).toEqual(put);
  });

  it('has nothing at a key where nothing was put', async () => {
    expect(await test.table.get({ pk: test.partition(), sk: 'a' })).toBeUndefined();
  });

  it('keeps any JSON object to the letter', async () => {
    const key = { pk: test.partition(), sk: 'a' };
    const body = JSON.parse(`{
      "": "", "text": "é 😀 \\u0000 \\ud800 \\" \\\\", "numbers": [0, -1.5, 1e200, 5e-324, 9007199254740993],
      "none": null, "no": false, "list": [[], {}, [null]], "deep": ${'['.repeat(60)}${']'.repeat(60)},
      "__proto__": {"constructor": 1}, "version": "v", "pk": "other"
    }`);
    await test.table.write([{ put: { ...key, version: 1, body } }]);
    expect(JSON.stringify((await test.table.get(key))?.body)).toBe(JSON.stringify(body));
  });

  it('keeps a body of 300 KB', async () => {
    const key = { pk: test.partition(), sk: 'a' };
    const body = { text: 'x'.repeat(100_000), wide: 'é'.repeat(100_000) };
    expect(await test.table.write([{ put: { ...key, version: 1, body }, if: 'absent' }])).toEqual({
      ok: true,
    });
    expect((await test.table.get(key))?.body).toEqual(body);
  });

  it('does not see what happens to an object after it was put', async () => {
    const key = { pk: test.partition(), sk: 'a' };
    const body = { list: [1] };
    await test.table.write([{ put: { ...key, version: 1, body } }]);
    body.list.push(2);
    expect((await test.table.get(key))?.body).toEqual({ list: [1] });
  });

  it('replaces the whole item: due place, expiry and body of the one before are gone', async () => {
    const key = { pk: test.partition(), sk: 'a' };
    await test.table.write([
      { put: item(key, 1, { due: { pk: key.pk, sk: '0' }, expiresAt: test.seconds() + 60 }) },
    ]);
    const put = { ...key, version: 2, body: { other: true } };
    await test.table.write([{ put }]);
    expect(await test.table.get(key)).toEqual(put);
  });

  it.each([
    'plain',
    'with space',
    'a#b',
    "'; DROP TABLE items; --",
    'a\u0000b',
    'line\nbreak',
    '%_*',
    'é',
    'e\u0301',
    '\ufffe\uffff',
    '😀',
    '\u{10ffff}',
    'ß'.repeat(500),
  ])('takes the unusual key %j for both parts', async (part) => {
    const key = { pk: `${test.partition()}#${part}`, sk: part };
    const put = item(key, 1, { due: key });
    await test.table.write([{ put, if: 'absent' }]);
    expect(await test.table.get(key)).toEqual(put);
    expect(await test.table.getMany([key])).toEqual([put]);
    expect(await test.table.query({ pk: key.pk, limit: 9 })).toEqual({ items: [put] });
    expect(await test.table.queryDue({ pk: key.pk, limit: 9 })).toEqual({ items: [put] });
    expect(await test.table.write([{ delete: key, if: { version: 1 } }])).toEqual({ ok: true });
    expect(await test.table.get(key)).toBeUndefined();
  });

  it('tells keys apart whose parts only join to the same text', async () => {
    const pk = test.partition();
    await test.table.write([{ put: item({ pk: `${pk}a`, sk: 'b' }) }]);
    expect(await test.table.get({ pk, sk: 'ab' })).toBeUndefined();
  });

  it('answers for many keys in the order asked, with undefined in the gaps and a key twice if asked twice', async () => {
    const pk = test.partition();
    const put = item({ pk, sk: 'a' });
    const other = item({ pk: `${pk}#other`, sk: 'b' });
    await test.table.write([{ put }, { put: other }]);
    expect(await test.table.getMany([other, { pk, sk: 'gap' }, put, other])).toEqual([
      other,
      undefined,
      put,
      other,
    ]);
    expect(await test.table.getMany([])).toEqual([]);
  });

  it('answers for more keys than one request of any store takes', async () => {
    const pk = test.partition();
    const keys = Array.from({ length: 250 }, (_, i) => ({ pk, sk: String(i) }));
    for (const from of [0, 100, 200]) {
      await test.table.write(keys.slice(from, from + 100).map((key) => ({ put: item(key) })));
    }
    const found = await test.table.getMany([...keys, { pk, sk: 'gap' }]);
    expect(found.map((each) => each?.sk)).toEqual([...keys.map(({ sk }) => sk), undefined]);
  });
}
