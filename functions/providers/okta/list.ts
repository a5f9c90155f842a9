import { isoOf } from '../../events/instant.ts';
import type { JsonView } from '../../events/json-view.ts';
import { elementsOf, idsOf, rowsOf } from '../../sources/elements.ts';
import { type FetchContext, FetchError } from '../../sources/fetcher.ts';
import { segment } from '../../sources/option.ts';
import { CursorLost, cursorRefused, type Listing, type Page, type Row } from '../../sources/sync/listing.ts';
import { type AskOkta, askOkta } from './ask.ts';
import { groupsOn, nextPage } from './groups.ts';
import { LOGGED, readPartnerEvent } from './partner.ts';
import { applicationId, NOT_ASSIGNED } from './scope.ts';
import { oktaPerson } from './user.ts';

/** Default and most of a page of users. */
const USERS = 200;
const APP_USERS = 500;
const LOG = 100;
/** As many groups a page as the vendor recommends of users of a group. */
const GROUPS = 200;
/** `lastUpdated` is the time of another server. */
const OVERLAP_MS = 2 * 60_000;
const DAY_MS = 86_400_000;

/** Where changes go on: users by their time, then the log from its own link on. */
interface Place {
  /** ISO 8601: users changed since then, and the log where there is no link yet. */
  readonly since: string;
  /** When this reading of changes began. */
  readonly begun?: string;
  /** The next page of users. */
  readonly users?: string;
  /** The users are read. */
  readonly isLog?: true;
  /** The next page of the log. */
  readonly log?: string;
}

/**
 * The users of the application that is the source's scope (`GET /api/v1/apps/{id}/users`), or all but the deactivated ones
 * (`GET /api/v1/users`); changes by `lastUpdated` and by the System Log, which has each event of a hook with the same
 * uuid. @see https://developer.okta.com/docs/reference/user-query/, …/system-log-query/
 */
export const listing: Listing = {
  list: async (context, place) => {
    const ask = askOkta(context);
    const application = context.settings.scope?.application;
    const path = place ?? (await firstPath(context, ask, application));
    const exchange = await ask(path);
    if (exchange.status === 404)
      throw new FetchError('Okta does not know the application', { isPermanent: true });
    const rows = rowsOf(elementsOf(exchange.body, ''), 'id', (each, id) =>
      application === undefined ? userRow(each, id, context) : appUserRow(each, id, context),
    );
    return { rows, next: nextPage(exchange) };
  },
  begin: ({ now }) => cursorOf({ since: new Date(now() - OVERLAP_MS).toISOString() }),
  changes: async (context, text) => {
    const place = placeOf(text);
    const begun = place.begun ?? new Date(context.now() - OVERLAP_MS).toISOString();
    try {
      return await (place.isLog === true ? logPage : changedUsers)(context, { ...place, begun });
    } catch (error) {
      // A link that is too old is refused as any other parameter is.
      if (error instanceof FetchError && error.status === 400) throw cursorRefused(error);
      throw error;
    }
  },
  groups: {
    // https://developer.okta.com/docs/api/openapi/okta-management/management/tag/Group/
    list: async (context, place) => {
      const exchange = await askOkta(context)(place ?? `/api/v1/groups?limit=${GROUPS}`);
      return { groups: groupsOn(exchange), next: nextPage(exchange) };
    },
    members: async (context, group, place) => {
      const path = place ?? `/api/v1/groups/${segment(group)}/users?limit=${USERS}`;
      const exchange = await askOkta(context)(path);
      // It was deleted since it was listed: nobody is in it.
      if (exchange.status === 404) return { ids: [] };
      return {
        ids: idsOf(elementsOf(exchange.body, '')),
        next: nextPage(exchange),
      };
    },
  },
  // The log keeps 90 days.
  cursorLifeMs: 89 * DAY_MS,
  tellsAbsence: true,
  needs: 'okta.users.read, okta.apps.read and okta.logs.read',
};

async function firstPath(
  context: FetchContext,
  ask: AskOkta,
  application: string | undefined,
): Promise<string> {
  if (application === undefined) return `/api/v1/users?limit=${USERS}`;
  const id = await applicationId(ask, context, application);
  return `/api/v1/apps/${segment(id)}/users?limit=${APP_USERS}&expand=user`;
}

function userRow(user: JsonView, id: string, { settings }: FetchContext): Row {
  return { is: 'person', id, found: { outcome: 'found', id, ...oktaPerson(user, settings) } };
}

function appUserRow(appUser: JsonView, id: string, { settings }: FetchContext): Row {
  const user = appUser.at('_embedded.user');
  // Being on the list isn't enough: an assignment has a status of its own.
  const isInScope = !NOT_ASSIGNED.has(appUser.text('status') ?? '');
  if (!user.has('profile')) return { is: 'changed', id };
  return { is: 'person', id, found: { outcome: 'found', id, isInScope, ...oktaPerson(user, settings) } };
}

async function changedUsers(context: FetchContext, place: Place): Promise<Page> {
  const filter = encodeURIComponent(`lastUpdated gt "${place.since}"`);
  const exchange = await askOkta(context)(place.users ?? `/api/v1/users?filter=${filter}&limit=${USERS}`);
  const hasScope = context.settings.scope?.application !== undefined;
  // Whether the application has them, their reading tells.
  const rows = rowsOf(elementsOf(exchange.body, ''), 'id', (user, id) =>
    hasScope ? { is: 'changed', id } : userRow(user, id, context),
  );
  const { users: _, ...rest } = place;
  const users = nextPage(exchange);
  return { rows, next: cursorOf(users === undefined ? { ...rest, isLog: true } : { ...rest, users }) };
}

async function logPage(context: FetchContext, place: Place): Promise<Page> {
  const filter = LOGGED.map((type) => `eventType eq "${type}"`).join(' or ');
  const query = new URLSearchParams({
    since: place.since,
    sortOrder: 'ASCENDING',
    limit: String(LOG),
    filter,
  });
  const exchange = await askOkta(context)(place.log ?? `/api/v1/logs?${query}`);
  const rows = elementsOf(exchange.body, '').map(
    (event): Row => ({ is: 'event', item: readPartnerEvent(event, context.settings) }),
  );
  const log = nextPage(exchange);
  if (log === undefined)
    throw new FetchError('Okta answered a polling of its log without a link to the next page');
  // The link is there on an empty page, too, which is the end for now.
  if (rows.length > 0) return { rows, next: cursorOf({ ...place, log }) };
  return { rows, cursor: cursorOf({ since: place.begun ?? place.since, log }) };
}

function cursorOf(place: Place): string {
  return JSON.stringify(place);
}

function placeOf(text: string): Place {
  try {
    const place: unknown = JSON.parse(text);
    if (typeof place === 'object' && place !== null && 'since' in place && isoOf(place.since) !== undefined)
      return place as Place;
  } catch {}
  throw new CursorLost('the cursor is not one of Okta');
}
