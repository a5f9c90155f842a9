import type { ListedState, ReasonCode } from '../../directory/people/listed.ts';
import { hasNameBeginning, isIndexed } from '../../directory/people/places.ts';
import type { PersonPage } from '../../directory/persons.ts';
import type { PersonRecord } from '../../directory/record.ts';
import { linksOf } from '../../events/links.ts';
import { originOf } from '../../provision/attribute-source.ts';
import { listedStateOf, reasonCodeOf } from '../../provision/listed.ts';
import { withGroups } from '../../provision/plan.ts';
import type { Services } from '../../provision/services.ts';
import type { TenantProvisioning } from '../../provision/tenant.ts';
import { compact } from '../../runtime/compact.ts';
import { nearest } from '../../scim-core/nearest.ts';
import { OperateError } from '../errors.ts';
import { type PersonRow, rowOf } from './row.ts';

/** Which people are asked for; what isn't said excludes nobody. Those whom their source deleted are listed by state. */
export interface PeopleFilter {
  readonly state?: ListedState;
  readonly reason?: ReasonCode;
  /** Who is linked to this source. */
  readonly source?: string;
  /** Whom this rule of the mapping is for. */
  readonly rule?: string;
  /** Direct members of the group with this name or id. */
  readonly group?: string;
  /** The beginning of a userName or an e-mail address; or an externalId, an agent id or a person's id, whole. */
  readonly search?: string;
}

export interface PeoplePage {
  readonly people: PersonRow[];
  /** Pass as `after` for the next page; absent when there is none. */
  readonly next?: string;
}

type Terms = { readonly after?: string; readonly limit: number };
/** `looked`: how many records were looked at for the page, where that is more than are on it. */
type ReadPage = (page: Terms) => Promise<PersonPage & { readonly looked?: number }>;
/** The mapping is needed where a rule is asked for. */
export type PeopleOf = Pick<TenantProvisioning, 'name' | 'account'> &
  Partial<Pick<TenantProvisioning, 'mapping'>>;

/** So many records are looked at for one page: a filter that few pass ends it early, with fewer people on it. */
const LOOKED_AT = 2_000;
const LOOKED_AT_ONCE = 200;

/**
 * A page of people with where each stands and why. It reads one list of the directory, the narrowest that the filter
 * allows: by name, group, or state and reason; without any of these all people in the order of their ids.
 *
 * @throws OperateError for a group that isn't there
 */
export async function listPeople(
  services: Pick<Services, 'directory'>,
  tenant: PeopleOf,
  filter: PeopleFilter,
  { after, limit }: Terms,
): Promise<PeoplePage> {
  const { records, next } = await listRecords(services, tenant, filter, { limit, ...compact({ after }) });
  return { people: records.map(rowOf), ...compact({ next }) };
}

/** As `listPeople`, with the records themselves. */
export async function listRecords(
  services: Pick<Services, 'directory'>,
  tenant: PeopleOf,
  filter: PeopleFilter,
  { after, limit }: Terms,
): Promise<{ records: PersonRecord[]; next?: string }> {
  const read = await readerOf(services, tenant, filter);
  const records: PersonRecord[] =
    after === undefined && filter.search !== undefined
      ? await passing(services, tenant, filter, await findExactly(services, tenant, filter.search, true))
      : [];
  const exact = new Set(records.map(({ id }) => id));
  let next = after;
  let looked = 0;
  do {
    const page = await read({ limit: Math.max(1, limit - records.length), ...compact({ after: next }) });
    looked += page.looked ?? page.persons.length;
    const others = page.persons.filter(({ id }) => !exact.has(id));
    records.push(...(await passing(services, tenant, filter, others)));
    next = page.next;
  } while (next !== undefined && records.length < limit && looked < LOOKED_AT);
  return { records, ...compact({ next }) };
}

/** All pages of it, one person at a time. */
export async function* everyPerson(
  services: Pick<Services, 'directory'>,
  tenant: PeopleOf,
  filter: PeopleFilter,
  limit = 200,
): AsyncGenerator<PersonRecord> {
  let after: string | undefined;
  do {
    const page = await listRecords(services, tenant, filter, { limit, ...compact({ after }) });
    yield* page.records;
    after = page.next;
  } while (after !== undefined);
}

/** What reads the narrowest list that holds all whom the filter means. */
async function readerOf(
  { directory }: Pick<Services, 'directory'>,
  { name }: PeopleOf,
  { state, reason, group, search }: PeopleFilter,
): Promise<ReadPage> {
  if (search !== undefined) {
    const named: ReadPage = (page) => directory.namedPersons(name, search, page);
    const deleted = deletedNamed({ directory }, name, state, search);
    return deleted === undefined ? named : inTurn(named, deleted);
  }
  if (group !== undefined) {
    const ids = await groupIds({ directory }, name, group);
    return (page) => membersOf({ directory }, name, ids, page);
  }
  if (state === 'due' || state === 'held') return listOf({ directory }, name, state);
  if (state !== undefined && isIndexed(state)) {
    const listed: ReadPage = (page) =>
      directory.listedPersons(name, state, { ...page, ...compact({ reason }) });
    return mayBeDone(state) ? inTurn(listed, listOf({ directory }, name, state)) : listed;
  }
  return (page) => directory.listPersons(name, page);
}

/** Whether nothing may be left to do for a deleted person in this state, who then waits to be erased. */
function mayBeDone(state: ListedState): boolean {
  return state !== 'due' && state !== 'held' && state !== 'failed' && state !== 'provisioned';
}

/** The list in which deleted persons of a state are found, with others in it. */
function listOf(
  { directory }: Pick<Services, 'directory'>,
  name: string,
  state: Exclude<ListedState, 'provisioned'>,
): ReadPage {
  if (state === 'due') return (page) => directory.queuedPersons(name, page);
  if (state === 'held') return (page) => directory.heldPersons(name, page);
  if (state === 'failed') return (page) => directory.listedPersons(name, state, page);
  return (page) => directory.deletedPersons(name, page);
}

/** The beginning of a name leads to no deleted person: those of a state are found in the list of the state. */
function deletedNamed(
  services: Pick<Services, 'directory'>,
  tenant: string,
  state: ListedState | undefined,
  search: string,
): ReadPage | undefined {
  if (state === undefined || state === 'provisioned') return undefined;
  const read = listOf(services, tenant, state);
  return async (page) => {
    const { persons, ...rest } = await read({ ...page, limit: LOOKED_AT_ONCE });
    const found = persons.filter(
      (record) => record.deletedAt !== undefined && hasNameBeginning(record, search),
    );
    return { persons: found, looked: persons.length, ...rest };
  };
}

/** One list after the other; the place in them says which one it is in. */
function inTurn(...lists: readonly ReadPage[]): ReadPage {
  return async ({ after, limit }) => {
    const [, reached = '0', place] = /^(\d):(.*)$/s.exec(after ?? '') ?? [];
    const index = Number(reached);
    const read = lists[index];
    if (read === undefined) return { persons: [] };
    const { next, ...page } = await read({ limit, ...compact({ after: place || undefined }) });
    if (next !== undefined) return { ...page, next: `${index}:${next}` };
    return { ...page, ...compact({ next: index + 1 < lists.length ? `${index + 1}:` : undefined }) };
  };
}

/** Groups are read for so many people at once, where a rule is asked for. */
const AT_ONCE = 20;

async function passing(
  { directory }: Pick<Services, 'directory'>,
  { name, mapping }: PeopleOf,
  filter: PeopleFilter,
  records: readonly PersonRecord[],
): Promise<PersonRecord[]> {
  const found = records.filter((record) => passes(record, filter));
  const { rule } = filter;
  if (rule === undefined || mapping === undefined) return found;
  const held: PersonRecord[] = [];
  for (let from = 0; from < found.length; from += AT_ONCE) {
    const some = found.slice(from, from + AT_ONCE);
    const groups = await Promise.all(some.map(({ id }) => directory.groupsOf(name, id)));
    held.push(
      ...some.filter((record, index) => {
        const person = withGroups(record.person, groups[index] ?? []);
        if (record.deletedAt !== undefined || !mapping.wants(person)) return false;
        return mapping.map(person, (attribute) => originOf(record, attribute)).rules?.includes(rule) ?? false;
      }),
    );
  }
  return held;
}

function passes(record: PersonRecord, { state, reason, source }: PeopleFilter): boolean {
  return (
    (state === undefined || listedStateOf(record) === state) &&
    (reason === undefined || reasonCodeOf(record) === reason) &&
    (source === undefined || record.source === source || linksOf(record)[source] !== undefined)
  );
}

/** All persons whom a text names whole: by id, externalId or agent. The beginning of a name is looked up elsewhere. */
export async function findExactly(
  { directory }: Pick<Services, 'directory'>,
  { name, account }: PeopleOf,
  text: string,
  withDeleted = false,
): Promise<PersonRecord[]> {
  const holder = await directory.agentHolder(account, text);
  const found = await Promise.all([
    directory.findPerson(name, { attribute: 'externalId', value: text }),
    directory.findPerson(name, { attribute: 'userName', value: text }),
    directory.findPerson(name, { attribute: 'email', value: text }),
    directory.readPersons(name, [...new Set([text, ...(holder?.tenant === name ? [holder.id] : [])])]),
  ]);
  return [...new Map(found.flat().map((record) => [record.id, record])).values()].filter(
    ({ deletedAt }) => withDeleted || deletedAt === undefined,
  );
}

async function groupIds(
  { directory }: Pick<Services, 'directory'>,
  tenant: string,
  group: string,
): Promise<string[]> {
  const named = await directory.findGroup(tenant, { attribute: 'displayName', value: group });
  const known = named.length > 0 ? named : await directory.readGroups(tenant, [group]);
  if (known.length > 0) return known.map(({ id }) => id).toSorted();
  const { groups } = await directory.listGroups(tenant, { limit: 1_000 });
  const near = nearest(
    group,
    groups.flatMap(({ group: { displayName } }) => (typeof displayName === 'string' ? [displayName] : [])),
  );
  const hint = near.length === 0 ? '' : `; the nearest names are: ${near.join(', ')}`;
  throw new OperateError('unknown-group', `there is no group ${group} in the directory of ${tenant}${hint}`);
}

/** A page of the members of groups, one group after the other; who is in two of them is listed with the first. */
async function membersOf(
  { directory }: Pick<Services, 'directory'>,
  tenant: string,
  ids: readonly string[],
  { after, limit }: Terms,
): Promise<PersonPage> {
  const [, reached = '0', member] = /^(\d+):(.*)$/s.exec(after ?? '') ?? [];
  const index = Number(reached);
  const group = ids[index];
  if (group === undefined) return { persons: [] };
  const { members, next } = await directory.listMembers(tenant, group, {
    limit,
    ...compact({ after: member || undefined }),
  });
  const values = members.map(({ value }) => value);
  const earlier = await Promise.all(
    ids.slice(0, index).map((each) => directory.readMembers(tenant, each, values)),
  );
  const seen = new Set(earlier.flat().map(({ value }) => value));
  const persons = await directory.readPersons(
    tenant,
    values.filter((value) => !seen.has(value)),
  );
  const following = next === undefined ? `${index + 1}:` : `${index}:${next}`;
  const isLast = next === undefined && index + 1 >= ids.length;
  return {
    persons: persons.filter(({ deletedAt }) => deletedAt === undefined),
    ...compact({ next: isLast ? undefined : following }),
  };
}
