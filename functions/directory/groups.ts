import { compact } from '../runtime/compact.ts';
import { type Changed, type Done, entryStore } from './entries.ts';
import type { GroupRecord } from './group.ts';
import { formerGroupNamePk, type GroupAttribute, groupIndexPk, groupIndexPks, groupKey } from './keys.ts';
import type { MarkDue, Members } from './members.ts';
import type { Table } from './table.ts';

/** The record isn't what the caller read any more; `current` is what stands there now, if anything. */
export type GroupChanged = Changed<GroupRecord>;

/** Another group has this id. */
export interface GroupConflict {
  readonly ok: false;
  readonly reason: 'conflict';
  readonly conflict: 'id';
  readonly id: string;
}

export interface GroupPage {
  readonly groups: GroupRecord[];
  /** Pass as `after` for the next page; absent when there is none. */
  readonly next?: string;
}

export interface Groups {
  /** Stores a new group, without members. Names needn't be unique. */
  createGroup(record: GroupRecord): Promise<Done | GroupConflict>;
  readGroup(tenant: string, id: string): Promise<GroupRecord | undefined>;
  /** Those of the groups that exist, in the order asked. */
  readGroups(tenant: string, ids: readonly string[]): Promise<GroupRecord[]>;
  /** Replaces exactly `before` by `after`, whose version is the next one; the members stay. */
  updateGroup(before: GroupRecord, after: GroupRecord): Promise<Done | GroupChanged>;
  /**
   * Removes the members and then the group, if it still is exactly the record given (`ok` too when it is gone
   * already). Broken off, it leaves the group with fewer members, and the next call goes on.
   */
  eraseGroup(record: GroupRecord, markDue?: MarkDue): Promise<Done | GroupChanged>;
  /**
   * Removes the group alone, whatever its size: it has no members from then on. What is left of its memberships is taken
   * out with `removeMembers`.
   */
  closeGroup(record: GroupRecord): Promise<Done | GroupChanged>;
  /** Looks a key up, whatever the tenant's size: displayName whatever the case, externalId exactly. */
  findGroup(
    tenant: string,
    by: { readonly attribute: GroupAttribute; readonly value: string },
  ): Promise<GroupRecord[]>;
  /** A page of the tenant's groups in the order of their ids. */
  listGroups(tenant: string, page: { after?: string; limit: number }): Promise<GroupPage>;
  countGroups(tenant: string): Promise<number>;
}

export function groupStore(table: Table, members: Members): Groups {
  const store = entryStore<GroupRecord>(table, {
    counts: () => ['group'],
    key: groupKey,
    indexPks: groupIndexPks,
    formerPks: ({ tenant, group }) => [formerGroupNamePk(tenant, group.displayName) ?? []].flat(),
  });

  const close = async (record: GroupRecord): Promise<Done | GroupChanged> => {
    const result = await store.erase(record);
    if (result.ok || result.reason === 'raced') return { ok: true };
    return result.current ? result : { ok: true };
  };

  return {
    async createGroup(record) {
      const result = await store.create(record);
      if (!result.ok && result.by !== 'id') throw new Error('groups have no unique names');
      return result.ok ? result : { ok: false, reason: 'conflict', conflict: 'id', id: result.id };
    },
    readGroup: store.read,
    readGroups: store.readMany,
    async updateGroup(before, after) {
      const result = await store.update(before, after);
      if (!result.ok && result.reason === 'taken') throw new Error('groups have no unique names');
      return result;
    },
    async eraseGroup(record, markDue) {
      const { tenant, id, version } = record;
      const current = await store.read(tenant, id);
      if (current && current.version !== version) return { ok: false, reason: 'changed', current };
      await members.replaceMembers(tenant, id, [], markDue);
      return current ? close(record) : { ok: true };
    },
    closeGroup: close,
    findGroup: (tenant, { attribute, value }) =>
      store.find(
        tenant,
        groupIndexPk(tenant, attribute, value),
        attribute === 'displayName' ? formerGroupNamePk(tenant, value) : undefined,
      ),
    async listGroups(tenant, page) {
      const { entries, next } = await store.list(tenant, page);
      return { groups: entries, ...compact({ next }) };
    },
    countGroups: (tenant) => store.count(tenant, 'group'),
  };
}
