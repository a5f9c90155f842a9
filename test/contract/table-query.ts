import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Item, Page, Query } from '../../functions/directory/table.ts';
import type { TableUnderTest } from './table.ts';

/** In the order of their UTF-8 bytes; the order of UTF-16 units has the emoji before U+FF5E. */
const ORDERED = [
  'A',
  'Z',
  'a',
  'a\u0000',
  'a#1',
  'aa',
  'b',
  'é',
  'ß1',
  '\ud7ff1',
  '\uff5e',
  '😀',
  '😀a',
  '\u{10ffff}',
].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

/** Both ways to query are held to the same sentences: `query` by the sort key, `queryDue` by that of the due place. */
export function tableQueries(test: TableUnderTest): void {
  describe.each(['query', 'queryDue'] as const)('%s', (verb) => {
    const itemAt = (pk: string, sk: string): Item => ({
      pk: verb === 'query' ? pk : `${pk}#elsewhere`,
      sk: verb === 'query' ? sk : createHash('sha256').update(sk).digest('hex'),
      version: 1,
      body: { at: sk },
      ...(verb === 'queryDue' && { due: { pk, sk } }),
    });
    const fill = async (sortKeys: readonly string[]): Promise<string> => {
      const pk = test.partition();
      const mixed = [...sortKeys].sort((a, b) => a.length - b.length || (a < b ? 1 : -1));
      await test.table.write(mixed.map((sk) => ({ put: itemAt(pk, sk) })));
      return pk;
    };
    const page = (query: Query): Promise<Page> => test.table[verb](query);
    const found = async (query: Query): Promise<unknown[]> =>
      (await page(query)).items.map(({ body }) => body.at);

    it('returns whole items in the order of their keys by UTF-8 bytes', async () => {
      const pk = await fill(ORDERED);
      expect(await page({ pk, limit: 50 })).toEqual({ items: ORDERED.map((sk) => itemAt(pk, sk)) });
      expect(await found({ pk, limit: 50, reverse: true })).toEqual(ORDERED.toReversed());
    });

    it('returns nothing of other partitions', async () => {
      const pk = await fill(['a']);
      await test.table.write([{ put: itemAt(`${pk}x`, 'b') }]);
      expect(await found({ pk, limit: 50 })).toEqual(['a']);
      expect(await page({ pk: test.partition(), limit: 50 })).toEqual({ items: [] });
    });

    it.each(['a', 'a#', 'é', '\ud7ff', '😀', '\u{10ffff}', 'c', ''])(
      'returns what begins with %j',
      async (prefix) => {
        const pk = await fill(ORDERED);
        const expected = ORDERED.filter((sk) => sk.startsWith(prefix));
        expect(await found({ pk, prefix, limit: 50 })).toEqual(expected);
        expect(await found({ pk, prefix, limit: 50, reverse: true })).toEqual(expected.toReversed());
      },
    );

    it.each([...ORDERED, 'am', '0', '\u{10ffff}x'])(
      'returns what is behind %j and not itself',
      async (after) => {
        const pk = await fill(ORDERED);
        const bytes = (sk: string) => Buffer.compare(Buffer.from(sk), Buffer.from(after));
        expect(await found({ pk, after, limit: 50 })).toEqual(ORDERED.filter((sk) => bytes(sk) > 0));
        const before = ORDERED.filter((sk) => bytes(sk) < 0).toReversed();
        expect(await found({ pk, after, limit: 50, reverse: true })).toEqual(before);
        expect(await found({ pk, upTo: after, limit: 50 })).toEqual(ORDERED.filter((sk) => bytes(sk) <= 0));
      },
    );

    it('takes prefix, after and upTo together, both ways', async () => {
      const pk = await fill(['0#1', '1', '1#1', '1#2', '1#3', '1#4', '1#5', '2#1']);
      const between = { pk, prefix: '1#', upTo: '1#4', limit: 50 };
      expect(await found({ ...between, after: '1#1' })).toEqual(['1#2', '1#3', '1#4']);
      expect(await found({ ...between, after: '1#4', reverse: true })).toEqual(['1#3', '1#2', '1#1']);
      expect(await found({ ...between, after: '1#9', reverse: true })).toEqual(['1#4', '1#3', '1#2', '1#1']);
      expect(await found({ ...between, after: '0' })).toEqual(['1#1', '1#2', '1#3', '1#4']);
    });

    it('returns nothing for bounds that cross, or meet where one is exclusive', async () => {
      const pk = await fill(['a', 'b', 'c']);
      expect(await page({ pk, after: 'c', upTo: 'a', limit: 50 })).toEqual({ items: [] });
      expect(await page({ pk, after: 'b', upTo: 'b', limit: 50 })).toEqual({ items: [] });
      expect(await page({ pk, prefix: 'c', upTo: 'b', limit: 50 })).toEqual({ items: [] });
      expect(await page({ pk, prefix: 'a', after: 'b', limit: 50 })).toEqual({ items: [] });
      expect(await page({ pk, upTo: '', limit: 50 })).toEqual({ items: [] });
      expect(await page({ pk, after: '', reverse: true, limit: 50 })).toEqual({ items: [] });
    });

    it('starts from the front behind an empty key', async () => {
      const pk = await fill(['a', 'b']);
      expect(await found({ pk, after: '', limit: 50 })).toEqual(['a', 'b']);
    });

    it('takes bounds that are longer than any key', async () => {
      const pk = await fill(['a', 'é'.repeat(400), 'é'.repeat(512), 'ê']);
      const bound = 'é'.repeat(600);
      expect(await found({ pk, after: bound, limit: 50 })).toEqual(['ê']);
      expect(await found({ pk, upTo: bound, limit: 50 })).toHaveLength(3);
      expect(await found({ pk, after: bound, reverse: true, limit: 50 })).toHaveLength(3);
      expect(await found({ pk, prefix: bound, limit: 50 })).toEqual([]);
    });

    it('takes long bounds of characters that are two units of UTF-16 each', async () => {
      const keys = ['a', `a${'😀'.repeat(200)}`, `a${'😀'.repeat(255)}`, 'b'];
      const pk = await fill(keys);
      const bound = `a${'😀'.repeat(600)}`;
      expect(await found({ pk, upTo: bound, limit: 50 })).toEqual(keys.slice(0, 3));
      expect(await found({ pk, after: bound, limit: 50 })).toEqual(['b']);
    });

    it.each([
      [1, false],
      [2, true],
      [3, false],
      [6, true],
      [7, false],
      [8, true],
    ])(
      'cuts into pages of %d that leave nothing out and end where the items do (reverse: %s)',
      async (limit, reverse) => {
        const all = ['1', '2', '3', '4', '5', '6', '7'];
        const pk = await fill(['0', ...all, '8']);
        const pages: unknown[][] = [];
        let after: string | undefined;
        do {
          const { items, next } = await page({
            pk,
            limit,
            reverse,
            ...(reverse ? { prefix: '' } : { upTo: '7' }),
            after: after ?? (reverse ? '8' : '0'),
          });
          pages.push(items.map(({ body }) => body.at));
          after = next;
        } while (after !== undefined);
        const expected = reverse ? [...all.toReversed(), '0'] : all;
        expect(pages.flat()).toEqual(expected);
        expect(pages.map((each) => each.length)).toEqual(
          Array.from({ length: Math.ceil(expected.length / limit) }, (_, i) =>
            Math.min(limit, expected.length - i * limit),
          ),
        );
      },
    );

    it('fills a page beyond 1 MB, where DynamoDB stops reading', async () => {
      const pk = test.partition();
      const text = 'x'.repeat(300_000);
      const keys = ['a', 'b', 'c', 'd', 'e'];
      await Promise.all(
        keys.map((sk) => {
          const put = itemAt(pk, sk);
          return test.table.write([{ put: { ...put, body: { ...put.body, text } } }]);
        }),
      );
      expect(await found({ pk, limit: 5 })).toEqual(keys);
      expect(await page({ pk, limit: 4, reverse: true })).toMatchObject({ next: 'b' });
    });
  });

  describe('the index of due items', () => {
    const due = (pk: string, sk: string) => ({ due: { pk: `${pk}#due`, sk } });
    const isDue = async (pk: string): Promise<string[]> =>
      (await test.table.queryDue({ pk: `${pk}#due`, limit: 9 })).items.map(({ sk }) => sk);

    it('follows an item that is put over the version named, where its place stays, changes, ends and begins', async () => {
      const pk = test.partition();
      const end = { expiresAt: test.seconds() + 60 };
      const steps = [due(pk, '1'), due(pk, '1'), { ...due(pk, '1'), ...end }, due(pk, '2'), {}, due(pk, '3')];
      await test.table.write([{ put: { pk, sk: 'a', version: 1, body: {} } }]);
      for (const [index, step] of steps.entries()) {
        const put = { pk, sk: 'a', version: index + 2, body: { index }, ...step };
        expect(await test.table.write([{ put, if: { version: index + 1 } }])).toEqual({ ok: true });
        expect(await test.table.get(put)).toEqual(put);
        expect((await test.table.queryDue({ pk: `${pk}#due`, limit: 9 })).items).toEqual(
          'due' in step ? [put] : [],
        );
      }
    });

    it('has only items that are due, at the place that the last put gave them', async () => {
      const pk = test.partition();
      const put = (sk: string, place?: string) => ({
        put: { pk, sk, version: 1, body: {}, ...(place && due(pk, place)) },
      });
      await test.table.write([put('a', '2'), put('b', '1'), put('c')]);
      expect(await isDue(pk)).toEqual(['b', 'a']);
      await test.table.write([put('b', '3')]);
      expect(await isDue(pk)).toEqual(['a', 'b']);
      await test.table.write([put('a'), put('c', '0')]);
      expect(await isDue(pk)).toEqual(['c', 'b']);
      await test.table.write([{ delete: { pk, sk: 'c' } }]);
      expect(await isDue(pk)).toEqual(['b']);
    });

    it('is not changed by a write that is refused', async () => {
      const pk = test.partition();
      const stands = { pk, sk: 'a', version: 1, body: {}, ...due(pk, '1') };
      await test.table.write([{ put: stands }]);
      await test.table.write([{ put: { pk, sk: 'a', version: 2, body: {} }, if: { version: 7 } }]);
      expect(await isDue(pk)).toEqual(['a']);
    });

    it('has items of several partitions, also two at one place', async () => {
      const pk = test.partition();
      const puts = ['a', 'b', 'c'].map((sk) => ({
        put: { pk: `${pk}#${sk}`, sk, version: 1, body: {}, ...due(pk, 'same') },
      }));
      await test.table.write(puts);
      expect((await isDue(pk)).sort()).toEqual(['a', 'b', 'c']);
    });
  });
}
