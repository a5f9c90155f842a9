import { afterAll, beforeAll, beforeEach, describe } from 'vitest';
import { type Directory, openDirectory } from '../../functions/directory/directory.ts';
import type { GroupRecord } from '../../functions/directory/group.ts';
import type { PersonRecord } from '../../functions/directory/record.ts';
import type { Table } from '../../functions/directory/table.ts';
import { systemClock } from '../../functions/runtime/clock.ts';
import { directoryAgentHolders } from './directory-agent-holders.ts';
import { directoryCosts } from './directory-costs.ts';
import { directoryDocuments } from './directory-documents.ts';
import { directoryDue } from './directory-due.ts';
import { directoryGroups } from './directory-groups.ts';
import { directoryKeys } from './directory-keys.ts';
import { directoryLists } from './directory-lists.ts';
import { directoryMembers } from './directory-members.ts';
import { directoryPersons } from './directory-persons.ts';
import { directorySequence } from './directory-sequence.ts';
import { directoryTimers } from './directory-timers.ts';
import type { OpenTable } from './table.ts';

/** What each part of the contract works with. */
export interface DirectoryUnderTest {
  readonly directory: Directory;
  readonly table: Table;
  /** A tenant of each test's own: all share one table. */
  readonly tenant: string;
  /** Epoch milliseconds. */
  now(): number;
  advance(seconds: number): void;
  /** Requests that the directory made of the table since the test began. */
  requests(): number;
}

export const NOON = Date.UTC(2030, 0, 15, 12);

/** What every interface of the directory promises, over whatever table. */
export function directoryContract(open: OpenTable): void {
  let now = NOON;
  let tenants = 0;
  let requests = 0;
  let opened: Awaited<ReturnType<OpenTable>>;
  let directory: Directory;
  const clock = { now: () => now, sleep: systemClock.sleep };
  const test: DirectoryUnderTest = {
    get directory() {
      return directory;
    },
    get table() {
      return opened.table;
    },
    get tenant() {
      return `tenant${tenants}`;
    },
    now: clock.now,
    advance: (seconds) => {
      now += seconds * 1000;
    },
    requests: () => requests,
  };
  beforeAll(async () => {
    opened = await open(clock);
    const counted = new Proxy(opened.table, {
      get: (table, verb: keyof Table) => {
        requests += 1;
        return table[verb];
      },
    });
    directory = openDirectory(counted, clock);
  });
  beforeEach(() => {
    tenants += 1;
    requests = 0;
  });
  afterAll(() => opened?.close());

  describe('persons', () => directoryPersons(test));
  describe('keys of persons', () => directoryKeys(test));
  describe('an agent', () => directoryAgentHolders(test));
  describe('due persons', () => directoryDue(test));
  describe('timers of people', () => directoryTimers(test));
  describe('lists of people', () => directoryLists(test));
  describe('groups', () => directoryGroups(test));
  describe('members', () => directoryMembers(test));
  describe('documents, history and events seen', () => directoryDocuments(test));
  describe('costs', () => directoryCosts(test));
  describe('any sequence of creates, changes and erasures', () => directorySequence(test));
}

/** A record that differs in what the test is about. */
export function aPerson(tenant: string, id: string, more: Partial<PersonRecord> = {}): PersonRecord {
  return {
    tenant,
    id,
    version: 1,
    personVersion: 1,
    createdAt: '2030-01-01T00:00:00.000Z',
    updatedAt: '2030-01-01T00:00:00.000Z',
    source: 'scim',
    person: { userName: `${id}@example.com` },
    state: 'provisioned',
    priority: 0,
    agent: { customId: id, presence: 'none' },
    attempts: { count: 0, unknown: false },
    ...more,
  };
}

export function aGroup(tenant: string, id: string, group: GroupRecord['group'] = {}): GroupRecord {
  return {
    tenant,
    id,
    version: 1,
    groupVersion: 1,
    createdAt: '2030-01-01T00:00:00.000Z',
    updatedAt: '2030-01-01T00:00:00.000Z',
    group: { displayName: `Group ${id}`, ...group },
  };
}

/** The next version of a record. */
export function next<R extends { readonly version: number }>(record: R, more: Partial<R> = {}): R {
  return { ...record, ...more, version: record.version + 1 };
}
