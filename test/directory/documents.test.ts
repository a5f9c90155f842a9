import { describe, expect, it } from 'vitest';
import { openDirectory } from '../../functions/directory/directory.ts';
import { changeDocument, decideOnDocument } from '../../functions/directory/documents.ts';
import { DirectoryBusyError } from '../../functions/directory/errors.ts';
import { memoryTable } from '../../functions/directory/memory.ts';
import { everyPage } from '../../functions/directory/pages.ts';

const CLOCK = { now: () => 0, sleep: async () => {} };
const COUNTER = {
  name: 'counter',
  parse: (stored: unknown): { readonly count: number } =>
    stored === undefined ? { count: 0 } : (stored as never),
};

function open() {
  const directory = openDirectory(memoryTable(CLOCK), CLOCK);
  const add = (to: Parameters<typeof changeDocument>[0] = directory) =>
    changeDocument(to, 'demo', COUNTER, ({ count }) => ({ count: count + 1 }));
  return { directory, add };
}

describe('a document that is changed', () => {
  it('is made when there is none, and says what it holds then', async () => {
    const { add, directory } = open();
    expect(await add()).toEqual({ count: 1 });
    expect(await directory.readDocument('demo', 'counter')).toEqual({ version: 1, body: { count: 1 } });
  });

  it('loses no change of writers that meet', async () => {
    const { add, directory } = open();
    await Promise.all(Array.from({ length: 20 }, () => add()));
    expect((await directory.readDocument('demo', 'counter'))?.body).toEqual({ count: 20 });
  });

  it('is not written when the decision needs no change', async () => {
    const { add, directory } = open();
    await add();
    const isOne = await decideOnDocument(directory, 'demo', COUNTER, ({ count }) => ({
      answer: count === 1,
    }));
    expect(isOne).toBe(true);
    expect((await directory.readDocument('demo', 'counter'))?.version).toBe(1);
  });

  it('is given up when another writer is always faster', async () => {
    const { add, directory } = open();
    let rivals = 0;
    const contended = {
      ...directory,
      writeDocument: async (...written: Parameters<typeof directory.writeDocument>) => {
        rivals += 1;
        await directory.writeDocument('demo', 'counter', { count: 100 + rivals });
        return directory.writeDocument(...written);
      },
    };
    await expect(add(contended)).rejects.toThrow(DirectoryBusyError);
    expect((await directory.readDocument('demo', 'counter'))?.body).toEqual({ count: 100 + rivals });
  });
});

describe('every page', () => {
  const pages: Readonly<Record<string, { items: number[]; next?: string }>> = {
    start: { items: [1, 2], next: 'b' },
    b: { items: [], next: 'c' },
    c: { items: [3] },
  };
  const read = (asked: string[]) => async (from: { after?: string }) => {
    asked.push(from.after ?? 'start');
    return pages[from.after ?? 'start'] ?? { items: [] };
  };
  const itemsOf = async (asked: string[], first?: string) => {
    const items: number[] = [];
    for await (const page of everyPage(read(asked), first)) items.push(...page.items);
    return items;
  };

  it('is read from the first to the last, an empty one between included', async () => {
    const asked: string[] = [];
    expect(await itemsOf(asked)).toEqual([1, 2, 3]);
    expect(asked).toEqual(['start', 'b', 'c']);
  });

  it('is read from where it is asked, and no page more than is wanted', async () => {
    const asked: string[] = [];
    expect(await itemsOf(asked, 'c')).toEqual([3]);
    for await (const page of everyPage(read(asked))) {
      expect(page.items).toEqual([1, 2]);
      break;
    }
    expect(asked).toEqual(['c', 'start']);
  });
});
