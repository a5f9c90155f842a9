import type { JsonView } from '../../events/json-view.ts';
import { isObject } from '../../scim-core/resource/resource.ts';
import { type Exchange, type FetchContext, FetchError } from '../../sources/fetcher.ts';
import { segment } from '../../sources/option.ts';
import { CursorLost, type Listing, type Page, type Row } from '../../sources/sync/listing.ts';
import { annotation, graphBase, graphPerson, nextPage, selected } from './api.ts';
import { graphToken } from './token.ts';

const DAY_MS = 86_400_000;

/**
 * `GET /users/delta`: its first round is everybody, the link at its end leads to what changed since. A page may be empty
 * and not the last one, and a person may come twice. @see https://learn.microsoft.com/graph/api/user-delta
 */
export const listing: Listing = {
  list: async (context, place) => {
    const first = `/v1.0/users/delta?$select=${[...selected(context), 'userType'].join(',')}`;
    return pageOf(await ask(context, place ?? first), context);
  },
  changes: async (context, place) => {
    try {
      return pageOf(await ask(context, place), context);
    } catch (error) {
      if (error instanceof FetchError && isOver(error)) throw new CursorLost(error.message);
      throw error;
    }
  },
  // Tokens live 7 days.
  cursorLifeMs: 6.5 * DAY_MS,
  tellsAbsence: true,
  isRestorable: async (context, id) => {
    const { status } = await ask(context, `/v1.0/directory/deletedItems/${segment(id)}?$select=id`);
    return status !== 404;
  },
  needs: 'the application permission User.Read.All',
};

/** A token that is expired is refused with a code of its own; one that the service lets go of is 410. */
function isOver({ status = 0, body }: FetchError): boolean {
  return (
    status === 410 || (status >= 400 && status < 410 && /syncState/i.test(body?.text('error.code') ?? ''))
  );
}

async function ask(context: FetchContext, path: string): Promise<Exchange> {
  return context.call({
    method: 'GET',
    url: `${graphBase(context)}${path}`,
    headers: { authorization: `Bearer ${await graphToken(context)}`, accept: 'application/json' },
  });
}

function pageOf(exchange: Exchange, context: FetchContext): Page {
  const base = graphBase(context);
  const path = (url: string | undefined) => (url === undefined ? undefined : url.slice(base.length));
  const delta = annotation(exchange.body, 'deltaLink');
  if (delta !== undefined && !delta.startsWith(`${base}/`)) {
    throw new FetchError('Graph names a delta link on another host', { isPermanent: true });
  }
  return {
    rows: exchange.body.list('value').flatMap(rowOf),
    next: path(nextPage(exchange, base)),
    cursor: path(delta),
  };
}

function rowOf(user: JsonView): Row[] {
  const id = user.text('id');
  if (id === undefined) return [];
  const removed = isObject(user.value) ? user.value['@removed'] : undefined;
  if (isObject(removed)) {
    return [{ is: 'gone', id, how: removed.reason === 'changed' ? 'soft-deleted' : 'deleted' }];
  }
  if (user.text('userType')?.toLowerCase() === 'guest') return [{ is: 'unusable', id, reason: 'a guest' }];
  return [{ is: 'person', id, found: { outcome: 'found', id, ...graphPerson(user) } }];
}
