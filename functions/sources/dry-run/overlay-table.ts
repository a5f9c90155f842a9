import { memoryTable } from '../../directory/memory.ts';
import { compareBytes } from '../../directory/range.ts';
import type { Item, Key, Page, Query, Table, Write, WriteResult } from '../../directory/table.ts';
import { keyOf } from '../../directory/writes.ts';
import type { Clock } from '../../runtime/clock.ts';
import { compact } from '../../runtime/compact.ts';

/** A table over another one: what is written stays in memory, and is read as if it had been stored. */
export interface Overlay {
  readonly table: Table;
  /** Keys of the items that were written, in a partition. */
  written(pk: string): string[];
  /** Forgets what was written in all partitions but those to be kept. */
  clear(isKept: (pk: string) => boolean): Promise<void>;
}

/** Opens an overlay: a dry run does on it what the real run does on the table below. */
export function overlayTable(below: Table, clock: Clock): Overlay {
  let above = memoryTable(clock);
  /** By partition and sort key: whether the item above counts, or none does. */
  let touched = new Map<string, Map<string, 'put' | 'deleted'>>();
  const stateOf = ({ pk, sk }: Key) => touched.get(pk)?.get(sk);
  const touch = ({ pk, sk }: Key, as: 'put' | 'deleted') => {
    const partition = touched.get(pk) ?? new Map();
    touched.set(pk, partition.set(sk, as));
  };
  const get = async (key: Key): Promise<Item | undefined> =>
    stateOf(key) === undefined ? below.get(key) : above.get(key);

  const merged = async (
    query: Query,
    ask: (table: Table) => Promise<Page>,
    placeOf: (item: Item) => string,
  ): Promise<Page> => {
    const { next, items } = await ask(below);
    // At one moment with what counts of the page: what is written between the two would be in neither.
    const asked = above.query({ ...query, limit: Number.MAX_SAFE_INTEGER });
    const direction = query.reverse === true ? -1 : 1;
    const isOnPage = (item: Item) => next === undefined || direction * compareBytes(placeOf(item), next) <= 0;
    const kept = items.filter((item) => stateOf(item) === undefined);
    const { items: own } = await asked;
    const all = [...kept, ...own.filter(isOnPage)];
    return {
      items: all.toSorted((a, b) => direction * compareBytes(placeOf(a), placeOf(b))),
      ...compact({ next }),
    };
  };

  /** What the table below has where the conditions of a write ask for it, read beside what others ask for. */
  const storedFor = (writes: readonly Write[]): Promise<Item | undefined>[] => {
    const stored = writes.map(async (write) =>
      'count' in write || write.if === undefined || stateOf(keyOf(write)) !== undefined
        ? undefined
        : below.get(keyOf(write)),
    );
    // A reading that fails is told by the write that asks for it.
    Promise.all(stored).catch(() => {});
    return stored;
  };

  const writeAll = async (
    writes: readonly Write[],
    stored: readonly Promise<Item | undefined>[],
  ): Promise<WriteResult> => {
    for (const [failed, write] of writes.entries()) {
      if ('count' in write || write.if === undefined) continue;
      const key = keyOf(write);
      const found = stateOf(key) === undefined ? await stored[failed] : await above.get(key);
      const holds = write.if === 'absent' ? found === undefined : found?.version === write.if.version;
      if (!holds) return { ok: false, failed, ...compact({ found }) };
    }
    for (const write of writes) {
      if ('check' in write) continue;
      if (!('count' in write)) touch(keyOf(write), 'put' in write ? 'put' : 'deleted');
    }
    const plain = writes.flatMap((write): Write[] => {
      if ('check' in write) return [];
      if ('count' in write) return [write];
      return 'put' in write ? [{ put: write.put }] : [{ delete: write.delete }];
    });
    return above.write(plain);
  };

  let last: Promise<unknown> = Promise.resolve();
  const table: Table = {
    get,
    getMany: async (keys) => Promise.all(keys.map(get)),
    query: (query) =>
      merged(
        query,
        (each) => each.query(query),
        ({ sk }) => sk,
      ),
    // What becomes due in a dry run is never drained.
    queryDue: (query) => below.queryDue(query),
    getCounts: async (keys) => {
      const [known, added] = await Promise.all([below.getCounts(keys), above.getCounts(keys)]);
      return known.map((count, index) => count + (added[index] ?? 0));
    },
    // One after the other: between the look at what is there and the write nothing else is written. The table below is
    // asked before, so that none waits in line for it.
    write: (writes) => {
      const stored = storedFor(writes);
      const written = last.then(() => writeAll(writes, stored));
      last = written.catch(() => {});
      return written;
    },
  };
  return {
    table,
    written: (pk) => [...(touched.get(pk) ?? [])].flatMap(([sk, as]) => (as === 'put' ? [sk] : [])),
    clear: async (isKept) => {
      const before = above;
      const kept = [...touched].filter(([pk]) => isKept(pk));
      above = memoryTable(clock);
      touched = new Map(kept);
      for (const [pk, keys] of kept) {
        for (const sk of keys.keys()) {
          const item = await before.get({ pk, sk });
          if (item !== undefined) await above.write([{ put: item }]);
        }
      }
    },
  };
}
