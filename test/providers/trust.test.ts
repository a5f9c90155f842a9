import { describe, expect, it } from 'vitest';
import { listAwaitingConfirmation } from '../../functions/events/confirm.ts';
import { pendingBodyOf } from '../../functions/events/pending.ts';
import { accept } from '../../functions/provision/accept.ts';
import type { Hooks } from '../webhook/hooks.ts';
import { fixture, JWKS, JWKS_URI } from '../webhook/providers.ts';
import { answer, changed, pass, type Talk, talkTo } from './saying.ts';

const missing = () => answer({}, 404);

/** A person whom a SCIM client has made. */
async function byScim(hooks: Hooks, email: string, changes: object = {}): Promise<void> {
  const person = { userName: email, emails: [{ value: email, primary: true }], active: true, ...changes };
  await accept('demo', hooks.services, { person, source: 'scim', priority: 0 });
  await hooks.settle();
}

const waiting = async (hooks: Hooks) =>
  (await listAwaitingConfirmation(hooks.services, 'demo', { limit: 20 })).events.map(pendingBodyOf);

describe('a leaver whom a source knows by id alone', () => {
  it.each([
    ['hibob', '3332883894235038315', 'leave'],
    ['hibob', '3332883894235038315', changed('hibob', 'leave', { type: 'employee.deleted' })],
    [
      'gusto',
      '8d1a5b52-0000-4000-8000-000000000001',
      changed('gusto', 'leave', { event_type: 'employee.termination_effective' }),
    ],
    [
      'finch',
      '3f7e4a2e-0000-4000-8000-000000000001',
      changed('finch', 'leave', { event_type: 'individual.deleted' }),
    ],
    ['remote', '5d1d1c9a-0000-4000-8000-000000000001', 'leave'],
    ['entra-graph', '2fe9bd1c-7a9e-4a2a-8ea9-f4ae7b6b3a61', 'leave'],
  ])('%s: is the person whom SCIM made with that externalId', async (preset, externalId, leave) => {
    const token = { access_token: 'token', expires_in: 3_600 };
    const hooks = talkTo(preset, {
      provider: ({ url }) => (url.includes('/token') ? answer(token) : missing()),
    });
    await byScim(hooks, 'ada@example.com', { externalId });
    await byScim(hooks, 'eve@example.com', { externalId: 'another' });
    expect(hooks.agents().active).toEqual(['ada@example.com', 'eve@example.com']);
    expect((await hooks.say(leave)).status).toBeLessThan(300);
    await pass(hooks, 5);
    expect(hooks.agents()).toEqual({ active: ['eve@example.com'], suspended: ['ada@example.com'] });
  });
});

describe('Entra ID: a user who is there no more, of whom only a change is said', () => {
  const open = () => {
    const state = { isThere: true };
    const hooks = talkTo('entra-graph', {
      provider: ({ url }) => {
        if (url.includes('/token')) return answer({ access_token: 'token', expires_in: 3_600 });
        return state.isThere ? answer(fixture('entra-graph').person) : missing();
      },
    });
    return { hooks, state };
  };

  it('is out of service, once a further reading by id has not found them either', async () => {
    const { hooks, state } = open();
    await hooks.say('create');
    await hooks.settle();
    expect(hooks.agents().active).toEqual(['adele.vance@contoso.example']);
    state.isThere = false;
    const before = hooks.calls.length;
    await hooks.say('update');
    await pass(hooks, 5);
    expect(hooks.agents()).toEqual({ active: [], suspended: ['adele.vance@contoso.example'] });
    const readings = hooks.calls.slice(before).filter(({ url }) => url.includes('/v1.0/users/'));
    expect(readings.length).toBeGreaterThan(1);
  });

  it('stays in service where the further reading finds them', async () => {
    const { hooks, state } = open();
    await hooks.say('create');
    await hooks.settle();
    state.isThere = false;
    await hooks.say('update');
    await hooks.settle();
    state.isThere = true;
    await pass(hooks, 5);
    expect(hooks.agents().active).toEqual(['adele.vance@contoso.example']);
  });
});

/** A sign-up with an e-mail address that nobody has verified, and the same one verified. */
const SIGN_UPS: Readonly<Record<string, { email: string; signUp: (isVerified: boolean) => unknown }>> = {
  keycloak: {
    email: 'jo@example.com',
    signUp: (emailVerified) =>
      changed('keycloak', 'create', {
        representation: JSON.stringify({
          username: 'jo',
          email: 'jo@example.com',
          firstName: 'Mallory',
          enabled: true,
          emailVerified,
        }),
      }),
  },
  fusionauth: {
    email: 'erlich@example.com',
    signUp: (verified) =>
      changed('fusionauth', 'create', { 'event.user.verified': verified, 'event.user.firstName': 'Mallory' }),
  },
  stytch: {
    email: 'ada@stytch.example',
    signUp: (isVerified) => changed('stytch', 'create', { 'member.email_address_verified': isVerified }),
  },
  clerk: {
    email: 'example@example.org',
    signUp: (isVerified) =>
      changed('clerk', 'create', {
        'data.email_addresses.0.verification': { status: isVerified ? 'verified' : 'unverified' },
      }),
  },
  logto: { email: 'foo@bar.com', signUp: () => fixture('logto').create },
};

describe('a sign-up with the address of a person who is out of service', () => {
  const open = async (preset: string): Promise<Talk> => {
    const hooks = talkTo(preset, {
      provider: ({ url }) => (url === JWKS_URI ? answer(JWKS) : undefined),
    });
    await byScim(hooks, SIGN_UPS[preset]?.email ?? '', { active: false, title: 'Former' });
    return hooks;
  };

  it.each(Object.entries(SIGN_UPS))(
    '%s: unverified, changes nothing and nobody, and waits for a word',
    async (preset, { signUp }) => {
      const hooks = await open(preset);
      const before = await hooks.stored();
      expect((await hooks.say(signUp(false))).status).toBeLessThan(300);
      await hooks.settle();
      expect(await hooks.stored()).toEqual(before);
      expect(hooks.agents().active).toEqual([]);
      expect(await waiting(hooks)).toMatchObject([{ why: expect.stringContaining('verified') }]);
    },
  );

  it.each(Object.entries(SIGN_UPS).filter(([preset]) => preset !== 'logto'))(
    '%s: verified, is that person, who stays out of service all the same',
    async (preset, { signUp, email }) => {
      const hooks = await open(preset);
      await hooks.say(signUp(true));
      await hooks.settle();
      expect(await waiting(hooks)).toEqual([]);
      const [person, another] = await hooks.stored();
      expect(another).toBeUndefined();
      expect(person?.person).toMatchObject({ userName: email, active: false });
      expect(Object.keys(person?.links ?? {}).toSorted()).toEqual(['people', 'scim']);
      expect(hooks.agents().active).toEqual([]);
    },
  );
});
