import { describe, expect, it } from 'vitest';
import { listAwaitingConfirmation } from '../../functions/events/confirm.ts';
import { answer, changed, pass, talkTo } from './saying.ts';

const OKTA_USER = {
  id: '00u3m90rxKjGQ0G6L1d6',
  status: 'LOCKED_OUT',
  profile: {
    login: 'john.doe@example.com',
    email: 'john.doe@example.com',
    firstName: 'John',
    lastName: 'Doe',
  },
};
const zitadel = (type: string, sequence: number) =>
  changed('zitadel', 'leave', { event_type: type, sequence });

/** How each provider says that wrong passwords have locked an account, and whose. */
const LOCKED: readonly [preset: string, locked: unknown, email: string][] = [
  ['clerk', changed('clerk', 'update', { 'data.locked': true }), 'example@example.org'],
  ['zitadel', zitadel('user.locked', 2), 'mini@mouse.com'],
  ['okta-event-hook', 'update', 'john.doe@example.com'],
];

describe('an account that wrong passwords have locked', () => {
  it.each(LOCKED)('stays an agent: %s', async (preset, locked, email) => {
    const hooks = talkTo(preset, { provider: () => answer(OKTA_USER) });
    await hooks.say('create');
    await hooks.settle();
    expect(hooks.agents().active).toEqual([email]);
    await hooks.say(locked);
    await pass(hooks, 3);
    expect(hooks.agents()).toEqual({ active: [email], suspended: [] });
  });

  it.each(LOCKED)('leaves where the configuration says so: %s', async (preset, locked, email) => {
    let user = { ...OKTA_USER, status: 'ACTIVE' };
    const hooks = talkTo(preset, { provider: () => answer(user), settings: { onLock: 'suspend' } });
    await hooks.say('create');
    await hooks.settle();
    user = OKTA_USER;
    await hooks.say(locked);
    await pass(hooks, 3);
    expect(hooks.agents()).toEqual({ active: [], suspended: [email] });
  });

  it.each([
    [{}, 0],
    [{ onLock: 'suspend' }, 1],
  ])(
    'of Frontegg, which signs nothing, waits for a person only if it is to leave: %j',
    async (settings, waiting) => {
      const hooks = talkTo('frontegg', { settings });
      await hooks.say('create');
      await hooks.settle();
      await hooks.say(changed('frontegg', 'update', { 'user.isLocked': true }));
      await hooks.settle();
      expect(hooks.agents().active).toEqual(['cheli@example.com']);
      const { events: pending } = await listAwaitingConfirmation(hooks.services, 'demo', { limit: 10 });
      expect(pending).toHaveLength(waiting);
    },
  );

  it('of Zitadel comes back when it is unlocked', async () => {
    const hooks = talkTo('zitadel', { settings: { onLock: 'suspend' } });
    await hooks.say('create');
    await hooks.say(zitadel('user.locked', 2));
    await hooks.settle();
    await hooks.say(zitadel('user.unlocked', 3));
    await hooks.settle();
    expect(hooks.agents().active).toEqual(['mini@mouse.com']);
  });
});
