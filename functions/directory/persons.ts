import type { MultiValue, Person } from '../person/person.ts';
import { DirectoryItemError } from './errors.ts';
import { bodyOf, readBody } from './item.ts';
import {
  counterKey,
  counterKeys,
  duePartition,
  duePlace,
  listOf,
  memberKey,
  membershipsPartition,
  recordKey,
  sharedPartition,
  userNameKey,
} from './keys.ts';
import type { PersonRecord, Priority } from './record.ts';
import type { Item, Key, Table, Write } from './table.ts';

export type LookUp = {
  readonly attribute: 'userName' | 'externalId' | 'email';
  readonly value: string;
};

export type CreateResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly conflict: 'userName'; readonly id: string };

export type UpdateResult =
  | { readonly ok: true }
  /** Somebody else wrote the record since `before` was read; `current` is what stands there, if anything. */
  | { readonly ok: false; readonly reason: 'changed'; readonly current?: PersonRecord }
  | { readonly ok: false; readonly reason: 'userName'; readonly id: string };

export interface PersonPage {
  readonly records: PersonRecord[];
  readonly next?: string;
}

/** The entries for persons. */
export interface Persons {
  /** Stores a new entry, or says which one has the userName already. */
  createPerson(record: PersonRecord): Promise<CreateResult>;
  readPerson(tenant: string, id: string): Promise<PersonRecord | undefined>;
  /** In the order asked; those that don't exist are left out. */
  readPersons(tenant: string, ids: readonly string[]): Promise<PersonRecord[]>;
  /** By key, at any size of the directory; userName and e-mail whatever their case. */
  findPerson(tenant: string, lookUp: LookUp): Promise<PersonRecord[]>;
  /** Writes `after` in the place of `before`, if that is what stands there still. `after.version` is one more. */
  updatePerson(before: PersonRecord, after: PersonRecord): Promise<UpdateResult>;
  /** Takes the entry out with all its keys; false when it changed since `record` was read. */
  erasePerson(record: PersonRecord): Promise<boolean>;
  /** Pages in the order of ids. */
  listPersons(tenant: string, page: { after?: string; limit: number }): Promise<PersonPage>;
  countPersons(tenant: string): Promise<number>;
  /** Records that are due by `now` (epoch ms), in order: priority, then the longest due. */
  duePersons(tenant: string, now: number, limit: number, priority?: Priority): Promise<PersonRecord[]>;
}

/** More e-mail addresses than this are kept but can't be looked up. */
const MAX_INDEXED_EMAILS = 20;
const PRIORITIES: readonly Priority[] = [0, 1];

export function openPersons(table: Table): Persons {
  const readPersons = async (tenant: string, ids: readonly string[]): Promise<PersonRecord[]> => {
    const items = await table.getMany(ids.map((id) => recordKey(tenant, 'user', id)));
    return items.filter((item) => item !== undefined).map(recordOf);
  };
  const readPerson = async (tenant: string, id: string) => {
    const item = await table.get(recordKey(tenant, 'user', id));
    return item === undefined ? undefined : recordOf(item);
  };
  const holderOf = async (tenant: string, userName: string): Promise<string | undefined> => {
    const marker = await table.get(userNameKey(tenant, userName));
    return marker === undefined ? undefined : readBody<{ id: string }>(marker).id;
  };

  return {
    createPerson: async (record) => {
      const { tenant, id, person } = record;
      const result = await table.write([
        { put: markerItem(record), if: 'absent' },
        { put: itemOf(record), if: 'absent' },
        ...sharedKeys(record).map((key): Write => ({ put: pointerItem(key) })),
        { count: counterKey(tenant, 'user', id), by: 1 },
      ]);
      if (result.ok) return { ok: true };
      if (result.failed !== 0) throw new DirectoryItemError(recordKey(tenant, 'user', id), 'the id is taken');
      const found =
        result.found === undefined
          ? await holderOf(tenant, person.userName)
          : readBody<{ id: string }>(result.found).id;
      return { ok: false, conflict: 'userName', id: found ?? '' };
    },

    readPerson,
    readPersons,

    findPerson: async (tenant, { attribute, value }) => {
      if (attribute === 'userName') {
        const id = await holderOf(tenant, value);
        return id === undefined ? [] : readPersons(tenant, [id]);
      }
      const ids: string[] = [];
      const pk = sharedPartition(tenant, attribute, value);
      let after: string | undefined;
      do {
        const page = await table.query({ pk, limit: 100, ...(after === undefined ? {} : { after }) });
        ids.push(...page.items.map(({ sk }) => sk));
        after = page.next;
      } while (after !== undefined);
      return readPersons(tenant, ids);
    },

    updatePerson: async (before, after) => {
      const renamed = before.person.userName.toLowerCase() !== after.person.userName.toLowerCase();
      const had = sharedKeys(before);
      const has = sharedKeys(after);
      const result = await table.write([
        { put: itemOf(after), if: { version: before.version } },
        ...(renamed
          ? [
              { put: markerItem(after), if: 'absent' } as const,
              { delete: userNameKey(before.tenant, before.person.userName) },
            ]
          : []),
        ...missing(had, has).map((key): Write => ({ delete: key })),
        ...missing(has, had).map((key): Write => ({ put: pointerItem(key) })),
      ]);
      if (result.ok) return { ok: true };
      if (result.failed === 0) {
        const current = result.found === undefined ? undefined : recordOf(result.found);
        return { ok: false, reason: 'changed', ...(current === undefined ? {} : { current }) };
      }
      const id = result.found === undefined ? '' : readBody<{ id: string }>(result.found).id;
      return { ok: false, reason: 'userName', id };
    },

    erasePerson: async (record) => {
      const { tenant, id } = record;
      const result = await table.write([
        { delete: recordKey(tenant, 'user', id), if: { version: record.version } },
        { delete: userNameKey(tenant, record.person.userName) },
        ...sharedKeys(record).map((key): Write => ({ delete: key })),
        { count: counterKey(tenant, 'user', id), by: -1 },
      ]);
      if (result.ok) await eraseMemberships(table, tenant, id);
      return result.ok;
    },

    listPersons: async (tenant, { after, limit }) => {
      const page = await table.query({
        pk: listOf(tenant, 'user'),
        limit,
        ...(after === undefined ? {} : { after }),
      });
      return { records: page.items.map(recordOf), ...(page.next === undefined ? {} : { next: page.next }) };
    },

    countPersons: async (tenant) => sum(await table.getCounts(counterKeys(tenant, 'user'))),

    duePersons: async (tenant, now, limit, priority) => {
      const records: PersonRecord[] = [];
      for (const each of priority === undefined ? PRIORITIES : [priority]) {
        if (records.length >= limit) break;
        // The prefix keeps to one priority, `upTo` to what is due by now: '~' stands behind every id.
        const { items } = await table.queryDue({
          pk: duePartition(tenant),
          prefix: `${each}#`,
          upTo: `${each}#${new Date(now).toISOString()}#~`,
          limit: limit - records.length,
        });
        records.push(...items.map(recordOf));
      }
      return records;
    },
  };
}

/** What a reading of the directory makes of an item. */
function recordOf(item: Item): PersonRecord {
  return { ...readBody<Omit<PersonRecord, 'version'>>(item), version: item.version };
}

function itemOf(record: PersonRecord): Item {
  const { version, ...rest } = record;
  const { tenant, id, priority, dueAt } = record;
  return {
    ...recordKey(tenant, 'user', id),
    version,
    body: bodyOf(rest),
    ...(dueAt === undefined ? {} : { due: duePlace(tenant, priority, dueAt, id) }),
  };
}

function markerItem({ tenant, id, person }: PersonRecord): Item {
  return { ...userNameKey(tenant, person.userName), version: 1, body: bodyOf({ id }) };
}

const pointerItem = (key: Key): Item => ({ ...key, version: 1, body: bodyOf({}) });

/** The items by which a person is found without its id. */
function sharedKeys({ tenant, id, person }: PersonRecord): Key[] {
  const partitions = [
    ...(typeof person.externalId === 'string' && person.externalId !== ''
      ? [sharedPartition(tenant, 'externalId', person.externalId)]
      : []),
    ...emailsOf(person)
      .slice(0, MAX_INDEXED_EMAILS)
      .map((value) => sharedPartition(tenant, 'email', value)),
  ];
  return [...new Set(partitions)].map((pk) => ({ pk, sk: id }));
}

function emailsOf(person: Person): string[] {
  const emails: readonly MultiValue[] = Array.isArray(person.emails) ? person.emails : [];
  return emails
    .map(({ value }) => value)
    .filter((value) => typeof value === 'string' && value !== '') as string[];
}

function missing(from: readonly Key[], other: readonly Key[]): Key[] {
  return from.filter(({ pk }) => !other.some((each) => each.pk === pk));
}

/** A person who is erased leaves every group; the groups' own counters follow. */
async function eraseMemberships(table: Table, tenant: string, memberId: string): Promise<void> {
  const pk = membershipsPartition(tenant, memberId);
  for (;;) {
    const { items } = await table.query({ pk, limit: 45 });
    if (items.length === 0) return;
    await table.write(
      items.flatMap(({ sk: groupId }): Write[] => [
        { delete: { pk, sk: groupId } },
        { delete: memberKey(tenant, groupId, memberId) },
      ]),
    );
  }
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, each) => total + each, 0);
