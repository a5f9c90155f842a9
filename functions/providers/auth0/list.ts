import { isoOf } from '../../events/instant.ts';
import { compact } from '../../runtime/compact.ts';
import { type FetchContext, FetchError } from '../../sources/fetcher.ts';
import { CursorLost, type Listing, type Page, type Row } from '../../sources/sync/listing.ts';
import { askAuth0 } from './api.ts';
import { auth0Person } from './user.ts';

const USERS = 100;
/** No search gives more hits than this, on however many pages. */
const MOST = 1_000;
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
 * Users in slices by the time of their creation: a search gives its first 1,000 hits. The vendor asks not to poll the
 * search, so changes are read when an operator wants it.
 * @see https://auth0.com/docs/manage-users/user-search/view-search-results-by-page
 */
export const listing: Listing = {
  list: (context, place) =>
    sliceOf(context, 'created_at', place === undefined ? { page: 0 } : placeOf(place)),
  begin: ({ now }) => cursorOf({ from: new Date(now() - OVERLAP_MS).toISOString(), page: 0 }),
  changes: async (context, text) => {
    const place = placeOf(text);
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
  const users = body.list('users');
  const rows = users.flatMap((user): Row[] => {
    const id = user.text('user_id');
    const isEmailVerified = user.flag('email_verified');
    return id === undefined
      ? []
      : [{ is: 'person', id, isEmailVerified, found: { outcome: 'found', id, person: auth0Person(user) } }];
  });
  // Later slices count their own hits.
  const total = from === undefined ? body.number('total') : undefined;
  if (users.length < USERS) return { rows, total };
  if ((page + 1) * USERS < MOST) return { rows, total, next: cursorOf({ ...slice, page: page + 1 }) };
  const last = isoOf(users.at(-1)?.text(field));
  // As many as a search gives have one time: nobody can read the others.
  if (last === undefined || last === from) return { rows, total, isCut: true };
  return { rows, total, next: cursorOf({ ...slice, from: last, page: 0 }) };
}

function cursorOf(slice: Slice): string {
  return JSON.stringify(slice);
}

function placeOf(text: string): Slice {
  try {
    const slice: unknown = JSON.parse(text);
    if (typeof slice === 'object' && slice !== null && 'page' in slice && typeof slice.page === 'number')
      return slice as Slice;
  } catch {}
  throw new CursorLost('the cursor is not one of Auth0');
}
