import { nextTurn } from '../../runtime/clock.ts';
import { parseFilter } from '../../scim-core/filter/filter.ts';
import { compileFilter } from '../../scim-core/filter/match.ts';
import { parsePath } from '../../scim-core/path/path.ts';
import type { Resource } from '../../scim-core/resource/resource.ts';
import { compileSort } from '../../scim-core/resource/sort.ts';
import type { ResourceKind } from '../../scim-core/schema.ts';
import type { ScimContext } from '../context.ts';
import type { ScimRequest } from '../http/request.ts';
import { BARE, type Collection, type Entry, type EntryStream, everything, type Parts } from './collection.ts';
import { both, partsFor } from './filter-part.ts';
import type { ListQuery } from './query.ts';

/** Entries that one request looks at: more than any directory this is made for has, and an end for all others. */
const MAX_SCANNED = 250_000;
/** Members that one request reads to look at them. */
const MAX_MEMBERS = 250_000;

/** What a query comes down to: where to look, at which parts, and what to keep. */
export interface Search {
  readonly source: EntryStream;
  readonly parts: Parts;
  readonly matches: (resource: Resource) => boolean;
  readonly order: Order | undefined;
}

interface Order {
  readonly compare: (a: Resource, b: Resource) => number;
  /** As little of a resource as sorting takes: all that match are kept until the last one was seen. */
  readonly essence: (resource: Resource) => Resource;
}

/** @throws ScimInputError `invalidFilter`, or `invalidPath` and `invalidValue` for an order */
export function compileSearch(collection: Collection, query: ListQuery): Search {
  const filter = query.filter === undefined ? undefined : parseFilter(query.filter, collection.kind);
  const order = orderOf(query, collection.kind);
  const parts = filter === undefined ? BARE : partsFor(filter);
  return {
    source: filter === undefined ? everything(collection.page) : collection.candidates(filter),
    matches: filter === undefined ? () => true : compileFilter(filter),
    order: order?.order,
    parts: order === undefined ? parts : both(parts, order.parts),
  };
}

function orderOf({ sortBy, sortOrder }: ListQuery, kind: ResourceKind) {
  if (sortBy === undefined) return undefined;
  const compare = compileSort(sortBy, sortOrder, kind);
  const { attribute, extension } = parsePath(sortBy, kind);
  const name = extension ?? attribute.name;
  const parts: Parts = {
    groups: name === 'groups',
    members: name === 'members' ? 'all' : 'none',
  };
  return { order: { compare, essence: (resource: Resource) => ({ [name]: resource[name] }) }, parts };
}

/** An entry that matches, and what it looked like when it did. */
export interface Match {
  readonly entry: Entry;
  readonly resource: Resource;
}

/** How looking at entries goes on: with the next match, or not at all since it took too long. */
export type Scanned = { readonly match: Match } | { readonly exhausted: true; readonly last: string };

/**
 * Looks at entries one after the other and gives those that match. Between two pages others get their turn: a process
 * that serves many doesn't stand still for one list.
 */
export async function* scan(
  { services }: ScimContext,
  { until }: ScimRequest,
  { source, parts, matches }: Search,
  after: string | undefined,
): AsyncGenerator<Scanned> {
  let scanned = 0;
  let members = 0;
  for await (const entries of source(after)) {
    if (scanned > 0) await nextTurn();
    for (const entry of entries) {
      const made = entry.resource(parts);
      const resource = made instanceof Promise ? await made : made;
      if (Array.isArray(resource.members)) members += resource.members.length;
      if (matches(resource)) yield { match: { entry, resource } };
    }
    scanned += entries.length;
    const last = entries.at(-1)?.key;
    if (last === undefined) continue;
    if (scanned >= MAX_SCANNED || members > MAX_MEMBERS || services.clock.now() > until) {
      yield { exhausted: true, last };
      return;
    }
  }
}
