import { describe, expect, it } from 'vitest';
import { openOktaWorld } from './okta.ts';

const HOUR_MS = 3_600_000;
const OKTA = { preset: 'okta-event-hook', fetch: { domain: 'acme.okta.com' }, sync: {} };

/** Four people of two departments, read once and then with another configuration; nothing changes at the source. */
async function read(first: object = {}) {
  const world = openOktaWorld(4, { ...first });
  await world.synced('initial');
  world.clock.advance(HOUR_MS);
  return world;
}

describe('a reading after another configuration', () => {
  it('puts out who is outside a new scope, and brings back who is inside without it', async () => {
    const world = await read();
    expect(await world.inService()).toHaveLength(4);
    world.configure({ ...OKTA, scope: { departments: ['Billing'] } });
    await world.synced('full');
    expect(await world.inService()).toEqual(['person-2@acme.test', 'person-4@acme.test']);
    world.clock.advance(HOUR_MS);
    world.configure({ ...OKTA, scope: { departments: ['Support'] } });
    await world.synced('full');
    expect(await world.inService()).toEqual(['person-1@acme.test', 'person-3@acme.test']);
    world.clock.advance(HOUR_MS);
    world.configure(OKTA);
    await world.synced('full');
    expect(await world.inService()).toHaveLength(4);
  });

  it('lets a source decide that did not before', async () => {
    const world = await read();
    world.configure(OKTA, { authority: { inService: ['scim'], attributes: {} } });
    world.clock.advance(HOUR_MS);
    world.okta.suspend([...world.okta.users.keys()][0] ?? '');
    await world.synced('full');
    expect(await world.inService()).toHaveLength(4);
    world.clock.advance(HOUR_MS);
    world.configure(OKTA, { authority: { inService: ['people'], attributes: {} } });
    await world.synced('full');
    expect(await world.inService()).not.toContain('person-1@acme.test');
  });

  it('reads groups of everybody once a rule speaks of them', async () => {
    const world = await read();
    const rules = [{ name: 'all', when: 'groups.display pr', set: { agentGroup: 'Billing' } }];
    world.configure(OKTA, { rules });
    const before = world.calls.length;
    await world.synced('full');
    const asked = world.calls.slice(before).filter(({ url }) => url.endsWith('/groups'));
    expect(asked).toHaveLength(4);
  });

  it('passes over who says the same under the same configuration', async () => {
    const world = await read({ scope: { departments: ['Billing'] } });
    const versions = async () => (await world.everybody()).map(({ version }) => version);
    const before = await versions();
    await world.synced('full');
    expect(await versions()).toEqual(before);
  });
});
