import { describe, expect, it } from 'vitest';
import { openOktaWorld, profileOf } from './okta.ts';

describe('a person who comes back with a new account, of which no event arrived,', () => {
  const backWithout = async (ended: boolean) => {
    const world = openOktaWorld(2);
    const { okta, synced, clock } = world;
    clock.advance(3_600_000);
    await synced('initial');
    await synced('delta');
    clock.advance(60_000);
    const [former = ''] = okta.users.keys();
    if (ended) {
      okta.deactivate(former);
      okta.delete(former);
    }
    clock.advance(60_000);
    okta.add(profileOf(1));
    clock.advance(60_000);
    return world;
  };

  it.each(['delta', 'full'] as const)('is in service after one reading: %s', async (kind) => {
    const { synced, inService } = await backWithout(true);
    await synced(kind);
    expect((await inService()).toSorted()).toEqual([profileOf(1).login, profileOf(2).login]);
  });

  it('is ambiguous while the former one is in service, too', async () => {
    const { synced, inService } = await backWithout(false);
    const { counts } = await synced('full');
    expect(counts).toMatchObject({ ambiguous: 1 });
    expect((await inService()).toSorted()).toEqual([profileOf(1).login, profileOf(2).login]);
  });
});
