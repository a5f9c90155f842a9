import type { JsonView } from '../../events/json-view.ts';
import { isObject } from '../../scim-core/resource/resource.ts';
import { elementsOf, idsOf, namedIn, rowsOf } from '../../sources/elements.ts';
import { type Exchange, type FetchContext, FetchError } from '../../sources/fetcher.ts';
import { segment } from '../../sources/option.ts';
import {
  cursorRefused,
  type Listing,
  type NamedGroup,
  type Page,
  type Row,
} from '../../sources/sync/listing.ts';
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
      if (error instanceof FetchError && isOver(error)) throw cursorRefused(error);
      throw error;
    }
  },
  groups: {
    // https://learn.microsoft.com/graph/api/group-list
    list: async (context, place) => {
      const exchange = await ask(context, place ?? '/v1.0/groups?$select=id,displayName&$top=999');
      return { groups: groupsIn(exchange), next: pathOf(nextPage(exchange, graphBase(context)), context) };
    },
    // Also those whom another group brings in, as reading one person tells. The cast takes the advanced query, whose
    // index may lag: https://learn.microsoft.com/graph/api/group-list-transitivemembers
    members: async (context, group, place) => {
      const first = `/v1.0/groups/${segment(group)}/transitiveMembers/microsoft.graph.user?$select=id&$top=999&$count=true`;
      const exchange = await ask(context, place ?? first, { consistencylevel: 'eventual' });
      if (exchange.status === 404) return { ids: [] };
      const ids = idsOf(elementsOf(exchange.body, 'value'));
      return { ids, next: pathOf(nextPage(exchange, graphBase(context)), context) };
    },
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

async function ask(
  context: FetchContext,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Exchange> {
  const authorization = `Bearer ${await graphToken(context)}`;
  return context.call({
    method: 'GET',
    url: `${graphBase(context)}${path}`,
    headers: { authorization, accept: 'application/json', ...headers },
  });
}

/** An address of Graph without the host. */
function pathOf(url: string | undefined, context: FetchContext): string | undefined {
  return url?.slice(graphBase(context).length);
}

function groupsIn({ body }: Exchange): NamedGroup[] {
  return namedIn(elementsOf(body, 'value'), (group) => group.text('displayName'));
}

function pageOf(exchange: Exchange, context: FetchContext): Page {
  const base = graphBase(context);
  const delta = annotation(exchange.body, 'deltaLink');
  if (delta !== undefined && !delta.startsWith(`${base}/`)) {
    throw new FetchError('Graph names a delta link on another host', { isPermanent: true });
  }
  return {
    rows: rowsOf(elementsOf(exchange.body, 'value'), 'id', rowOf),
    next: pathOf(nextPage(exchange, base), context),
    cursor: pathOf(delta, context),
  };
}

function rowOf(user: JsonView, id: string): Row {
  const removed = isObject(user.value) ? user.value['@removed'] : undefined;
  if (isObject(removed)) {
    return { is: 'gone', id, how: removed.reason === 'changed' ? 'soft-deleted' : 'deleted' };
  }
  if (user.text('userType')?.toLowerCase() === 'guest') return { is: 'unusable', id, reason: 'a guest' };
  return { is: 'person', id, found: { outcome: 'found', id, ...graphPerson(user) } };
}
