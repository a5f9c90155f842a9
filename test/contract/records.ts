import type { GroupRecord } from '../../functions/directory/group.ts';
import type { PersonRecord } from '../../functions/directory/record.ts';
import type { Person } from '../../functions/person/person.ts';

const NOON = '2030-01-15T12:00:00.000Z';

/** A record of a provisioned person, with what a test wants to be special. */
export function aPerson(
  tenant: string,
  id: string,
  person: Partial<Person> = {},
  more: Partial<PersonRecord> = {},
): PersonRecord {
  return {
    tenant,
    id,
    version: 1,
    personVersion: 1,
    createdAt: NOON,
    updatedAt: NOON,
    source: 'scim',
    person: { userName: `${id}@example.com`, ...person },
    state: 'provisioned',
    priority: 0,
    agent: { customId: `custom-${id}`, presence: 'none' },
    attempts: { count: 0, unknown: false },
    ...more,
  };
}

/** The next version of a person's record, with what has changed. */
export function changed(
  before: PersonRecord,
  person: Partial<Person> = {},
  more: Partial<PersonRecord> = {},
): PersonRecord {
  return { ...before, version: before.version + 1, person: { ...before.person, ...person }, ...more };
}

export function aGroup(tenant: string, id: string, group: GroupRecord['group'] = {}): GroupRecord {
  return {
    tenant,
    id,
    version: 1,
    groupVersion: 1,
    createdAt: NOON,
    updatedAt: NOON,
    group: { displayName: `Group ${id}`, ...group },
  };
}

/** The next version of a group's record, with what has changed. */
export function changedGroup(before: GroupRecord, group: GroupRecord['group']): GroupRecord {
  return { ...before, version: before.version + 1, group: { ...before.group, ...group } };
}
