import type { Clock } from '../runtime/clock.ts';
import { compact } from '../runtime/compact.ts';
import { compareBytes, rangeOf } from './range.ts';
import type { Item, Key, Page, Query, Table, Write, WriteResult } from './table.ts';
import { assertWrites, isExpired } from './writes.ts';

/** Items in the order of a key: their sort key, or that of their due place. */
type Ordered = { readonly key: string; readonly item: Item }[];

/**
 * A table that lives as long as the process: for simulations and tests. Bodies go through JSON on the way in, as in
 * the other stores, and come back frozen: a caller that changes what it read gets an error at once.
 */
export function memoryTable(clock: Clock): Table {
  const items = new Map<string, Item>();
  const partitions = new Map<string, Ordered>();
  const dueIndex = new Map<string, Ordered>();
  const counters = new Map<string, number>();

  const live = (key: Key): Item | undefined => {
    const item = items.get(nameOf(key));
    return item && !isExpired(item, clock.now()) ? item : undefined;
  };

  const remove = (key: Key): void => {
    const item = items.get(nameOf(key));
    if (!item) return;
    items.delete(nameOf(key));
    drop(partitions, item.pk, item.sk, item);
    if (item.due) drop(dueIndex, item.due.pk, item.due.sk, item);
  };

  const put = (item: Item): void => {
    remove(item);
    items.set(nameOf(item), item);
    insert(partitions, item.pk, item.sk, item);
    if (item.due) insert(dueIndex, item.due.pk, item.due.sk, item);
  };

  const apply = (write: Write): void => {
    if ('put' in write) put(frozenCopy(write.put));
    else if ('delete' in write) remove(write.delete);
    else if ('count' in write) {
      const name = nameOf(write.count);
      counters.set(name, (counters.get(name) ?? 0) + write.by);
    }
  };

  return {
    get: async (key) => live(key),
    getMany: async (keys) => keys.map(live),
    query: async (query) => pageOf(partitions.get(query.pk) ?? [], query, clock.now()),
    queryDue: async (query) => pageOf(dueIndex.get(query.pk) ?? [], query, clock.now()),
    getCounts: async (keys) => keys.map((key) => counters.get(nameOf(key)) ?? 0),
    async write(writes): Promise<WriteResult> {
      assertWrites(writes);
      for (const [failed, write] of writes.entries()) {
        if ('count' in write || write.if === undefined) continue;
        const found = live('put' in write ? write.put : 'delete' in write ? write.delete : write.check);
        const holds = write.if === 'absent' ? !found : found?.version === write.if.version;
        if (!holds) return { ok: false, failed, ...compact({ found }) };
      }
      for (const write of writes) apply(write);
      return { ok: true };
    },
  };
}

function pageOf(ordered: Ordered, query: Query, now: number): Page {
  const { low, high } = rangeOf(query);
  const from = low ? position(ordered, low.key, low.open) : 0;
  const to = high ? position(ordered, high.key, !high.open) : ordered.length;
  const items: Item[] = [];
  let next: string | undefined;
  for (let i = 0; i < to - from; i++) {
    const entry = ordered[query.reverse ? to - 1 - i : from + i];
    if (!entry || isExpired(entry.item, now)) continue;
    if (items.length === query.limit) return { items, ...compact({ next }) };
    items.push(entry.item);
    next = entry.key;
  }
  return { items };
}

function insert(index: Map<string, Ordered>, pk: string, key: string, item: Item): void {
  const ordered = index.get(pk) ?? [];
  ordered.splice(position(ordered, key, true), 0, { key, item });
  index.set(pk, ordered);
}

function drop(index: Map<string, Ordered>, pk: string, key: string, item: Item): void {
  const ordered = index.get(pk) ?? [];
  let at = position(ordered, key, false);
  // Several items may be due at one place.
  while (ordered[at]?.item !== item) at++;
  ordered.splice(at, 1);
  if (ordered.length === 0) index.delete(pk);
}

/** The index of the first entry at or behind the key; `past` leaves those at the key out. */
function position(ordered: Ordered, key: string, past: boolean): number {
  let from = 0;
  let to = ordered.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    const order = compareBytes(ordered[middle]?.key ?? '', key);
    if (order < 0 || (past && order === 0)) from = middle + 1;
    else to = middle;
  }
  return from;
}

function nameOf({ pk, sk }: Key): string {
  return `${pk.length}:${pk}${sk}`;
}

function frozenCopy(item: Item): Item {
  const { pk, sk, version, due, expiresAt } = item;
  return Object.freeze({
    pk,
    sk,
    version,
    body: frozenJson(item.body) as Item['body'],
    ...compact({ due: due && Object.freeze({ pk: due.pk, sk: due.sk }), expiresAt }),
  });
}

/** What JSON keeps of a value, frozen: one walk, where writing and parsing a text takes three. */
function frozenJson(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return Object.freeze(value.map((entry) => frozenJson(entry) ?? null));
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function') {
    return frozenJson(JSON.parse(JSON.stringify(value)));
  }
  const kept = Object.entries(value).map(([name, inner]) => [name, frozenJson(inner)] as const);
  return Object.freeze(Object.fromEntries(kept.filter(([, inner]) => inner !== undefined)));
}
