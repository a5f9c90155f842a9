import { compact } from '../runtime/compact.ts';
import { unwrap, wrap } from './body.ts';
import { DirectoryItemError, DirectoryWriteError } from './errors.ts';
import { type Counted, countKey, countKeys } from './keys.ts';
import { everyItem } from './pages.ts';
import type { DuePlace, Item, Key, Query, Table, Write } from './table.ts';

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
  /** Places that only one entry can have. */
  markers?(entry: E): Marker[];
  /** Partitions in which the entry's id is listed. */
  indexPks(entry: E): string[];
  /** Further keys under which the entry's id stands. */
  nameKeys?(entry: E): Key[];
  /** Where version 0.1.0 kept the same, for an entry of which it was another place. */
  formerMarker?(entry: E): Key | undefined;
  formerPks?(entry: E): string[];
  place?(entry: E): DuePlace | undefined;
  /** Whether lists show the entry; without it they show all. */
  listed?(entry: E): boolean;
}

/** A place that one entry has and no other. */
export interface Marker {
  readonly what: 'userName' | 'agent';
  readonly key: Key;
  readonly item: Omit<Item, keyof Key>;
}

export interface EntryPage<E> {
  readonly entries: E[];
  /** Pass as `after` for the next page; absent when there is none. */
  readonly next?: string;
}

/** Why nothing was written: another version stands there (or none any more). */
export interface Changed<E> {
  readonly ok: false;
  readonly reason: 'changed';
  readonly current?: E;
}

/** Why nothing was written: another entry has this place already; `found` is the marker that stands there. */
export type Taken =
  | { readonly ok: false; readonly reason: 'taken'; readonly by: 'id'; readonly id: string }
  | { readonly ok: false; readonly reason: 'taken'; readonly by: Marker['what']; readonly found: Item };

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
      ...compact({ due }),
    };
  };
  const markersOf = (entry: E): Marker[] => kind.markers?.(entry) ?? [];
  const markerPut = ({ key, item: marker }: Marker) =>
    ({ put: { ...key, ...marker }, if: 'absent' }) as const;
  const indexItem = (key: Key, entry: E): Item => ({ ...key, version: 1, body: wrap({ id: entry.id }) });
  const indexKey = (pk: string, { tenant, id }: E): Key => ({ pk, sk: kind.key(tenant, id).sk });
  /** Every key under which the entry's id stands. */
  const indexKeys = (entry: E): Key[] => [
    ...kind.indexPks(entry).map((pk) => indexKey(pk, entry)),
    ...(kind.nameKeys?.(entry) ?? []),
  ];
  /** The writes for keys that only one of two versions of an entry has. */
  const keyChanges = (before: E, after: E): Write[] => {
    const [former, today] = [indexKeys(before), indexKeys(after)];
    if (areSame(former, today)) return [];
    const [had, has] = [byName(former), byName(today)];
    return [
      ...[...has].filter(([name]) => !had.has(name)).map(([, key]) => ({ put: indexItem(key, after) })),
      ...[...had].filter(([name]) => !has.has(name)).map(([, key]) => ({ delete: key })),
    ];
  };
  const changed = (found: Item | undefined): Changed<E> => ({
    ok: false,
    reason: 'changed',
    ...compact({ current: found && read(found) }),
  });
  const taken = (found: Item | undefined, { what, key }: Marker): Taken => {
    if (!found) throw new DirectoryItemError(key, 'was taken and is gone');
    return { ok: false, reason: 'taken', by: what, found };
  };

  /** The ids that an index partition lists. */
  const listed = async (pk: string): Promise<string[]> => {
    const items = await everyItem((from) => table.query({ pk, limit: INDEX_PAGE, ...from }));
    return items.map((found) => unwrap<string>(found, 'id'));
  };
  const formerPks = (entry: E) => new Set(kind.formerPks?.(entry) ?? []);
  const formerMarkerGone = (entry: E): Write[] => {
    const marker = kind.formerMarker?.(entry);
    return marker === undefined ? [] : [{ delete: marker }];
  };

  return {
    async create(entry: E): Promise<Done | Taken> {
      const markers = markersOf(entry);
      const result = await table.write([
        { put: item(entry), if: 'absent' },
        ...markers.map(markerPut),
        ...countWrites(kind, entry, 1),
        ...indexKeys(entry).map((key) => ({ put: indexItem(key, entry) })),
      ]);
      if (result.ok) return result;
      const marker = markers[result.failed - 1];
      if (marker === undefined) return { ok: false, reason: 'taken', by: 'id', id: entry.id };
      return taken(result.found, marker);
    },

    async read(tenant: string, id: string): Promise<E | undefined> {
      const found = await table.get(kind.key(tenant, id));
      return found && read(found);
    },

    readMany,

    /**
     * Entries listed in an index partition, in id order.
     *
     * @param formerPk where version 0.1.0 listed them
     */
    async find(tenant: string, pk: string, formerPk?: string): Promise<E[]> {
      const ids = await listed(pk);
      if (formerPk !== undefined) ids.push(...(await listed(formerPk)));
      if (ids.length === 0) return [];
      const distinct = [...new Set(ids)];
      // An entry may have changed between the two reads.
      return (await readMany(tenant, distinct)).filter((entry) => kind.indexPks(entry).includes(pk));
    },

    /**
     * What an update writes where nothing changes that a source says of the entry; for transactions with other things.
     * The first write is that of the entry.
     */
    successor(before: E, after: E): Write[] {
      assertSuccessor(before, after);
      return [
        { put: item(after), if: { version: before.version } },
        ...keyChanges(before, after),
        ...countChanges(kind, before, after),
      ];
    },

    /** Writes `after` over `before`, and of the markers, index items and counts only what changed. */
    async update(before: E, after: E): Promise<Done | Changed<E> | Taken> {
      assertSuccessor(before, after);
      const [had, has] = [markersOf(before), markersOf(after)];
      const without = (markers: Marker[], others: Marker[]) =>
        markers.filter(({ key }) => others.every((other) => other.key.pk !== key.pk));
      const won = without(has, had);
      const result = await table.write([
        { put: item(after), if: { version: before.version } },
        ...won.map(markerPut),
        ...without(had, has).map(({ key }) => ({ delete: key })),
        ...(kind.formerMarker?.(before)?.pk === kind.formerMarker?.(after)?.pk
          ? []
          : formerMarkerGone(before)),
        ...keyChanges(before, after),
        ...[...formerPks(before).difference(formerPks(after))].map((pk) => ({
          delete: indexKey(pk, before),
        })),
        ...countChanges(kind, before, after),
      ]);
      if (result.ok) return result;
      const marker = won[result.failed - 1];
      return marker === undefined ? changed(result.found) : taken(result.found, marker);
    },

    /** Removes the entry with all that points to it; `also` goes into the same transaction. */
    async erase(entry: E, also: readonly Write[] = []): Promise<Erased<E>> {
      const result = await table.write([
        { delete: kind.key(entry.tenant, entry.id), if: { version: entry.version } },
        ...countWrites(kind, entry, -1),
        ...markersOf(entry).map(({ key }) => ({ delete: key })),
        ...indexKeys(entry).map((key) => ({ delete: key })),
        ...formerMarkerGone(entry),
        ...[...formerPks(entry)].map((pk) => ({ delete: indexKey(pk, entry) })),
        ...also,
      ]);
      if (result.ok) return result;
      return result.failed === 0 ? changed(result.found) : { ok: false, reason: 'raced' };
    },

    /** A page of entries in id order; `all`: those too that lists leave out. */
    async list(
      tenant: string,
      { after, limit, all = false }: { after?: string; limit: number; all?: boolean },
    ): Promise<EntryPage<E>> {
      const { pk } = kind.key(tenant, '-');
      const entries: E[] = [];
      let next = after;
      do {
        const left = limit - entries.length;
        const page = await table.query({ pk, limit: left, ...compact({ after: next }) });
        entries.push(...page.items.map(read).filter((entry) => all || (kind.listed?.(entry) ?? true)));
        next = page.next;
      } while (next !== undefined && entries.length < limit);
      return { entries, ...compact({ next }) };
    },

    /** A page of the entries whose ids stand under keys of a range, each with its key's last part. */
    async listKeyed(tenant: string, query: Query) {
      const { items, next } = await table.query(query);
      const keyed = items.map((found) => ({ sk: found.sk, id: unwrap<string>(found, 'id') }));
      const entries = await readMany(tenant, [...new Set(keyed.map(({ id }) => id))]);
      const known = new Map(entries.map((entry) => [entry.id, entry]));
      return {
        entries: keyed.flatMap(({ sk, id }) => {
          const entry = known.get(id);
          return entry === undefined ? [] : [{ sk, entry }];
        }),
        ...compact({ next }),
      };
    },

    async count(tenant: string, counted: Counted): Promise<number> {
      const counts = await table.getCounts(countKeys(tenant, counted));
      return counts.reduce((sum, count) => sum + count, 0);
    },
  };
}

function areSame(keys: readonly Key[], others: readonly Key[]): boolean {
  return (
    keys.length === others.length &&
    keys.every(({ pk, sk }, index) => pk === others[index]?.pk && sk === others[index]?.sk)
  );
}

function byName(keys: readonly Key[]): Map<string, Key> {
  return new Map(keys.map((key) => [`${key.pk}\n${key.sk}`, key]));
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
