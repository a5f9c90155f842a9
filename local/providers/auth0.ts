import { compact } from '../../functions/runtime/compact.ts';
import { decodeSegment } from '../../functions/runtime/path.ts';
import { type Company, type Employee, People } from './company.ts';
import { type Answered, type Asked, type StandIn, standIn } from './stand-in.ts';

const MOST = 1_000;

/** Auth0's Management API as its documentation shows it: a search gives its first 1,000 hits and no more. */
export function openAuth0(now: () => number): Company {
  const people = new People(now, (number) => `auth0|${String(number).padStart(24, '0')}`);
  const known: StandIn = standIn(
    now,
    {
      isAuthorized: ({ path, headers }) =>
        path === '/oauth/token' || headers.authorization === 'Bearer auth0-token',
      unauthorized: error(401, 'Unauthorized', 'Expired token received for JSON Web Token validation'),
      throttled: (at) => ({
        ...error(429, 'Too Many Requests', 'Global limit has been reached'),
        headers: limits(at, 0),
      }),
      usual: (at) => limits(at, 9),
      nameOf: ({ path }) => path.replace(/\/users\/.+/, '/users/{id}'),
    },
    (asked) => {
      if (asked.path === '/oauth/token') {
        return {
          status: 200,
          body: { access_token: 'auth0-token', expires_in: 86_400, token_type: 'Bearer' },
        };
      }
      if (asked.path === '/api/v2/users') return search(asked);
      const [, id = ''] = /^\/api\/v2\/users\/([^/]+)$/.exec(asked.path) ?? [];
      const employee = people.all.get(decodeSegment(id));
      return employee === undefined
        ? error(404, 'Not Found', 'The user does not exist.')
        : { status: 200, body: userOf(employee) };
    },
  );

  function search({ query }: Asked): Answered {
    const [page, size] = [Number(query.get('page')), Number(query.get('per_page') ?? 50)];
    if (!Number.isInteger(page) || size < 1 || size > 100)
      return error(400, 'Bad Request', 'Query validation error');
    if ((page + 1) * size > MOST)
      return error(400, 'Bad Request', 'You can only page through the first 1000 records.');
    const [field, order] = (query.get('sort') ?? 'created_at:1').split(':');
    if ((field !== 'created_at' && field !== 'updated_at') || order !== '1')
      return error(400, 'Bad Request', 'sort');
    const timeOf = ({ createdAt, updatedAt }: Employee) => (field === 'created_at' ? createdAt : updatedAt);
    const q = query.get('q');
    const [, by, from = ''] = /^(created_at|updated_at):\[(\S+) TO \*\]$/.exec(q ?? '') ?? [];
    if (q !== null && by !== field) return error(400, 'Bad Request', 'Failed to parse query');
    const hits = [...people.all.values()]
      .filter((each) => !known.trouble.hidden.has(each.id) && timeOf(each) >= from)
      .toSorted((a, b) => (timeOf(a) < timeOf(b) ? -1 : timeOf(a) > timeOf(b) ? 1 : a.id < b.id ? -1 : 1));
    const users = hits.slice(page * size, (page + 1) * size).map(userOf);
    return {
      status: 200,
      body: { start: page * size, limit: size, length: users.length, total: hits.length, users },
    };
  }
  return { people, trouble: known.trouble, calls: known.calls, answer: known.answer, expireCursors() {} };
}

function userOf({ id, email, givenName, familyName, isActive, createdAt, updatedAt, department }: Employee) {
  return {
    user_id: id,
    email,
    email_verified: true,
    name: `${givenName} ${familyName}`,
    given_name: givenName,
    family_name: familyName,
    // Told only of who was blocked.
    ...compact({ blocked: isActive ? undefined : true }),
    created_at: createdAt,
    updated_at: updatedAt,
    app_metadata: { department },
  };
}

function limits(now: number, remaining: number): Record<string, string> {
  return {
    'x-ratelimit-limit': '10',
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(Math.floor(now / 1_000) + 7),
  };
}

function error(statusCode: number, name: string, message: string): Answered {
  return { status: statusCode, body: { statusCode, error: name, message } };
}
