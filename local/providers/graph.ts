import { compact } from '../../functions/runtime/compact.ts';
import { decodeSegment } from '../../functions/runtime/path.ts';
import { type Company, type Employee, People } from './company.ts';
import { type Answered, type Asked, Cursors, type StandIn, standIn } from './stand-in.ts';

const PAGE = 100;

interface Place {
  readonly select: string;
  /** The first round: all who were there, page by page; then what changed since. */
  readonly ids?: readonly string[];
  readonly from: number;
  /** How many changes there were when the round began. */
  readonly changes: number;
}

/** Microsoft Graph's users as its documentation shows them. @see https://learn.microsoft.com/graph/api/user-delta */
export function openGraph(now: () => number, credentials: readonly [id: string, secret: string]): Company {
  const people = new People(now, (number) => `11111111-0000-4000-8000-${String(number).padStart(12, '0')}`);
  const cursors = new Cursors<Place>();
  const [clientId, clientSecret] = credentials;
  const known: StandIn = standIn(
    now,
    {
      isAuthorized: ({ path, headers }) =>
        path.endsWith('/oauth2/v2.0/token') || headers.authorization === 'Bearer graph-token',
      unauthorized: error(401, 'InvalidAuthenticationToken', 'Access token has expired.'),
      throttled: () => ({
        ...error(429, 'TooManyRequests', 'Too many requests'),
        headers: { 'retry-after': '7', 'x-ms-throttle-scope': 'Tenant_Application/Read/app/tenant' },
      }),
      usual: () => ({ 'x-ms-resource-unit': '1' }),
      nameOf: ({ path }) =>
        path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '{id}').replace(/^\/[^/]+\/oauth2/, '/{tenant}/oauth2'),
    },
    (asked) => {
      const { path, query, body } = asked;
      if (path.endsWith('/oauth2/v2.0/token')) {
        const form = new URLSearchParams(body);
        const isRight = form.get('client_id') === clientId && form.get('client_secret') === clientSecret;
        return isRight
          ? { status: 200, body: { token_type: 'Bearer', expires_in: 3_599, access_token: 'graph-token' } }
          : { status: 401, body: { error: 'invalid_client' } };
      }
      if (path === '/v1.0/users/delta') return delta(asked);
      const [, deleted] = /^\/v1\.0\/directory\/deletedItems\/([^/]+)$/.exec(path) ?? [];
      if (deleted !== undefined) {
        return people.gone.get(deleted)?.isRestorable === true
          ? { status: 200, body: { id: deleted } }
          : notFound(deleted);
      }
      if (path === '/v1.0/groups') return groupPage(asked, [...people.groups.keys()], groupOf);
      const [, group] =
        /^\/v1\.0\/groups\/([^/]+)\/transitiveMembers\/microsoft\.graph\.user$/.exec(path) ?? [];
      if (group !== undefined) return membersOf(asked, group);
      const [, member] = /^\/v1\.0\/users\/([^/]+)\/transitiveMemberOf$/.exec(path) ?? [];
      if (member !== undefined) {
        const ids = people.groupsOf(decodeSegment(member)).map((each) => each.id);
        return groupPage(asked, ids, (each) => ({
          '@odata.type': '#microsoft.graph.group',
          ...groupOf(each),
        }));
      }
      const [, id = ''] = /^\/v1\.0\/users\/([^/]+)$/.exec(path) ?? [];
      const employee = people.all.get(decodeSegment(id));
      if (employee === undefined) return notFound(id);
      return { status: 200, body: userOf(employee, query.get('$select') ?? '') };
    },
  );

  const groupOf = (id: string) => ({ id, displayName: people.groups.get(id)?.name });

  /** The cast of directory objects to users takes the advanced query. */
  function membersOf(asked: Asked, group: string): Answered {
    const { headers, query } = asked;
    if (headers.consistencylevel !== 'eventual' || query.get('$count') !== 'true') {
      return error(400, 'Request_UnsupportedQuery', 'ConsistencyLevel: eventual and $count=true are needed');
    }
    const members = people.groups.get(group)?.members;
    if (members === undefined) return notFound(group);
    const ids = [...members].filter((id) => people.all.has(id));
    return groupPage(asked, ids, (id) => ({ id }));
  }

  function groupPage(
    { path, query, origin }: Asked,
    all: readonly string[],
    bodyOf: (id: string) => unknown,
  ): Answered {
    const top = Number(query.get('$top') ?? 100);
    if (!(top >= 1 && top <= 999)) return error(400, 'Request_BadRequest', 'Invalid page size specified');
    const token = query.get('$skiptoken');
    const from = token === null ? 0 : Number(token);
    const next = new URLSearchParams(query);
    next.set('$skiptoken', String(from + top));
    const isLast = from + top >= all.length;
    return {
      status: 200,
      body: {
        value: all.slice(from, from + top).map(bodyOf),
        ...compact({ '@odata.nextLink': isLast ? undefined : `${origin}${path}?${next}` }),
      },
    };
  }

  function delta({ query, origin }: Asked): Answered {
    const wrong = [...query.keys()].find((name) => !['$select', '$skiptoken', '$deltatoken'].includes(name));
    if (wrong !== undefined) return error(400, 'Request_UnsupportedQuery', `${wrong} is not supported`);
    const token = query.get('$skiptoken') ?? query.get('$deltatoken');
    const ids = [...people.all.keys()].filter((id) => !known.trouble.hidden.has(id));
    const place: Place | undefined =
      token === null
        ? { select: query.get('$select') ?? 'id', ids, from: 0, changes: people.changes.length }
        : cursors.at(token);
    if (place === undefined) {
      return query.has('$deltatoken')
        ? error(400, 'syncStateNotFound', 'The sync state generation is not found')
        : {
            ...error(410, 'resyncRequired', 'Resync required'),
            headers: { location: `${origin}/v1.0/users/delta?$deltatoken=` },
          };
    }
    const link = (name: string, next: Place) => `${origin}/v1.0/users/delta?${name}=${cursors.make(next)}`;
    if (place.ids !== undefined) {
      const value = place.ids.slice(place.from, place.from + PAGE).map((id) => {
        const employee = people.all.get(id);
        return employee === undefined ? removed(id) : userOf(employee, place.select);
      });
      const from = place.from + PAGE;
      // An empty page in between is no end.
      if (from < place.ids.length || value.length > 0) {
        return { status: 200, body: { value, '@odata.nextLink': link('$skiptoken', { ...place, from }) } };
      }
      const { ids: _, ...rest } = place;
      return {
        status: 200,
        body: { value, '@odata.deltaLink': link('$deltatoken', { ...rest, from: place.changes }) },
      };
    }
    const changed = new Set(people.changes.slice(place.from).map(({ id }) => id));
    const value = [...changed].map((id) => {
      const employee = people.all.get(id);
      return employee === undefined ? removed(id) : userOf(employee, place.select);
    });
    const next = { ...place, from: people.changes.length };
    return { status: 200, body: { value, '@odata.deltaLink': link('$deltatoken', next) } };
  }

  const removed = (id: string) => ({
    id,
    '@removed': { reason: people.gone.get(id)?.isRestorable === true ? 'changed' : 'deleted' },
  });

  return {
    people,
    trouble: known.trouble,
    calls: known.calls,
    answer: known.answer,
    expireCursors: () => cursors.expire(),
  };
}

function userOf(employee: Employee, select: string) {
  const all: Readonly<Record<string, unknown>> = {
    id: employee.id,
    userPrincipalName: employee.email,
    mail: employee.email,
    givenName: employee.givenName,
    surname: employee.familyName,
    displayName: `${employee.givenName} ${employee.familyName}`,
    department: employee.department,
    accountEnabled: employee.isActive,
    businessPhones: [],
    userType: 'Member',
  };
  const wanted = ['id', ...select.split(',')];
  return Object.fromEntries(Object.entries(all).filter(([name]) => wanted.includes(name)));
}

function error(status: number, code: string, message: string): Answered {
  return { status, body: { error: { code, message, innerError: { 'request-id': 'r-1' } } } };
}

function notFound(id: string): Answered {
  return error(404, 'Request_ResourceNotFound', `Resource '${id}' does not exist`);
}
