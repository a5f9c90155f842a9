import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DirectoryWriteError } from '../../functions/directory/errors.ts';
import { type Item, type Key, MAX_WRITES, type Table } from '../../functions/directory/table.ts';
import type { Clock } from '../../functions/runtime/clock.ts';
import { systemClock } from '../../functions/runtime/clock.ts';
import { tableProperties } from './table-property.ts';
import { tableQueries } from './table-query.ts';

/** Opens an adapter on an empty table. The clock is the contract's: it only goes forward. */
export type OpenTable = (clock: Clock) => Promise<{ table: Table; close(): Promise<void> | void }>;

/** What each part of the contract works with. */
export interface TableUnderTest {
  readonly table: Table;
  /** Seconds since the epoch, by the clock that the adapter was given. */
  seconds(): number;
  advance(seconds: number): void;
  /** A partition that no other test uses: all share one table. */
  partition(): string;
}

const NOON = Date.UTC(2030, 0, 15, 12);

/** Every sentence of `functions/directory/table.ts`, held against an adapter. */
export function tableContract(open: OpenTable): void {
  let now = NOON;
  let partitions = 0;
  let opened: Awaited<ReturnType<OpenTable>>;
  const test: TableUnderTest = {
    get table() {
      return opened.table;
    },
    seconds: () => Math.floor(now / 1000),
    advance: (seconds) => {
      now += seconds * 1000;
    },
    partition: () => `demo#${partitions++}`,
  };
  beforeAll(async () => {
    opened = await open({ now: () => now, sleep: systemClock.sleep });
  });
  afterAll(() => opened?.close());

  describe('items', () => items(test));
  describe('conditions', () => conditions(test));
  describe('counters', () => counters(test));
  describe('expiry', () => expiry(test));
  describe('limits', () => limits(test));
  describe('queries', () => tableQueries(test));
  describe('any sequence of writes', () => tableProperties(test));
}

const item = (key: Key, version = 1, more: Partial<Item> = {}): Item => ({
  ...key,
  version,
  body: { of: version },
  ...more,
});

function items(test: TableUnderTest): void {
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

function conditions(test: TableUnderTest): void {
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

function counters(test: TableUnderTest): void {
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

function expiry(test: TableUnderTest): void {
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

function limits(test: TableUnderTest): void {
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
