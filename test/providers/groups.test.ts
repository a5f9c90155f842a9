import { describe, expect, it } from 'vitest';
import { listAwaitingConfirmation } from '../../functions/events/confirm.ts';
import { storeFetch } from '../../functions/events/pending.ts';
import { accept } from '../../functions/provision/accept.ts';
import type { HttpRequest } from '../../functions/runtime/transport.ts';
import { ago, openWith, standard, WHSEC, workos } from '../events/story.ts';
import { demoTenant } from '../mapping/demo.ts';
import { type Hooks, SECONDS, sign } from '../webhook/hooks.ts';
import { fixture } from '../webhook/providers.ts';
import { answer, changed, pass, type Talk, talkTo } from './saying.ts';

const CENTRE = { provisionWhen: 'groups.display eq "Contact Centre"' };
const token = () => answer({ access_token: 'token', expires_in: 3_600 });

interface Group {
  readonly id: string;
  readonly name: string;
}

const AGENTS: Group = { id: 'g1', name: 'Contact Centre' };
const STAFF: Group = { id: 'g2', name: 'Everyone' };

/** How each provider tells the groups of a person. */
interface Told {
  readonly preset: string;
  readonly email: string;
  readonly person: unknown;
  readonly isGroups: (url: URL) => boolean;
  /** The answer for a page of groups, and how it names the next one. */
  readonly groups: (groups: readonly Group[], next: string | undefined) => ReturnType<typeof answer>;
}

const TOLD: readonly Told[] = [
  {
    preset: 'okta-event-hook',
    email: 'john.doe@example.com',
    person: {
      id: '00u3m90rxKjGQ0G6L1d6',
      status: 'ACTIVE',
      profile: {
        login: 'john.doe@example.com',
        email: 'john.doe@example.com',
        firstName: 'J',
        lastName: 'D',
      },
    },
    isGroups: ({ pathname }) => pathname === '/api/v1/users/00u3m90rxKjGQ0G6L1d6/groups',
    groups: (groups, next) => ({
      ...answer(groups.map(({ id, name }) => ({ id, type: 'OKTA_GROUP', profile: { name } }))),
      headers:
        next === undefined
          ? {}
          : {
              link: `<https://acme.okta.com/api/v1/x>; rel="self", <https://acme.okta.com${next}>; rel="next"`,
            },
    }),
  },
  {
    preset: 'entra-graph',
    email: 'adele.vance@contoso.example',
    person: fixture('entra-graph').person,
    isGroups: ({ pathname }) => pathname.endsWith('/transitiveMemberOf'),
    groups: (groups, next) =>
      answer({
        value: [
          { '@odata.type': '#microsoft.graph.directoryRole', id: 'role', displayName: 'Contact Centre' },
          ...groups.map(({ id, name }) => ({
            '@odata.type': '#microsoft.graph.group',
            id,
            displayName: name,
          })),
        ],
        ...(next === undefined ? {} : { '@odata.nextLink': `https://graph.microsoft.com${next}` }),
      }),
  },
  {
    preset: 'google-workspace',
    email: 'liz@example.com',
    person: fixture('google-workspace').person,
    isGroups: ({ pathname }) => pathname === '/admin/directory/v1/groups',
    groups: (groups, next) =>
      answer({
        groups: groups.map(({ id, name }) => ({ id, name, email: `${id}@example.com` })),
        ...(next === undefined ? {} : { nextPageToken: next }),
      }),
  },
];

const WITHOUT_GROUPS = demoTenant().rules.filter((rule) => !JSON.stringify(rule).includes('groups'));

/** The provider with a person in some groups, a group a page. */
function open({ preset, person, isGroups, groups }: Told, tenant: object = CENTRE) {
  const state = { groups: [STAFF, AGENTS] as readonly Group[], mayRead: true, email: '' };
  const talk = talkTo(preset, {
    tenant,
    provider: (request: HttpRequest) => {
      const url = new URL(request.url);
      if (/token/.test(url.pathname)) return token();
      if (!isGroups(url)) return answer(person);
      if (!state.mayRead) return answer({ error: {} }, 403);
      const page = Number(url.searchParams.get('after') ?? url.searchParams.get('pageToken') ?? 0);
      const isLast = page >= state.groups.length - 1;
      const after = preset === 'google-workspace' ? String(page + 1) : `${url.pathname}?after=${page + 1}`;
      return groups(state.groups.slice(page, page + 1), isLast ? undefined : after);
    },
  });
  return { talk, state };
}

const groupsOf = async ({ directory, stored }: Hooks) => {
  const [person] = await stored();
  const groups = await directory.groupsOf('demo', person?.id ?? '');
  return groups.map(({ display }) => display).toSorted();
};

/** Has the person read once more. */
async function again(talk: Talk): Promise<void> {
  talk.clock.advance(60_000);
  const [person] = await talk.stored();
  await storeFetch(talk.services, 'demo', {
    source: 'people',
    trust: 'signed',
    kind: 'upsert',
    type: 'again',
    subject: { id: person?.links?.people?.id ?? '' },
    completeness: 'thin',
    occurredAt: new Date(talk.clock.now()).toISOString(),
  });
  await pass(talk, 1);
}

describe.each(TOLD)('$preset: the groups of a person who is read', (told) => {
  it('are known from all pages, and make an agent of who is in the group of provisionWhen', async () => {
    const { talk } = open(told);
    await talk.say('create');
    await pass(talk, 1);
    expect(await groupsOf(talk)).toEqual(['Contact Centre', 'Everyone']);
    expect(talk.agents().active).toHaveLength(1);
  });

  it('are left when the provider no longer lists them, and joined when it does again', async () => {
    const { talk, state } = open(told);
    await talk.say('create');
    await pass(talk, 1);
    state.groups = [STAFF];
    await again(talk);
    expect(await groupsOf(talk)).toEqual(['Everyone']);
    expect(talk.agents().active).toEqual([]);
    state.groups = [AGENTS, STAFF];
    await again(talk);
    expect(await groupsOf(talk)).toEqual(['Contact Centre', 'Everyone']);
  });

  it('that may not be read cost the person nothing else', async () => {
    const { talk, state } = open(told, {});
    state.mayRead = false;
    await talk.say('create');
    await pass(talk, 1);
    expect(talk.agents().active).toHaveLength(1);
    expect(talk.logged.join()).toContain('groups: ');
  });

  it('are not asked for where no rule speaks of groups', async () => {
    const { talk } = open(told, { provisionWhen: 'active eq true', rules: WITHOUT_GROUPS });
    await talk.say('create');
    await pass(talk, 1);
    expect(talk.agents().active).toHaveLength(1);
    expect(talk.calls.filter(({ url }) => told.isGroups(new URL(url)))).toEqual([]);
  });

  it('in which SCIM or another source has put the person stay', async () => {
    const { talk, state } = open(told);
    await talk.say('create');
    await pass(talk, 1);
    const [person] = await talk.stored();
    const at = new Date(talk.clock.now()).toISOString();
    const group = { schemas: [], displayName: 'Night Shift', externalId: 'g9' };
    await talk.directory.createGroup({
      tenant: 'demo',
      id: 'of-scim',
      version: 1,
      groupVersion: 1,
      createdAt: at,
      updatedAt: at,
      group,
    });
    await talk.directory.addMembers('demo', 'of-scim', [{ value: person?.id ?? '' }]);
    state.groups = [STAFF];
    await again(talk);
    expect(await groupsOf(talk)).toEqual(['Everyone', 'Night Shift']);
    // Once the provider has listed it, it is the provider's word, too.
    state.groups = [STAFF, { id: 'g9', name: 'Night Shift' }];
    await again(talk);
    state.groups = [STAFF];
    await again(talk);
    expect(await groupsOf(talk)).toEqual(['Everyone']);
  });
});

describe('Entra ID', () => {
  it('names no groups without the permission: nobody leaves by that', async () => {
    const told = TOLD.find(({ preset }) => preset === 'entra-graph');
    if (told === undefined) throw new Error('no Entra ID');
    const { talk, state } = open(told);
    await talk.say('create');
    await pass(talk, 1);
    state.groups = [{ ...AGENTS, name: undefined as unknown as string }];
    await again(talk);
    expect(talk.agents().active).toHaveLength(1);
    expect(talk.logged.join()).toContain('GroupMember.Read.All');
  });
});

describe('an unsigned removal from the group of provisionWhen', () => {
  const told = TOLD[0];
  if (told === undefined) throw new Error('no Okta');
  const removal = changed('okta-event-hook', 'update', {
    'data.events.0.uuid': 'removal',
    'data.events.0.eventType': 'group.user_membership.remove',
  });
  const event = (removal as { data: { events: { target: object[] }[] } }).data.events[0];
  event?.target.push({ id: AGENTS.id, type: 'UserGroup', displayName: AGENTS.name });

  it.each([true, false])(
    'is what Okta says of the groups when it is asked: still in it %s',
    async (isStill) => {
      const { talk, state } = open(told);
      await talk.say('create');
      await pass(talk, 1);
      state.groups = isStill ? [STAFF, AGENTS] : [STAFF];
      await talk.say(removal);
      await pass(talk, 1);
      expect(talk.agents().active).toHaveLength(isStill ? 1 : 0);
      expect((await listAwaitingConfirmation(talk.services, 'demo', { limit: 9 })).events).toEqual([]);
    },
  );
});

describe('the groups that an event says', () => {
  const ADA = {
    userName: 'ada@example.com',
    externalId: 'E-1',
    name: { givenName: 'Ada', familyName: 'Lovelace' },
    emails: [{ value: 'ada@example.com', type: 'work', primary: true }],
    active: true,
  };
  const groups = [{ value: AGENTS.id, display: AGENTS.name }];

  it('are all that there are, in whatever order they come', async () => {
    const hooks = openWith({ hr: { preset: 'standard-webhooks' } }, { tenant: CENTRE });
    await standard('hr', 'user.created', { ...ADA, groups }, 50)(hooks);
    await standard('hr', 'user.updated', { ...ADA, groups: [] }, 30)(hooks);
    await standard('hr', 'user.updated', { ...ADA, groups }, 40)(hooks);
    await hooks.settle();
    expect(await groupsOf(hooks)).toEqual([]);
    expect(hooks.agents().active).toEqual([]);
    await standard('hr', 'user.updated', { ...ADA, groups }, 20)(hooks);
    await hooks.settle();
    expect(hooks.agents().active).toEqual(['ada@example.com']);
  });

  it('may stand anywhere, by their names', async () => {
    const map = {
      userName: 'mail',
      emails: 'mail',
      'name.givenName': 'mail',
      'name.familyName': 'mail',
      groups: 'teams',
    };
    const hooks = openWith(
      { hr: { preset: 'standard-webhooks', map, read: { subject: 'mail' } } },
      { tenant: CENTRE },
    );
    const say = (teams: readonly string[], seconds: number) => {
      const body = JSON.stringify({
        type: 'user.updated',
        timestamp: ago(seconds),
        mail: 'ada@example.com',
        teams,
      });
      return hooks.send('hr', { body, headers: sign.standard(WHSEC, `teams-${seconds}`, SECONDS, body) });
    };
    await say(['Contact Centre'], 20);
    await hooks.settle();
    expect(hooks.agents().active).toEqual(['ada@example.com']);
    await say([], 10);
    await hooks.settle();
    expect(hooks.agents().active).toEqual([]);
  });

  it('of a user of WorkOS count, and a user without any says nothing of them', async () => {
    const hooks = openWith({ w: { preset: 'workos' } }, { tenant: CENTRE });
    await workos('w', 'create', { groups: [{ id: 'directory_group_1', name: 'Contact Centre' }] }, 50)(hooks);
    await hooks.settle();
    expect(hooks.agents().active).toHaveLength(1);
    await workos('w', 'update', {}, 40)(hooks);
    await hooks.settle();
    expect(hooks.agents().active).toHaveLength(1);
    // Teams made since May 2026 get an empty list, whatever the groups are.
    await workos('w', 'update', { groups: [] }, 30)(hooks);
    await hooks.settle();
    expect(hooks.agents().active).toHaveLength(1);
    await workos('w', 'update', { groups: [{ id: 'directory_group_2', name: 'Accounting' }] }, 20)(hooks);
    await hooks.settle();
    expect(hooks.agents().active).toEqual([]);
  });

  it('take nobody out of service without a signature', async () => {
    const hooks = openWith({ bus: { preset: 'cloudevents' } }, { tenant: CENTRE });
    const say = (id: string, data: object, seconds: number) =>
      hooks.send('bus', {
        headers: { authorization: 'Bearer a-secret-of-some-length' },
        body: { specversion: '1.0', id, source: '/', type: 'user.updated', time: ago(seconds), data },
      });
    await accept('demo', hooks.services, { person: ADA as never, source: 'scim', priority: 0 });
    await say('1', { ...ADA, groups }, 50);
    await hooks.settle();
    expect(hooks.agents().active).toEqual(['ada@example.com']);
    await say('2', { ...ADA, groups: [] }, 40);
    await hooks.settle();
    expect(hooks.agents().active).toEqual(['ada@example.com']);
    const { events: pending } = await listAwaitingConfirmation(hooks.services, 'demo', { limit: 9 });
    expect(pending).toMatchObject([{ body: { why: expect.stringContaining('does not sign') } }]);
  });
});
