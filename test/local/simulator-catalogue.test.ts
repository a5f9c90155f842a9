import { expect, test } from 'vitest';
import { catalogueOf, DEMO_CATALOGUE } from '../../local/simulator/catalogue.ts';
import { bench } from './simulator-bench.ts';

test('agent groups say which is the default and which is never routed to', async () => {
  const { body } = await bench().call('GET /agent-groups');
  expect(body).toMatchObject({ skip: 0, limit: 10, hasMore: false, totalResults: 5 });
  expect(body.results.map(({ name }) => name)).toEqual([
    'Unassigned',
    'Default Group',
    'Billing',
    'Technical Support',
    'Sales',
  ]);
  expect(body.results[0]).toMatchObject({ isUnassigned: true, isDefault: false, status: 'ACTIVE' });
  expect(body.results[1]).toMatchObject({ isUnassigned: false, isDefault: true });
});

test('one agent group is found by its id', async () => {
  const { call, ids } = bench();
  expect((await call(`GET /agent-groups/${ids.group('Sales')}`)).body.name).toBe('Sales');
  expect((await call('GET /agent-groups/ag-none')).status).toBe(404);
});

test('skills are two levels deep, and a name may be in two groups', async () => {
  const { call, ids } = bench();
  const groups = (await call('GET /skill-groups')).body.results;
  expect(groups.map(({ name }) => name)).toEqual(['Billing', 'Support', 'Default SkillGroup', 'Products']);
  expect(groups[0]).not.toHaveProperty('skills');
  const skills = async (group: string) =>
    (await call(`GET /skill-groups/${ids.skillGroup(group)}/skills`)).body.results.map(({ name }) => name);
  expect(await skills('Billing')).toEqual(['Refunds', 'Invoices']);
  expect(await skills('Support')).toEqual(['Refunds', 'Hardware', 'Software']);
  expect(ids.skill('Billing', 'Refunds')).not.toBe(ids.skill('Support', 'Refunds'));
  expect((await call('GET /skill-groups/none/skills')).status).toBe(404);
});

test('a skill group of twelve needs a second page, whatever limit is asked for', async () => {
  const { call, ids } = bench();
  const path = `GET /skill-groups/${ids.skillGroup('Products')}/skills`;
  const first = (await call(`${path}?page=1&limit=100`)).body;
  expect(first).toMatchObject({ limit: 10, hasMore: true, totalPages: 2, totalResults: 12 });
  const second = (await call(`${path}?page=2&limit=100`)).body;
  expect(second.hasMore).toBe(false);
  expect(second.results.map(({ name }) => name)).toEqual(['Product K', 'Product L']);
  expect((await call(`${path}?page=2&limit=5`)).body.results[0]?.name).toBe('Product F');
});

test('queues say whether they are active and which is the default', async () => {
  const { body } = await bench().call('GET /queues?page=1');
  expect(body.results.map(({ name }) => name)).toEqual([
    'Default Queue',
    'Billing',
    'Support',
    'Sales',
    'VIP',
  ]);
  expect(body.results[0]).toMatchObject({ isActive: true, isDefault: true });
  expect(body.results[4]).toMatchObject({ isActive: true, isDefault: false });
});

test('roles are under a base path of their own, in an envelope of their own', async () => {
  const { call } = bench();
  const { body } = await call('GET /api/public/roles?roleType=bot&limit=50');
  expect(body.roles).toMatchObject([{ role: 'Agent' }, { role: 'Supervisor' }, { role: 'Admin' }]);
  expect((await call('GET /api/public/roles?roleType=bot&limit=2')).body.roles).toHaveLength(2);
  expect((await call('GET /api/public/roles')).status).toBe(400);
  expect((await call('GET /roles?roleType=bot')).status).toBe(404);
});

test('ids have the published shapes, and are the same on every machine', () => {
  const hex24 = /^[0-9a-f]{24}$/;
  const short = (prefix: string) => new RegExp(`^${prefix}-[0-9a-f]{7}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`);
  const { agentGroups, skillGroups, queues, roles, layouts } = DEMO_CATALOGUE;
  for (const { id } of agentGroups) expect(id).toMatch(short('ag'));
  for (const { id } of queues) expect(id).toMatch(short('qu'));
  for (const { id } of layouts) expect(id).toMatch(short('ly'));
  for (const { _id } of roles) expect(_id).toMatch(hex24);
  for (const { id } of skillGroups.flatMap(({ skills }) => skills)) expect(id).toMatch(hex24);
  expect(agentGroups[1]?.id).toBe('ag-17d4379-4f5c-5b13-808b-2f601806bc39');
});

test('a tenant may have another catalogue', async () => {
  const catalogue = catalogueOf({
    agentGroups: ['Default Group'],
    skillGroups: {},
    queues: Array.from({ length: 11 }, (_, index) => `Queue ${index}`),
    roles: ['Agent'],
    layouts: [],
  });
  const { call } = bench({ catalogue });
  expect((await call('GET /skill-groups')).body).toMatchObject({
    results: [],
    hasMore: false,
    totalResults: 0,
  });
  expect((await call('GET /queues?page=2')).body.results).toHaveLength(1);
});
