import { compact } from '../../functions/runtime/compact.ts';
import { type Company, type Employee, People } from './company.ts';
import { type Answered, type Asked, Cursors, type StandIn, standIn } from './stand-in.ts';

interface Place {
  readonly of: string;
  readonly from: number;
}

/** Google's Directory API as its documentation shows it. @see https://developers.google.com/workspace/admin/directory/reference/rest/v1/users/list */
export function openGoogle(now: () => number): Company {
  const people = new People(now, (number) => `1000000000000${String(number).padStart(8, '0')}`);
  const cursors = new Cursors<Place>();
  const known: StandIn = standIn(
    now,
    {
      isAuthorized: ({ path, headers }) =>
        path === '/token' || headers.authorization === 'Bearer google-token',
      unauthorized: error(401, 'authError', 'Invalid Credentials'),
      // No Retry-After, and the status that it forbids with.
      throttled: () => error(403, 'userRateLimitExceeded', 'Request rate higher than configured.'),
      nameOf: ({ path }) => path.replace(/\/users\/.+/, '/users/{id}'),
    },
    (asked) => {
      if (asked.path === '/token') {
        return {
          status: 200,
          body: { access_token: 'google-token', expires_in: 3_599, token_type: 'Bearer' },
        };
      }
      if (asked.path === '/admin/directory/v1/users') return list(asked);
      if (asked.path === '/admin/directory/v1/groups') return groups(asked);
      const [, group] = /^\/admin\/directory\/v1\/groups\/([^/]+)\/members$/.exec(asked.path) ?? [];
      if (group !== undefined) return members(asked, group);
      const [, id = ''] = /^\/admin\/directory\/v1\/users\/([^/]+)$/.exec(asked.path) ?? [];
      const employee = people.all.get(id);
      return employee === undefined
        ? error(404, 'notFound', 'Resource Not Found: userKey')
        : { status: 200, body: userOf(employee) };
    },
  );

  function groups({ query }: Asked): Answered {
    const [customer, userKey] = [query.get('customer'), query.get('userKey')];
    if (customer === null && userKey === null) return error(400, 'badRequest', 'Bad Request');
    const found =
      userKey === null
        ? [...people.groups].map(([id, { name }]) => ({ id, name }))
        : people.groupsOf(userKey);
    return small(query, 'groups', found);
  }

  function members({ query }: Asked, group: string): Answered {
    const known = people.groups.get(group);
    if (known === undefined) return error(404, 'notFound', 'Resource Not Found: groupKey');
    const found = [...known.members].flatMap((id) => people.all.get(id) ?? []);
    return small(
      query,
      'members',
      found.map(({ id, email }) => ({
        kind: 'admin#directory#member',
        id,
        email,
        role: 'MEMBER',
        type: 'USER',
      })),
    );
  }

  /** A page of what comes in pages of 200 at the most. */
  function small(query: URLSearchParams, name: string, all: readonly unknown[]): Answered {
    const most = Number(query.get('maxResults') ?? 200);
    if (!(most >= 1 && most <= 200)) return error(400, 'invalid', 'Invalid value for maxResults');
    const from = Number(query.get('pageToken') ?? 0);
    const page = all.slice(from, from + most);
    return {
      status: 200,
      body: compact({
        [name]: page.length === 0 ? undefined : page,
        nextPageToken: from + most < all.length ? String(from + most) : undefined,
      }),
    };
  }

  function list({ query }: Asked): Answered {
    if (query.get('customer') === null && query.get('domain') === null)
      return error(400, 'badRequest', 'Bad Request');
    const most = Number(query.get('maxResults') ?? 100);
    if (!(most >= 1 && most <= 500)) return error(400, 'invalid', 'Invalid value for maxResults');
    const isDeleted = query.get('showDeleted') === 'true';
    const of = `${isDeleted}/${most}/${query.get('projection')}`;
    const token = query.get('pageToken');
    const place = token === null ? { of, from: 0 } : cursors.at(token);
    if (place?.of !== of) return error(400, 'invalid', 'Invalid Input: pageToken');
    const all = isDeleted
      ? [...people.gone.values()]
          .filter(({ isRestorable }) => isRestorable)
          .map(({ employee, at }) => ({ ...userOf(employee), deletionTime: at }))
      : [...people.all.values()].filter(({ id }) => !known.trouble.hidden.has(id)).map(userOf);
    const users = all.slice(place.from, place.from + most);
    const from = place.from + most;
    return {
      status: 200,
      body: {
        kind: 'admin#directory#users',
        etag: '"l-1"',
        ...compact({
          users: users.length === 0 ? undefined : users,
          nextPageToken: from < all.length ? cursors.make({ of, from }) : undefined,
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

function userOf({ id, email, givenName, familyName, department, isActive, createdAt }: Employee) {
  return {
    kind: 'admin#directory#user',
    id,
    etag: `"${id}"`,
    primaryEmail: email,
    name: { givenName, familyName, fullName: `${givenName} ${familyName}` },
    isAdmin: false,
    suspended: !isActive,
    archived: false,
    creationTime: createdAt,
    emails: [{ address: email, primary: true }],
    organizations: [{ primary: true, department }],
  };
}

function error(code: number, reason: string, message: string): Answered {
  return {
    status: code,
    body: { error: { code, message, errors: [{ message, domain: 'global', reason }] } },
  };
}
