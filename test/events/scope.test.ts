import { describe, expect, it } from 'vitest';
import { checkConfiguration } from '../../functions/mapping/load.ts';
import { answer, changed, pass, talkTo } from '../providers/saying.ts';
import type { Hooks } from '../webhook/hooks.ts';
import { fixture } from '../webhook/providers.ts';
import { openWith, standard, workos } from './story.ts';

const ADA = {
  userName: 'ada@example.com',
  externalId: 'E-1',
  name: { givenName: 'Ada', familyName: 'Lovelace' },
  emails: [{ value: 'ada@example.com', type: 'work', primary: true }],
  active: true,
};
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const inDepartment = (department: string) => ({ ...ADA, [ENTERPRISE]: { department } });
const groups = (...names: string[]) => ({
  ...ADA,
  groups: names.map((display) => ({ value: `id-of-${display}`, display })),
});

const open = (scope: object) => openWith({ hr: { preset: 'standard-webhooks', scope } });
const inService = async (hooks: Hooks) => {
  await hooks.settle();
  return hooks.agents().active.length > 0;
};

describe('the scope of a source', () => {
  it.each([
    ['departments', { departments: ['service'] }, inDepartment('Service'), inDepartment('Sales')],
    [
      'userTypes',
      { userTypes: ['Employee'] },
      { ...ADA, userType: 'employee' },
      { ...ADA, userType: 'Contractor' },
    ],
    ['groups by name', { groups: ['Agents'] }, groups('Staff', 'agents'), groups('Staff')],
    ['groups by id', { groups: ['id-of-Agents'] }, groups('Agents'), groups()],
    [
      'several kinds at once',
      { groups: ['Agents'], departments: ['Service'] },
      { ...groups('Agents'), ...inDepartment('Service') },
      { ...groups('Agents'), ...inDepartment('Sales') },
    ],
  ])(
    'of %s: who is outside is no agent, and is when the source says otherwise',
    async (_, scope, inside, outside) => {
      const hooks = open(scope);
      await standard('hr', 'user.created', outside, 60)(hooks);
      expect(await inService(hooks)).toBe(false);
      await standard('hr', 'user.updated', inside, 50)(hooks);
      expect(await inService(hooks)).toBe(true);
      await standard('hr', 'user.updated', outside, 40)(hooks);
      expect(await inService(hooks)).toBe(false);
      // Nothing that is said of the account alone brings the person back.
      await standard('hr', 'user.activated', { externalId: 'E-1', userName: 'ada@example.com' }, 30)(hooks);
      expect(await inService(hooks)).toBe(false);
      await standard('hr', 'user.updated', inside, 20)(hooks);
      expect(await inService(hooks)).toBe(true);
      await standard('hr', 'user.updated', outside, 35)(hooks);
      expect(await inService(hooks)).toBe(true);
    },
  );

  it('concludes nothing from what isn’t said, but takes in nobody of whom it isn’t known', async () => {
    const hooks = open({ departments: ['Service'] });
    await standard('hr', 'user.created', ADA, 60)(hooks);
    expect(await inService(hooks)).toBe(false);
    await standard('hr', 'user.updated', inDepartment('Service'), 50)(hooks);
    expect(await inService(hooks)).toBe(true);
    await standard('hr', 'user.updated', { ...ADA, title: 'Lead' }, 40)(hooks);
    expect(await inService(hooks)).toBe(true);
  });

  it('that is taken out of the configuration leaves nobody outside', async () => {
    const hooks = open({ departments: ['Service'] });
    await standard('hr', 'user.created', inDepartment('Sales'), 60)(hooks);
    expect(await inService(hooks)).toBe(false);
    const without = openWith(
      { hr: { preset: 'standard-webhooks' } },
      { services: () => ({ directory: hooks.directory }) },
    );
    await standard('hr', 'user.updated', inDepartment('Sales'), 50)(without);
    expect((await hooks.person('ada@example.com'))?.person.active).toBe(true);
  });

  it('that another source has doesn’t bind a source without one', async () => {
    const hooks = openWith({
      hr: { preset: 'standard-webhooks', scope: { departments: ['Service'] } },
      it: { preset: 'standard-webhooks' },
    });
    await standard('it', 'user.created', inDepartment('Sales'), 60)(hooks);
    expect(await inService(hooks)).toBe(true);
    await standard('hr', 'user.created', inDepartment('Sales'), 50)(hooks);
    expect(await inService(hooks)).toBe(false);
  });
});

describe('a scope of groups, where memberships come one by one', () => {
  const scope = { groups: ['Contact Centre Billing'] };
  const BLAIR = 'blair@workos.example';
  const both = () => openWith({ w: { preset: 'workos', scope } });

  it.each(['before', 'after'])('has the person as a member: the person comes %s', async (order) => {
    const hooks = both();
    if (order === 'after') await workos('w', 'group', {}, 55)(hooks);
    await workos('w', 'create', {}, 60)(hooks);
    if (order === 'before') {
      expect(await inService(hooks)).toBe(false);
      await workos('w', 'group', {}, 55)(hooks);
    }
    await hooks.settle();
    expect(hooks.agents().active).toEqual([BLAIR]);
    await workos('w', 'update', {}, 50)(hooks);
    expect(await inService(hooks)).toBe(true);
    await workos('w', 'group', {}, 45, 'dsync.group.user_removed')(hooks);
    expect(await inService(hooks)).toBe(false);
    await workos('w', 'update', {}, 40)(hooks);
    expect(await inService(hooks)).toBe(false);
    await workos('w', 'group', {}, 35)(hooks);
    expect(await inService(hooks)).toBe(true);
  });

  it.each([20, 150])('follows the group: %s members', async (many) => {
    const hooks = both();
    await workos('w', 'create', {}, 60)(hooks);
    await workos('w', 'group', {}, 55)(hooks);
    expect(await inService(hooks)).toBe(true);
    const [known] = (await hooks.directory.listGroups('demo', { limit: 1 })).groups;
    const members = Array.from({ length: many }, (_, each) => ({ value: `member-${each}` }));
    await hooks.directory.addMembers('demo', known?.id ?? '', members);
    const group = { id: 'directory_group_01', name: 'Sales', user: undefined, group: undefined };
    await workos('w', 'group', group, 40, 'dsync.group.updated')(hooks);
    expect(await inService(hooks)).toBe(false);
    expect(hooks.agents().suspended).toEqual([BLAIR]);
    const back = { ...group, name: 'Contact Centre Billing' };
    await workos('w', 'group', back, 1, 'dsync.group.updated')(hooks);
    hooks.clock.advance(1_000);
    expect(await inService(hooks)).toBe(true);
    await workos('w', 'group', back, 0, 'dsync.group.deleted')(hooks);
    hooks.clock.advance(1_000);
    expect(await inService(hooks)).toBe(false);
  });
});

describe('what only a reading tells', () => {
  it.each([
    ['/Service/Phone', '/Service', true],
    ['/Service', '/service/', true],
    ['/Services', '/Service', false],
    ['/', '/Service', false],
    ['/Sales', '/', true],
  ])('Google: the organizational unit %s in a scope of %s: %s', async (orgUnitPath, wanted, isIn) => {
    const person = { ...(fixture('google-workspace').person as object), orgUnitPath };
    const talk = talkTo('google-workspace', {
      settings: { scope: { organizationalUnits: [wanted] } },
      provider: ({ url }) =>
        /token/.test(url) ? answer({ access_token: 't', expires_in: 3_600 }) : answer(person),
    });
    await talk.say('create');
    await pass(talk, 1);
    expect(talk.agents().active).toHaveLength(isIn ? 1 : 0);
  });

  it.each([
    ['Guest', { guests: false }, false],
    ['Member', { guests: false }, true],
    ['Guest', { guests: true }, true],
    [undefined, { guests: false }, false],
  ])('Entra ID: a user of type %s in a scope of %j: %s', async (userType, scope, isIn) => {
    const person = { ...(fixture('entra-graph').person as object), userType };
    const talk = talkTo('entra-graph', {
      settings: { scope },
      provider: ({ url }) =>
        /token/.test(url) ? answer({ access_token: 't', expires_in: 3_600 }) : answer(person),
    });
    await talk.say('create');
    await pass(talk, 1);
    expect(talk.agents().active).toHaveLength(isIn ? 1 : 0);
  });

  it('Okta: the application and the groups together', async () => {
    const state = { isAssigned: true, groups: ['Agents'] };
    const id = '00u3m90rxKjGQ0G6L1d6';
    const profile = {
      login: 'john.doe@example.com',
      email: 'john.doe@example.com',
      firstName: 'J',
      lastName: 'D',
    };
    const application = '0oa1gjh63g214q0Hq0g4';
    const talk = talkTo('okta-event-hook', {
      settings: { scope: { application, groups: ['Agents'] } },
      provider: ({ url }) => {
        if (url.endsWith(`/users/${id}/groups`)) {
          return answer(state.groups.map((name) => ({ id: name, profile: { name } })));
        }
        if (url.endsWith(`/apps/${application}/users/${id}`)) {
          return state.isAssigned ? answer({ id, status: 'ACTIVE' }) : answer({}, 404);
        }
        return url.endsWith(`/apps/${application}`) ? answer({}) : answer({ id, status: 'ACTIVE', profile });
      },
    });
    const say = async (uuid: string) => {
      await talk.say(changed('okta-event-hook', 'update', { 'data.events.0.uuid': uuid }));
      await pass(talk, 1);
      return talk.agents().active.length > 0;
    };
    expect(await say('1')).toBe(true);
    state.groups = [];
    expect(await say('2')).toBe(false);
    state.groups = ['Agents'];
    expect(await say('3')).toBe(true);
    state.isAssigned = false;
    expect(await say('4')).toBe(false);
  });

  it('Okta: groups that may not be read leave open who is meant', async () => {
    const state = { mayRead: true };
    const id = '00u3m90rxKjGQ0G6L1d6';
    const profile = {
      login: 'john.doe@example.com',
      email: 'john.doe@example.com',
      firstName: 'J',
      lastName: 'D',
    };
    const talk = talkTo('okta-event-hook', {
      settings: { scope: { groups: ['Agents'] } },
      provider: ({ url }) => {
        if (!url.endsWith('/groups')) return answer({ id, status: 'ACTIVE', profile });
        return state.mayRead ? answer([{ id: 'g', profile: { name: 'Agents' } }]) : answer({}, 403);
      },
    });
    await talk.say('create');
    await pass(talk, 1);
    expect(talk.agents().active).toHaveLength(1);
    state.mayRead = false;
    await talk.say('update');
    await pass(talk, 30);
    expect(talk.agents().active).toHaveLength(1);
    const waits = await talk.directory.unscheduledPendingEvents('demo', { limit: 9 });
    expect(waits.events).toMatchObject([{ body: { lastError: expect.stringContaining('403') } }]);
  });
});

describe('check', () => {
  const problems = (source: string) =>
    checkConfiguration(`tenants:
  demo:
    smartassist: { host: platform.kore.ai, streamId: st-1, secret: agent-provisioner/demo }
    timeZone: Europe/Berlin
    sources:
      people: ${source}
`).problems.map(({ path, message, line }) => ({ at: path.join('.'), message, line }));

  it.each([
    ['{ preset: bamboohr, scope: { groups: [Agents] } }', 'groups', 'okta-event-hook, entra-graph'],
    [
      '{ preset: okta-event-hook, scope: { organizationalUnits: [/Service] } }',
      'organizationalUnits',
      'google-workspace do',
    ],
    ['{ preset: hibob, scope: { userTypes: [Employee] } }', 'userTypes', 'bamboohr'],
    ['{ preset: auth0, scope: { departments: [Service] } }', 'departments', 'a map'],
    ['{ preset: okta-event-hook, scope: { guests: false } }', 'guests', 'entra-graph'],
    ['{ preset: okta-event-hook, scope: { application: Phone, groups: [Agents] } }', 'groups', 'takes fetch'],
    ['{ preset: workos, scope: { application: Phone } }', 'application', 'okta-event-hook does'],
  ])('refuses what a source does not say: %s', (source, kind, text) => {
    const [problem, another] = problems(source);
    expect(another).toBeUndefined();
    expect(problem).toMatchObject({
      at: `tenants.demo.sources.people.scope.${kind}`,
      message: expect.stringContaining(text),
      line: 6,
    });
  });

  it.each([
    '{ preset: onelogin, map: { userName: a, userType: b }, scope: { userTypes: [Employee] } }',
    '{ preset: json, scope: { groups: [Agents], departments: [Service] } }',
  ])('takes what a source says: %s', (source) => {
    expect(problems(source)).toEqual([]);
  });
});
