import { describe, expect, it } from 'vitest';
import type { HttpResponse } from '../../functions/runtime/transport.ts';
import { type Hooks, SECONDS, sign } from '../webhook/hooks.ts';
import { openWith, outcome, permutations, type Saying, standard, TEXT, workos, zitadel } from './story.ts';

/** One text for what says the same, whatever the order of its members. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );

/** Says the same story in every order, once and twice, and gives what it comes to each time. */
async function endings(open: () => Hooks, story: readonly Saying[]) {
  const found = new Map<string, unknown>();
  for (const order of permutations(story)) {
    // Twice as many steps in five times as many orders would take too long.
    for (const said of story.length > 4 ? [order] : [order, [...order, ...order]]) {
      const hooks = open();
      for (const say of said) await say(hooks);
      const persons = await outcome(hooks);
      const end = canonical(persons);
      if (found.has(end)) continue;
      // What is stored alike comes to the same agents.
      await hooks.settle();
      found.set(end, { persons, agents: hooks.agents().active });
    }
  }
  return [...found.values()];
}

const GRACE = {
  externalId: 'E-1',
  userName: 'grace@example.com',
  name: { givenName: 'Grace', familyName: 'Hopper' },
  emails: [{ value: 'grace@example.com', type: 'work', primary: true }],
};
const ADDED = {
  userName: 'mini@mouse.com',
  email: 'mini@mouse.com',
  firstName: 'Minnie',
  lastName: 'Mouse',
  displayName: 'Minnie Mouse',
};
const grace = (familyName: string, more: object = {}) => ({
  ...GRACE,
  name: { givenName: 'Grace', familyName },
  ...more,
});

describe('a source of whole persons, in any order, once and twice', () => {
  const hr = () => openWith({ hr: { preset: 'standard-webhooks' } });

  it('has the attributes that were said last, and a leaver out of service', async () => {
    const ends = await endings(hr, [
      standard('hr', 'user.created', grace('Hopper', { title: 'Clerk' }), 50),
      standard('hr', 'user.updated', grace('Murray', { title: 'Lead' }), 40),
      standard('hr', 'user.updated', grace('Brewster'), 30),
      standard('hr', 'user.deactivated', grace('Jackson'), 20),
    ]);
    expect(ends).toEqual([
      { persons: [{ person: { ...grace('Jackson'), active: false }, groups: [] }], agents: [] },
    ]);
  });

  it('has a person back who returned after leaving', async () => {
    const ends = await endings(hr, [
      standard('hr', 'user.deactivated', grace('Hopper'), 50),
      standard('hr', 'user.created', grace('Hopper'), 60),
      standard('hr', 'user.updated', grace('Murray'), 40),
      standard('hr', 'user.activated', grace('Brewster'), 30),
    ]);
    expect(ends).toEqual([
      {
        persons: [{ person: { ...grace('Brewster'), active: true }, groups: [] }],
        agents: ['grace@example.com'],
      },
    ]);
  });

  it('WorkOS: a leaver who was deleted does not come back by an older update', async () => {
    const ends = await endings(
      () => openWith({ people: { preset: 'workos' } }),
      [
        workos('people', 'create', {}, 59),
        workos('people', 'update', {}, 58),
        workos('people', 'remove', {}, 57),
      ],
    );
    expect(ends).toEqual([{ persons: [], agents: [] }]);
  });
});

describe('a source of changes alone, in any order, once and twice', () => {
  const open = () => openWith({ z: { preset: 'zitadel' } });
  const story = (counted: boolean, seconds: (place: number) => number) => {
    const say = (type: string, place: number, payload: object = {}) =>
      zitadel('z', type, counted ? 8 + place : undefined, payload, seconds(place));
    return {
      join: say('user.human.added', 1, ADDED),
      profile: say('user.human.profile.changed', 2, { lastName: 'Maus', displayName: 'Minnie Maus' }),
      leave: say('user.deactivated', 3),
      back: say('user.reactivated', 4),
      phone: say('user.human.phone.changed', 5, { phone: '+49 30 1234567' }),
    };
  };

  it.each([
    ['by its count at one time', story(true, () => 60)],
    ['by its clock', story(false, (place) => 60 - place)],
    ['by count and clock', story(true, (place) => 60 - place)],
    // What counts is the count.
    ['by its count against its clock', story(true, (place) => 60 + place)],
  ])('ordered %s: out is out, what changed later stays changed, back is back', async (_, said) => {
    const { join, profile, leave, back, phone } = said;
    const left = await endings(open, [join, profile, leave, phone]);
    expect(left).toMatchObject([
      { persons: [{ person: { active: false, name: { familyName: 'Maus' } } }], agents: [] },
    ]);
    expect(left).toMatchObject([{ persons: [{ person: { phoneNumbers: [{ value: '+49 30 1234567' }] } }] }]);
    const returned = await endings(open, [join, profile, leave, back]);
    expect(returned).toMatchObject([
      { persons: [{ person: { name: { familyName: 'Maus' } } }], agents: ['mini@mouse.com'] },
    ]);
  });
});

describe('a source of ids with reading, in any order, once and twice', () => {
  const employee = {
    id: '67890',
    firstName: 'Bryony',
    lastName: 'Hanford',
    workEmail: 'bryony@bamboo.example',
    status: 'Active',
  };
  const open = (answer: HttpResponse) => () =>
    openWith(
      { people: { preset: 'bamboohr', fetch: { companyDomain: 'acme' } } },
      { secrets: { 'people.fetch': ['key'] }, provider: () => answer },
    );
  const say =
    (type: string, changedFields: readonly string[]): Saying =>
    (hooks) => {
      const body = JSON.stringify({
        type,
        timestamp: new Date(SECONDS * 1000).toISOString(),
        data: { companyId: '1', employeeId: '67890', changedFields },
      });
      const headers = {
        'x-bamboohr-timestamp': String(SECONDS),
        'x-bamboohr-signature': sign.hex(TEXT, body + SECONDS),
      };
      return hooks.send('people', { headers, body });
    };
  const story = [
    say('employee.created', []),
    say('employee.updated', ['status']),
    say('employee.updated', ['lastName']),
  ];

  it('ends with what the source says now', async () => {
    const there = { status: 200, headers: {}, body: JSON.stringify(employee) };
    expect(await endings(open(there), story)).toMatchObject([{ agents: ['bryony@bamboo.example'] }]);
    const left = { ...there, body: JSON.stringify({ ...employee, status: 'Inactive' }) };
    expect(await endings(open(left), story)).toMatchObject([{ agents: [] }]);
  });
});

describe('group events, in any order, once and twice', () => {
  it('end in the groups that were said last', async () => {
    const ends = await endings(
      () => openWith({ people: { preset: 'workos' } }),
      [
        workos('people', 'create', {}, 59),
        workos('people', 'group', {}, 58),
        workos('people', 'group', {}, 57, 'dsync.group.user_removed'),
        workos('people', 'group', {}, 56),
      ],
    );
    expect(ends).toHaveLength(1);
    expect(ends).toMatchObject([
      { agents: ['blair@workos.example'], persons: [{ groups: [expect.any(String)] }] },
    ]);
  });
});

describe('two sources of one person, in any order, once and twice', () => {
  const open = () => openWith({ hr: { preset: 'standard-webhooks' }, it: { preset: 'standard-webhooks' } });

  it('out as long as one of them says out, attributes of the first of them', async () => {
    const ends = await endings(open, [
      standard('hr', 'user.created', grace('Hopper', { title: 'Clerk' }), 50),
      standard('hr', 'user.deactivated', grace('Hopper', { title: 'Clerk' }), 40),
      standard('it', 'user.updated', grace('Murray', { nickName: 'Amazing', active: true }), 30),
    ]);
    expect(ends).toEqual([
      {
        persons: [
          { person: { ...grace('Hopper'), title: 'Clerk', nickName: 'Amazing', active: false }, groups: [] },
        ],
        agents: [],
      },
    ]);
  });

  it('back when none of them says out any more', async () => {
    const ends = await endings(open, [
      standard('hr', 'user.created', grace('Hopper'), 50),
      standard('hr', 'user.deactivated', grace('Hopper'), 40),
      standard('it', 'user.deactivated', grace('Hopper'), 30),
      standard('it', 'user.activated', grace('Hopper'), 20),
      standard('hr', 'user.activated', grace('Hopper'), 10),
    ]);
    expect(ends).toMatchObject([{ agents: ['grace@example.com'] }]);
  });

  it('gives the value of the second where the first takes its own away', async () => {
    const ends = await endings(open, [
      standard('hr', 'user.created', grace('Hopper', { title: 'Clerk' }), 50),
      standard('it', 'user.updated', grace('Hopper', { title: 'Admiral' }), 40),
      standard('hr', 'user.updated', grace('Hopper'), 30),
    ]);
    expect(ends).toMatchObject([{ persons: [{ person: { title: 'Admiral' } }] }]);
  });
});
