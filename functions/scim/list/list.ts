import { compact } from '../../runtime/compact.ts';
import { ScimInputError } from '../../scim-core/error.ts';
import type { Resource } from '../../scim-core/resource/resource.ts';
import { type ResourceKind, USER_KIND } from '../../scim-core/schema.ts';
import type { ScimContext } from '../context.ts';
import { withDisplays } from '../groups/displays.ts';
import type { ScimRequest } from '../http/request.ts';
import type { ScimResponse } from '../http/response.ts';
import { type View, viewOf } from '../http/view.ts';
import type { Collection, Entry } from './collection.ts';
import { type CursorState, openCursors } from './cursor.ts';
import type { ListQuery } from './query.ts';
import { compileSearch, type Search, scan } from './scan.ts';

const LIST_URN = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
/** Members on one page of groups, beside those of the first group: what is left out begins the next page. */
const PAGE_MEMBERS = 50_000;
/** Groups that are made at the same time, each of which reads its members. */
const LANES = 25;
/** Users, whose groups are read together. */
const USER_LANES = 1_000;

/** Some of what matches: `total` is how much does in all, where it was counted. */
interface Selected {
  readonly entries: readonly Entry[];
  readonly total?: number;
  /** Where the rest begins, if there is any. */
  readonly rest?: Omit<CursorState, 'total'>;
}

/**
 * Lists resources (RFC 7644 section 3.4.2): filtered, sorted, and a page of them by index or by cursor (RFC 9865).
 * A page of the whole list reads its own entries alone, and a filter that names a key the few that it finds.
 *
 * @throws ScimInputError for a query that can't be understood, `tooMany` for one that takes too long
 */
export async function list(
  context: ScimContext,
  request: ScimRequest,
  collection: Collection,
  query: ListQuery,
): Promise<ScimResponse> {
  const views = viewsOf(query);
  const search = compileSearch(collection, query);
  const isPlain = query.filter === undefined && query.sortBy === undefined;
  if (query.cursor !== undefined) return cursorPage(context, request, collection, query, search, views);

  const offset = query.startIndex - 1;
  const selected = isPlain
    ? await plainPage(context, collection, offset, query.count)
    : await matchesOf(context, request, collection, search, offset, query.count);
  if (selected.total === undefined) throw tooMany();
  const resources = await shown(context, request, selected.entries, views);
  return listAnswer(resources, { totalResults: selected.total, startIndex: query.startIndex });
}

async function cursorPage(
  context: ScimContext,
  request: ScimRequest,
  collection: Collection,
  query: ListQuery,
  search: Search,
  views: Views,
): Promise<ScimResponse> {
  const cursors = await openCursors(context);
  const scope = { tenant: request.tenantName, list: collection.name, query };
  const state: CursorState = query.cursor ? cursors.read(scope, query.cursor) : { offset: 0 };
  const isPlain = query.filter === undefined && query.sortBy === undefined;
  const selected =
    search.order !== undefined
      ? await matchesOf(context, request, collection, search, state.offset, query.count)
      : isPlain
        ? await plainPageBehind(collection, state, query.count)
        : await matchesBehind(context, request, search, state, query.count);
  if (selected.total === undefined && search.order !== undefined) throw tooMany();
  const total = selected.total ?? state.total;
  const resources = await shown(context, request, selected.entries, views);
  const rest = restOf(selected, state, resources.length, search.order !== undefined);
  return listAnswer(resources, {
    ...compact({
      totalResults: total,
      // Without a page to be had there is no next one either: who asks for no resources wants the number.
      nextCursor:
        rest === undefined || query.count === 0
          ? undefined
          : cursors.write(scope, { ...rest, ...compact({ total }) }),
    }),
  });
}

/** Where the next page begins, also when this one ended early. */
function restOf(
  { entries, rest, total = 0 }: Selected,
  { offset }: CursorState,
  shownCount: number,
  isSorted: boolean,
): Selected['rest'] {
  const behind = offset + shownCount;
  if (isSorted) return behind < total ? { offset: behind } : undefined;
  if (shownCount === entries.length) return rest;
  const last = entries[shownCount - 1];
  return last === undefined ? rest : { after: last.key, offset: behind };
}

/** A page of all there is, in the order of ids. */
async function plainPage(
  { positions }: ScimContext,
  collection: Collection,
  offset: number,
  count: number,
): Promise<Selected> {
  const total = await collection.count();
  if (count === 0 || offset >= total) return { entries: [], total };
  const start = positions.nearest(collection.name, offset);
  let { index } = start;
  let after: string | undefined = start.after;
  while (index < offset) {
    const { entries, next } = await collection.page(after, Math.min(SKIP_PAGE, offset - index));
    index += entries.length;
    if (next === undefined) return { entries: [], total };
    positions.remember(collection.name, index, next);
    after = next;
  }
  const { entries, next } = await collection.page(after, count);
  if (next !== undefined) positions.remember(collection.name, offset + entries.length, next);
  return { entries, total };
}

const SKIP_PAGE = 1_000;

async function plainPageBehind(
  collection: Collection,
  { after, offset }: CursorState,
  count: number,
): Promise<Selected> {
  const total = await collection.count();
  if (count === 0) return { entries: [], total };
  const { entries, next } = await collection.page(after, count);
  return {
    entries,
    total,
    ...compact({ rest: next === undefined ? undefined : { after: next, offset: offset + entries.length } }),
  };
}

/** All that matches is looked at, for its number and its order; `total` is missing when that took too long. */
async function matchesOf(
  context: ScimContext,
  request: ScimRequest,
  collection: Collection,
  search: Search,
  offset: number,
  count: number,
): Promise<Selected> {
  const { order } = search;
  const entries: Entry[] = [];
  const sorted: { readonly key: string; readonly essence: Resource }[] = [];
  let total = 0;
  for await (const scanned of scan(context, request, search, undefined)) {
    if ('exhausted' in scanned) return { entries: [] };
    const { entry, resource } = scanned.match;
    if (order !== undefined) sorted.push({ key: entry.key, essence: order.essence(resource) });
    else if (total >= offset && entries.length < count) entries.push(entry);
    total += 1;
  }
  if (order === undefined) return { entries, total };
  sorted.sort((a, b) => order.compare(a.essence, b.essence));
  const keys = sorted.slice(offset, offset + count).map(({ key }) => key);
  return { entries: keys.length === 0 ? [] : await collection.read(keys), total };
}

/** The next matches behind a cursor. Only the first page is worth counting how many there are in all. */
async function matchesBehind(
  context: ScimContext,
  request: ScimRequest,
  search: Search,
  state: CursorState,
  count: number,
): Promise<Selected> {
  const entries: Entry[] = [];
  const isFirst = state.after === undefined;
  let found = 0;
  for await (const scanned of scan(context, request, search, state.after)) {
    const isFull = entries.length === count;
    if ('exhausted' in scanned) {
      // A page may have fewer resources than asked for, so the next request goes on from here.
      const after = isFull ? (entries.at(-1)?.key ?? scanned.last) : scanned.last;
      return { entries, rest: { after, offset: state.offset + entries.length } };
    }
    found += 1;
    if (!isFull) entries.push(scanned.match.entry);
    else if (!isFirst) break;
  }
  const after = entries.at(-1)?.key;
  return {
    entries,
    ...compact({
      total: isFirst ? found : undefined,
      rest:
        found > entries.length && after !== undefined
          ? { after, offset: state.offset + entries.length }
          : undefined,
    }),
  };
}

type Views = (kind: ResourceKind) => View;

/** Each kind of resource is looked at in its own terms. */
function viewsOf({ selection }: ListQuery): Views {
  const views = new Map<ResourceKind, View>();
  return (kind) => {
    const view = views.get(kind) ?? viewOf(selection, kind);
    views.set(kind, view);
    return view;
  };
}

/** The resources as the client sees them; fewer than there are entries when their members would be too many. */
async function shown(
  context: ScimContext,
  request: ScimRequest,
  entries: readonly Entry[],
  views: Views,
): Promise<Resource[]> {
  const resources: Resource[] = [];
  let members = 0;
  for (const some of inLanes(entries)) {
    const lanes = await Promise.all(
      some.map(async ({ kind, resource }) => {
        const view = views(kind);
        const parts = {
          groups: view.wants('groups'),
          members: view.wants('members') ? ('all' as const) : ('none' as const),
        };
        return { view, whole: await resource(parts) };
      }),
    );
    const named = await withDisplays(
      context,
      request,
      lanes.map(({ whole }) => whole),
    );
    for (const [index, { view }] of lanes.entries()) {
      const whole = named[index];
      if (whole === undefined) continue;
      members += Array.isArray(whole.members) ? whole.members.length : 0;
      if (members > PAGE_MEMBERS && resources.length > 0) return resources;
      resources.push(view.project(whole));
    }
  }
  return resources;
}

/** Entries in their order, as many at a time as are made together: all of a kind. */
function inLanes(entries: readonly Entry[]): Entry[][] {
  const lanes: Entry[][] = [];
  for (const entry of entries) {
    const last = lanes.at(-1);
    const most = entry.kind === USER_KIND ? USER_LANES : LANES;
    if (last?.[0]?.kind === entry.kind && last.length < most) last.push(entry);
    else lanes.push([entry]);
  }
  return lanes;
}

/** RFC 7644 section 3.4.2: `Resources` is there even when empty, since clients rely on it. */
export function listAnswer(
  resources: readonly unknown[],
  paging: { readonly totalResults?: number; readonly startIndex?: number; readonly nextCursor?: string },
): ScimResponse {
  const { totalResults, ...rest } = paging;
  return {
    status: 200,
    body: {
      schemas: [LIST_URN],
      ...compact({ totalResults }),
      itemsPerPage: resources.length,
      ...rest,
      Resources: resources,
    },
  };
}

function tooMany(): ScimInputError {
  return new ScimInputError(
    'tooMany',
    'Looking at so many resources takes too long: filter by id, userName, externalId or emails.value with eq, or page with cursor.',
  );
}
