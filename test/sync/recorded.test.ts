import { describe, expect, it } from 'vitest';
import type { Answered, Asked, StandIn } from '../../local/providers/stand-in.ts';
import { noTrouble } from '../../local/providers/stand-in.ts';
import { gustoEmployee } from './gusto.ts';
import { openSyncWorld } from './world.ts';

const DAY_MS = 86_400_000;

/** Answers in the shapes of a vendor's documentation, for sources without a stand-in of their own. */
function openRecorded(
  source: Readonly<Record<string, unknown>>,
  credentials: readonly string[],
  answer: (asked: Asked) => Answered,
) {
  const standIn: StandIn = { answer, trouble: noTrouble(), calls: new Map() };
  return openSyncWorld({
    source: { ...source, sync: {} },
    credentials,
    tenant: { timeZone: 'Europe/Berlin' },
    standIn: () => standIn,
  });
}

describe('HiBob', () => {
  // https://apidocs.hibob.com/reference/post_people-search
  const employee = (number: number, status: string) => ({
    id: `30000000${number}`,
    firstName: `Given ${number}`,
    surname: `Family ${number}`,
    email: `person-${number}@acme.test`,
    work: { startDate: '2025-01-10', department: '1' },
    internal: { status },
    humanReadable: { work: { department: 'Billing' } },
  });

  it('is read in one answer, those out of service among them, and nobody leaves by being missing', async () => {
    let employees = [employee(1, 'Active'), employee(2, 'Active'), employee(3, 'Inactive')];
    const bodies: unknown[] = [];
    const world = openRecorded({ preset: 'hibob', fetch: {} }, ['service-user', 'token'], ({ body }) => {
      bodies.push(JSON.parse(body));
      return { status: 200, body: { employees } };
    });
    expect(await world.synced('initial')).toMatchObject({ calls: 1, counts: { new: 2, outside: 1 } });
    expect(bodies[0]).toMatchObject({ showInactive: true });
    expect(bodies[0]).not.toHaveProperty('filters');
    employees = [employee(1, 'Inactive'), employee(4, 'Active'), employee(5, 'Active')];
    world.clock.advance(DAY_MS);
    expect(await world.synced('full')).toMatchObject({ outcome: 'complete', counts: { gone: 1, new: 2 } });
    expect(await world.inService()).toEqual([
      'person-2@acme.test',
      'person-4@acme.test',
      'person-5@acme.test',
    ]);
  });
});

describe('Gusto', () => {
  it('is read page by page, as many as its header says', async () => {
    const all = Array.from({ length: 230 }, (_, index) => gustoEmployee(index + 1));
    const paths: string[] = [];
    const world = openRecorded(
      { preset: 'gusto', fetch: { companyId: 'acme' } },
      ['token'],
      ({ path, query }) => {
        paths.push(path);
        const page = Number(query.get('page'));
        const per = Number(query.get('per'));
        return {
          status: 200,
          headers: { 'x-total-pages': String(Math.ceil(all.length / per)) },
          body: all.slice((page - 1) * per, page * per),
        };
      },
    );
    expect(await world.synced('initial')).toMatchObject({ outcome: 'complete', counts: { new: 230 } });
    expect(paths).toEqual(Array.from({ length: 3 }, () => '/v1/companies/acme/employees'));
    world.clock.advance(DAY_MS);
    expect(await world.synced('full')).toMatchObject({ counts: { unchanged: 230 } });
  });
});

describe('Personio', () => {
  // The vendor's OpenAPI of persons and employments, version 2.0.0.
  const person = (number: number, status = 'ACTIVE') => ({
    id: String(3_000 + number),
    email: `person-${number}@acme.test`,
    created_at: '2017-07-21T17:32:28Z',
    updated_at: '2017-07-21T17:32:28Z',
    first_name: 'Given',
    last_name: `Family ${number}`,
    preferred_name: `Given ${number}`,
    status,
    employments: [{ id: `c85d978e-1104-4762-be94-${number}` }],
    _meta: {
      links: { employments: { href: `https://api.personio.de/v2/persons/${3_000 + number}/employments` } },
    },
  });
  const employment = (status = 'ACTIVE', more: object = {}) => ({
    id: 'c85d978e',
    status,
    position: { title: 'Agent' },
    employment_start_date: '2025-01-10',
    employment_end_date: null,
    ...more,
  });

  function openPersonio(people: ReturnType<typeof person>[]) {
    const employments = new Map<string, ReturnType<typeof employment>[]>();
    const changed = new Set<string>();
    const asked: string[] = [];
    const page = (list: readonly object[], query: URLSearchParams) => {
      const limit = Number(query.get('limit') ?? 10);
      if (!(limit >= 1 && limit <= 50)) return { status: 400, body: { errors: [{ title: 'Bad request' }] } };
      const from = Number(query.get('cursor')?.replace('cur_', '') ?? 0);
      const links: Record<string, object> = { self: { href: 'https://api.personio.de/v2/persons' } };
      if (from + limit < list.length)
        links.next = { href: `https://api.personio.de/v2/persons?cursor=cur_${from + limit}` };
      return { status: 200, body: { _data: list.slice(from, from + limit), _meta: { links } } };
    };
    const world = openRecorded({ preset: 'personio', fetch: {} }, ['id', 'secret'], ({ path, query }) => {
      if (path === '/v2/auth/token') return { status: 200, body: { access_token: 't', expires_in: 86_400 } };
      asked.push(`${path}?${query}`);
      const [, id, part] = /^\/v2\/persons\/(\d+)(\/employments)?$/.exec(path) ?? [];
      if (id === undefined) {
        const since = query.get('updated_at.gt');
        return page(since === null ? people : people.filter((each) => changed.has(each.id)), query);
      }
      const found = people.find((each) => each.id === id);
      if (found === undefined) return { status: 404, body: { errors: [{ title: 'Resource not found' }] } };
      return part === undefined
        ? { status: 200, body: found }
        : page(employments.get(id) ?? [employment()], query);
    });
    return { ...world, people, employments, changed, asked };
  }

  it('is read by its cursor, with a call a person for the employments that have days and status', async () => {
    const people = Array.from({ length: 52 }, (_, index) => person(index + 1));
    people.push(person(53, 'INACTIVE'), person(54), person(55));
    const { synced, asked, employments, inService, clock } = openPersonio(people);
    employments.set('3053', [employment('INACTIVE', { employment_end_date: '2026-01-31' })]);
    employments.set('3054', [employment('ONBOARDING', { employment_start_date: '2099-01-01' })]);
    // Employed again from a day to come, and working until then: the newest stands first.
    employments.set('3055', [
      employment('ONBOARDING', { employment_start_date: '2099-01-01' }),
      employment('ACTIVE'),
    ]);
    expect(await synced('initial')).toMatchObject({
      outcome: 'complete',
      calls: 2 + 55 + 1,
      counts: { new: 53, outside: 1, waiting: 1 },
    });
    expect(asked.filter((each) => /^\/v2\/persons\?/.test(each)).length).toBe(2);
    expect((await inService()).length).toBe(53);
    clock.advance(DAY_MS);
    expect(await synced('full')).toMatchObject({ outcome: 'complete', counts: { unchanged: 53 } });
  });

  it('tells what changed by the time of the change, and who is gone when read by id', async () => {
    const people = Array.from({ length: 10 }, (_, index) => person(index + 1));
    const { synced, asked, changed, inService, clock } = openPersonio(people);
    await synced('initial');
    people[1] = person(2, 'INACTIVE');
    people.push(person(11));
    for (const id of ['3002', '3011']) changed.add(id);
    expect(await synced('delta')).toMatchObject({ counts: { gone: 1, new: 1 } });
    expect(asked.filter((each) => each.includes('updated_at.gt=2026')).length).toBe(1);
    people.splice(4, 1);
    clock.advance(DAY_MS);
    expect(await synced('full')).toMatchObject({ outcome: 'complete', counts: { gone: 1 } });
    expect((await inService()).length).toBe(9);
  });
});

describe('Rippling', () => {
  // The vendor's OpenAPI of its REST API, GET /workers/.
  const worker = (number: number, status: string, more: object = {}) => ({
    id: `65699281${number}`,
    created_at: '2024-01-01T00:00:00Z',
    updated_at: '2024-01-01T00:00:00Z',
    user_id: `u${number}`,
    user: {
      id: `u${number}`,
      active: status !== 'TERMINATED',
      username: `person-${number}`,
      name: { given_name: 'Legal', family_name: `Family ${number}`, preferred_given_name: `Given ${number}` },
      display_name: `Given ${number} Family ${number}`,
      phone_numbers: [{ value: 'tel:+12025550100', type: 'WORK' }],
      timezone: 'America/New_York',
    },
    start_date: '2025-01-10',
    number,
    work_email: `person-${number}@acme.test`,
    status,
    employment_type: { type: 'EMPLOYEE' },
    department: { id: 'd1', name: 'Support' },
    title: 'Agent',
    ...more,
  });

  it('is read by its links, and has nobody missing', async () => {
    let workers = [
      ...Array.from({ length: 60 }, (_, index) => worker(index + 1, 'ACTIVE')),
      worker(61, 'TERMINATED', { end_date: '2026-01-31' }),
      worker(62, 'INIT'),
      worker(63, 'ACCEPTED', { start_date: '2099-01-01' }),
    ];
    const asked: string[] = [];
    const world = openRecorded({ preset: 'rippling', fetch: {} }, ['token'], ({ path, query, headers }) => {
      asked.push(path);
      expect(headers.authorization).toBe('Bearer token');
      expect(query.get('expand')).toBe('user,department,employment_type');
      const from = Number(query.get('cursor') ?? 0);
      const next =
        from + 50 < workers.length ? `https://rest.ripplingapis.com/workers/?cursor=${from + 50}` : null;
      return { status: 200, body: { __meta: {}, results: workers.slice(from, from + 50), next_link: next } };
    });
    expect(await world.synced('initial')).toMatchObject({
      outcome: 'complete',
      counts: { new: 60, outside: 1, unusable: 1, waiting: 1 },
      findings: [{ what: 'unusable', reason: 'not hired yet (INIT)' }],
    });
    expect(asked).toEqual(['/workers/', '/workers/']);
    expect(await world.person('person-7@acme.test')).toMatchObject({
      person: {
        name: { givenName: 'Given 7', familyName: 'Family 7' },
        phoneNumbers: [{ value: '+12025550100', type: 'work' }],
        timezone: 'America/New_York',
      },
    });
    workers = [worker(1, 'TERMINATED', { end_date: '2026-01-31' }), ...workers.slice(2, 60)];
    world.clock.advance(DAY_MS);
    expect(await world.synced('full')).toMatchObject({ outcome: 'complete', counts: { gone: 1 } });
    expect((await world.inService()).length).toBe(59);
  });
});

describe('Merge', () => {
  // npm @mergeapi/merge-node-client 4.0.4, EmployeesListRequest and PaginatedEmployeeList.
  const employee = (number: number, status: string, more: object = {}) => ({
    id: `0958cbc6-6040-430a-848e-${String(number).padStart(12, '0')}`,
    remote_id: String(number),
    employee_number: String(number),
    first_name: `Given ${number}`,
    last_name: `Family ${number}`,
    display_full_name: `Given ${number} Family ${number}`,
    work_email: `person-${number}@acme.test`,
    start_date: '2025-01-10T00:00:00Z',
    employment_status: status,
    termination_date: null,
    remote_was_deleted: false,
    ...more,
  });

  it('is read by its cursor, tells what was synced since, and what was deleted as far as it noticed', async () => {
    let employees = Array.from({ length: 130 }, (_, index) => employee(index + 1, 'ACTIVE'));
    const asked: URLSearchParams[] = [];
    const world = openRecorded(
      { preset: 'merge', fetch: {} },
      ['key', 'account'],
      ({ path, query, headers }) => {
        expect([path, headers.authorization, headers['x-account-token']]).toEqual([
          '/api/hris/v1/employees',
          'Bearer key',
          'account',
        ]);
        asked.push(query);
        const size = Number(query.get('page_size'));
        expect(size).toBeLessThanOrEqual(100);
        const from = Number(query.get('cursor') ?? 0);
        const all = query.has('modified_after') ? employees.slice(0, 3) : employees;
        const next = from + size < all.length ? String(from + size) : null;
        return { status: 200, body: { next, previous: null, results: all.slice(from, from + size) } };
      },
    );
    expect(await world.synced('initial')).toMatchObject({ calls: 2, counts: { new: 130 } });
    employees = [
      employee(1, 'INACTIVE', { termination_date: '2026-01-31T00:00:00Z' }),
      employee(2, 'ACTIVE', { remote_was_deleted: true }),
      employee(131, 'ACTIVE'),
    ];
    expect(await world.synced('delta')).toMatchObject({ calls: 1, counts: { gone: 2, new: 1 } });
    expect(asked.at(-1)?.get('include_deleted_data')).toBe('true');
    world.clock.advance(DAY_MS);
    await world.synced('full', { accept: 3 });
    expect((await world.inService()).length).toBe(129);
  });
});

describe('Finch', () => {
  // npm @tryfinch/finch-api 10.7.0: directory, individuals and employments.
  const emailOf = (id: string) => `person-${Number(id.slice(-12))}@acme.test`;
  const idOf = (number: number) => `3f7e4a2e-0000-4000-8000-${String(number).padStart(12, '0')}`;

  it('is read from its directory, with individuals and employments of a page in one call each', async () => {
    const ids = Array.from({ length: 45 }, (_, index) => idOf(index + 1));
    const calls: string[] = [];
    const world = openRecorded({ preset: 'finch', fetch: {} }, ['token'], ({ path, query, body }) => {
      calls.push(path);
      if (path === '/employer/directory') {
        const offset = Number(query.get('offset'));
        const individuals = ids
          .slice(offset, offset + Math.min(20, Number(query.get('limit'))))
          .map((id) => ({ id, first_name: 'Given', last_name: 'Family', is_active: true, department: null }));
        return { status: 200, body: { paging: { count: ids.length, offset }, individuals } };
      }
      const { requests } = JSON.parse(body) as { requests: { individual_id: string }[] };
      const responses = requests.map(({ individual_id: id }) => {
        if (id === idOf(5))
          return { individual_id: id, code: 404, body: { code: 404, message: 'not found' } };
        const common = { id, first_name: 'Given', last_name: 'Family' };
        const isOut = id === idOf(6);
        return {
          individual_id: id,
          code: 200,
          body:
            path === '/employer/individual'
              ? { ...common, emails: [{ data: emailOf(id), type: 'work' }], phone_numbers: null }
              : { ...common, title: 'Agent', is_active: !isOut, start_date: '2025-01-10', end_date: null },
        };
      });
      return { status: 200, body: { responses } };
    });
    expect(await world.synced('initial')).toMatchObject({
      outcome: 'complete',
      counts: { new: 43, outside: 1, unusable: 1 },
      findings: [{ id: idOf(5), reason: 'Finch does not give the individual of this id' }],
    });
    expect(calls).toEqual(
      Array.from({ length: 3 }, () => [
        '/employer/directory',
        '/employer/individual',
        '/employer/employment',
      ]).flat(),
    );
  });
});

describe('a report of Workday', () => {
  // https://docs.workato.com/connectors/workday/workday_raas; a report as JSON has its rows in Report_Entry.
  const entry = (number: number, more: object = {}) => ({
    Employee_ID: `E${number}`,
    Email: `person-${number}@acme.test`,
    First_Name: `Given ${number}`,
    Last_Name: `Family ${number}`,
    Active: '1',
    Hire_Date: '2025-01-10',
    ...more,
  });
  const source = (more: object = {}) => ({
    preset: 'json',
    fetch: {
      list: 'https://wd5.workday.test/ccx/service/customreport2/acme/isu/Agents?format=json',
      authorization: 'Basic',
      id: 'Employee_ID',
      firstDay: 'Hire_Date',
      lastDay: 'Termination_Date',
      ...more,
    },
    map: {
      userName: 'Email',
      'name.givenName': 'First_Name',
      'name.familyName': 'Last_Name',
      active: 'Active',
    },
  });

  it('is read in one answer, whole or by a prompt', async () => {
    let entries: object[] = [1, 2, 3].map((number) => entry(number));
    const asked: string[] = [];
    const world = openRecorded(
      source({ changedSince: 'Changed_From' }),
      ['isu:pass'],
      ({ path, query, headers }) => {
        expect(headers.authorization).toBe(`Basic ${Buffer.from('isu:pass').toString('base64')}`);
        asked.push(`${path}?${query}`);
        return { status: 200, body: { Report_Entry: entries } };
      },
    );
    expect(await world.synced('initial')).toMatchObject({ calls: 1, counts: { new: 3 } });
    entries = [entry(1, { Active: '0', Termination_Date: '2026-01-31' }), entry(4)];
    world.clock.advance(60_000);
    expect(await world.synced('delta')).toMatchObject({ counts: { gone: 1, new: 1 } });
    expect(asked.at(-1)).toMatch(/format=json&Changed_From=2026-/);
    world.clock.advance(DAY_MS);
    // Nothing says that the report has everybody.
    expect(await world.synced('full')).toMatchObject({ outcome: 'complete' });
    expect((await world.inService()).length).toBe(3);
  });

  it('of everybody lets go who is missing twice, and nobody by an entry without an id or an answer without entries', async () => {
    let body: object = { Report_Entry: [1, 2, 3, 4].map((number) => entry(number)) };
    const world = openRecorded(source({ content: 'full' }), ['isu:pass'], () => ({ status: 200, body }));
    await world.synced('initial');
    body = { error: 'invalid' };
    expect(JSON.stringify(await world.sync('full'))).toContain('has no list at');
    for (const entries of [
      [entry(1), entry(2), entry(3)],
      [entry(1), entry(2), entry(3), entry(4, { Employee_ID: '' })],
    ]) {
      world.clock.advance(DAY_MS);
      body = { Report_Entry: entries };
      await world.synced('full');
    }
    expect((await world.inService()).length).toBe(4);
    for (let night = 0; night < 2; night += 1) {
      world.clock.advance(DAY_MS);
      body = { Report_Entry: [entry(1), entry(2), entry(3)] };
      await world.synced('full');
    }
    expect((await world.inService()).length).toBe(3);
  });
});
