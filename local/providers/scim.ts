import { compact } from '../../functions/runtime/compact.ts';
import { ENTERPRISE_USER, USER } from '../../functions/scim-core/schema.ts';
import { type Company, type Employee, People } from './company.ts';
import { type Answered, type Asked, Cursors, type StandIn, standIn } from './stand-in.ts';

export interface ScimOptions {
  readonly token: string;
  /** It gives cursors, although nobody asked for one (RFC 9865). */
  readonly hasCursors?: boolean;
  readonly canFilter?: boolean;
  /** It gives so many at most, whatever count asks for. */
  readonly most?: number;
}

/** A SCIM service provider by the RFCs 7643, 7644 and 9865. */
export function openScim(
  now: () => number,
  { token, hasCursors = false, canFilter = true, most = 100 }: ScimOptions,
): Company {
  const people = new People(now, (number) => `u-${number}`);
  const cursors = new Cursors<number>();
  const known: StandIn = standIn(
    now,
    {
      isAuthorized: ({ headers }) => headers.authorization === `Bearer ${token}`,
      unauthorized: error(401),
      throttled: (at) => ({ ...error(429), headers: { 'retry-after': new Date(at + 7_000).toUTCString() } }),
      nameOf: ({ path }) => path.replace(/\/Users\/.+/, '/Users/{id}'),
    },
    (asked) => {
      if (asked.path === '/v2/Users') return list(asked);
      const [, id = ''] = /^\/v2\/Users\/([^/]+)$/.exec(asked.path) ?? [];
      const employee = people.all.get(id);
      return employee === undefined ? error(404) : { status: 200, body: userOf(employee) };
    },
  );

  function list({ query }: Asked): Answered {
    const filter = query.get('filter');
    const [, since = ''] = /^meta\.lastModified gt "([^"]+)"$/.exec(filter ?? '') ?? [];
    if (filter !== null && (!canFilter || since === '')) return error(400, 'invalidFilter');
    const all = [...people.all.values()].filter(
      ({ id, updatedAt }) =>
        !known.trouble.hidden.has(id) && (since === '' || Date.parse(updatedAt) > Date.parse(since)),
    );
    const cursor = query.get('cursor');
    const from = cursor === null ? Math.max(1, Number(query.get('startIndex') ?? 1)) - 1 : cursors.at(cursor);
    if (from === undefined) return error(400, 'expiredCursor');
    const count = Math.min(most, Math.max(0, Number(query.get('count') ?? 100)));
    const page = all.slice(from, from + count);
    const isEnd = from + page.length >= all.length;
    return {
      status: 200,
      body: {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
        totalResults: all.length,
        itemsPerPage: page.length,
        ...compact({
          startIndex: hasCursors ? undefined : from + 1,
          nextCursor: hasCursors && !isEnd ? cursors.make(from + page.length) : undefined,
          Resources: page.length === 0 ? undefined : page.map(userOf),
        }),
      },
    };
  }
  return {
    people,
    trouble: known.trouble,
    calls: known.calls,
    answer: known.answer,
    expireCursors: () => cursors.expire(),
  };
}

function userOf({ id, email, givenName, familyName, department, isActive, createdAt, updatedAt }: Employee) {
  return {
    schemas: [USER.id, ENTERPRISE_USER.id],
    id,
    userName: email,
    name: { givenName, familyName },
    active: isActive,
    emails: [{ value: email, type: 'work', primary: true }],
    [ENTERPRISE_USER.id]: { department },
    meta: { resourceType: 'User', created: createdAt, lastModified: updatedAt },
  };
}

function error(status: number, scimType?: string): Answered {
  return {
    status,
    body: {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:Error'],
      status: String(status),
      ...compact({ scimType }),
    },
  };
}
