import type { ScimContext } from '../context.ts';
import { groupCollection } from '../groups/collection.ts';
import type { ScimRequest } from '../http/request.ts';
import type { ScimResponse } from '../http/response.ts';
import { userCollection } from '../users/collection.ts';
import type { Collection, Entry } from './collection.ts';
import { list } from './list.ts';
import { EVERYTHING } from './positions.ts';
import { type ListQuery, queryOf, searchOf } from './query.ts';
import { ROOT_KIND, unqualified } from './root-kind.ts';

/** `GET /Users` (RFC 7644 section 3.4.2). */
export function listUsers(context: ScimContext, request: ScimRequest): Promise<ScimResponse> {
  return list(context, request, userCollection(context, request), queryOf(request.query));
}

/** `GET /Groups`. */
export function listGroups(context: ScimContext, request: ScimRequest): Promise<ScimResponse> {
  return list(context, request, groupCollection(context, request), queryOf(request.query));
}

/** `GET /`: everything, users first (RFC 7644 section 3.4.2.1). */
export function listAll(context: ScimContext, request: ScimRequest): Promise<ScimResponse> {
  return listRoot(context, request, queryOf(request.query));
}

/** `POST /Users/.search` (RFC 7644 section 3.4.3). */
export function searchUsers(context: ScimContext, request: ScimRequest): Promise<ScimResponse> {
  return list(context, request, userCollection(context, request), searchOf(request.body));
}

/** `POST /Groups/.search`. */
export function searchGroups(context: ScimContext, request: ScimRequest): Promise<ScimResponse> {
  return list(context, request, groupCollection(context, request), searchOf(request.body));
}

/** `POST /.search`. */
export function searchAll(context: ScimContext, request: ScimRequest): Promise<ScimResponse> {
  return listRoot(context, request, searchOf(request.body));
}

function listRoot(context: ScimContext, request: ScimRequest, query: ListQuery): Promise<ScimResponse> {
  const { filter, sortBy } = query;
  return list(context, request, rootCollection(context, request), {
    ...query,
    filter: filter && unqualified(filter),
    sortBy: sortBy && unqualified(sortBy),
  });
}

/** Users, then groups. A key says first which of the two it is of. */
function rootCollection(context: ScimContext, request: ScimRequest): Collection {
  const users = marked(userCollection(context, request), 'u');
  const groups = marked(groupCollection(context, request), 'v');
  const page: Collection['page'] = async (after, limit) => {
    const isInGroups = after?.startsWith('v') === true;
    const first = isInGroups ? { entries: [] } : await users.page(after, limit);
    if ('next' in first && first.next !== undefined) return first;
    const left = limit - first.entries.length;
    // The page is full, and whether a group comes next the next page will say.
    if (left === 0) return { entries: first.entries, next: 'v' };
    const second = await groups.page(isInGroups && after !== 'v' ? after : undefined, left);
    return { ...second, entries: [...first.entries, ...second.entries] };
  };
  return {
    name: EVERYTHING,
    kind: ROOT_KIND,
    count: async () => (await users.count()) + (await groups.count()),
    page,
    read: async (keys) => {
      const found = new Map<string, Entry>();
      for (const part of [users, groups]) {
        for (const entry of await part.read(keys)) found.set(entry.key, entry);
      }
      return keys.flatMap((key) => found.get(key) ?? []);
    },
    candidates: (filter) =>
      async function* (after) {
        if (after?.startsWith('v') !== true) yield* users.candidates(filter)(after);
        yield* groups.candidates(filter)(
          after?.startsWith('v') === true && after !== 'v' ? after : undefined,
        );
      },
  };
}

/** The same collection with a letter before each key. */
function marked(collection: Collection, letter: string): Collection {
  const mark = (entry: Entry): Entry => ({ ...entry, key: letter + entry.key });
  const page: Collection['page'] = async (after, limit) => {
    const { entries, next } = await collection.page(after?.slice(1), limit);
    return { entries: entries.map(mark), ...(next === undefined ? {} : { next: letter + next }) };
  };
  return {
    ...collection,
    page,
    read: async (keys) => {
      const own = keys.filter((key) => key.startsWith(letter)).map((key) => key.slice(1));
      return own.length === 0 ? [] : (await collection.read(own)).map(mark);
    },
    candidates: (filter) =>
      async function* (after) {
        for await (const entries of collection.candidates(filter)(after?.slice(1))) yield entries.map(mark);
      },
  };
}
