import { describe, expect, it } from 'vitest';
import { ada, type Door, detailOf, openDoor, provisioningOf } from './door.ts';
import { aGroup, aUser, ENTERPRISE, idOf, memberIds, openQuietDoor, patchOf, resourcesOf } from './quiet.ts';

const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';

/** @see https://developer.okta.com/docs/reference/scim/scim-20/ */
describe('Okta', () => {
  const okta =
    (door: Door) =>
    (method: string, path: string, body?: unknown, query: Record<string, string> = {}) =>
      door.send(method, path, { body, query, headers: { 'user-agent': 'Okta SCIM Client 1.0.0' } });
  const person = {
    schemas: [USER],
    userName: 'test.user@okta.local',
    name: { givenName: 'Test', familyName: 'User' },
    emails: [{ primary: true, value: 'test.user@okta.local', type: 'work' }],
    displayName: 'Test User',
    locale: 'en-US',
    externalId: '00ujl29u0le5T6Aj10h7',
    groups: [],
    password: '1mz050nq',
    active: true,
  };

  it('looks somebody up before the create, and hears an empty list with whole numbers', async () => {
    const query = { filter: 'userName eq "test.user@okta.local"', startIndex: '1', count: '100' };
    const answer = await okta(openQuietDoor())('GET', '/Users', undefined, query);
    expect(answer).toMatchObject({ status: 200 });
    expect(answer.body).toEqual({
      schemas: [LIST],
      totalResults: 0,
      itemsPerPage: 0,
      startIndex: 1,
      Resources: [],
    });
  });

  it('creates somebody and reads who it is from the answer', async () => {
    const { status, body } = await okta(openQuietDoor())('POST', '/Users', person);
    expect(status).toBe(201);
    const { groups: _, password: __, schemas: ___, ...kept } = person;
    expect(body).toMatchObject({ ...kept, id: expect.any(String) });
  });

  it('hears of a conflict in words', async () => {
    const door = openQuietDoor();
    await okta(door)('POST', '/Users', person);
    expect(detailOf(await okta(door)('POST', '/Users', person), 409, 'uniqueness')).toContain(
      'test.user@okta.local',
    );
  });

  it('of the wizard updates by PUT what it read, with everything in it', async () => {
    const door = openQuietDoor();
    const id = idOf(await okta(door)('POST', '/Users', person));
    await aGroup(door, 'Support', [id]);
    const { body } = await okta(door)('GET', `/Users/${id}`);
    const emails = [{ ...person.emails[0], display: 'mail' }];
    const sent = { ...body, emails, name: { givenName: 'Tess', familyName: 'User' } };
    const updated = await okta(door)('PUT', `/Users/${id}`, sent);
    expect(updated).toMatchObject({ status: 200, body: { id, emails, name: { givenName: 'Tess' } } });
    expect(updated.body.groups).toEqual(body.groups);
  });

  it('of the network deactivates by a PATCH without a path, hears the user, and never deletes', async () => {
    const door = openDoor();
    const id = idOf(await okta(door)('POST', '/Users', person));
    const body = patchOf({ op: 'replace', value: { active: false } });
    const answer = await okta(door)('PATCH', `/Users/${id}`, body);
    expect(answer).toMatchObject({ status: 200, body: { id, active: false, userName: person.userName } });
    expect(provisioningOf(answer).state).toBe('suspended');
  });

  it('assigns again by another POST, and the person comes back', async () => {
    const door = openDoor();
    const id = idOf(await okta(door)('POST', '/Users', person));
    await okta(door)('PUT', `/Users/${id}`, { ...person, active: false });
    const again = await okta(door)('POST', '/Users', person);
    expect(again).toMatchObject({ status: 201, body: { id, active: true } });
    expect(door.simulator.agents()).toHaveLength(1);
  });

  it('sends a password and hears nothing of it', async () => {
    const door = openQuietDoor();
    const id = idOf(await okta(door)('POST', '/Users', person));
    const answer = await okta(door)(
      'PATCH',
      `/Users/${id}`,
      patchOf({ op: 'replace', value: { password: 'new' } }),
    );
    expect(answer.status).toBe(200);
    expect(JSON.stringify(answer.body)).not.toContain('password');
  });

  it('pushes a group: empty, then its members with each a rename, then without some', async () => {
    const door = openQuietDoor();
    const created = await okta(door)('POST', '/Groups', {
      schemas: [GROUP],
      displayName: 'Support',
      members: [],
    });
    expect(created).toMatchObject({ status: 201, body: { displayName: 'Support', members: [] } });
    const id = idOf(created);
    const rename = { op: 'replace', value: { id, displayName: 'Support' } };
    const member = (value: string) => ({ value, display: `${value}@okta.local` });
    const pushed = await okta(door)(
      'PATCH',
      `/Groups/${id}`,
      patchOf(rename, { op: 'add', path: 'members', value: [member('u1'), member('u2')] }),
    );
    expect(pushed.status).toBe(200);
    const both = patchOf(
      { op: 'remove', path: 'members[value eq "u1"]' },
      { op: 'add', path: 'members', value: [member('u3')] },
    );
    await okta(door)('PATCH', `/Groups/${id}`, both);
    expect(await memberIds(door, id)).toEqual(['u2', 'u3']);
    const all = patchOf({ op: 'replace', path: 'members', value: [member('u4')] });
    await okta(door)('PATCH', `/Groups/${id}`, all);
    expect(await memberIds(door, id)).toEqual(['u4']);
    const put = { schemas: [GROUP], displayName: 'Help', members: [member('u5')] };
    expect(await okta(door)('PUT', `/Groups/${id}`, put)).toMatchObject({
      status: 200,
      body: { displayName: 'Help', members: [{ value: 'u5', display: 'u5@okta.local' }] },
    });
    expect((await okta(door)('DELETE', `/Groups/${id}`)).status).toBe(204);
  });

  it('imports page by page, in a stable order', async () => {
    const door = openQuietDoor();
    for (let index = 0; index < 7; index += 1) await aUser(door, { userName: `user${index}` });
    const names: unknown[] = [];
    for (let startIndex = 1; startIndex <= 7; startIndex += 3) {
      const { body } = await okta(door)('GET', '/Users', undefined, {
        startIndex: String(startIndex),
        count: '3',
      });
      expect([body.totalResults, body.startIndex].every(Number.isInteger)).toBe(true);
      names.push(...(body.Resources as { userName: string }[]).map(({ userName }) => userName));
    }
    expect(names).toEqual([0, 1, 2, 3, 4, 5, 6].map((index) => `user${index}`));
  });
});

/** @see https://developers.onelogin.com/scim */
describe('OneLogin', () => {
  it('looks for a userName that nobody has, and takes plain JSON', async () => {
    const answer = await openQuietDoor().send('GET', '/Users', {
      query: { filter: 'userName eq "nobody@onelogin.example"' },
      headers: { 'user-agent': '', accept: 'application/json' },
    });
    expect(answer).toMatchObject({ status: 200, body: { totalResults: 0 } });
    expect(answer.headers['content-type']).toMatch(/^application\/json\b/);
  });

  it('sends what the template of an administrator makes', async () => {
    const door = openQuietDoor();
    const body = {
      schemas: [USER, ENTERPRISE],
      id: null,
      userName: 'ada@example.com',
      active: 'true',
      name: { givenName: 'Ada', familyName: 'Lovelace', formatted: 'Ada Lovelace' },
      emails: [{ value: 'ada@example.com', type: 'work', primary: 'true' }],
      [ENTERPRISE]: { department: 'Engines', manager: { managerId: '26118915', value: '26118915' } },
      userType: null,
      custom_fields: { shoe: 42 },
    };
    const created = await door.send('POST', '/Users', {
      body,
      headers: { 'content-type': 'application/json' },
    });
    expect(created).toMatchObject({
      status: 201,
      body: { active: true, [ENTERPRISE]: { department: 'Engines' } },
    });
    const path = `/Users/${idOf(created)}`;
    const updated = await door.send('PUT', path, { body: { ...body, active: 'false' } });
    expect(updated).toMatchObject({ status: 200, body: { active: false } });
    expect((await door.send('GET', path)).status).toBe(200);
    expect((await door.send('DELETE', path)).status).toBe(204);
  });

  it('lists, makes and changes groups', async () => {
    const door = openQuietDoor();
    const id = await aGroup(door, 'Support');
    expect((await door.send('GET', '/Groups')).body).toMatchObject({ totalResults: 1 });
    const body = patchOf({ op: 'add', path: 'members', value: [{ value: 'u1' }] });
    expect((await door.send('PATCH', `/Groups/${id}`, { body })).status).toBe(200);
  });
});

/** @see https://jumpcloud.com/support (identity management with SCIM) */
describe('JumpCloud', () => {
  it('leaves nothing behind of the user and the group that it makes to test', async () => {
    const door = openDoor();
    const id = idOf(await door.create(ada({ userName: 'jumpcloud-test' })));
    const group = await aGroup(door, 'JumpCloud Test Group', [id]);
    const body = patchOf({ op: 'remove', path: 'members', value: [{ value: id }] });
    expect((await door.send('PATCH', `/Groups/${group}`, { body })).status).toBe(200);
    expect((await door.send('DELETE', `/Groups/${group}`)).status).toBe(204);
    expect((await door.send('DELETE', `/Users/${id}`)).status).toBe(204);
    for (const path of ['/Users', '/Groups']) {
      expect((await door.send('GET', path)).body).toMatchObject({ totalResults: 0 });
    }
    // An agent who never worked is no agent to keep.
    expect(door.simulator.agents()).toEqual([]);
    expect((await door.create(ada({ userName: 'jumpcloud-test' }))).status).toBe(201);
  });

  it('takes over a group of the same name', async () => {
    const door = openQuietDoor();
    const id = await aGroup(door, 'Support', ['a']);
    const body = { schemas: [GROUP], displayName: 'Support' };
    detailOf(await door.send('POST', '/Groups', { body }), 409, 'uniqueness');
    const found = await door.send('GET', '/Groups', { query: { filter: 'displayName eq "Support"' } });
    expect(resourcesOf(found).map((group) => group.id)).toEqual([id]);
    const add = patchOf({ op: 'add', path: 'members', value: [{ value: 'b' }] });
    expect((await door.send('PATCH', `/Groups/${id}`, { body: add })).status).toBe(200);
    expect(await memberIds(door, id)).toEqual(['a', 'b']);
  });

  it('deactivates the members of a group that it removes', async () => {
    const door = openQuietDoor();
    const id = await aUser(door, { active: true });
    await aGroup(door, 'Support', [id]);
    const answer = await door.send('PUT', `/Users/${id}`, {
      body: { userName: 'ada@example.com', active: false },
    });
    expect(answer.body).toMatchObject({ active: false });
  });
});

/** @see https://docs.pingidentity.com (SCIM connections) */
describe('Ping', () => {
  it.each(['userName eq "ada@example.com"', 'emails eq "ada.lovelace@example.com"'])(
    'finds by %s',
    async (filter) => {
      const door = openQuietDoor();
      await door.create(ada());
      expect((await door.send('GET', '/Users', { query: { filter } })).body).toMatchObject({
        totalResults: 1,
      });
    },
  );

  it('updates by PUT where PATCH is switched off, and overwrites the members of a group', async () => {
    const door = openQuietDoor();
    const id = await aUser(door);
    const body = { schemas: [USER], id, userName: 'ada@example.com', title: 'Dr' };
    expect((await door.send('PUT', `/Users/${id}`, { body })).body).toMatchObject({ title: 'Dr' });
    const group = await aGroup(door, 'Support', ['a', 'b']);
    await door.send('PUT', `/Groups/${group}`, {
      body: { displayName: 'Support', members: [{ value: 'c' }] },
    });
    expect(await memberIds(door, group)).toEqual(['c']);
  });
});

/** @see https://support.google.com/a (automated user provisioning) */
describe('Google Workspace', () => {
  it('probes with a page of one', async () => {
    const answer = await openQuietDoor().send('GET', '/Users', { query: { count: '1' } });
    expect(answer).toMatchObject({ status: 200, body: { totalResults: 0 } });
  });

  it('reads the attributes to map from the schemas', async () => {
    const { body } = await openQuietDoor().send('GET', '/Schemas');
    const user = (body.Resources as { id: string; attributes: { name: string }[] }[]).find(
      ({ id }) => id === USER,
    );
    expect(user?.attributes.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['userName', 'name', 'emails', 'active', 'phoneNumbers', 'addresses']),
    );
  });

  it('suspends and deletes each for itself, and may delete somebody who is active', async () => {
    const door = openDoor();
    const id = idOf(await door.create(ada()));
    const off = await door.send('PATCH', `/Users/${id}`, {
      body: patchOf({ op: 'replace', path: 'active', value: false }),
    });
    expect(provisioningOf(off).state).toBe('suspended');
    await door.send('PATCH', `/Users/${id}`, {
      body: patchOf({ op: 'replace', path: 'active', value: true }),
    });
    expect((await door.send('DELETE', `/Users/${id}`)).status).toBe(204);
  });
});

/** @see https://auth0.com/docs/customize/events/send-outbound-scim */
describe('Auth0', () => {
  const auth0 = { 'user-agent': 'auth0-events/1.0' };

  it('creates, finds by externalId, replaces and deletes', async () => {
    const door = openQuietDoor();
    const body = { schemas: [USER], externalId: 'auth0|507f', userName: 'ada@example.com', active: true };
    const id = idOf(await door.send('POST', '/Users', { body, headers: auth0 }));
    expect(typeof id).toBe('string');
    const found = await door.send('GET', '/Users', {
      query: { filter: 'externalId eq "auth0|507f"' },
      headers: auth0,
    });
    expect(resourcesOf(found)).toMatchObject([{ id }]);
    const put = await door.send('PUT', `/Users/${id}`, { body: { ...body, active: false }, headers: auth0 });
    expect(put).toMatchObject({ status: 200, body: { active: false } });
    const whole = patchOf({ op: 'replace', value: { ...body, displayName: 'Ada' } });
    const patch = await door.send('PATCH', `/Users/${id}`, { body: whole, headers: auth0 });
    expect(patch).toMatchObject({ status: 200, body: { displayName: 'Ada', active: true } });
    expect((await door.send('DELETE', `/Users/${id}`, { headers: auth0 })).status).toBe(204);
  });

  it('waits a second and a half: SmartAssist is given one', async () => {
    const door = openDoor({ behaviour: { latencyMs: 60_000 } });
    const before = door.clock.now();
    const answer = await door.send('POST', '/Users', { body: ada(), headers: auth0 });
    expect(answer.status).toBe(201);
    expect(door.clock.now() - before).toBeLessThanOrEqual(1_000);
  });
});

describe('others', () => {
  it('authentik changes members without $ref, a hundred and more at a time', async () => {
    const door = openQuietDoor();
    const group = await aGroup(door, 'Everybody');
    const members = Array.from({ length: 250 }, (_, index) => ({ value: `u${index}` }));
    const body = patchOf({ op: 'add', path: 'members', value: members });
    expect((await door.send('PATCH', `/Groups/${group}`, { body })).status).toBe(204);
    expect(await memberIds(door, group)).toHaveLength(250);
  });

  it('clients of Keycloak send a whole group in a PATCH', async () => {
    const door = openQuietDoor();
    const id = await aGroup(door, 'Support', ['a']);
    const value = {
      schemas: [GROUP],
      id,
      displayName: 'Help',
      members: [{ value: 'b' }],
      meta: { resourceType: 'Group' },
    };
    const answer = await door.send('PATCH', `/Groups/${id}`, { body: patchOf({ op: 'replace', value }) });
    expect(answer).toMatchObject({ status: 200, body: { displayName: 'Help', members: [{ value: 'b' }] } });
  });
});
