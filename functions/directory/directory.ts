import type { Clock } from '../runtime/clock.ts';
import { type Documents, documentStore } from './documents.ts';
import { DirectoryBusyError, MAX_RACES } from './errors.ts';
import { type Groups, groupStore } from './groups.ts';
import { type History, historyStore } from './history.ts';
import { type Members, memberCount, memberStore, membershipWrites } from './members.ts';
import { type PendingEvents, pendingEventStore } from './pending-events.ts';
import { type Timers, timerStore } from './people/timers.ts';
import { type PersonChanged, type Persons, personStore } from './persons.ts';
import type { PersonRecord } from './record.ts';
import { type Seen, seenStore } from './seen.ts';
import { MAX_WRITES, type Table } from './table.ts';

/**
 * What the product knows, in its own words: persons, groups and their members, histories, events already seen, events
 * that wait, and small documents of other rooms. Written once over a `Table`; every store behaves the same.
 */
export interface Directory extends Persons, Groups, Members, Documents, History, Seen, PendingEvents, Timers {
  /**
   * Removes a person, the keys that lead to it and its memberships, if it still is exactly the record given (`ok`
   * too when it is gone already). Its history stays until it expires.
   */
  erasePerson(record: PersonRecord): Promise<{ readonly ok: true } | PersonChanged>;
}

/** Memberships that go with a person in one transaction: at most 3 writes each beside those of the person itself. */
const MEMBERSHIPS_AT_ONCE = 20;
/** Memberships that go by themselves in one transaction. */
const LEFT_AT_ONCE = Math.floor(MAX_WRITES / 3);

/** The directory over a table; `clock` says when histories and seen events expire. */
export function openDirectory(table: Table, clock: Clock): Directory {
  const { erase, successor, ...persons } = personStore(table);
  const { holdersOf, ...members } = memberStore(table, { ...persons, successor });

  const leaving = (tenant: string, id: string, groups: readonly string[]) =>
    groups.flatMap((group) => [
      ...membershipWrites(tenant, group, { value: id }, false),
      memberCount(tenant, group, id, -1),
    ]);
  const leaveAll = async (tenant: string, id: string, groups: readonly string[]): Promise<void> => {
    for (let at = 0; at < groups.length; at += LEFT_AT_ONCE) {
      const some = groups.slice(at, at + LEFT_AT_ONCE);
      if ((await table.write(leaving(tenant, id, some))).ok) continue;
      // One of them is gone already.
      for (const group of some) await members.removeMembers(tenant, group, [id]);
    }
  };

  const erasePerson: Directory['erasePerson'] = async (record) => {
    const { tenant, id, version } = record;
    for (let race = 0; race < MAX_RACES; race++) {
      const holders = await holdersOf(tenant, id);
      const current = await persons.readPerson(tenant, id);
      if (current && current.version !== version) return { ok: false, reason: 'changed', current };
      // As many memberships as fit leave together with the person, so that no person is left without groups half-way.
      const together = current ? holders.slice(0, MEMBERSHIPS_AT_ONCE) : [];
      await leaveAll(tenant, id, holders.slice(together.length));
      if (!current) return { ok: true };
      const result = await erase(record, leaving(tenant, id, together));
      if (result.ok) return result;
      if (result.reason === 'changed' && result.current) return result;
    }
    throw new DirectoryBusyError(`The memberships of person ${id} change all the time`);
  };

  return {
    ...persons,
    ...members,
    ...groupStore(table, members),
    ...documentStore(table),
    ...historyStore(table, clock),
    ...seenStore(table, clock),
    ...pendingEventStore(table),
    ...timerStore(table),
    erasePerson,
  };
}
