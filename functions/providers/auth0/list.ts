import { isoOf } from '../../events/instant.ts';
import { compact } from '../../runtime/compact.ts';
import { elementsOf, rowsOf } from '../../sources/elements.ts';
import { type FetchContext, FetchError } from '../../sources/fetcher.ts';
import { CursorLost, type Listing, type Page } from '../../sources/sync/listing.ts';
import { askAuth0 } from './api.ts';
import { beginExport, countBlocked, type ExportPlace, exportPage, MOST_HITS } from './export.ts';
import { USER_ID, USERS, userRow } from './user-row.ts';

/** Searches lag behind what was stored. */
const OVERLAP_MS = 5 * 60_000;

type Field = 'created_at' | 'updated_at';

/** A page of the users from a time on; after 1,000 of them the search begins anew with the last one's time. */
interface Slice {
  readonly from?: string;
  readonly page: number;
  /** When this reading of changes began. */
  readonly begun?: string;
}

/**
 * Up to 1,000 users by a search, which gives no more; more by an export, whatever the time of their creation. Where more
 * than a search gives are blocked, which an export may not tell, the search goes on in slices by that time. The vendor asks
 * not to poll the search, so changes are read when an operator wants it.
 * @see https://auth0.com/docs/manage-users/user-search/view-search-results-by-page
 */
export const listing: Listing = {
  list: async (context, place) => {
    const at = place === undefined ? { page: 0 } : placeOf(place);
    if ('job' in at) return exported(context, at);
    const page = await sliceOf(context, 'created_at', at);
    if (place !== undefined || (page.total ?? 0) <= MOST_HITS) return page;
    if ((await countBlocked(context)) > MOST_HITS) return page;
    // A page of its own: the next one waits for the job, and would make another one each time.
    return { rows: [], next: cursorOf(await beginExport(context)) };
  },
  begin: ({ now }) => cursorOf({ from: new Date(now() - OVERLAP_MS).toISOString(), page: 0 }),
  changes: async (context, text) => {
    const place = placeOf(text);
    if ('job' in place) throw notOurs();
    const begun = place.begun ?? new Date(context.now() - OVERLAP_MS).toISOString();
    const page = await sliceOf(context, 'updated_at', { ...place, begun });
    return page.next === undefined
      ? { ...page, total: undefined, cursor: cursorOf({ from: begun, page: 0 }) }
      : page;
  },
  tellsAbsence: true,
  isNotPolled: true,
  needs: 'read:users',
};

async function exported(context: FetchContext, place: ExportPlace): Promise<Page> {
  const { at, ...page } = await exportPage(context, place);
  return { ...page, ...compact({ next: at === undefined ? undefined : cursorOf(at) }) };
}

async function sliceOf(context: FetchContext, field: Field, slice: Slice): Promise<Page> {
  const { from, page } = slice;
  const query = new URLSearchParams({
    search_engine: 'v3',
    sort: `${field}:1`,
    page: String(page),
    per_page: String(USERS),
    include_totals: 'true',
    ...compact({ q: from === undefined ? undefined : `${field}:[${from} TO *]` }),
  });
  const { status, body } = await askAuth0(context, `/api/v2/users?${query}`);
  if (status === 404)
    throw new FetchError('Auth0 answered 404 to the list of users', { isPermanent: true, status });
  const users = elementsOf(body, 'users');
  const rows = rowsOf(users, USER_ID, (user, id) => userRow(user, id));
  // Later slices count their own hits.
  const total = from === undefined ? body.number('total') : undefined;
  if (users.length < USERS) return { rows, total };
  if ((page + 1) * USERS < MOST_HITS) return { rows, total, next: cursorOf({ ...slice, page: page + 1 }) };
  const last = isoOf(users.at(-1)?.text(field));
  // As many as a search gives have one time: nobody can read the others.
  if (last === undefined || last === from) return { rows, total, isCut: true };
  return { rows, total, next: cursorOf({ ...slice, from: last, page: 0 }) };
}

function cursorOf(place: Slice | ExportPlace): string {
  return JSON.stringify(place);
}

function placeOf(text: string): Slice | ExportPlace {
  try {
    const place: Partial<Slice & ExportPlace> | null = JSON.parse(text);
    if (typeof place?.page === 'number') return place as Slice;
    if (typeof place?.job === 'string' && typeof place.lines === 'number') return place as ExportPlace;
  } catch {}
  throw notOurs();
}

function notOurs(): CursorLost {
  return new CursorLost('the cursor is not one of Auth0');
}
