import { type Company, type Employee, People } from './company.ts';
import { type Answered, type Asked, Cursors, type StandIn, standIn } from './stand-in.ts';

/** BambooHR's API as its documentation shows it. @see https://documentation.bamboohr.com/reference/get-changed-employee-ids */
export function openBambooHr(now: () => number, key: string): Company {
  const people = new People(now, String);
  const cursors = new Cursors<number>();
  const known: StandIn = standIn(
    now,
    {
      isAuthorized: ({ headers }) =>
        headers.authorization === `Basic ${Buffer.from(`${key}:x`).toString('base64')}`,
      unauthorized: refusal(401, 'Unauthorized'),
      throttled: () => ({ ...refusal(429, 'Too many requests'), headers: { 'retry-after': '7' } }),
      nameOf: ({ path }) => path.replace(/\/employees\/\d+$/, '/employees/{id}'),
    },
    (asked) => {
      if (asked.path === '/api/v1/employees') return list(asked);
      if (asked.path === '/api/v1/employees/changed') return changed(asked);
      const [, id = ''] = /^\/api\/v1\/employees\/(\d+)$/.exec(asked.path) ?? [];
      const employee = people.all.get(id);
      if (employee === undefined) return refusal(404, 'Employee not found');
      return { status: 200, body: { id, ...only(fieldsOf(employee), asked.query.get('fields')) } };
    },
  );

  function list({ query }: Asked): Answered {
    const most = Number(query.get('page[limit]') ?? 250);
    if (!(most >= 1 && most <= 2_500)) return refusal(400, 'page[limit]');
    const after = query.get('page[after]');
    const from = after === null ? 0 : cursors.at(after);
    if (from === undefined) return refusal(400, 'page[after]');
    const all = [...people.all.values()].filter(({ id }) => !known.trouble.hidden.has(id));
    const data = all.slice(from, from + most).map((employee) => {
      const { jobTitle: _, ...fields } = fieldsOf(employee);
      const { firstName, lastName, status } = fields;
      const usual = {
        employeeId: employee.id,
        firstName,
        lastName,
        preferredName: null,
        jobTitleName: 'Agent',
        status,
      };
      return { ...only(fields, query.get('fields')), ...usual, _restrictedFields: [] };
    });
    const next = from + most < all.length ? cursors.make(from + most) : null;
    return {
      status: 200,
      body: { data, meta: { total: people.all.size, page: { nextCursor: next, prevCursor: null } } },
    };
  }

  function changed({ query }: Asked): Answered {
    const since = query.get('since') ?? '';
    if (Number.isNaN(Date.parse(since))) return refusal(400, 'since');
    const actions = {
      created: 'Inserted',
      updated: 'Updated',
      deleted: 'Deleted',
      'soft-deleted': 'Deleted',
    };
    const employees: Record<string, unknown> = {};
    let latest: string | undefined;
    for (const { id, change, at } of people.changes) {
      if (Date.parse(at) < Date.parse(since)) continue;
      const lastChanged = at.replace(/\.\d+Z$/, '+00:00');
      employees[id] = { id, action: actions[change], lastChanged };
      latest = lastChanged;
    }
    return { status: 200, body: { latest, employees: latest === undefined ? [] : employees } };
  }
  return {
    people,
    trouble: known.trouble,
    calls: known.calls,
    answer: known.answer,
    expireCursors: () => cursors.expire(),
  };
}

function fieldsOf({ email, givenName, familyName, department, isActive }: Employee) {
  return {
    firstName: givenName,
    lastName: familyName,
    displayName: `${givenName} ${familyName}`,
    workEmail: email,
    jobTitle: 'Agent',
    department,
    status: isActive ? 'Active' : 'Inactive',
    hireDate: '2025-01-10',
    terminationDate: '0000-00-00',
  };
}

/** What was asked for; names that there are none of are passed over in silence. */
function only(fields: Readonly<Record<string, unknown>>, names: string | null) {
  const wanted = (names ?? '').split(',');
  return Object.fromEntries(Object.entries(fields).filter(([name]) => wanted.includes(name)));
}

/** The reason is in a header, and the body is empty. */
function refusal(status: number, reason: string): Answered {
  return { status, headers: { 'x-bamboohr-error-message': reason } };
}
