import { describe, expect, it } from 'vitest';
import { changed, talkTo } from './saying.ts';

const JO = 'jo@example.com';

/** What an administrator's call sent: Keycloak's representation of a user, the part that the call named. */
const updated = (representation: object, at = 10_000) =>
  changed('keycloak', 'update', {
    uid: `uid-${JSON.stringify(representation)}-${at}`,
    representation: JSON.stringify(representation),
    time: 1_795_427_950_000 + at,
  });

describe('an update of a part of the user', () => {
  it.each([
    ['a switch alone', { enabled: false }],
    ['a switch with the user name', { username: 'jo', enabled: false }],
  ])('puts out of service, and keeps the names: %s', async (_, part) => {
    const hooks = talkTo('keycloak');
    await hooks.say('create');
    await hooks.settle();
    expect(hooks.agents().active).toEqual([JO]);
    expect((await hooks.say(updated(part))).status).toBe(200);
    await hooks.settle();
    expect(hooks.agents()).toEqual({ active: [], suspended: [JO] });
    expect(await hooks.stored()).toMatchObject([
      {
        person: {
          userName: 'jo',
          name: { givenName: 'Jo', familyName: 'Keycloak' },
          emails: [{ value: JO }],
        },
      },
    ]);
    await hooks.say(updated({ ...part, enabled: true }, 20_000));
    await hooks.settle();
    expect(hooks.agents()).toEqual({ active: [JO], suspended: [] });
  });

  it('that switches off an account nobody knows makes no agent', async () => {
    const hooks = talkTo('keycloak');
    expect((await hooks.say(updated({ enabled: false }))).status).toBe(200);
    await hooks.say('create');
    await hooks.settle();
    expect(hooks.agents().active).toEqual([]);
  });
});
