import { expect, it } from 'vitest';
import { DirectoryItemError } from '../../functions/directory/errors.ts';
import { documentKey } from '../../functions/directory/keys.ts';
import type { DirectoryUnderTest } from './directory.ts';

export function directoryDocuments(test: DirectoryUnderTest): void {
  it('keeps a document, and counts its versions with and without conditions', async () => {
    const { directory, tenant } = test;
    const write = (body: object, ...more: [condition?: 'absent' | { version: number }, expiresAt?: number]) =>
      directory.writeDocument(tenant, 'catalogue', { ...body }, ...more);
    expect(await directory.readDocument(tenant, 'catalogue')).toBeUndefined();
    expect(await write({ n: 1 }, 'absent')).toEqual({ ok: true, version: 1 });
    expect(await write({ n: 2 }, 'absent')).toEqual({ ok: false, found: { version: 1, body: { n: 1 } } });
    expect(await write({ n: 2 }, { version: 1 })).toEqual({ ok: true, version: 2 });
    expect(await write({ n: 3 }, { version: 1 })).toEqual({
      ok: false,
      found: { version: 2, body: { n: 2 } },
    });
    expect(await write({ n: 3 })).toEqual({ ok: true, version: 3 });
    expect(await directory.readDocument(tenant, 'catalogue')).toEqual({ version: 3, body: { n: 3 } });
    expect(await directory.readDocument(`${tenant}x`, 'catalogue')).toBeUndefined();
  });

  it('refuses to write over a document that is not there', async () => {
    const result = await test.directory.writeDocument(test.tenant, 'none', {}, { version: 1 });
    expect(result).toEqual({ ok: false });
  });

  it('loses no document update that is tried again when refused', async () => {
    const { directory, tenant } = test;
    await directory.writeDocument(tenant, 'budget', { calls: [] }, 'absent');
    const call = async (i: number): Promise<void> => {
      for (;;) {
        const found = await directory.readDocument(tenant, 'budget');
        const calls = [...((found?.body.calls as number[]) ?? []), i];
        const condition = { version: found?.version ?? 0 };
        if ((await directory.writeDocument(tenant, 'budget', { calls }, condition)).ok) return;
      }
    };
    await Promise.all([0, 1, 2, 3, 4, 5].map(call));
    const found = await directory.readDocument(tenant, 'budget');
    expect(found?.version).toBe(7);
    expect(new Set(found?.body.calls as number[])).toEqual(new Set([0, 1, 2, 3, 4, 5]));
  });

  it('loses no count of versions of parallel writes without conditions', async () => {
    const { directory, tenant } = test;
    const writes = Array.from({ length: 6 }, (_, i) => directory.writeDocument(tenant, 'd', { i }));
    const versions = (await Promise.all(writes)).map((result) => result.ok && result.version);
    expect(versions.sort()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('counts an expired document as absent', async () => {
    const { directory, tenant } = test;
    const expiresAt = test.now() / 1000 + 60;
    await directory.writeDocument(tenant, 'd', { old: true }, undefined, expiresAt);
    expect(await directory.readDocument(tenant, 'd')).toEqual({ version: 1, body: { old: true }, expiresAt });
    test.advance(60);
    expect(await directory.readDocument(tenant, 'd')).toBeUndefined();
    expect(await directory.writeDocument(tenant, 'd', {}, 'absent')).toEqual({ ok: true, version: 1 });
  });

  it('erases a document, under a condition or without one', async () => {
    const { directory, tenant } = test;
    await directory.writeDocument(tenant, 'd', { n: 1 });
    const refused = await directory.eraseDocument(tenant, 'd', { version: 2 });
    expect(refused).toEqual({ ok: false, found: { version: 1, body: { n: 1 } } });
    expect(await directory.eraseDocument(tenant, 'd', { version: 1 })).toEqual({ ok: true });
    expect(await directory.eraseDocument(tenant, 'd')).toEqual({ ok: true });
    expect(await directory.readDocument(tenant, 'd')).toBeUndefined();
  });

  it('reports a document of a shape it does not know, with its key', async () => {
    const key = documentKey(test.tenant, 'd');
    await test.table.write([{ put: { ...key, version: 1, body: { shape: 'new' } } }]);
    const error = await test.directory.readDocument(test.tenant, 'd').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DirectoryItemError);
    expect(error).toMatchObject({ key });
  });

  it('tells a history newest first, in pages', async () => {
    const { directory, tenant } = test;
    const entries = ['09:00', '10:00', '10:30', '11:00'].map((time) => ({
      at: `2030-01-15T${time}:00.000Z`,
      what: time,
    }));
    for (const at of [2, 0, 3, 1]) {
      const entry = entries[at];
      if (entry) await directory.appendHistory(tenant, 'ada', entry, 30);
    }
    const first = await directory.listHistory(tenant, 'ada', { limit: 3 });
    expect(first.entries).toEqual(entries.toReversed().slice(0, 3));
    const second = await directory.listHistory(tenant, 'ada', { limit: 3, after: first.next ?? '' });
    expect(second).toEqual({ entries: entries.slice(0, 1) });
    expect(await directory.listHistory(tenant, 'bob', { limit: 3 })).toEqual({ entries: [] });
  });

  it('keeps the entries of one instant in their order, also those of parallel writers', async () => {
    const { directory, tenant } = test;
    const at = '2030-01-15T09:00:00.000Z';
    for (const what of ['a', 'b', 'c']) await directory.appendHistory(tenant, 'ada', { at, what }, 30);
    const told = (await directory.listHistory(tenant, 'ada', { limit: 9 })).entries;
    expect(told.map(({ what }) => what)).toEqual(['c', 'b', 'a']);
    await Promise.all([1, 2, 3, 4].map((what) => directory.appendHistory(tenant, 'bob', { at, what }, 30)));
    expect((await directory.listHistory(tenant, 'bob', { limit: 9 })).entries).toHaveLength(4);
  });

  it('forgets a history after its days', async () => {
    const { directory, tenant } = test;
    await directory.appendHistory(tenant, 'ada', { at: new Date(test.now()).toISOString() }, 2);
    test.advance(2 * 86_400 - 1);
    expect((await directory.listHistory(tenant, 'ada', { limit: 9 })).entries).toHaveLength(1);
    test.advance(1);
    expect((await directory.listHistory(tenant, 'ada', { limit: 9 })).entries).toEqual([]);
  });

  it('marks an event as seen for one of many who ask, until its time is over', async () => {
    const { directory, tenant } = test;
    const asked = await Promise.all(Array.from({ length: 8 }, () => directory.markSeen(tenant, 'e', 60)));
    expect(asked.filter(Boolean)).toHaveLength(1);
    expect(await directory.markSeen(tenant, 'other', 60)).toBe(true);
    expect(await directory.markSeen(`${tenant}x`, 'e', 60)).toBe(true);
    expect(await directory.markSeen(tenant, 'x'.repeat(3_000), 60)).toBe(true);
    test.advance(59);
    expect(await directory.markSeen(tenant, 'e', 60)).toBe(false);
    test.advance(1);
    expect(await directory.markSeen(tenant, 'e', 60)).toBe(true);
  });
}
