import { describe, expect, it } from 'vitest';
import { confirmPending, listAwaitingConfirmation } from '../../functions/events/confirm.ts';
import type { HttpResponse } from '../../functions/runtime/transport.ts';
import { talkTo } from '../providers/saying.ts';
import { type Hooks, SECONDS, sign } from '../webhook/hooks.ts';
import { ago, openWith, TEXT, workos } from './story.ts';

const CENTRE = { provisionWhen: 'groups.display sw "Contact Centre"' };
const BLAIR = 'blair@workos.example';

const ok = (value: unknown): HttpResponse => ({ status: 200, headers: {}, body: JSON.stringify(value) });
const missing: HttpResponse = { status: 404, headers: {}, body: '{}' };

const names = async ({ directory }: Hooks) =>
  (await directory.listGroups('demo', { limit: 20 })).groups.map(({ group }) => group.displayName);
const waiting = async ({ services }: Hooks) =>
  (await listAwaitingConfirmation(services, 'demo', { limit: 9 })).events;

/** An event of WorkOS about a group itself. */
const group = (type: string, name: string, seconds: number) => (hooks: Hooks) => {
  const data = { object: 'directory_group', id: 'directory_group_01', idp_id: 'g1', name };
  const event = { id: `event_${type}_${seconds}`, event: type, created_at: ago(seconds), data };
  const body = JSON.stringify(event);
  const signature = `t=${SECONDS * 1000}, v1=${sign.hex(TEXT, `${SECONDS * 1000}.${body}`)}`;
  return hooks.send('w', { headers: { 'workos-signature': signature }, body });
};

describe('WorkOS: a group', () => {
  const open = async () => {
    const hooks = openWith({ w: { preset: 'workos' } }, { tenant: CENTRE });
    await workos('w', 'create', {}, 60)(hooks);
    await workos('w', 'group', {}, 55)(hooks);
    await hooks.settle();
    expect(hooks.agents().active).toEqual([BLAIR]);
    return hooks;
  };

  it('that gets another name is looked at by the rules again', async () => {
    const hooks = await open();
    expect((await group('dsync.group.updated', 'Sales', 50)(hooks)).status).toBe(200);
    await hooks.settle();
    expect(await names(hooks)).toEqual(['Sales']);
    expect(hooks.agents()).toEqual({ active: [], suspended: [BLAIR] });
    await group('dsync.group.updated', 'Contact Centre North', 40)(hooks);
    await hooks.settle();
    expect(hooks.agents().active).toEqual([BLAIR]);
  });

  it('that is deleted has no members any more', async () => {
    const hooks = await open();
    await group('dsync.group.deleted', 'Contact Centre Billing', 50)(hooks);
    await hooks.settle();
    expect(await names(hooks)).toEqual([]);
    expect(hooks.agents()).toEqual({ active: [], suspended: [BLAIR] });
    // What was said of memberships before it was deleted comes late.
    await workos('w', 'group', {}, 52)(hooks);
    await hooks.settle();
    expect(await names(hooks)).toEqual([]);
    expect(hooks.agents().active).toEqual([]);
  });

  it('keeps the name that was said last, in whatever order it comes', async () => {
    const hooks = await open();
    await group('dsync.group.updated', 'Contact Centre North', 30)(hooks);
    await group('dsync.group.updated', 'Sales', 40)(hooks);
    await hooks.settle();
    expect(await names(hooks)).toEqual(['Contact Centre North']);
    expect(hooks.agents().active).toEqual([BLAIR]);
  });

  it('whose name comes before its members is called so when they come', async () => {
    const hooks = openWith({ w: { preset: 'workos' } }, { tenant: CENTRE });
    await group('dsync.group.updated', 'Sales', 30)(hooks);
    await workos('w', 'create', {}, 60)(hooks);
    await workos('w', 'group', {}, 55)(hooks);
    await hooks.settle();
    expect(await names(hooks)).toEqual(['Sales']);
    expect(hooks.agents().active).toEqual([]);
  });

  it('is deleted together with hundreds of members', async () => {
    const hooks = await open();
    const [known] = (await hooks.directory.listGroups('demo', { limit: 1 })).groups;
    const members = Array.from({ length: 150 }, (_, each) => ({ value: `member-${each}` }));
    await hooks.directory.addMembers('demo', known?.id ?? '', members);
    await group('dsync.group.deleted', '', 50)(hooks);
    await hooks.settle();
    expect(await names(hooks)).toEqual([]);
    expect(hooks.agents()).toEqual({ active: [], suspended: [BLAIR] });
    expect((await hooks.directory.listMembers('demo', known?.id ?? '', { limit: 9 })).members).toEqual([]);
  });
});

/** Okta, with a person in the group 00g1, and how it answers when it is asked for the group. */
async function okta(fetch: boolean) {
  const state: { name: string | undefined } = { name: 'Contact Centre' };
  const profile = { login: 'ada@example.com', email: 'ada@example.com', firstName: 'Ada', lastName: 'L' };
  const hooks = openWith(
    { okta: { preset: 'okta-event-hook', ...(fetch ? { fetch: { domain: 'acme.okta.com' } } : {}) } },
    {
      tenant: CENTRE,
      secrets: { 'okta.fetch': ['token'] },
      provider: ({ url }) => {
        const groups = state.name === undefined ? [] : [{ id: '00g1', profile: { name: state.name } }];
        if (url.endsWith('/users/00u1')) return ok({ id: '00u1', status: 'ACTIVE', profile });
        if (url.endsWith('/users/00u1/groups')) return ok(groups);
        return url.endsWith('/groups/00g1') && state.name !== undefined ? ok(groups[0]) : missing;
      },
    },
  );
  const say = (eventType: string, seconds: number, displayName = 'Contact Centre') => {
    const named = { id: '00g1', type: 'UserGroup', displayName };
    const user = { id: '00u1', type: 'User', alternateId: 'ada@example.com', displayName: 'Ada L' };
    const target =
      eventType.startsWith('group.user_') || eventType.startsWith('user.') ? [user, named] : [named];
    const event = { uuid: `${eventType}-${seconds}`, published: ago(seconds), eventType, target };
    return hooks.send('okta', {
      headers: { authorization: TEXT },
      body: { data: { events: [{ ...event, outcome: { result: 'SUCCESS' } }] } },
    });
  };
  await say('user.lifecycle.create', 60);
  await say('group.user_membership.add', 50);
  await hooks.settle();
  expect(hooks.agents().active).toEqual(['ada@example.com']);
  const settle = async () => {
    for (let minutes = 0; minutes < 4; minutes += 1) {
      await hooks.settle();
      hooks.clock.advance(60_000);
    }
  };
  return { hooks, say, state, settle };
}

describe('Okta, which signs nothing: a group', () => {
  it.each([
    ['group.profile.update', 'Sales', 'Sales'],
    ['group.lifecycle.delete', 'Contact Centre', undefined],
  ])('%s counts once Okta says so itself', async (type, said, is) => {
    const { hooks, say, state, settle } = await okta(true);
    await say(type, 40, said);
    await settle();
    expect(hooks.agents().active).toEqual(['ada@example.com']);
    expect(await names(hooks)).toEqual(['Contact Centre']);
    state.name = is;
    hooks.clock.advance(60_000);
    await say(type, 30, said);
    await settle();
    expect(await names(hooks)).toEqual(is === undefined ? [] : [is]);
    expect(hooks.agents()).toEqual({ active: [], suspended: ['ada@example.com'] });
  });

  it.each([
    ['group.profile.update', 'Sales', ['Sales']],
    ['group.lifecycle.delete', 'Contact Centre', []],
  ])(
    '%s waits for a word where an agent would leave by it and nothing can be read',
    async (type, said, left) => {
      const { hooks, say, settle } = await okta(false);
      await say(type, 40, said);
      await settle();
      expect(hooks.agents().active).toEqual(['ada@example.com']);
      const [pending] = await waiting(hooks);
      expect(pending?.body).toMatchObject({ why: expect.stringContaining('does not sign') });
      await confirmPending(hooks.services, 'demo', pending?.id ?? '');
      await settle();
      expect(await waiting(hooks)).toEqual([]);
      expect(await names(hooks)).toEqual(left);
      expect(hooks.agents()).toEqual({ active: [], suspended: ['ada@example.com'] });
    },
  );

  it('gets a name by which nobody leaves at once', async () => {
    const { hooks, say } = await okta(false);
    await say('group.profile.update', 40, 'Contact Centre South');
    expect(await waiting(hooks)).toEqual([]);
    expect(await names(hooks)).toEqual(['Contact Centre South']);
  });

  it('has the name that a reading of its member says', async () => {
    const { hooks, say, state, settle } = await okta(true);
    state.name = 'Sales';
    await say('user.account.update_profile', 30);
    await settle();
    expect(await names(hooks)).toEqual(['Sales']);
    expect(hooks.agents()).toEqual({ active: [], suspended: ['ada@example.com'] });
  });
});

describe('a group of SCIM under the same id', () => {
  it('is SCIM’s to name and to delete', async () => {
    const hooks = openWith({ w: { preset: 'workos' } });
    const at = new Date(hooks.clock.now()).toISOString();
    await hooks.directory.createGroup({
      tenant: 'demo',
      id: 'of-scim',
      version: 1,
      groupVersion: 1,
      createdAt: at,
      updatedAt: at,
      group: { schemas: [], displayName: 'Agents', externalId: 'directory_group_01' },
    });
    await group('dsync.group.updated', 'Sales', 50)(hooks);
    await group('dsync.group.deleted', 'Sales', 40)(hooks);
    expect(await names(hooks)).toEqual(['Agents']);
  });
});

describe.each([
  [
    'clerk',
    (type: string, name: string) => ({
      type: `directoryGroup.${type}`,
      object: 'event',
      timestamp: Date.parse(ago(type === 'created' ? 60 : type === 'updated' ? 50 : 40)),
      data: { object: 'directory_group', id: 'dirgrp_1', display_name: name },
    }),
  ],
  [
    'ory-polis',
    (type: string, name: string) => ({
      event: `group.${type}`,
      directory_id: '1',
      data: { id: 'dirgrp_1', name, raw: {} },
    }),
  ],
  [
    'keycloak',
    (type: string, name: string) => ({
      type: `admin.GROUP-${type.slice(0, 6).toUpperCase()}`,
      resourcePath: 'groups/dirgrp_1',
      representation: JSON.stringify({ name }),
      uid: type,
      time: Date.parse(ago(type === 'created' ? 60 : type === 'updated' ? 50 : 40)),
    }),
  ],
])('%s: groups', (preset, event) => {
  it('are known, called as they are called now, and gone when they are deleted', async () => {
    const hooks = talkTo(preset);
    for (const [type, name, left] of [
      ['created', 'Agents', ['Agents']],
      ['updated', 'Sales', ['Sales']],
      ['deleted', 'Sales', []],
    ] as const) {
      expect((await hooks.say(event(type, name))).status).toBeLessThan(300);
      expect(await names(hooks)).toEqual(left);
    }
    expect(hooks.numbers.of('Rejected')).toEqual({});
  });
});

it('what a source says of no group is refused by itself', async () => {
  for (const [preset, body] of [
    ['workos', { id: 'e', event: 'dsync.group.deleted', data: {} }],
    ['clerk', { type: 'directoryGroup.deleted', data: {} }],
    ['ory-polis', { event: 'group.deleted', data: {} }],
    ['keycloak', { type: 'admin.GROUP-DELETE', resourcePath: 'x' }],
  ] as const) {
    const hooks = talkTo(preset);
    await hooks.say(body);
    expect(hooks.numbers.of('Rejected'), preset).toEqual({ 'bad-item': 1 });
  }
});
