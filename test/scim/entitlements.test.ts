import { describe, expect, it } from 'vitest';
import { detailOf, openDoor } from './door.ts';
import { idOf, resourcesOf } from './quiet.ts';

/** @see https://developer.okta.com/docs/guides/scim-with-entitlements/main/ */

const ALL = ['agentGroup', 'role', 'skills', 'languages', 'queues'] as const;
const ENTITLEMENT = 'urn:okta:scim:schemas:core:1.0:Entitlement';
const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
const ENDPOINTS = ['/AgentGroups', '/Roles', '/Skills', '/Languages', '/Queues'];
const REFUNDS = 'skill:a2e9eeadb6593405c735d999';

const open = (wishes: readonly (typeof ALL)[number][] = ALL, more: object = {}) =>
  openDoor({ tenant: { wishes: [...wishes], ...more } });

describe('what can be granted', () => {
  it.each(ENDPOINTS)("passes Okta's published test at %s", async (endpoint) => {
    const { status, body } = await open().send('GET', endpoint, { query: { count: '1', startIndex: '1' } });
    expect(status).toBe(200);
    expect(body.schemas).toContain(LIST);
    for (const number of ['startIndex', 'itemsPerPage', 'totalResults'])
      expect(body[number]).toBeTypeOf('number');
    const [first] = body.Resources as Record<string, unknown>[];
    expect(first?.id).toBeTypeOf('string');
    expect(first?.displayName).toBeTypeOf('string');
    if (endpoint !== '/Roles') expect(first?.type).toBeTypeOf('string');
  });

  it('is a resource type each, whose name is the type of its entitlements', async () => {
    const door = open();
    const types = resourcesOf(await door.send('GET', '/ResourceTypes')).filter(
      ({ schema }) => schema === ENTITLEMENT,
    );
    expect(types.map(({ name }) => name)).toEqual(['AgentGroup', 'Skill', 'Language', 'Queue']);
    for (const { name, endpoint } of types) {
      const resources = resourcesOf(await door.send('GET', String(endpoint)));
      expect(new Set(resources.map(({ type }) => type))).toEqual(new Set([name]));
    }
    const schemas = resourcesOf(await door.send('GET', '/Schemas')).map(({ id }) => id);
    expect(schemas.filter((id) => String(id).startsWith('urn:okta:'))).toEqual([
      ENTITLEMENT,
      'urn:okta:scim:schemas:core:1.0:Role',
    ]);
  });

  it('is described attribute by attribute, as every schema is', async () => {
    const schemas = resourcesOf(await open().send('GET', '/Schemas'));
    expect(schemas).toHaveLength(9);
    const attributes = schemas.flatMap(({ attributes }) => attributes as Record<string, unknown>[]);
    const all = attributes.flatMap((each) => [
      each,
      ...((each.subAttributes ?? []) as Record<string, unknown>[]),
    ]);
    expect(all.filter(({ description }) => !description)).toEqual([]);
  });

  it('is what wishes lists, and nothing else: what is not listed would come to nothing', async () => {
    const door = open(['queues']);
    const types = resourcesOf(await door.send('GET', '/ResourceTypes')).map(({ name }) => name);
    expect(types).toEqual(['User', 'Group', 'Queue']);
    const answer = await door.send('GET', '/Skills');
    expect(answer.status).toBe(404);
    expect(detailOf(answer, 404)).toContain("wishes doesn't list skills");
    expect((await openDoor().send('GET', '/Queues')).status).toBe(404);
  });

  it('is what SCIM may ask for, where wishes says it by source', async () => {
    const door = openDoor({ tenant: { wishes: { scim: ['queues'], okta: ['skills'] } } });
    const types = resourcesOf(await door.send('GET', '/ResourceTypes')).map(({ name }) => name);
    expect(types).toEqual(['User', 'Group', 'Queue']);
  });

  it('leaves out the group of those who are out of service', async () => {
    const groups = resourcesOf(await open().send('GET', '/AgentGroups')).map(
      ({ displayName }) => displayName,
    );
    expect(groups).toContain('Billing');
    expect(groups).not.toContain('Unassigned');
  });

  it('is found by filters, sorted, searched and paged by cursor', async () => {
    const door = open();
    const found = await door.send('GET', '/Skills', { query: { filter: 'displayName co "refunds"' } });
    expect(resourcesOf(found).map(({ displayName }) => displayName)).toEqual([
      'Billing/Refunds',
      'Support/Refunds',
    ]);
    const byId = await door.send('GET', '/Skills', { query: { filter: `id eq "${REFUNDS}"` } });
    expect(resourcesOf(byId)).toMatchObject([{ id: REFUNDS, type: 'Skill' }]);
    const last = await door.send('GET', '/Queues', {
      query: { sortBy: 'displayName', sortOrder: 'descending' },
    });
    expect(resourcesOf(last)[0]?.displayName).toBe('VIP');
    const searched = await door.send('POST', '/Queues/.search', { body: { filter: 'displayName eq "VIP"' } });
    expect(resourcesOf(searched)).toHaveLength(1);
    const names: unknown[] = [];
    for (let cursor: string | undefined = ''; cursor !== undefined; ) {
      const page = await door.send('GET', '/Skills', { query: { cursor, count: '5' } });
      names.push(...resourcesOf(page).map(({ displayName }) => displayName));
      cursor = page.body.nextCursor as string | undefined;
    }
    expect(names).toHaveLength(18);
    expect(names).toEqual(names.toSorted());
  });

  it('is read one by one, by an id that has the id of SmartAssist in it', async () => {
    const door = open();
    const one = await door.send('GET', `/Skills/${encodeURIComponent(REFUNDS)}`);
    expect(one).toMatchObject({ status: 200, body: { id: REFUNDS, displayName: 'Billing/Refunds' } });
    expect((await door.send('GET', '/Skills/skill:none')).status).toBe(404);
    const write = await door.send('POST', '/Skills', { body: {} });
    expect(write).toMatchObject({ status: 405, headers: { allow: 'GET' } });
  });

  it('says the languages of the rules, or those that the tenant names', async () => {
    const codes = async (more?: object) =>
      resourcesOf(await open(['languages'], more).send('GET', '/Languages')).map(({ id }) => id);
    expect(await codes()).toEqual(['language:en', 'language:de']);
    expect(await codes({ entitlements: { proficiency: 'none', languages: ['pl', 'x-none'] } })).toEqual([
      'language:pl',
      'language:x-none',
    ]);
  });

  it('is no empty list while the names can not be read: it would take from everybody what they have', async () => {
    const door = open();
    door.simulator.setBehaviour({ faults: [{ on: 'GET /skill-groups', kind: 'status', status: 503 }] });
    const answer = await door.send('GET', '/Skills');
    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toBeDefined();
    expect(detailOf(answer, 503)).toContain("names can't be read");
  });
});

describe('what is granted', () => {
  const grant = async (entitlement: object, wishes?: readonly (typeof ALL)[number][], more?: object) => {
    const door = open(wishes, more);
    const answer = await door.create({ userName: 'ada@example.com', entitlements: [entitlement] });
    return { door, answer, skills: door.simulator.agents()[0]?.skills?.map(({ skillId }) => skillId) };
  };

  it.each([
    ['by id', { value: REFUNDS }],
    ['by id and type', { value: 'a2e9eeadb6593405c735d999', type: 'Skill' }],
    ['by name', { value: 'Billing/Refunds', type: 'skills' }],
    ['by a name with its proficiency', { value: 'Billing/Refunds:expert', type: 'Skill' }],
  ])('is known %s', async (_, entitlement) => {
    const { answer, skills } = await grant(entitlement);
    expect(answer.status).toBe(201);
    expect(skills).toContain('a2e9eeadb6593405c735d999');
  });

  it('means nothing where wishes does not list it, and is kept as it was sent', async () => {
    const { door, answer, skills } = await grant({ value: REFUNDS, type: 'Skill' }, ['queues']);
    expect(skills).not.toContain('a2e9eeadb6593405c735d999');
    const read = await door.send('GET', `/Users/${idOf(answer)}`);
    expect(read.body.entitlements).toEqual([{ value: REFUNDS, type: 'Skill' }]);
  });

  it('means nothing where another source alone may ask for it', async () => {
    const door = openDoor({ tenant: { wishes: { okta: ['skills'] } } });
    await door.create({ userName: 'ada@example.com', entitlements: [{ value: REFUNDS }] });
    expect(JSON.stringify(door.simulator.agents())).not.toContain('a2e9eeadb6593405c735d999');
  });

  it.each(['agentGroup:Unassigned', 'agentGroup:unassigned'])(
    'is never the group of those out of service: %s',
    async (value) => {
      const { door, answer } = await grant({ value });
      expect(detailOf(answer, 400, 'invalidValue')).toMatch(
        /entitlements \(agentGroup\).*nassigned.*can't be asked for: it is for agents out of service. Ask for another, or deactivate the person/,
      );
      expect(door.simulator.agents()).toEqual([]);
    },
  );

  it('is refused by its attribute, its value and what would be right', async () => {
    const { answer } = await grant({ value: 'skill:Refundz' });
    expect(answer.status).toBe(400);
    expect(detailOf(answer, 400, 'invalidValue')).toMatch(/entitlements \(skills\).*Refundz.*Refunds/);
  });
});
