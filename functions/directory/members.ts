import { compact } from '../runtime/compact.ts';
import { unwrap, wrap } from './body.ts';
import { DirectoryBusyError, MAX_RACES } from './errors.ts';
import type { Member, Membership } from './group.ts';
import { countKey, countKeys, groupKey, keyPart, memberKey, memberOfKey } from './keys.ts';
import { everyItem, everyPage } from './pages.ts';
import type { Persons, PersonWrites } from './persons.ts';
import { compareBytes } from './range.ts';
import type { PersonRecord } from './record.ts';
import { type Item, type Key, MAX_WRITES, type Table, type Write } from './table.ts';

export interface MemberPage {
  readonly members: Member[];
  /** Pass as `after` for the next page; absent when there is none. */
  readonly next?: string;
}

/**
 * What the record of a person becomes whose membership changes, in the same transaction, so that none is changed without
 * the other: the same person, the same presence, the next version. Undefined leaves it as it is.
 */
export type MarkDue = (record: PersonRecord) => PersonRecord | undefined;

/**
 * Who is in which group: two items a membership, one as the group sees it and one as the member does. Adding or
 * removing one costs the same in a group of 10 and of 100,000. Every call can be repeated: a membership that is
 * already there (or gone) changes nothing, and a call that broke off is finished by the next. Ids that no person has
 * are kept as members; they resolve when the person arrives.
 */
export interface Members {
  /** The answer has the ids that weren't members before. */
  addMembers(
    tenant: string,
    groupId: string,
    members: readonly Member[],
    markDue?: MarkDue,
  ): Promise<string[]>;
  /** The answer has the ids that were members before. */
  removeMembers(
    tenant: string,
    groupId: string,
    ids: readonly string[],
    markDue?: MarkDue,
  ): Promise<string[]>;
  /** Makes exactly these the members, and writes only what differs. */
  replaceMembers(
    tenant: string,
    groupId: string,
    members: readonly Member[],
    markDue?: MarkDue,
  ): Promise<{ added: string[]; removed: string[] }>;
  /** A page of a group's members in the order of their ids. */
  listMembers(tenant: string, groupId: string, page: { after?: string; limit: number }): Promise<MemberPage>;
  /** Those of the ids that are members, looked up one by one whatever the group's size. */
  readMembers(tenant: string, groupId: string, ids: readonly string[]): Promise<Member[]>;
  countMembers(tenant: string, groupId: string): Promise<number>;
  /** The groups that a person is a direct member of, with their names of today. */
  groupsOf(tenant: string, personId: string): Promise<Membership[]>;
  /**
   * As `groupsOf`, for many persons: a group that they share is read once. Of persons who follow each other by their ids,
   * in a tenant of few groups, it costs a query a group and none a person.
   */
  groupsOfMany(
    tenant: string,
    personIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly Membership[]>>;
}

/** Two items a membership, and the count. */
const CHUNK = Math.floor((MAX_WRITES - 1) / 2);
/** With their records, which may be large: DynamoDB takes 4 MB in a transaction. */
const MARKED_CHUNK = 10;
const PAGE = 1_000;
/** Queries at one time. */
const LANES = 25;
/** How many times more persons than groups there have to be for the groups to be looked through. */
const PERSONS_A_GROUP = 4;

export function memberStore(
  table: Table,
  persons: Pick<Persons, 'readPersons'> & Pick<PersonWrites, 'successor'>,
): Members & {
  /** The groups that hold this member, existing or not, by id. */
  holdersOf(tenant: string, member: string): Promise<string[]>;
} {
  /** All items of a partition, page by page. */
  async function* all(pk: string): AsyncGenerator<Item> {
    for await (const { items } of everyPage((from) => table.query({ pk, limit: PAGE, ...from })))
      yield* items;
  }

  const present = async (keys: readonly Key[]): Promise<boolean[]> =>
    (await table.getMany(keys)).map((item) => item !== undefined);

  /** The writes that make the records of those who exist due. */
  const dueWrites = async (
    tenant: string,
    members: readonly Member[],
    markDue: MarkDue,
  ): Promise<Write[]> => {
    const records = await persons.readPersons(
      tenant,
      members.map(({ value }) => value),
    );
    const writes = records.flatMap((record) => {
      const after = markDue(record);
      return after === undefined ? [] : persons.successor(record, after);
    });
    return countedOnce(writes);
  };

  /**
   * Makes the memberships of one chunk be there, or be gone; the answer has those that this call changed. A single
   * one is written without looking: its condition says whether it was there.
   */
  const change = async (
    tenant: string,
    groupId: string,
    members: readonly Member[],
    there: boolean,
    markDue: MarkDue | undefined,
  ): Promise<string[]> => {
    const keyOf = ({ value }: Member) => memberKey(tenant, groupId, value);
    for (let race = 0; race < MAX_RACES; race++) {
      const looked = members.length > 1 ? await present(members.map(keyOf)) : [!there];
      const left = members.filter((_, i) => looked[i] !== there);
      const [first] = left;
      if (!first) return [];
      const result = await table.write([
        ...left.flatMap((member) => membershipWrites(tenant, groupId, member, there)),
        memberCount(tenant, groupId, first.value, there ? left.length : -left.length),
        ...(markDue === undefined ? [] : await dueWrites(tenant, left, markDue)),
      ]);
      if (result.ok) return left.map(({ value }) => value);
      // The condition of the membership is the first: a later one is that of a record that another writer has changed.
      if (members.length === 1 && result.failed === 0) return [];
    }
    throw new DirectoryBusyError(`The members of group ${groupId} change all the time`);
  };

  const changeAll = async (
    tenant: string,
    groupId: string,
    members: readonly Member[],
    there: boolean,
    markDue: MarkDue | undefined,
  ): Promise<string[]> => {
    const size = markDue === undefined ? CHUNK : MARKED_CHUNK;
    const unique = [
      ...new Map(
        members.map((member) => [memberKey(tenant, groupId, member.value).sk, member] as const),
      ).values(),
    ];
    const changed: string[] = [];
    for (let i = 0; i < unique.length; i += size) {
      changed.push(...(await change(tenant, groupId, unique.slice(i, i + size), there, markDue)));
    }
    return changed;
  };

  const removeMembers: Members['removeMembers'] = (tenant, groupId, ids, markDue) =>
    changeAll(
      tenant,
      groupId,
      ids.map((value) => ({ value })),
      false,
      markDue,
    );

  const holdersOf = async (tenant: string, member: string): Promise<string[]> => {
    const { pk } = memberOfKey(tenant, member, '-');
    const items = await everyItem((from) => table.query({ pk, limit: PAGE, ...from }));
    return items.map((item) => unwrap<string>(item, 'group'));
  };

  /** Groups by their ids, with their names of today. */
  const named = async (
    tenant: string,
    ids: readonly string[],
  ): Promise<Map<string | undefined, Membership>> => {
    const groups = await table.getMany(ids.map((id) => groupKey(tenant, id)));
    return new Map(groups.flatMap((item, i) => (item ? [[ids[i], membershipOf(item)]] : [])));
  };

  const groupsOf = async (tenant: string, personId: string): Promise<Membership[]> => {
    const ids = await holdersOf(tenant, personId);
    return ids.length === 0 ? [] : [...(await named(tenant, ids)).values()];
  };

  /** What each person is in by the person's own items: a query a person. */
  const byPerson = async (tenant: string, personIds: readonly string[]) => {
    const held = new Map<string, string[]>();
    for (let i = 0; i < personIds.length; i += LANES) {
      const lanes = personIds.slice(i, i + LANES);
      await Promise.all(lanes.map(async (id) => void held.set(id, await holdersOf(tenant, id))));
    }
    const known = await named(tenant, [...new Set([...held.values()].flat())]);
    return new Map(
      [...held].map(([id, holders]) => [id, holders.flatMap((holder) => known.get(holder) ?? [])] as const),
    );
  };

  /**
   * The same by the groups' items: of each group the stretch of members in which the persons lie.
   *
   * @returns undefined where that would cost more: there are many groups, or many members between the persons
   */
  const byGroup = async (tenant: string, personIds: readonly string[]) => {
    const keys = personIds.map(keyPart).sort(compareBytes);
    const limit = Math.floor(keys.length / PERSONS_A_GROUP);
    if (limit === 0) return undefined;
    const { items, next } = await table.query({ pk: groupKey(tenant, '-').pk, limit });
    if (next !== undefined) return undefined;
    // What a key begins with sorts before it, and little lies between the two.
    const after = [...(keys[0] ?? '')].slice(0, -1).join('');
    const stretches = await Promise.all(
      items.map(async (item) => {
        const membership = membershipOf(item);
        const { pk } = memberKey(tenant, membership.id, '-');
        const stretch = { pk, ...compact({ after: after || undefined, upTo: keys.at(-1) }) };
        return { membership, ...(await table.query({ ...stretch, limit: 2 * keys.length })) };
      }),
    );
    if (stretches.some((stretch) => stretch.next !== undefined)) return undefined;
    const found = new Map(personIds.map((id) => [id, [] as Membership[]]));
    for (const { membership, items: members } of stretches) {
      for (const item of members) found.get(unwrap<Member>(item, 'member').value)?.push(membership);
    }
    return found;
  };

  return {
    addMembers: (tenant, groupId, members, markDue) => changeAll(tenant, groupId, members, true, markDue),
    removeMembers,

    async replaceMembers(tenant, groupId, members, markDue) {
      const wanted = new Map(
        members.map((member) => [memberKey(tenant, groupId, member.value).sk, member] as const),
      );
      const gone: string[] = [];
      for await (const item of all(memberKey(tenant, groupId, '-').pk)) {
        if (!wanted.delete(item.sk)) gone.push(unwrap<Member>(item, 'member').value);
      }
      const added = await changeAll(tenant, groupId, [...wanted.values()], true, markDue);
      return { added, removed: await removeMembers(tenant, groupId, gone, markDue) };
    },

    async listMembers(tenant, groupId, page) {
      const { items, next } = await table.query({ pk: memberKey(tenant, groupId, '-').pk, ...page });
      return {
        members: items.map((item) => unwrap<Member>(item, 'member')),
        ...compact({ next }),
      };
    },

    async readMembers(tenant, groupId, ids) {
      const items = await table.getMany(ids.map((id) => memberKey(tenant, groupId, id)));
      return items.flatMap((item) => (item ? [unwrap<Member>(item, 'member')] : []));
    },

    async countMembers(tenant, groupId) {
      const counts = await table.getCounts(countKeys(tenant, `member#${groupId}`));
      return counts.reduce((sum, count) => sum + count, 0);
    },

    groupsOf,

    async groupsOfMany(tenant, personIds) {
      const [only, ...others] = personIds;
      if (only !== undefined && others.length === 0) return new Map([[only, await groupsOf(tenant, only)]]);
      return (await byGroup(tenant, personIds)) ?? (await byPerson(tenant, personIds));
    },

    holdersOf,
  };
}

/** One write a counter: a transaction takes no two of one item. */
function countedOnce(writes: readonly Write[]): Write[] {
  const counts = new Map<string, Extract<Write, { count: Key }>>();
  for (const write of writes) {
    if (!('count' in write)) continue;
    const name = `${write.count.pk}\n${write.count.sk}`;
    counts.set(name, { ...write, by: write.by + (counts.get(name)?.by ?? 0) });
  }
  const others = writes.filter((write) => !('count' in write));
  return [...others, ...[...counts.values()].filter(({ by }) => by !== 0)];
}

function membershipOf(item: Item): Membership {
  const { id, group } = unwrap<{ id: string; group: { displayName?: string } }>(item, 'record');
  return { id, display: group.displayName ?? '' };
}

/** The writes that make one membership be there, or be gone; they fail when it already is so. */
export function membershipWrites(tenant: string, groupId: string, member: Member, there: boolean): Write[] {
  const key = memberKey(tenant, groupId, member.value);
  const reverse = memberOfKey(tenant, member.value, groupId);
  if (!there) return [{ delete: key, if: { version: 1 } }, { delete: reverse }];
  return [
    { put: { ...key, version: 1, body: wrap({ member }) }, if: 'absent' },
    { put: { ...reverse, version: 1, body: wrap({ group: groupId }) } },
  ];
}

/** The write that counts members of a group up or down. */
export function memberCount(tenant: string, groupId: string, member: string, by: number): Write {
  return { count: countKey(tenant, `member#${groupId}`, member), by };
}
