import { describe, expect, it } from 'vitest';
import { fixture, PROVIDER_CASES } from '../webhook/providers.ts';
import { answer, pass, type Talk, talkTo } from './saying.ts';

const HOUR_MS = 3_600_000;

type Person = Readonly<Record<string, unknown>>;

/** What each provider's API answers about an employee whose first or last day is known. */
interface Days {
  readonly email: string;
  readonly person: (day: { first?: string; last?: string }) => Person;
  /** What a call of its own answers, where days are in employments. */
  readonly employments?: (day: { first?: string; last?: string }) => Person;
  readonly settings?: Person;
}

const personOf = (preset: string) => fixture(preset).person as Person;
const employee = (changes: { work?: object; internal?: object }) => {
  const { employees } = personOf('hibob') as { employees: { work: object; internal: object }[] };
  const [known] = employees;
  const work = { ...known?.work, ...changes.work };
  return { employees: [{ ...known, work, internal: { ...known?.internal, ...changes.internal } }] };
};
const graph = {
  fetch: { tenantId: '84bd8158', employeeLeaveDateTime: 'true' },
};

const CASES: Readonly<Record<string, Days>> = {
  hibob: {
    email: 'hilda@bob.example',
    person: ({ first, last }) =>
      employee({
        work: first === undefined ? {} : { startDate: first },
        internal: {
          ...(first === undefined ? {} : { status: 'Inactive', lifecycleStatus: 'Hired' }),
          ...(last === undefined ? {} : { terminationDate: last }),
        },
      }),
  },
  gusto: {
    email: 'gus@gusto.example',
    person: ({ first, last }) => ({
      ...personOf('gusto'),
      jobs: [{ primary: true, title: 'Agent', hire_date: first ?? '2020-01-01' }],
      terminations: last === undefined ? [] : [{ effective_date: last, active: false }],
    }),
  },
  personio: {
    email: 'petra@personio.example',
    person: () => personOf('personio'),
    // https://developer.personio.de/reference/get_v2-persons-person-id-employments
    employments: ({ first, last }) => ({
      _data: [
        {
          id: '018f7f2c-2222-7000-8000-000000000001',
          status: first === undefined ? 'ACTIVE' : 'ONBOARDING',
          employment_start_date: first ?? '2020-01-01',
          employment_end_date: last ?? null,
        },
      ],
    }),
  },
  'entra-graph': {
    email: 'adele.vance@contoso.example',
    settings: graph,
    person: ({ first, last }) => ({
      ...personOf('entra-graph'),
      employeeHireDate: first === undefined ? null : `${first}T00:00:00Z`,
      employeeLeaveDateTime: last === undefined ? null : `${last}T23:59:59Z`,
    }),
  },
  bamboohr: {
    email: 'bryony@bamboo.example',
    person: ({ first, last }) => ({
      ...personOf('bamboohr'),
      ...(first === undefined ? {} : { hireDate: first }),
      ...(last === undefined ? {} : { terminationDate: last }),
    }),
  },
};

const talk = (preset: string, person: () => Person, employments: () => Person = person): Talk => {
  const settings = CASES[preset]?.settings;
  return talkTo(preset, {
    ...(settings === undefined ? {} : { settings }),
    provider: ({ url }) => {
      if (/token/.test(url)) return answer({ access_token: 'token', expires_in: 3600 });
      return answer(/\/employments\?/.test(url) ? employments() : person());
    },
  });
};

/** Says a step by the address that the provider's events come to. */
const say = (hooks: Talk, preset: string, body: unknown) => {
  const path = PROVIDER_CASES.find((each) => each.preset === preset)?.paths?.create ?? '';
  return hooks.say(body, path.replace('{secret}', 'url-secret-of-personio'));
};

const until = (hooks: Talk, iso: string) => hooks.clock.advance(Date.parse(iso) - hooks.clock.now());

describe.each(Object.entries(CASES))(
  'an employee of %s',
  (preset, { email, person, employments = person }) => {
    it('whose first day is ahead begins with it', async () => {
      const hooks = talk(
        preset,
        () => person({ first: '2026-12-01' }),
        () => employments({ first: '2026-12-01' }),
      );
      await say(hooks, preset, 'create');
      await pass(hooks, 3);
      expect(hooks.agents()).toEqual({ active: [], suspended: [] });
      until(hooks, '2026-12-01T01:00:00Z');
      await hooks.settle();
      expect(hooks.agents().active).toEqual([email]);
    });

    it('whose last day is ahead leaves when it ends', async () => {
      const hooks = talk(
        preset,
        () => person({ last: '2026-12-01' }),
        () => employments({ last: '2026-12-01' }),
      );
      await say(hooks, preset, 'create');
      await hooks.settle();
      until(hooks, '2026-12-01T20:00:00Z');
      await hooks.settle();
      expect(hooks.agents().active).toEqual([email]);
      hooks.clock.advance(5 * HOUR_MS);
      await hooks.settle();
      expect(hooks.agents()).toEqual({ active: [], suspended: [email] });
    });
  },
);

describe('a termination of Gusto', () => {
  const gusto = fixture('gusto') as Record<string, Person>;
  let uuid = 0;
  const event = (type: string) => {
    uuid += 1;
    return { ...gusto.leave, uuid: `uuid-${uuid}`, event_type: type };
  };
  const base = { ...gusto.person, terminated: false, terminations: [] as object[] };

  it('takes effect at the end of its day, and a rehire brings the employee back', async () => {
    let person: Person = base;
    const hooks = talk('gusto', () => person);
    await hooks.say('create');
    await hooks.settle();
    expect(hooks.agents().active).toEqual(['gus@gusto.example']);

    const today = new Date(hooks.clock.now()).toISOString().slice(0, 10);
    person = { ...base, terminated: true, terminations: [{ effective_date: today, active: false }] };
    await hooks.say(event('employee.terminated'));
    await hooks.settle();
    expect(hooks.agents().active).toEqual(['gus@gusto.example']);
    hooks.clock.advance(24 * HOUR_MS);
    await hooks.settle();
    expect(hooks.agents()).toEqual({ active: [], suspended: ['gus@gusto.example'] });

    person = { ...base, terminated: true, terminations: [{ effective_date: today, active: true }] };
    await hooks.say(event('employee.termination_effective'));
    await hooks.say(event('employee.rehired'));
    await pass(hooks, 3);
    expect(hooks.agents().active).toEqual([]);

    person = { ...base, terminations: [{ effective_date: today, active: true }] };
    await hooks.say(event('employee.rehire_effective'));
    await pass(hooks, 3);
    expect(hooks.agents().active).toEqual(['gus@gusto.example']);
  });

  it('that is cancelled before its day puts nobody out of service', async () => {
    let person: Person = { ...base, terminations: [{ effective_date: '2026-12-01', active: false }] };
    const hooks = talk('gusto', () => person);
    await hooks.say('create');
    await hooks.settle();
    person = base;
    hooks.clock.advance(HOUR_MS);
    await hooks.say(event('employee.termination_cancelled'));
    await pass(hooks, 3);
    until(hooks, '2026-12-03T00:00:00Z');
    await pass(hooks, 3);
    expect(hooks.agents().active).toEqual(['gus@gusto.example']);
  });
});

describe('the last day of Entra ID', () => {
  it('is asked for only where the configuration says that it may be read', async () => {
    const { person } = CASES['entra-graph'] ?? {};
    const hooks = talkTo('entra-graph', {
      provider: ({ url }) =>
        /token/.test(url) ? answer({ access_token: 'token', expires_in: 3600 }) : answer(person?.({}) ?? {}),
    });
    await hooks.say('create');
    await hooks.settle();
    expect(hooks.calls.some(({ url }) => url.includes('employeeHireDate'))).toBe(true);
    expect(hooks.calls.some(({ url }) => url.includes('employeeLeaveDateTime'))).toBe(false);
  });
});
