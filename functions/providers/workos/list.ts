import { isoOf } from '../../events/instant.ts';
import { compact } from '../../runtime/compact.ts';
import { elementsOf, rowsOf } from '../../sources/elements.ts';
import { FetchError } from '../../sources/fetcher.ts';
import { option } from '../../sources/option.ts';
import { CursorLost, cursorRefused, type Listing, type Row } from '../../sources/sync/listing.ts';
import { askWorkOs } from './api.ts';
import { foundIn, toldGroups } from './user.ts';
import { KINDS, webhook } from './webhook.ts';

/** Most of a page. */
const USERS = 100;
const OVERLAP_MS = 2 * 60_000;
const DAY_MS = 86_400_000;
/** Before a cursor that is a time, as long as there is no event. */
const SINCE = 'since:';
const EVENTS = Object.keys(KINDS).filter((type) => type.startsWith('dsync.'));

/**
 * Users of the directory that `fetch.directory` names; changes are the webhook's events with the same ids, of 30 days.
 * @see https://workos.com/docs/reference/directory-sync/directory-user, …/reference/events
 */
export const listing: Listing = {
  list: async (context, place) => {
    const query = new URLSearchParams({
      directory: option(context, 'directory'),
      limit: String(USERS),
      ...compact({ after: place }),
    });
    const { status, body } = await askWorkOs(context, `/directory_users?${query}`);
    if (status === 404)
      throw new FetchError('WorkOS does not know the directory', { isPermanent: true, status });
    const rows = rowsOf(elementsOf(body, 'data'), 'id', (user, id) => {
      const found = { outcome: 'found', id, groups: toldGroups(user), ...foundIn(user) } as const;
      return { is: 'person', id, found };
    });
    return { rows, next: body.text('list_metadata.after') };
  },
  begin: ({ now }) => `${SINCE}${new Date(now() - OVERLAP_MS).toISOString()}`,
  changes: async (context, place) => {
    const query = new URLSearchParams({ limit: String(USERS), order: 'asc' });
    for (const type of EVENTS) query.append('events[]', type);
    if (!place.startsWith(SINCE)) query.set('after', place);
    else if (isoOf(place.slice(SINCE.length)) === undefined)
      throw new CursorLost('the cursor is not one of WorkOS');
    else query.set('range_start', place.slice(SINCE.length));
    const { body } = await askWorkOs(context, `/events?${query}`).catch((error: unknown) => {
      const isUnknown = error instanceof FetchError && (error.status === 400 || error.status === 422);
      throw isUnknown ? cursorRefused(error) : error;
    });
    const events = elementsOf(body, 'data');
    const directory = option(context, 'directory');
    const rows = events.flatMap((event): Row[] => {
      if (event.text('data.directory_id') !== directory) return [];
      const delivery = { body: event, headers: {}, subtype: undefined, settings: context.settings };
      return webhook.read(delivery).map((item): Row => ({ is: 'event', item }));
    });
    const last = events.at(-1)?.text('id') ?? place;
    return events.length < USERS ? { rows, cursor: last } : { rows, next: last };
  },
  // Events are kept for 30 days.
  cursorLifeMs: 29 * DAY_MS,
  tellsAbsence: true,
  needs: 'an API key of the environment',
};
