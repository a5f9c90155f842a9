import { unwrap, wrap } from './body.ts';
import { DirectoryItemError, DirectoryWriteError } from './errors.ts';
import { type Counted, countKey, countKeys } from './keys.ts';
import type { DuePlace, Item, Key, Table, Write } from './table.ts';

/** What persons and groups have in common. */
export interface Entry {
  readonly tenant: string;
  readonly id: string;
  readonly version: number;
}

/** How one kind of entry is kept. */
export interface EntryKind<E extends Entry> {
  /** What the entry counts for. */
  counts(entry: E): Counted[];
  key(tenant: string, id: string): Key;
  /** The place that only one entry of the tenant can have, if the kind has such a thing. */
  marker?(entry: E): Key;
  /** Partitions in which the entry's id is listed. */
  indexPks(entry: E): string[];
  place?(entry: E): DuePlace | undefined;
  /** Whether lists show the entry; without it they show all. */
  listed?(entry: E): boolean;
}

export interface EntryPage<E> {
  readonly entries: E[];
  /** Hand in as `after` for the next page; absent when there is none. */
  readonly next?: string;
}

/** Why nothing was written: another version stands there (or none any more). */
export interface Changed<E> {
  readonly ok: false;
  readonly reason: 'changed';
  readonly current?: E;
}

/** Why nothing was written: the entry `id` already has this place. */
export interface Taken {
  readonly ok: false;
  readonly reason: 'taken';
  readonly by: 'marker' | 'id';
  readonly id: string;
}

export type Done = { readonly ok: true };

/** `raced`: a condition of the writes that came along didn't hold. */
export type Erased<E> = Done | Changed<E> | { readonly ok: false; readonly reason: 'raced' };

const INDEX_PAGE = 100;

/** Keeps entries of one kind, each an item with the markers and index items that go with it in one transaction. */
export function entryStore<E extends Entry>(table: Table, kind: EntryKind<E>) {
  const read = (item: Item): E => unwrap<E>(item, 'record');
  const readMany = async (tenant: string, ids: readonly string[]): Promise<E[]> => {
    const items = await table.getMany(ids.map((id) => kind.key(tenant, id)));
    return items.flatMap((item) => (item ? [read(item)] : []));
  };
  const item = (entry: E): Item => {
    const due = kind.place?.(entry);
    return {
      ...kind.key(entry.tenant, entry.id),
      version: entry.version,
      body: wrap({ record: entry }),
      ...(due && { due }),
    };
  };
  const markerItem = (key: Key, { id }: E): Item => ({ ...key, version: 1, body: wrap({ id }) });
  const indexItem = (pk: string, entry: E): Item => markerItem(indexKey(pk, entry), entry);
  const indexKey = (pk: string, { tenant, id }: E): Key => ({ pk, sk: kind.key(tenant, id).sk });
  const changed = (found: Item | undefined): Changed<E> => ({
    ok: false,
    reason: 'changed',
    ...(found && { current: read(found) }),
  });
  const taken = (found: Item | undefined, key: Key): Taken => {
    if (!found) throw new DirectoryItemError(key, 'was taken and is gone');
    return { ok: false, reason: 'taken', by: 'marker', id: unwrap<string>(found, 'id') };
  };

  return {
    async create(entry: E): Promise<Done | Taken> {
      const marker = kind.marker?.(entry);
      const result = await table.write([
        { put: item(entry), if: 'absent' },
        ...countWrites(kind, entry, 1),
        ...(marker ? [{ put: markerItem(marker, entry), if: 'absent' } as const] : []),
        ...kind.indexPks(entry).map((pk) => ({ put: indexItem(pk, entry) })),
      ]);
      if (result.ok) return result;
      if (result.failed === 0 || !marker) return { ok: false, reason: 'taken', by: 'id', id: entry.id };
      return taken(result.found, marker);
    },

    async read(tenant: string, id: string): Promise<E | undefined> {
      const found = await table.get(kind.key(tenant, id));
      return found && read(found);
    },

    readMany,

    /** Entries listed in an index partition, in id order. */
    async find(tenant: string, pk: string): Promise<E[]> {
      const ids: string[] = [];
      let after: string | undefined;
      do {
        const page = await table.query({ pk, limit: INDEX_PAGE, ...(after !== undefined && { after }) });
        ids.push(...page.items.map((found) => unwrap<string>(found, 'id')));
        after = page.next;
      } while (after !== undefined);
      // An entry may have changed between the two reads.
      return (await readMany(tenant, ids)).filter((entry) => kind.indexPks(entry).includes(pk));
    },

    /** The one write that an update takes where no key and no count changes; for transactions with other things. */
    successor(before: E, after: E): Write {
      assertSuccessor(before, after);
      return { put: item(after), if: { version: before.version } };
    },

    /** Writes `after` over `before`, and of the markers, index items and counts only what changed. */
    async update(before: E, after: E): Promise<Done | Changed<E> | Taken> {
      assertSuccessor(before, after);
      const [oldMarker, newMarker] = [kind.marker?.(before), kind.marker?.(after)];
      const moved = newMarker && oldMarker && newMarker.pk !== oldMarker.pk;
      const [oldPks, newPks] = [new Set(kind.indexPks(before)), new Set(kind.indexPks(after))];
      const result = await table.write([
        { put: item(after), if: { version: before.version } },
        ...(moved
          ? [{ put: markerItem(newMarker, after), if: 'absent' } as const, { delete: oldMarker }]
          : []),
        ...[...newPks.difference(oldPks)].map((pk) => ({ put: indexItem(pk, after) })),
        ...[...oldPks.difference(newPks)].map((pk) => ({ delete: indexKey(pk, before) })),
        ...countChanges(kind, before, after),
      ]);
      if (result.ok) return result;
      return result.failed === 0 || !newMarker ? changed(result.found) : taken(result.found, newMarker);
    },

    /** Removes the entry with all that points to it; `also` goes into the same transaction. */
    async erase(entry: E, also: readonly Write[] = []): Promise<Erased<E>> {
      const marker = kind.marker?.(entry);
      const result = await table.write([
        { delete: kind.key(entry.tenant, entry.id), if: { version: entry.version } },
        ...countWrites(kind, entry, -1),
        ...(marker ? [{ delete: marker }] : []),
        ...kind.indexPks(entry).map((pk) => ({ delete: indexKey(pk, entry) })),
        ...also,
      ]);
      if (result.ok) return result;
      return result.failed === 0 ? changed(result.found) : { ok: false, reason: 'raced' };
    },

    async list(tenant: string, { after, limit }: { after?: string; limit: number }): Promise<EntryPage<E>> {
      const { pk } = kind.key(tenant, '-');
      const entries: E[] = [];
      let next = after;
      do {
        const left = limit - entries.length;
        const page = await table.query({ pk, limit: left, ...(next !== undefined && { after: next }) });
        entries.push(...page.items.map(read).filter((entry) => kind.listed?.(entry) ?? true));
        next = page.next;
      } while (next !== undefined && entries.length < limit);
      return { entries, ...(next !== undefined && { next }) };
    },

    async count(tenant: string, counted: Counted): Promise<number> {
      const counts = await table.getCounts(countKeys(tenant, counted));
      return counts.reduce((sum, count) => sum + count, 0);
    },
  };
}

function countWrites<E extends Entry>(kind: EntryKind<E>, entry: E, by: 1 | -1): Write[] {
  return kind.counts(entry).map((counted) => ({ count: countKey(entry.tenant, counted, entry.id), by }));
}

/** What an entry counts for seldom changes: an update then writes no count at all. */
function countChanges<E extends Entry>(kind: EntryKind<E>, before: E, after: E): Write[] {
  const [had, has] = [new Set(kind.counts(before)), new Set(kind.counts(after))];
  const write = (by: 1 | -1) => (counted: Counted) => ({
    count: countKey(after.tenant, counted, after.id),
    by,
  });
  return [...[...has.difference(had)].map(write(1)), ...[...had.difference(has)].map(write(-1))];
}

/** Versions count up by one: a writer that skips or repeats one would hide its write from the others. */
function assertSuccessor(before: Entry, after: Entry): void {
  if (before.tenant === after.tenant && before.id === after.id && after.version === before.version + 1)
    return;
  throw new DirectoryWriteError(
    `${after.tenant}/${after.id} version ${after.version} can't follow ${before.tenant}/${before.id} version ${before.version}`,
  );
}
