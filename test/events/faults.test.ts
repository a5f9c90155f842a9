import { describe, expect, it } from 'vitest';
import { listAwaitingConfirmation } from '../../functions/events/confirm.ts';
import { pendingBodyOf } from '../../functions/events/pending.ts';
import { accept } from '../../functions/provision/accept.ts';
import type { HttpResponse } from '../../functions/runtime/transport.ts';
import type { Person } from '../../functions/scim-core/person.ts';
import { type Hooks, SECONDS, sign } from '../webhook/hooks.ts';
import { ago, openWith, standard, TEXT, unsigned, WHSEC, workos, zitadel } from './story.ts';

const ADA: Person = {
  userName: 'ada@example.com',
  externalId: 'E-1',
  name: { givenName: 'Ada', familyName: 'Lovelace' },
  emails: [{ value: 'ada@example.com', type: 'work', primary: true }],
  active: true,
};

/** A person whom a SCIM client has made. */
const byScim = (hooks: Hooks, changes: Partial<Person> = {}) =>
  accept('demo', hooks.services, { person: { ...ADA, ...changes }, source: 'scim', priority: 0 });

const held = async (hooks: Hooks) =>
  (await listAwaitingConfirmation(hooks.services, 'demo', { limit: 20 })).events.map((pending) =>
    pendingBodyOf(pending),
  );
const ok = (value: unknown): HttpResponse => ({ status: 200, headers: {}, body: JSON.stringify(value) });
const missing: HttpResponse = { status: 404, headers: {}, body: '{}' };
const bearer = { authorization: `Bearer ${TEXT}` };

/** Says something at the time of the clock, with when it happened. */
const sayLate = (hooks: Hooks, type: string, data: object, timestamp: string) => {
  const seconds = Math.floor(hooks.clock.now() / 1_000);
  const body = JSON.stringify({ type, timestamp, data });
  return hooks.send('hr', { body, headers: sign.standard(WHSEC, `msg_late_${seconds}`, seconds, body) });
};

describe('a leaver whom nobody knows yet', () => {
  it.each([1, 24, 29 * 24])('stays one for whom older news comes %i hours later', async (hours) => {
    const hooks = openWith({ hr: { preset: 'standard-webhooks' } });
    await standard('hr', 'user.deactivated', { externalId: 'E-1' }, 50)(hooks);
    hooks.clock.advance(hours * 3_600_000);
    await sayLate(hooks, 'user.created', ADA, ago(60));
    await hooks.settle();
    expect(hooks.agents().active).toEqual([]);
  });
});

/** Lets pass what a reading takes that isn't found at first. */
async function settleLong(hooks: Hooks): Promise<void> {
  for (let minutes = 0; minutes < 5; minutes += 1) {
    await hooks.settle();
    hooks.clock.advance(60_000);
  }
}

/** One event of an Okta hook: unsigned, with a secret in a header. */
const okta = (
  hooks: Hooks,
  events: readonly { type: string; at?: number; group?: string; id?: string; login?: string }[],
) =>
  hooks.send('okta', {
    headers: { authorization: TEXT },
    body: {
      data: {
        events: events.map(({ type, at = 60, group, id = '00u1', login = 'ada@example.com' }, place) => ({
          uuid: `${type}-${place}-${at}-${group}`,
          published: ago(at),
          eventType: type,
          outcome: { result: 'SUCCESS' },
          target: [
            { id, type: 'User', alternateId: login, displayName: 'Ada Lovelace' },
            ...(group === undefined ? [] : [{ id: group, type: 'UserGroup', displayName: group }]),
          ],
        })),
      },
    },
  });
const OKTA_USER = {
  id: '00u1',
  status: 'ACTIVE',
  profile: { login: 'ada@example.com', email: 'ada@example.com', firstName: 'Ada', lastName: 'Lovelace' },
};

describe('whose person an event is about', () => {
  it.each([
    [
      'Zitadel',
      { preset: 'zitadel' },
      (hooks: Hooks) => zitadel('people', 'user.deactivated', 7)(hooks),
      '204523456789',
    ],
    [
      'WorkOS',
      { preset: 'workos' },
      (hooks: Hooks) => workos('people', 'remove', { id: 'E-1', username: undefined, emails: [] }, 5)(hooks),
      'E-1',
    ],
    [
      'BambooHR',
      { preset: 'bamboohr', fetch: { companyDomain: 'acme' } },
      (hooks: Hooks) => {
        const body = JSON.stringify({
          type: 'employee.deleted',
          data: { companyId: '1', employeeId: '678' },
        });
        const headers = {
          'x-bamboohr-timestamp': String(SECONDS),
          'x-bamboohr-signature': sign.hex(TEXT, body + SECONDS),
        };
        return hooks.send('people', { headers, body });
      },
      '678',
    ],
  ])(
    '%s: a leaver known by id alone is the person whom SCIM made with that externalId',
    async (_, source, leave, externalId) => {
      const hooks = openWith(
        { people: source },
        { secrets: { 'people.fetch': ['key'] }, provider: () => missing },
      );
      await byScim(hooks, { externalId });
      await hooks.settle();
      expect(hooks.agents().active).toEqual(['ada@example.com']);
      await leave(hooks);
      await settleLong(hooks);
      expect(hooks.agents()).toEqual({ active: [], suspended: ['ada@example.com'] });
    },
  );

  it('a rehire under a second id is the same person, whose active record decides', async () => {
    const hooks = openWith({ hr: { preset: 'standard-webhooks' } });
    const { externalId: _, ...ada } = ADA;
    await standard('hr', 'user.created', { ...ada, externalId: '7' }, 50)(hooks);
    await standard('hr', 'user.deactivated', { ...ada, externalId: '7' }, 40)(hooks);
    await hooks.settle();
    expect(hooks.agents().active).toEqual([]);
    await standard('hr', 'user.created', { ...ada, externalId: '8', title: 'Lead' }, 30)(hooks);
    await hooks.settle();
    expect(hooks.agents().active).toEqual(['ada@example.com']);
    await standard(
      'hr',
      'user.updated',
      { ...ada, externalId: '7', title: 'Clerk', active: false },
      20,
    )(hooks);
    await hooks.settle();
    expect(hooks.agents().active).toEqual(['ada@example.com']);
    expect((await hooks.person('ada@example.com'))?.person.title).toBe('Lead');
    expect(await hooks.stored()).toHaveLength(1);
    await standard('hr', 'user.deactivated', { ...ada, externalId: '8' }, 10)(hooks);
    await hooks.settle();
    expect(hooks.agents().active).toEqual([]);
  });

  it('an unsigned leaver with a made-up id and the login of a person says nothing of the person', async () => {
    const hooks = openWith(
      { okta: { preset: 'okta-event-hook', fetch: { domain: 'acme.okta.com' } } },
      {
        secrets: { 'okta.fetch': ['token'] },
        provider: ({ url }) => (url.endsWith('/00u1') ? ok(OKTA_USER) : missing),
      },
    );
    await okta(hooks, [{ type: 'user.lifecycle.create' }]);
    await hooks.settle();
    expect(hooks.agents().active).toEqual(['ada@example.com']);
    await okta(hooks, [{ type: 'user.lifecycle.deactivate', id: '00uMADEUP', at: 5 }]);
    await settleLong(hooks);
    expect(hooks.agents().active).toEqual(['ada@example.com']);
  });

  it('an event that names two people changes neither and waits', async () => {
    const hooks = openWith({ hr: { preset: 'standard-webhooks' } });
    const eve = {
      ...ADA,
      externalId: 'E-2',
      userName: 'eve@example.com',
      emails: [{ value: 'eve@example.com' }],
    };
    await standard('hr', 'user.created', ADA, 50)(hooks);
    await standard('hr', 'user.created', eve, 40)(hooks);
    const before = await hooks.stored();
    await standard('hr', 'user.deactivated', { ...eve, externalId: 'E-1' }, 30)(hooks);
    expect(await hooks.stored()).toEqual(before);
    expect(await held(hooks)).toMatchObject([{ why: expect.stringContaining('eve@example.com') }]);
  });

  it('who is signed up with the unverified address of a deactivated person waits for a word', async () => {
    const hooks = openWith({ a: { preset: 'auth0' } });
    await byScim(hooks, { active: false });
    await hooks.settle();
    const before = await hooks.stored();
    const user = { user_id: 'auth0|9', email: 'ada@example.com', given_name: 'Mallory', blocked: false };
    const event = (email_verified: boolean) => ({
      headers: bearer,
      body: {
        id: `evt_${email_verified}`,
        type: 'user.created',
        time: ago(10),
        data: { object: { ...user, email_verified } },
      },
    });
    expect((await hooks.send('a', event(false))).status).toBe(200);
    await hooks.settle();
    expect(await hooks.stored()).toEqual(before);
    expect(await held(hooks)).toMatchObject([{ why: expect.stringContaining('verified') }]);
  });
});

describe('who may say it', () => {
  it('what one source said of a leaver is not undone by an update of another', async () => {
    const hooks = openWith({ hr: { preset: 'standard-webhooks' }, a: { preset: 'auth0' } });
    const user = { user_id: 'auth0|1', email: 'ada@example.com', email_verified: true, given_name: 'Ada' };
    const say = (type: string) =>
      hooks.send('a', {
        headers: bearer,
        body: { id: type, type, time: ago(5), data: { object: { ...user, blocked: false } } },
      });
    await standard('hr', 'user.created', ADA, 50)(hooks);
    await say('user.created');
    await standard('hr', 'user.deactivated', ADA, 20)(hooks);
    await hooks.settle();
    expect(hooks.agents().active).toEqual([]);
    await say('user.updated');
    await hooks.settle();
    expect(hooks.agents().active).toEqual([]);
  });

  it.each([false, undefined])(
    'an unsigned activation leaves out whom SCIM deactivated or deleted',
    async (active) => {
      const hooks = openWith({ bus: { preset: 'cloudevents' } });
      const made = await byScim(hooks, active === false ? { active } : {});
      if (active === undefined && made.outcome === 'stored') {
        await accept('demo', hooks.services, {
          person: made.record.person,
          source: 'scim',
          priority: 0,
          before: made.record,
          deleted: true,
        });
      }
      await unsigned('bus', 'user.activated', ADA, 5)(hooks);
      await hooks.settle();
      expect(hooks.agents().active).toEqual([]);
    },
  );

  it.each(['user.deleted', 'user.deactivated'])(
    'an unsigned %s neither deletes whom SCIM has out of service nor keeps them from coming back',
    async (type) => {
      const hooks = openWith({ bus: { preset: 'cloudevents' } });
      const made = await byScim(hooks, { active: false });
      if (made.outcome !== 'stored') throw new Error(made.outcome);
      await unsigned('bus', type, ADA, 5)(hooks);
      await hooks.settle();
      const [record] = await hooks.stored();
      expect(record?.deletedAt).toBeUndefined();
      expect(await held(hooks)).toMatchObject([{ why: expect.stringContaining('does not sign') }]);
      const person = { ...made.record.person, active: true };
      await accept('demo', hooks.services, {
        person,
        source: 'scim',
        priority: 0,
        ...(record === undefined ? {} : { before: record }),
      });
      await hooks.settle();
      expect(hooks.agents().active).toEqual(['ada@example.com']);
    },
  );

  it('what was said of a former account before it was known whose it is counts once that is known', async () => {
    const hooks = openWith({ dir: { preset: 'workos' } });
    const ada = {
      state: 'active',
      email: 'ada@example.com',
      emails: [{ value: 'ada@example.com', primary: true }],
    };
    const say = (type: string, id: string, seconds: number) =>
      workos('dir', 'create', { ...ada, id }, seconds, `dsync.user.${type}`)(hooks);
    await say('deleted', 'directory_user_1', 40);
    await say('created', 'directory_user_2', 30);
    // Late: older than the deletion.
    await say('created', 'directory_user_1', 50);
    await hooks.settle();
    expect(hooks.agents().active).toHaveLength(1);
    await say('deleted', 'directory_user_2', 10);
    await hooks.settle();
    expect(hooks.agents().active).toEqual([]);
  });

  it('only the sources of the configuration take a person out', async () => {
    const hooks = openWith(
      { hr: { preset: 'standard-webhooks' }, it: { preset: 'standard-webhooks' } },
      { tenant: { authority: { inService: ['hr'], attributes: { title: 'it' } } } },
    );
    await standard('hr', 'user.created', { ...ADA, title: 'Clerk' }, 50)(hooks);
    await standard('it', 'user.deactivated', { ...ADA, title: 'Countess' }, 40)(hooks);
    await hooks.settle();
    expect(hooks.agents().active).toEqual(['ada@example.com']);
    await standard('it', 'user.updated', { ...ADA, title: 'Countess' }, 30)(hooks);
    expect((await hooks.person('ada@example.com'))?.person.title).toBe('Countess');
  });

  it('an unsigned change out of provisionWhen waits, of attributes and of groups', async () => {
    const hooks = openWith(
      { bus: { preset: 'cloudevents' } },
      { tenant: { provisionWhen: 'title eq "Agent"' } },
    );
    await unsigned('bus', 'user.created', { ...ADA, title: 'Agent' }, 50)(hooks);
    await hooks.settle();
    await unsigned('bus', 'user.updated', { ...ADA, title: 'Visitor' }, 40)(hooks);
    await hooks.settle();
    expect(hooks.agents().active).toEqual(['ada@example.com']);
    expect(await held(hooks)).toMatchObject([{ why: expect.stringContaining('does not sign') }]);
  });

  it('an unsigned removal from the group of provisionWhen waits where nothing can be read', async () => {
    const hooks = openWith(
      { okta: { preset: 'okta-event-hook' } },
      { tenant: { provisionWhen: 'groups.display eq "Agents"' } },
    );
    await okta(hooks, [
      { type: 'user.lifecycle.create', at: 50 },
      { type: 'group.user_membership.add', at: 40, group: 'Agents' },
    ]);
    await hooks.settle();
    expect(hooks.agents().active).toEqual(['ada@example.com']);
    await okta(hooks, [{ type: 'group.user_membership.remove', at: 30, group: 'Agents' }]);
    await hooks.settle();
    expect(hooks.agents().active).toEqual(['ada@example.com']);
    expect(await held(hooks)).toMatchObject([{ why: expect.stringContaining('group') }]);
  });

  it('an unsigned change of e-mail waits, and the agent keeps its address', async () => {
    const hooks = openWith({ bus: { preset: 'cloudevents' } });
    await unsigned('bus', 'user.created', ADA, 50)(hooks);
    await hooks.settle();
    await unsigned('bus', 'user.updated', { ...ADA, emails: [{ value: 'mallory@example.com' }] }, 40)(hooks);
    await hooks.settle();
    expect(hooks.agents().active).toEqual(['ada@example.com']);
    expect(await held(hooks)).toMatchObject([{ why: expect.stringContaining('e-mail') }]);
  });
});

describe('in which order', () => {
  it('Zitadel: a suspension that overtakes joining and a change at one time leaves the person out, as changed', async () => {
    const hooks = openWith({ z: { preset: 'zitadel' } });
    const joined = {
      userName: 'mini@mouse.com',
      email: 'mini@mouse.com',
      firstName: 'Minnie',
      lastName: 'Mouse',
    };
    await zitadel('z', 'user.deactivated', 11)(hooks);
    await zitadel('z', 'user.human.added', 9, joined)(hooks);
    await zitadel('z', 'user.human.profile.changed', 10, { lastName: 'Maus' })(hooks);
    await hooks.settle();
    expect(hooks.agents().active).toEqual([]);
    expect((await hooks.person('mini@mouse.com'))?.person.name?.familyName).toBe('Maus');
  });

  it('WorkOS: an older update does not bring a deleted person back', async () => {
    const hooks = openWith({ w: { preset: 'workos' } });
    await workos('w', 'create', {}, 60)(hooks);
    await workos('w', 'remove', {}, 57)(hooks);
    await workos('w', 'update', {}, 58)(hooks);
    await hooks.settle();
    expect(hooks.agents().active).toEqual([]);
  });

  it.each([undefined, { domain: 'acme.okta.com' }])(
    'Okta: all that one delivery says of an unknown person is kept',
    async (fetch) => {
      const hooks = openWith(
        { okta: { preset: 'okta-event-hook', ...(fetch === undefined ? {} : { fetch }) } },
        {
          secrets: { 'okta.fetch': ['token'] },
          provider: ({ url }) => (url.endsWith('/00u1') ? ok(OKTA_USER) : missing),
        },
      );
      await okta(hooks, [
        { type: 'user.lifecycle.create', at: 50 },
        { type: 'group.user_membership.add', at: 49, group: 'Agents' },
        { type: 'group.user_membership.add', at: 48, group: 'Billing' },
        { type: 'user.account.update_profile', at: 47 },
      ]);
      await hooks.settle();
      const record = await hooks.person('ada@example.com');
      const groups = await hooks.directory.groupsOf('demo', record?.id ?? '');
      expect(groups.map(({ display }) => display).toSorted()).toEqual(['Agents', 'Billing']);
    },
  );
});
