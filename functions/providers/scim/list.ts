import type { Attributes } from '../../events/event.ts';
import { groupsIn } from '../../events/groups/in-user.ts';
import { isoOf } from '../../events/instant.ts';
import { compact } from '../../runtime/compact.ts';
import { elementsOf, rowsOf } from '../../sources/elements.ts';
import { type Exchange, type FetchContext, FetchError } from '../../sources/fetcher.ts';
import { baseUrl, credential, option } from '../../sources/option.ts';
import { CursorLost, cursorRefused, type Listing, type Page } from '../../sources/sync/listing.ts';

const USERS = 100;
const OVERLAP_MS = 2 * 60_000;

/** Where a list goes on: at an index (RFC 7644 section 3.4.2.4), or by the server's cursor (RFC 9865). */
interface Place {
  readonly index?: number;
  readonly cursor?: string;
  /** ISO 8601: only who was changed since then. */
  readonly since?: string;
  /** When this reading of changes began. */
  readonly begun?: string;
}

/**
 * `GET /Users` of any SCIM service provider, by index, or by cursor where the server gives one; changes by
 * `meta.lastModified` where it filters. Who was deleted is simply absent.
 */
export const listing: Listing = {
  list: (context, text) => usersOn(context, text === undefined ? {} : placeOf(text)),
  begin: async (context) => {
    const since = new Date(context.now() - OVERLAP_MS).toISOString();
    return (await canFilter(context, since)) ? textOf({ since }) : undefined;
  },
  changes: async (context, text) => {
    const place = placeOf(text);
    const begun = place.begun ?? new Date(context.now() - OVERLAP_MS).toISOString();
    const page = await usersOn(context, { ...place, begun });
    // Not how many people there are.
    const { total: _, ...rest } = page;
    return page.next === undefined ? { ...rest, cursor: textOf({ since: begun }) } : rest;
  },
  tellsAbsence: true,
  needs: 'to read /Users',
};

async function usersOn(context: FetchContext, place: Place): Promise<Page> {
  const { index = 1, cursor, since } = place;
  const query = new URLSearchParams({
    ...(cursor === undefined ? { startIndex: String(index) } : { cursor }),
    count: String(USERS),
    ...compact({ filter: since === undefined ? undefined : `meta.lastModified gt "${since}"` }),
  });
  const { status, body } = await ask(context, `/Users?${query}`).catch((error: unknown) => {
    throw lostBy(error, cursor !== undefined);
  });
  if (status === 404)
    throw new FetchError('the server answered 404 to the list of users', { isPermanent: true, status });
  const users = elementsOf(body, 'Resources', true);
  const rows = rowsOf(users, 'id', (user, id) => {
    const found = { outcome: 'found', id, groups: groupsIn(user), person: user.value as Attributes } as const;
    return { is: 'person', id, found };
  });
  const total = body.number('totalResults');
  const nextCursor = body.text('nextCursor');
  if (nextCursor !== undefined) {
    const { index: _, ...rest } = place;
    return { rows, total, next: textOf({ ...rest, cursor: nextCursor }) };
  }
  // A server may return fewer than it was asked for: the end is an empty page, or all of them.
  const next = index + users.length;
  const isEnd = cursor !== undefined || users.length === 0 || (total !== undefined && next > total);
  return isEnd ? { rows, total } : { rows, total, next: textOf({ ...place, index: next }) };
}

/** Whether the server filters by the time of the last change: some refuse it, some answer as if nothing was asked. */
async function canFilter(context: FetchContext, since: string): Promise<boolean> {
  const filter = encodeURIComponent('meta.lastModified gt "2999-01-01T00:00:00Z"');
  try {
    const { status, body } = await ask(context, `/Users?count=1&filter=${filter}`);
    return status !== 404 && body.list('Resources').length === 0 && since !== '';
  } catch (error) {
    if (error instanceof FetchError && (error.status === 400 || error.status === 501)) return false;
    throw error;
  }
}

/** An expired cursor, and one that the server never gave, begin anew (RFC 9865 section 2.1). */
function lostBy(error: unknown, hasCursor: boolean): unknown {
  if (!(error instanceof FetchError) || error.status !== 400) return error;
  const isCursor = /Cursor$/.test(error.body?.text('scimType') ?? '');
  return isCursor && hasCursor ? cursorRefused(error) : error;
}

function ask(context: FetchContext, path: string): Promise<Exchange> {
  const base = baseUrl(context, () => option(context, 'baseUrl'));
  const headers = { authorization: `Bearer ${credential(context)}`, accept: 'application/scim+json' };
  return context.call({ method: 'GET', url: `${base}${path}`, headers });
}

function textOf(place: Place): string {
  return JSON.stringify(place);
}

function placeOf(text: string): Place {
  try {
    const place: unknown = JSON.parse(text);
    if (typeof place === 'object' && place !== null) {
      const { since } = place as Place;
      if (since === undefined || isoOf(since) !== undefined) return place;
    }
  } catch {}
  throw new CursorLost('the cursor is not one of a SCIM server');
}
