import { describe, expect, it } from 'vitest';
import { fixture, JWKS } from '../webhook/providers.ts';
import { answer, changed, talkTo } from './saying.ts';

type Values = Readonly<Record<string, unknown>>;

describe('Auth0', () => {
  it('that tries its stream makes no agent', async () => {
    const hooks = talkTo('auth0');
    const { status } = await hooks.say(changed('auth0', 'create', { a0purpose: 'test' }));
    expect(status).toBe(200);
    await hooks.settle();
    expect(await hooks.stored()).toEqual([]);
  });

  it('may put its name before the type', async () => {
    const hooks = talkTo('auth0');
    await hooks.say(changed('auth0', 'create', { type: 'com.auth0.user.created' }));
    await hooks.settle();
    expect(hooks.agents().active).toEqual(['nick@example.com']);
  });
});

describe('FusionAuth', () => {
  it.each(['user.create', 'user.registration.create', 'user.update', 'user.delete'])(
    'may still take back what is inside a transaction: %s says nothing',
    async (type) => {
      const hooks = talkTo('fusionauth', { provider: () => answer(JWKS) });
      if (type !== 'user.create') await hooks.say('create');
      await hooks.settle();
      const before = [await hooks.stored(), hooks.agents()];
      const { status } = await hooks.say(
        changed('fusionauth', 'update', { 'event.type': type, 'event.id': type }),
      );
      expect(status).toBe(200);
      await hooks.settle();
      expect([await hooks.stored(), hooks.agents()]).toEqual(before);
    },
  );

  it('brings many users in one event', async () => {
    const hooks = talkTo('fusionauth', { provider: () => answer(JWKS) });
    const { event } = fixture('fusionauth').create as { event: Values & { user: Values } };
    const { user, ...rest } = event;
    const users = [1, 2, 3].map((number) => ({
      ...user,
      id: `00000000-0000-0001-0000-00000000000${number}`,
      email: `user-${number}@example.com`,
    }));
    await hooks.say({ event: { ...rest, type: 'user.bulk.create', users } });
    await hooks.settle();
    expect(hooks.agents().active).toEqual(users.map(({ email }) => email));
  });
});

describe('BambooHR', () => {
  it('changes 1,001 employees in one body', async () => {
    const hooks = talkTo('bamboohr', { settings: { fetch: undefined } });
    const employees = Array.from({ length: 1_001 }, (_, index) => ({
      id: String(index),
      action: 'Created',
      timestamp: '2026-11-23T09:00:00Z',
      fields: { 'First Name': 'Bo', 'Last Name': 'Bamboo', 'Work Email': `bo-${index}@bamboo.example` },
    }));
    const { status } = await hooks.say({ employees });
    expect(status).toBe(200);
    const { persons } = await hooks.directory.listPersons('demo', { limit: 2_000 });
    expect(persons).toHaveLength(1_001);
  });
});

it('a simulation of Deel makes no agent', async () => {
  const hooks = talkTo('deel');
  await hooks.say(changed('deel', 'create', { 'data.meta.is_simulation': true }));
  await hooks.settle();
  expect(await hooks.stored()).toEqual([]);
});
