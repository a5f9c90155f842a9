import { compact } from '../runtime/compact.ts';
import {
  type AgentHeld,
  type AgentHolders,
  agentHolderStore,
  agentMarker,
  holderIn,
} from './agent-holders.ts';
import { unwrap, wrap } from './body.ts';
import { type Done, type Erased, entryStore, type Taken } from './entries.ts';
import { DirectoryItemError } from './errors.ts';
import {
  duePlace,
  dueRange,
  erasePk,
  erasePlace,
  eraseRange,
  formerEmailPk,
  formerPersonIndexPks,
  formerUserNameKey,
  heldPlace,
  type PersonAttribute,
  PRIORITIES,
  personIndexPk,
  personIndexPks,
  personKey,
  queueRange,
  userNameKey,
} from './keys.ts';
import type { ReasonCode } from './people/listed.ts';
import {
  type CountedState,
  countedStates,
  firstNamed,
  type IndexedState,
  listedPlace,
  listRange,
  nameKeys,
  nameRange,
} from './people/places.ts';
import type { PersonRecord, Priority } from './record.ts';
import type { DuePlace, Query, Table, Write } from './table.ts';

/** Another person in the tenant has the userName (or the id); `id` is theirs. */
export interface PersonConflict {
  readonly ok: false;
  readonly reason: 'conflict';
  readonly conflict: 'userName' | 'id';
  readonly id: string;
}

/** The record isn't what the caller read any more; `current` is what stands there now, if anything. */
export interface PersonChanged {
  readonly ok: false;
  readonly reason: 'changed';
  readonly current?: PersonRecord;
}

export interface PersonPage {
  readonly persons: PersonRecord[];
  /** Pass as `after` for the next page; absent when there is none. */
  readonly next?: string;
}

export interface Persons extends AgentHolders {
  /** Stores a new person, unless the userName is taken: of parallel calls exactly one wins. */
  createPerson(record: PersonRecord): Promise<Done | PersonConflict | AgentHeld>;
  readPerson(tenant: string, id: string): Promise<PersonRecord | undefined>;
  /** Those of the persons that exist, in the order asked. */
  readPersons(tenant: string, ids: readonly string[]): Promise<PersonRecord[]>;
  /** Looks a key up, whatever the tenant's size. userName and e-mail whatever the case, externalId exactly. */
  findPerson(
    tenant: string,
    by: { readonly attribute: PersonAttribute; readonly value: string },
  ): Promise<PersonRecord[]>;
  /**
   * Replaces exactly `before` by `after`, whose version is the next one; keys that changed move with it. An agent that
   * `after` holds (`agent.account`) is kept as this person's, unless another person holds it.
   */
  updatePerson(
    before: PersonRecord,
    after: PersonRecord,
  ): Promise<Done | PersonChanged | PersonConflict | AgentHeld>;
  /** A page of the tenant's persons in the order of their ids; those deleted are left out. */
  listPersons(tenant: string, page: { after?: string; limit: number }): Promise<PersonPage>;
  /** As `listPersons`, with those deleted whose record is still there. */
  listRecords(tenant: string, page: { after?: string; limit: number }): Promise<PersonPage>;
  /** How many there are, without those deleted. */
  countPersons(tenant: string): Promise<number>;
  /** How many have an agent in service. */
  countActiveAgents(tenant: string): Promise<number>;
  /** Records due at `now` (epoch ms): by priority, then the oldest first. On DynamoDB a moment behind the writes. */
  duePersons(
    tenant: string,
    now: number,
    limit: number,
    only?: { readonly priority?: Priority },
  ): Promise<PersonRecord[]>;
  /** A page of all records that are due, also of those put off: joiners first, then by time. */
  queuedPersons(tenant: string, page: { after?: string; limit: number }): Promise<PersonPage>;
  /**
   * A page of the records in a state, by reason and then those first who have been there longest. Records that version
   * 0.1.0 wrote last are not in it. On DynamoDB a moment behind the writes.
   */
  listedPersons(
    tenant: string,
    state: IndexedState,
    page: { reason?: ReasonCode; after?: string; limit: number },
  ): Promise<PersonPage>;
  /** How many records are in a state, as far as they are listed. */
  countListed(tenant: string, state: CountedState): Promise<number>;
  /** A page of the persons of whom userName or an e-mail address begins so, whatever the case, in the order of these. */
  namedPersons(
    tenant: string,
    beginning: string,
    page: { after?: string; limit: number },
  ): Promise<PersonPage>;
  /** A page of the records that the brake holds. */
  heldPersons(tenant: string, page: { after?: string; limit: number }): Promise<PersonPage>;
  /** A page of the deleted persons for whom nothing is left to do, in the order in which they are erased. */
  deletedPersons(tenant: string, page: { after?: string; limit: number }): Promise<PersonPage>;
  /** Deleted persons whose retention has ended at `now` (epoch ms), the oldest first. */
  erasablePersons(tenant: string, now: number, limit: number): Promise<PersonRecord[]>;
}

/** What goes into one transaction with something else. */
export interface PersonWrites {
  /** Erasing takes `also` along (memberships). */
  erase(record: PersonRecord, also: readonly Write[]): Promise<Erased<PersonRecord>>;
  /** Replaces exactly `before` by `after`, in which neither person nor presence is another. */
  successor(before: PersonRecord, after: PersonRecord): Write[];
}

/** Keeps persons. */
export function personStore(table: Table): Persons & PersonWrites {
  const store = entryStore<PersonRecord>(table, {
    counts: (record) => [
      ...(record.deletedAt === undefined ? (['user'] as const) : []),
      ...(record.agent.presence === 'active' ? (['active-agent'] as const) : []),
      ...countedStates(record),
    ],
    nameKeys,
    listed: ({ deletedAt }) => deletedAt === undefined,
    key: personKey,
    markers: (record) => [
      {
        what: 'userName',
        key: userNameKey(record.tenant, record.person.userName),
        item: { version: 1, body: wrap({ id: record.id }) },
      },
      ...agentMarker(record),
    ],
    indexPks: personIndexPks,
    formerMarker: ({ tenant, person }) => formerUserNameKey(tenant, person.userName),
    formerPks: formerPersonIndexPks,
    place: placeOf,
  });

  const list = async (
    tenant: string,
    page: { after?: string; limit: number; all?: boolean },
  ): Promise<PersonPage> => {
    const { entries, next } = await store.list(tenant, page);
    return { persons: entries, ...compact({ next }) };
  };

  /** A page of records in the sparse index. */
  const waiting = async (query: Query): Promise<PersonPage> => {
    const { items, next } = await table.queryDue(query);
    const persons = items.map((item) => unwrap<PersonRecord>(item, 'record'));
    return { persons, ...compact({ next }) };
  };

  return {
    ...agentHolderStore(table),
    async createPerson(record) {
      const result = await store.create(record);
      return result.ok ? result : refusal(result);
    },
    readPerson: store.read,
    readPersons: store.readMany,
    async findPerson(tenant, { attribute, value }) {
      if (attribute !== 'userName') {
        const former = attribute === 'email' ? formerEmailPk(tenant, value) : undefined;
        return store.find(tenant, personIndexPk(tenant, attribute, value), former);
      }
      const key = userNameKey(tenant, value);
      const former = formerUserNameKey(tenant, value);
      const marker = (await table.get(key)) ?? (former && (await table.get(former)));
      const record = marker && (await store.read(tenant, unwrap<string>(marker, 'id')));
      // The person may have been renamed between the two reads.
      return record && userNameKey(tenant, record.person.userName).pk === key.pk ? [record] : [];
    },
    async updatePerson(before, after) {
      const result = await store.update(before, after);
      return result.ok || result.reason === 'changed' ? result : refusal(result);
    },
    erase: store.erase,
    successor: store.successor,
    listPersons: (tenant, page) => list(tenant, page),
    listRecords: (tenant, page) => list(tenant, { ...page, all: true }),
    countPersons: (tenant) => store.count(tenant, 'user'),
    countActiveAgents: (tenant) => store.count(tenant, 'active-agent'),
    async duePersons(tenant, now, limit, { priority: only } = {}) {
      const records: PersonRecord[] = [];
      for (const priority of only === undefined ? PRIORITIES : [only]) {
        const left = limit - records.length;
        if (left <= 0) break;
        const { items } = await table.queryDue({ ...dueRange(tenant, priority, now), limit: left });
        records.push(...items.map((item) => unwrap<PersonRecord>(item, 'record')));
      }
      return records;
    },
    queuedPersons: (tenant, page) => waiting({ ...queueRange(tenant), ...page }),
    heldPersons: (tenant, page) => waiting({ pk: heldPlace(tenant, '-').pk, ...page }),
    listedPersons: (tenant, state, { reason, ...page }) =>
      waiting({ ...listRange(tenant, state, reason), ...page }),
    countListed: (tenant, state) => store.count(tenant, `state#${state}`),
    async namedPersons(tenant, beginning, page) {
      const { entries, next } = await store.listKeyed(tenant, { ...nameRange(tenant, beginning), ...page });
      // A person who has two such names is listed by the first of them, and may have been renamed between the two reads.
      const found = entries.filter(({ sk, entry }) => firstNamed(entry, beginning) === sk);
      return { persons: found.map(({ entry }) => entry), ...compact({ next }) };
    },
    deletedPersons: (tenant, page) => waiting({ pk: erasePk(tenant), ...page }),
    async erasablePersons(tenant, now, limit) {
      const { items } = await table.queryDue({ ...eraseRange(tenant, now), limit });
      return items.map((item) => unwrap<PersonRecord>(item, 'record'));
    },
  };
}

function refusal(taken: Taken): PersonConflict | AgentHeld {
  const conflict = { ok: false, reason: 'conflict' } as const;
  switch (taken.by) {
    case 'id':
      return { ...conflict, conflict: 'id', id: taken.id };
    case 'userName':
      return { ...conflict, conflict: 'userName', id: unwrap<string>(taken.found, 'id') };
    case 'agent':
      return { ok: false, reason: 'held', holder: holderIn(taken.found) };
  }
}

/** A record is in one place at most: it waits for the drain, for an operator or for its end, or is in the list of its state. */
function placeOf(record: PersonRecord): DuePlace | undefined {
  const { tenant, id, state, priority, dueAt, held, eraseAt } = record;
  if ((state === 'due') !== (dueAt !== undefined)) {
    // Such a record would never be drained, or for ever.
    throw new DirectoryItemError(personKey(tenant, id), `is ${state} and has ${dueAt ? 'a' : 'no'} dueAt`);
  }
  if (dueAt !== undefined) return duePlace(tenant, priority, dueAt, id);
  if (held !== undefined) return heldPlace(tenant, id);
  return eraseAt === undefined ? listedPlace(record) : erasePlace(tenant, eraseAt, id);
}
