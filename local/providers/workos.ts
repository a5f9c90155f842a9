import { ENTERPRISE_USER } from '../../functions/scim-core/schema.ts';
import { type Changed, type Company, type Employee, People } from './company.ts';
import { type Answered, type Asked, type StandIn, standIn } from './stand-in.ts';

export const DIRECTORY = 'directory_01A';
const KEPT_MS = 30 * 86_400_000;

/** WorkOS's directory users and events as its documentation shows them. @see https://workos.com/docs/reference/events */
export function openWorkOs(now: () => number, key: string): Company {
  const people = new People(now, (number) => `directory_user_${String(number).padStart(10, '0')}`);
  let forgotten = 0;
  const known: StandIn = standIn(
    now,
    {
      isAuthorized: ({ headers }) => headers.authorization === `Bearer ${key}`,
      unauthorized: error(401, 'unauthorized', 'Unauthorized'),
      throttled: () => ({
        ...error(429, 'too_many_requests', 'Too many requests'),
        headers: { 'retry-after': '7' },
      }),
      nameOf: ({ path }) => path.replace(/directory_user_\d+/, '{id}'),
    },
    (asked) => {
      if (asked.path === '/directory_users') return list(asked);
      if (asked.path === '/events') return events(asked);
      const [, id = ''] = /^\/directory_users\/([^/]+)$/.exec(asked.path) ?? [];
      const employee = people.all.get(id);
      return employee === undefined
        ? error(404, 'not_found', `Directory user not found: ${id}`)
        : { status: 200, body: userOf(employee) };
    },
  );

  function pageOf(query: URLSearchParams, all: readonly { readonly id: string }[]): Answered {
    const limit = Number(query.get('limit') ?? 10);
    if (!(limit >= 1 && limit <= 100)) return error(422, 'invalid_limit', 'limit');
    const after = query.get('after');
    const from = after === null ? 0 : all.findIndex(({ id }) => id === after) + 1;
    if (after !== null && from === 0) return error(422, 'invalid_cursor', 'after');
    const data = all.slice(from, from + limit);
    const last = from + limit < all.length ? (data.at(-1)?.id ?? null) : null;
    return { status: 200, body: { object: 'list', data, list_metadata: { before: null, after: last } } };
  }

  function list({ query }: Asked): Answered {
    if (query.get('directory') !== DIRECTORY) return error(404, 'not_found', 'Directory not found');
    return pageOf(
      query,
      [...people.all.values()].filter(({ id }) => !known.trouble.hidden.has(id)).map(userOf),
    );
  }

  function events({ query }: Asked): Answered {
    const types = query.getAll('events[]');
    if (types.length === 0) return error(422, 'invalid_events', 'events');
    const since = query.get('range_start') ?? '';
    const all = people.changes.slice(forgotten).flatMap((changed, index) => {
      const event = workOsEvent(changed, forgotten + index);
      const { at } = changed;
      return now() - Date.parse(at) < KEPT_MS && types.includes(event.event) && at >= since ? [event] : [];
    });
    return pageOf(query, all);
  }
  return {
    people,
    trouble: known.trouble,
    calls: known.calls,
    answer: known.answer,
    expireCursors: () => {
      forgotten = people.changes.length;
    },
  };
}

/** An event as the events API has it and a webhook brings it; `place` is its place among all of them. */
export function workOsEvent({ change, at, employee }: Changed, place: number) {
  return {
    object: 'event',
    id: `event_${String(place).padStart(10, '0')}`,
    event: `dsync.user.${change === 'soft-deleted' ? 'deleted' : change}`,
    created_at: at,
    data: userOf(employee),
    context: {},
  };
}

function userOf({ id, department, phone, employeeNumber, ...employee }: Employee) {
  const { email, givenName, familyName, isActive, createdAt, updatedAt } = employee;
  return {
    object: 'directory_user',
    id,
    directory_id: DIRECTORY,
    organization_id: 'org_01A',
    idp_id: id.slice(-4),
    first_name: givenName,
    last_name: familyName,
    email,
    username: email,
    state: isActive ? 'active' : 'inactive',
    raw_attributes: {
      [ENTERPRISE_USER.id]: {
        department,
        ...(employeeNumber === undefined ? {} : { employeeNumber }),
      },
      ...(phone === undefined ? {} : { phoneNumbers: [{ type: 'work', value: phone }] }),
    },
    custom_attributes: { department },
    groups: [],
    created_at: createdAt,
    updated_at: updatedAt,
  };
}

function error(status: number, code: string, message: string): Answered {
  return { status, body: { code, message } };
}
