import { describe, expect, it } from 'vitest';
import { noTrouble } from '../../local/providers/stand-in.ts';
import { openOktaWorld } from './okta.ts';
import { openSyncWorld } from './world.ts';

const DAY_MS = 86_400_000;

/** How a provider lists its people: a person by number, and the answer that a list of them is. */
interface Lister {
  readonly source: Readonly<Record<string, unknown>>;
  readonly credentials: readonly string[];
  readonly idOf: (number: number) => string;
  readonly person: (number: number, more?: object) => object;
  /** `isOfOne`: one person is asked for by id, and is there. */
  readonly body: (people: readonly unknown[]) => unknown;
  /** Whether who is missing may leave. */
  readonly tellsAbsence: boolean;
}

const mail = (number: number) => `person-${number}@acme.test`;

const LISTERS: Readonly<Record<string, Lister>> = {
  okta: {
    source: { preset: 'okta-event-hook', fetch: { domain: 'acme.okta.com' } },
    credentials: ['token'],
    idOf: (number) => `00u${number}`,
    person: (number, more = {}) => ({
      id: `00u${number}`,
      status: 'ACTIVE',
      profile: { login: mail(number), email: mail(number), firstName: 'A', lastName: 'B' },
      ...more,
    }),
    body: (people) => people,
    tellsAbsence: true,
  },
  graph: {
    source: { preset: 'entra-graph', fetch: { tenantId: '84bd8158-0000-4000-8000-000000000000' } },
    credentials: ['id', 'a-secret'],
    idOf: (number) => `graph-${number}`,
    person: (number) => ({ id: `graph-${number}`, userPrincipalName: mail(number), accountEnabled: true }),
    body: (people) => ({
      '@odata.deltaLink': 'https://graph.microsoft.com/v1.0/users/delta?$deltatoken=1',
      value: people,
    }),
    tellsAbsence: true,
  },
  bamboohr: {
    source: { preset: 'bamboohr', fetch: { companyDomain: 'acme' } },
    credentials: ['key'],
    idOf: (number) => String(number),
    person: (number, more = {}) => ({
      employeeId: String(number),
      workEmail: mail(number),
      status: 'Active',
      ...more,
    }),
    body: (people) => ({ data: people, meta: { total: people.length, page: { nextCursor: null } } }),
    tellsAbsence: true,
  },
  workos: {
    source: { preset: 'workos', fetch: { directory: 'directory_1' } },
    credentials: ['key'],
    idOf: (number) => `directory_user_${number}`,
    person: (number, more = {}) => ({
      id: `directory_user_${number}`,
      email: mail(number),
      state: 'active',
      ...more,
    }),
    body: (people) => ({ data: people, list_metadata: { after: null } }),
    tellsAbsence: true,
  },
  auth0: {
    source: { preset: 'auth0', identity: 'workforce', fetch: { domain: 'acme.auth0.com' } },
    credentials: ['id', 'a-secret'],
    idOf: (number) => `auth0|${number}`,
    person: (number, more = {}) => ({ user_id: `auth0|${number}`, email: mail(number), ...more }),
    body: (people) => ({ total: people.length, users: people }),
    tellsAbsence: true,
  },
  personio: {
    source: { preset: 'personio', fetch: {} },
    credentials: ['id', 'a-secret'],
    idOf: (number) => String(number),
    person: (number, more = {}) => ({ id: String(number), email: mail(number), status: 'ACTIVE', ...more }),
    body: (people) => ({ _data: people }),
    tellsAbsence: true,
  },
  scim: {
    source: { preset: 'scim-server', fetch: { baseUrl: 'https://scim.acme.test/v2' } },
    credentials: ['token'],
    idOf: (number) => `u-${number}`,
    person: (number) => ({ id: `u-${number}`, userName: mail(number), active: true }),
    body: (people) => ({ totalResults: people.length, Resources: people }),
    tellsAbsence: true,
  },
  hibob: {
    source: { preset: 'hibob', fetch: {} },
    credentials: ['id', 'token'],
    idOf: (number) => String(number),
    person: (number, more: { status?: string } = {}) => ({
      id: String(number),
      email: mail(number),
      internal: { status: 'Active', ...more },
    }),
    body: (people) => ({ employees: people }),
    tellsAbsence: false,
  },
  gusto: {
    source: { preset: 'gusto', fetch: { companyId: 'acme' } },
    credentials: ['token'],
    idOf: (number) => `uuid-${number}`,
    person: (number) => ({ uuid: `uuid-${number}`, work_email: mail(number), terminated: false }),
    body: (people) => people,
    tellsAbsence: false,
  },
  rippling: {
    source: { preset: 'rippling', fetch: {} },
    credentials: ['token'],
    idOf: (number) => `w-${number}`,
    person: (number, more = {}) => ({
      id: `w-${number}`,
      work_email: mail(number),
      status: 'ACTIVE',
      ...more,
    }),
    body: (people) => ({ results: people, next_link: null }),
    tellsAbsence: false,
  },
  merge: {
    source: { preset: 'merge', fetch: {} },
    credentials: ['key', 'account'],
    idOf: (number) => `m-${number}`,
    person: (number, more: { status?: string } = {}) => ({
      id: `m-${number}`,
      work_email: mail(number),
      employment_status: more.status ?? 'ACTIVE',
    }),
    body: (people) => ({ results: people, next: null }),
    tellsAbsence: false,
  },
};

/** A tenant that reads five people from such a provider, which then answers with something else. */
function open({ source, credentials, person, body }: Lister) {
  const all = [1, 2, 3, 4, 5].map((number) => person(number));
  const now: { answer: unknown; text?: string } = { answer: body(all) };
  const world = openSyncWorld({
    source: { ...source, sync: {} },
    credentials,
    tenant: { timeZone: 'Europe/Berlin' },
    standIn: () => ({
      trouble: noTrouble(),
      calls: new Map(),
      answer: ({ path, query, method }) => {
        if (path.includes('token'))
          return { status: 200, body: { access_token: 'a', token_type: 'Bearer', expires_in: 3_600 } };
        if (path.endsWith('/employments')) return { status: 200, body: { _data: [] } };
        // Who is missing from the list isn't there when asked for.
        if (method === 'GET' && /\/(00u|graph-|directory_user_|u-|auth0%7C|\d+$)/.test(path))
          return { status: 404, body: {} };
        const isChecked = query.get('filter') !== null && query.get('count') === '1';
        if (isChecked) return { status: 200, body: { Resources: [] } };
        return { status: 200, headers: { 'x-total-pages': '1' }, body: now.answer };
      },
    }),
  });
  const becomes = (people: (all: readonly unknown[]) => readonly unknown[]) => {
    world.clock.advance(DAY_MS);
    now.answer = body(people(all));
  };
  return { ...world, becomes, now };
}

describe.each(Object.entries(LISTERS))('a list of %s', (preset, lister) => {
  it.each([
    ['null', null, 'it is null'],
    ['a text', 'nobody', 'it is a text'],
    ['a list', [], 'it is a list'],
    ['an object without an id', { firstName: 'A' }, 'it has no '],
  ])('with %s for a person is listed, and nobody leaves by it', async (_, row, reason) => {
    const { synced, becomes, inService, state } = open(lister);
    expect(await synced('initial')).toMatchObject({ outcome: 'complete', counts: { new: 5 } });
    becomes(([one, , three, four, five]) => [one, row, three, four, five]);
    const finished = await synced('full');
    expect(finished).toMatchObject({
      outcome: 'complete',
      rows: 5,
      counts: { unchanged: 4, unusable: 1 },
      findings: [{ what: 'unusable', id: 'row 2', reason: expect.stringContaining(reason) }],
    });
    expect(finished.findings[0]?.reason).toContain(`behind ${lister.idOf(1)}`);
    expect(finished.spares !== undefined).toBe(lister.tellsAbsence);
    expect((await inService()).length).toBe(5);
    expect((await state()).full?.spares).toBe(finished.spares);
  });

  it('that is no list is none of people', async () => {
    const { sync, synced, inService, now, clock } = open(lister);
    await synced('initial');
    clock.advance(DAY_MS);
    now.answer = preset === 'scim' ? [] : { error: 'try again' };
    const end = await sync('full');
    expect(end).toMatchObject({ outcome: 'later', reason: expect.stringContaining('list') });
    expect((await inService()).length).toBe(5);
  });
});

describe('a word for a status that the provider does not document', () => {
  const WITH_WORDS: readonly (readonly [name: string, more: object])[] = [
    ['okta', { status: 'ON_SABBATICAL' }],
    ['bamboohr', { status: 'On sabbatical' }],
    ['workos', { state: 'on_sabbatical' }],
    ['auth0', { blocked: 'a little' }],
    ['personio', { status: 'ON_SABBATICAL' }],
    ['hibob', { status: 'On sabbatical' }],
    ['rippling', { status: 'ON_SABBATICAL' }],
    ['merge', { status: 'ON_SABBATICAL' }],
  ];
  it.each(WITH_WORDS)('%s: is listed and changes nothing', async (name, more) => {
    const lister = LISTERS[name];
    if (lister === undefined) throw new Error(name);
    const { synced, becomes, inService, everybody } = open(lister);
    await synced('initial');
    const before = await everybody();
    // One who is known, and one who isn't.
    becomes(([, ...others]) => [lister.person(1, more), ...others, lister.person(6, more)]);
    expect(await synced('full')).toMatchObject({
      outcome: 'complete',
      counts: { unchanged: 4, unusable: 2 },
      findings: [1, 6].map((number) => ({
        what: 'unusable',
        id: lister.idOf(number),
        reason: expect.stringMatching(/status .*(sabbatical|a little).* is not known/i),
      })),
    });
    expect((await inService()).length).toBe(5);
    expect(await everybody()).toEqual(before);
  });
});

describe('a list whose pages go round in a circle', () => {
  it('is not read for ever, and nobody leaves by it', async () => {
    const source = { preset: 'workos', fetch: { directory: 'directory_1' }, sync: {} };
    const page = (number: number, after: number | null) => ({
      data: [{ id: `directory_user_${number}`, email: mail(number), state: 'active' }],
      list_metadata: { after: after === null ? null : `after_${after}` },
    });
    let isRound = false;
    const { synced, sync, clock, inService } = openSyncWorld({
      source,
      credentials: ['key'],
      standIn: () => ({
        trouble: noTrouble(),
        calls: new Map(),
        answer: ({ query }) => {
          const number = Number(query.get('after')?.slice('after_'.length) ?? 1);
          const last = isRound ? 1 : null;
          return { status: 200, body: page(number, number < 3 ? number + 1 : last) };
        },
      }),
    });
    expect(await synced('initial')).toMatchObject({ counts: { new: 3 } });
    clock.advance(DAY_MS);
    isRound = true;
    expect(await sync('full')).toMatchObject({ reason: 'the provider gives the same page again' });
    expect((await inService()).length).toBe(3);
  });
});

describe('members of a group', () => {
  it.each([
    ['null among them', [null]],
    ['a member without an id', [{ status: 'ACTIVE' }]],
    ['an answer that is no list', undefined],
  ])('that can not be read (%s): each person is asked for, and nobody leaves', async (_, more) => {
    const world = openOktaWorld(4, {}, { provisionWhen: 'groups.display sw "Contact Centre"' });
    const { okta, synced, clock, everybody } = world;
    const ids = [...okta.users.keys()];
    const group = okta.addGroup('Contact Centre');
    for (const id of ids) okta.groups.get(group)?.users.add(id);
    await synced('initial');
    const before = await everybody();
    clock.advance(DAY_MS);
    const answer = okta.answer.bind(okta);
    okta.answer = (asked) => {
      const answered = answer(asked);
      if (!asked.path.endsWith(`/groups/${group}/users`)) return answered;
      return {
        ...answered,
        body: more === undefined ? {} : [...(answered.body as unknown[]).slice(1), ...more],
      };
    };
    okta.change(ids[0] ?? '', { firstName: 'Ada' });
    expect(await synced('full')).toMatchObject({ outcome: 'complete', counts: { unchanged: 3, changed: 1 } });
    for (const { id } of before) expect(await world.directory.groupsOf('demo', id)).toHaveLength(1);
  });
});

describe('where changes go on', () => {
  it('is asked for by a full reading only where it is not known', async () => {
    const scim = LISTERS.scim;
    if (scim === undefined) throw new Error('no SCIM');
    const { synced, clock, calls } = open(scim);
    const asked = () => calls.filter(({ url }) => url.includes('2999')).length;
    await synced('initial');
    expect(asked()).toBe(1);
    clock.advance(DAY_MS);
    await synced('full');
    expect(asked()).toBe(1);
  });
});
