import { describe, expect, it } from 'vitest';
import { openDirectory } from '../../functions/directory/directory.ts';
import { memoryTable } from '../../functions/directory/memory.ts';
import { nameIndex } from '../../functions/mapping/payload/names.ts';
import { type Catalogue, openCatalogue } from '../../functions/smartassist/catalogue.ts';
import type { Outcome } from '../../functions/smartassist/outcome.ts';
import { catalogueOf, DEMO_CATALOGUE } from '../../local/simulator/catalogue.ts';
import type { SimulatorOptions } from '../../local/simulator/simulator.ts';
import { simulatorBench } from './client-bench.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

function benchWith(options: Partial<SimulatorOptions> = {}, { hasAdminApp = true } = {}) {
  const made = simulatorBench(options);
  if (!hasAdminApp) made.credentials.admin = undefined;
  const directory = openDirectory(memoryTable(made.clock), made.clock);
  const store = openCatalogue({ client: made.client, directory, tenant: 'demo', clock: made.clock });
  const calls = (operation: string) => made.simulator.calls()[operation] ?? 0;
  return { ...made, store, calls, read: () => read(store.get(made.terms())) };
}

async function read(outcome: Promise<Outcome<Catalogue>>): Promise<Catalogue> {
  const result = await outcome;
  if (result.outcome !== 'ok') throw new Error(`not read: ${JSON.stringify(result)}`);
  return result.value;
}

const resolve = (catalogue: Catalogue, name: string, roles?: Readonly<Record<string, string>>) =>
  nameIndex(catalogue, roles).resolve('role', name);

describe('roles that are refused', () => {
  it.each([401, 403, 404])('with %d leave all other names readable', async (status) => {
    const { read, simulator } = benchWith({ behaviour: { wrongApp: { status } } }, { hasAdminApp: false });
    const catalogue = await read();
    expect(catalogue.queues).toHaveLength(simulator.catalogue.queues.length);
    expect(catalogue.agentGroups).toHaveLength(simulator.catalogue.agentGroups.length);
    expect(catalogue.skills.length).toBeGreaterThan(0);
    expect(catalogue.unread?.queues).toBeUndefined();
    expect(catalogue.unread?.roles?.reason).toMatch(
      /^roles can't be read: .*Admin Console with the scope Profile Management > Role Management, as admin in the secret/,
    );
  });

  it('are no unknown role: the reason says which scope of which app is missing', async () => {
    const { read } = benchWith({ behaviour: { withoutScopes: ['Role Management'] } });
    expect(resolve(await read(), 'Agent')).toEqual({
      reason: 'unreadable',
      message: expect.stringMatching(
        /^role "Agent": roles can't be read: .*\(403\).*the admin app needs the scope Profile Management > Role Management/,
      ),
    });
  });

  it('are asked for again after a minute, and then after longer and longer', async () => {
    const { read, clock, calls } = benchWith({ behaviour: { withoutScopes: ['Role Management'] } });
    const asked: number[] = [];
    for (let minute = 0; minute < 55; minute += 1) {
      const before = calls('GET /roles');
      await read();
      if (calls('GET /roles') > before) asked.push(minute);
      clock.advance(MINUTE);
    }
    expect(asked).toEqual([0, 1, 3, 7, 15, 31]);
    expect(calls('GET /agent-groups')).toBe(1);
  });

  it('are there as soon as they can be read', async () => {
    const { read, clock, simulator } = benchWith({ behaviour: { withoutScopes: ['Role Management'] } });
    await read();
    simulator.setBehaviour({});
    clock.advance(MINUTE);
    const catalogue = await read();
    expect(catalogue.unread).toBeUndefined();
    expect(resolve(catalogue, 'Agent')).toHaveProperty('id');
  });

  it('are asked for once an hour with the bot app where there is no admin app', async () => {
    const { read, clock, calls } = benchWith({}, { hasAdminApp: false });
    for (let minutes = 0; minutes < 180; minutes += 10) {
      await read();
      clock.advance(10 * MINUTE);
    }
    expect(calls('GET /roles')).toBe(3);
  });

  it('keep the names that were read before', async () => {
    const { read, clock, simulator } = benchWith();
    const before = await read();
    simulator.setBehaviour({ withoutScopes: ['Role Management'] });
    clock.advance(HOUR);
    const after = await read();
    expect(after.readAt).toBeGreaterThan(before.readAt);
    expect(after.unread?.roles).toBeDefined();
    expect(resolve(after, 'Agent')).toEqual(resolve(before, 'Agent'));
  });

  it.each(['status', 'garbage', 'drop-after'] as const)('for a moment (%s) hold nobody up', async (kind) => {
    const { read, clock } = benchWith({ behaviour: { faults: [{ on: 'GET /roles', kind, times: 1 }] } });
    expect((await read()).unread?.roles).toBeDefined();
    clock.advance(5_000);
    expect((await read()).unread).toBeUndefined();
  });
});

describe('another part that is refused', () => {
  it('says the scope of the bot app, and leaves the rest readable', async () => {
    const { read } = benchWith({ behaviour: { withoutScopes: ['SmartAssist Analytics'] } });
    const catalogue = await read();
    expect(catalogue.unread?.skills?.reason).toMatch(
      /^skills can't be read: .*the bot app needs the scope SmartAssist Analytics .*published/,
    );
    expect(catalogue.queues.length).toBeGreaterThan(0);
    expect(resolve(catalogue, 'Agent')).toHaveProperty('id');
    expect(nameIndex(catalogue).resolve('skill', 'Refunds')).toMatchObject({ reason: 'unreadable' });
  });

  it('with both scopes is the credentials, which nothing can be read with', async () => {
    const { store, terms } = benchWith({ credentials: () => [] });
    expect(await store.get(terms())).toMatchObject({ outcome: 'unauthorized' });
  });
});

describe('without an admin app', () => {
  const role = { _id: 'abcdefabcdefabcdefabcdef', role: 'Agent' };

  it('a role that an agent has already is known by it', async () => {
    const { read, simulator, ids } = benchWith({}, { hasAdminApp: false });
    simulator.seedAgent({ emailId: 'hand-made@example.com', roleId: ids.role('Agent') });
    const catalogue = await read();
    expect(resolve(catalogue, 'Agent')).toEqual({ id: ids.role('Agent') });
    expect(resolve(catalogue, 'Supervisor')).toMatchObject({ reason: 'unreadable' });
  });

  it('roles are learned from the agents that are listed, and stay when the catalogue is read anew', async () => {
    const { read, store, clock } = benchWith({}, { hasAdminApp: false });
    await read();
    await store.learnRoles([{ roleId: role._id, role: 'Agent' }, { roleId: 7, role: 'Agent' }, {}]);
    expect(resolve(await read(), 'agent')).toEqual({ id: role._id });
    clock.advance(2 * HOUR);
    expect(resolve(await read(), 'Agent')).toEqual({ id: role._id });
  });

  it('a role is taken by the id that the configuration has, or that a rule says itself', async () => {
    const { read } = benchWith({}, { hasAdminApp: false });
    const catalogue = await read();
    expect(resolve(catalogue, 'Agent', { agent: role._id })).toEqual({ id: role._id });
    expect(resolve(catalogue, role._id.toUpperCase())).toEqual({ id: role._id });
  });
});

describe('with an admin app', () => {
  it('roles of agents are not learned: all roles are listed', async () => {
    const { read, store } = benchWith();
    const before = await read();
    await store.learnRoles([{ roleId: 'abcdefabcdefabcdefabcdef', role: 'Gone' }]);
    expect((await read()).roles).toEqual(before.roles);
  });

  it('more than 50 roles are not read: what is not among them is to be written as an id, or learned', async () => {
    const roles = Array.from({ length: 60 }, (_, index) => `Role ${index}`);
    const { agentGroups, queues, skillGroups, layouts } = DEMO_CATALOGUE;
    const catalogue = { ...catalogueOf({ ...NAMES, roles }), agentGroups, queues, skillGroups, layouts };
    const { read, store } = benchWith({ catalogue });
    expect(resolve(await read(), 'Role 49')).toHaveProperty('id');
    expect(resolve(await read(), 'Role 50')).toEqual({
      reason: 'unknown',
      message: 'role "Role 50" is not among the 50 that can be read: write its id, 24 hexadecimal digits',
    });
    const roleId = catalogue.roles[50]?._id ?? '';
    await store.learnRoles([{ roleId, role: 'Role 50' }]);
    expect(resolve(await read(), 'Role 50')).toEqual({ id: roleId });
  });
});

const NAMES = { agentGroups: [], queues: [], skillGroups: {}, layouts: [] };
