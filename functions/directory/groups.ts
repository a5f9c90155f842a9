import { DirectoryItemError } from './errors.ts';
import { bodyOf, readBody } from './item.ts';
import {
  counterKey,
  counterKeys,
  listOf,
  memberKey,
  membershipKey,
  membershipsPartition,
  membersPartition,
  recordKey,
  sharedPartition,
} from './keys.ts';
import { type Item, type Key, MAX_WRITES, type Table, type Write } from './table.ts';

/** The directory's entry for a SCIM Group. Its members stand beside it, an item each. */
export interface GroupRecord {
  readonly tenant: string;
  /** The SCIM `id`. */
  readonly id: string;
  /** Counts every write of the entry. */
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** The Group resource without `members`. */
  readonly group: Group;
}

export interface Group {
  readonly displayName: string;
  readonly externalId?: string;
  readonly [attribute: string]: unknown;
}

/** One member as a client named it (RFC 7643 section 4.2); the id may be of a person who isn't there yet. */
export interface Member {
  readonly value: string;
  readonly display?: string;
  readonly type?: string;
}

export interface Groups {
  createGroup(record: GroupRecord): Promise<void>;
  readGroup(tenant: string, id: string): Promise<GroupRecord | undefined>;
  /** displayName whatever its case; neither is unique. */
  findGroup(
    tenant: string,
    lookUp: { attribute: 'displayName' | 'externalId'; value: string },
  ): Promise<GroupRecord[]>;
  /** Writes `after` in the place of `before`; false when somebody else wrote it since. */
  updateGroup(before: GroupRecord, after: GroupRecord): Promise<boolean>;
  /** Takes the entry out; its members are taken out with `clearMembers` before. */
  eraseGroup(record: GroupRecord): Promise<boolean>;
  listGroups(
    tenant: string,
    page: { after?: string; limit: number },
  ): Promise<{ records: GroupRecord[]; next?: string }>;
  countGroups(tenant: string): Promise<number>;
  /** Adds members, each once; costs the same in a group of any size. */
  addMembers(tenant: string, groupId: string, members: readonly Member[]): Promise<void>;
  removeMembers(tenant: string, groupId: string, memberIds: readonly string[]): Promise<void>;
  listMembers(
    tenant: string,
    groupId: string,
    page: { after?: string; limit: number },
  ): Promise<{ members: Member[]; next?: string }>;
  isMember(tenant: string, groupId: string, memberId: string): Promise<boolean>;
  /** The groups that a person is a member of, by name; a group that doesn't exist any more is left out. */
  groupsOf(tenant: string, memberId: string): Promise<{ id: string; display: string }[]>;
}

/** A membership takes two writes. */
const MEMBERS_A_WRITE = Math.floor(MAX_WRITES / 2);
const PAGE = 100;

export function openGroups(table: Table): Groups {
  const readGroups = async (tenant: string, ids: readonly string[]): Promise<GroupRecord[]> => {
    const items = await table.getMany(ids.map((id) => recordKey(tenant, 'group', id)));
    return items.filter((item) => item !== undefined).map(recordOf);
  };
  const sortKeys = async (pk: string): Promise<string[]> => {
    const all: string[] = [];
    let after: string | undefined;
    do {
      const page = await table.query({ pk, limit: PAGE, ...(after === undefined ? {} : { after }) });
      all.push(...page.items.map(({ sk }) => sk));
      after = page.next;
    } while (after !== undefined);
    return all;
  };
  const writeInChunks = async <T>(entries: readonly T[], writes: (entry: T) => Write[]): Promise<void> => {
    for (let from = 0; from < entries.length; from += MEMBERS_A_WRITE) {
      await table.write(entries.slice(from, from + MEMBERS_A_WRITE).flatMap(writes));
    }
  };

  return {
    createGroup: async (record) => {
      const { tenant, id } = record;
      const result = await table.write([
        { put: itemOf(record), if: 'absent' },
        ...sharedKeys(record).map((key): Write => ({ put: pointerItem(key) })),
        { count: counterKey(tenant, 'group', id), by: 1 },
      ]);
      if (!result.ok) throw new DirectoryItemError(recordKey(tenant, 'group', id), 'the id is taken');
    },

    readGroup: async (tenant, id) => (await readGroups(tenant, [id]))[0],

    findGroup: async (tenant, { attribute, value }) => {
      const shared = attribute === 'displayName' ? 'groupName' : 'groupExternalId';
      return readGroups(tenant, await sortKeys(sharedPartition(tenant, shared, value)));
    },

    updateGroup: async (before, after) => {
      const had = sharedKeys(before);
      const has = sharedKeys(after);
      const result = await table.write([
        { put: itemOf(after), if: { version: before.version } },
        ...without(had, has).map((key): Write => ({ delete: key })),
        ...without(has, had).map((key): Write => ({ put: pointerItem(key) })),
      ]);
      return result.ok;
    },

    eraseGroup: async (record) => {
      const { tenant, id } = record;
      const result = await table.write([
        { delete: recordKey(tenant, 'group', id), if: { version: record.version } },
        ...sharedKeys(record).map((key): Write => ({ delete: key })),
        { count: counterKey(tenant, 'group', id), by: -1 },
      ]);
      return result.ok;
    },

    listGroups: async (tenant, { after, limit }) => {
      const page = await table.query({
        pk: listOf(tenant, 'group'),
        limit,
        ...(after === undefined ? {} : { after }),
      });
      return { records: page.items.map(recordOf), ...(page.next === undefined ? {} : { next: page.next }) };
    },

    countGroups: async (tenant) =>
      (await table.getCounts(counterKeys(tenant, 'group'))).reduce((total, each) => total + each, 0),

    addMembers: (tenant, groupId, members) =>
      writeInChunks(
        [...new Map(members.map((member) => [member.value, member])).values()],
        ({ value, ...rest }) => [
          { put: { ...memberKey(tenant, groupId, value), version: 1, body: bodyOf(rest) } },
          { put: { ...membershipKey(tenant, value, groupId), version: 1, body: bodyOf({}) } },
        ],
      ),

    removeMembers: (tenant, groupId, memberIds) =>
      writeInChunks([...new Set(memberIds)], (id) => [
        { delete: memberKey(tenant, groupId, id) },
        { delete: membershipKey(tenant, id, groupId) },
      ]),

    listMembers: async (tenant, groupId, { after, limit }) => {
      const page = await table.query({
        pk: membersPartition(tenant, groupId),
        limit,
        ...(after === undefined ? {} : { after }),
      });
      return {
        members: page.items.map((item) => ({ value: item.sk, ...readBody<Omit<Member, 'value'>>(item) })),
        ...(page.next === undefined ? {} : { next: page.next }),
      };
    },

    isMember: async (tenant, groupId, memberId) =>
      (await table.get(memberKey(tenant, groupId, memberId))) !== undefined,

    groupsOf: async (tenant, memberId) => {
      const ids = await sortKeys(membershipsPartition(tenant, memberId));
      if (ids.length === 0) return [];
      const records = await readGroups(tenant, ids);
      return records.map(({ id, group }) => ({ id, display: group.displayName }));
    },
  };
}

function recordOf(item: Item): GroupRecord {
  return { ...readBody<Omit<GroupRecord, 'version'>>(item), version: item.version };
}

function itemOf(record: GroupRecord): Item {
  const { version, ...rest } = record;
  return { ...recordKey(record.tenant, 'group', record.id), version, body: bodyOf(rest) };
}

const pointerItem = (key: Key): Item => ({ ...key, version: 1, body: bodyOf({}) });

function sharedKeys({ tenant, id, group }: GroupRecord): Key[] {
  return [
    { pk: sharedPartition(tenant, 'groupName', group.displayName), sk: id },
    ...(typeof group.externalId === 'string' && group.externalId !== ''
      ? [{ pk: sharedPartition(tenant, 'groupExternalId', group.externalId), sk: id }]
      : []),
  ];
}

function without(from: readonly Key[], other: readonly Key[]): Key[] {
  return from.filter(({ pk }) => !other.some((each) => each.pk === pk));
}
