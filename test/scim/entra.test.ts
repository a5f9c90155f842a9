import { describe, expect, it } from 'vitest';
import { type Answer, type Door, detailOf, openDoor, provisioningOf } from './door.ts';
import { aGroup, aUser, ENTERPRISE, idOf, memberIds, openQuietDoor, patchOf, resourcesOf } from './quiet.ts';

/**
 * What the provisioning service of Microsoft Entra ID sends.
 * @see https://learn.microsoft.com/entra/identity/app-provisioning/use-scim-to-provision-users-and-groups
 */

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const AD_GROUP = 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group';

/** As the service calls: the flag of the tenant URL on every request, and often no User-Agent. */
const entra =
  (door: Door) =>
  (method: string, path: string, body?: unknown, query: Record<string, string> = {}) =>
    door.send(method, path, {
      body,
      query: { ...query, aadOptscim062020: '' },
      headers: { 'user-agent': undefined },
    });

const find = async (door: Door, filter: string, path = '/Users') =>
  entra(door)('GET', path, undefined, { filter });
const idsIn = (answer: Answer) => resourcesOf(answer).map(({ id }) => id);

describe('Microsoft Entra ID', () => {
  it('E1: tests the connection by a user who is not there, and hears an empty list', async () => {
    const answer = await find(openQuietDoor(), 'userName eq "ff2a4b5c-0a2e-4f5b-9a3e-0d5a3b1c2d4e"');
    expect(answer).toMatchObject({ status: 200, body: { totalResults: 0, Resources: [] } });
  });

  it.each([
    'externalId eq "7fd1a2b3"',
    'externalId eq 7fd1a2b3',
    'emails[type eq "work"].value eq "ada@example.com"',
    'userName eq "ada@example.com"',
  ])('E2: finds somebody by %s', async (filter) => {
    const door = openQuietDoor();
    const id = await aUser(door, {
      externalId: '7fd1a2b3',
      emails: [{ type: 'work', value: 'ada@example.com' }],
    });
    expect(idsIn(await find(door, filter))).toEqual([id]);
  });

  it('E2: checks a reference by id and manager', async () => {
    const door = openQuietDoor();
    const id = await aUser(door, { [ENTERPRISE]: { manager: { value: 'm1' } } });
    expect(idsIn(await find(door, `id eq "${id}" and manager eq "m1"`))).toEqual([id]);
    expect(idsIn(await find(door, `id eq "${id}" and manager eq "m2"`))).toEqual([]);
  });

  it('E3: finds a userName in any case', async () => {
    const door = openQuietDoor();
    const id = await aUser(door, { userName: 'Ada@Example.com' });
    expect(idsIn(await find(door, 'userName eq "aDA@eXAMPLE.COM"'))).toEqual([id]);
  });

  it('E4: writes operations with a capital', async () => {
    const door = openQuietDoor();
    const id = await aUser(door, { nickName: 'A' });
    const body = patchOf(
      { op: 'Add', path: 'title', value: 'Dr' },
      { op: 'Replace', path: 'displayName', value: 'Ada' },
      { op: 'Remove', path: 'nickName' },
    );
    expect((await door.send('PATCH', `/Users/${id}`, { body })).status).toBe(204);
    const read = await door.send('GET', `/Users/${id}`);
    expect(read.body).toMatchObject({ title: 'Dr', displayName: 'Ada' });
    expect(read.body).not.toHaveProperty('nickName');
  });

  it('E5: disables somebody with "False"', async () => {
    const door = openDoor();
    const id = idOf(
      await door.create({ userName: 'ada@example.com', name: { givenName: 'A', familyName: 'L' } }),
    );
    const body = patchOf({ op: 'Replace', path: 'active', value: 'False' });
    expect((await door.send('PATCH', `/Users/${id}`, { body })).status).toBe(204);
    const read = await door.send('GET', `/Users/${id}`);
    expect(read.body.active).toBe(false);
    expect(provisioningOf(read).state).toBe('suspended');
  });

  it('E6: with the flag it writes dotted names and URNs in one value without a path', async () => {
    const door = openQuietDoor();
    const id = await aUser(door);
    const value = {
      displayName: 'Bjfe',
      'name.givenName': 'Kkom',
      'name.familyName': 'Unua',
      [`${ENTERPRISE}:employeeNumber`]: 'Aklq',
    };
    const answer = await entra(door)('PATCH', `/Users/${id}`, patchOf({ op: 'replace', value }));
    expect(answer.status).toBe(204);
    expect((await door.send('GET', `/Users/${id}`)).body).toMatchObject({
      displayName: 'Bjfe',
      name: { givenName: 'Kkom', familyName: 'Unua' },
      [ENTERPRISE]: { employeeNumber: 'Aklq' },
    });
  });

  it('E7: replaces by filters what is not there yet, and fills one element by several', async () => {
    const door = openQuietDoor();
    const id = await aUser(door);
    const body = patchOf(
      { op: 'Replace', path: 'emails[type eq "work"].value', value: 'a@example.com' },
      { op: 'Add', path: 'emails[type eq "work"].primary', value: 'True' },
      { op: 'Add', path: 'phoneNumbers[type eq "mobile"].value', value: '+1 555' },
      { op: 'Replace', path: 'addresses[type eq "work"].postalCode', value: '12345' },
      { op: 'Replace', path: 'addresses[type eq "work"].country', value: 'DE' },
      { op: 'Add', path: 'roles[primary eq "True"].value', value: 'Admin' },
    );
    await door.send('PATCH', `/Users/${id}`, { body });
    expect((await door.send('GET', `/Users/${id}`)).body).toMatchObject({
      emails: [{ type: 'work', value: 'a@example.com', primary: true }],
      phoneNumbers: [{ type: 'mobile', value: '+1 555' }],
      addresses: [{ type: 'work', postalCode: '12345', country: 'DE' }],
      roles: [{ primary: true, value: 'Admin' }],
    });
  });

  it('E8: sets and unsets the manager in each of its ways', async () => {
    const door = openQuietDoor();
    const id = await aUser(door);
    const managerAfter = async (operation: unknown) => {
      await door.send('PATCH', `/Users/${id}`, { body: patchOf(operation) });
      const { body } = await door.send('GET', `/Users/${id}`);
      return (body[ENTERPRISE] as { manager?: { value?: string } } | undefined)?.manager?.value;
    };
    const path = `${ENTERPRISE}:manager`;
    expect(await managerAfter({ op: 'Add', path, value: '271' })).toBe('271');
    expect(
      await managerAfter({ op: 'Replace', path: 'manager', value: [{ $ref: 'http://x', value: '272' }] }),
    ).toBe('272');
    expect(await managerAfter({ op: 'Add', path: `${ENTERPRISE}.manager`, value: '273' })).toBe('273');
    expect(await managerAfter({ op: 'Replace', path, value: '' })).toBeUndefined();
  });

  it('E9: removes a member in the old way and in the new, and nobody else', async () => {
    const door = openQuietDoor();
    const group = await aGroup(door, 'Support', ['u1090', 'u1091', 'u1092']);
    const old = patchOf({ op: 'Remove', path: 'members', value: [{ $ref: null, value: 'u1091' }] });
    expect((await door.send('PATCH', `/Groups/${group}`, { body: old })).status).toBe(204);
    expect(await memberIds(door, group)).toEqual(['u1090', 'u1092']);
    await entra(door)(
      'PATCH',
      `/Groups/${group}`,
      patchOf({ op: 'remove', path: 'members[value eq "u1090"]' }),
    );
    expect(await memberIds(door, group)).toEqual(['u1092']);
  });

  it.each([[undefined], [[]]])(
    'E10: makes a group with a schema of its own and members that are %j',
    async (members) => {
      const door = openQuietDoor();
      const schemas = ['urn:ietf:params:scim:schemas:core:2.0:Group', AD_GROUP];
      const answer = await entra(door)('POST', '/Groups', {
        schemas,
        externalId: '8aa1a0c0',
        displayName: 'Support',
        members,
        meta: { resourceType: 'Group' },
      });
      expect(answer).toMatchObject({ status: 201, body: { displayName: 'Support', externalId: '8aa1a0c0' } });
      expect(answer.body.schemas).toEqual([schemas[0]]);
    },
  );

  it('E11: reads groups without their members', async () => {
    const door = openQuietDoor();
    const group = await aGroup(door, 'Support', ['a', 'b']);
    const query = { excludedAttributes: 'members' };
    const one = await entra(door)('GET', `/Groups/${group}`, undefined, query);
    const found = await entra(door)('GET', '/Groups', undefined, {
      ...query,
      filter: 'displayName eq "Support"',
    });
    expect(one.body).not.toHaveProperty('members');
    expect(resourcesOf(found)).toEqual([one.body]);
  });

  it('E12: creates somebody with nulls, misplaced and mistyped names', async () => {
    const door = openQuietDoor();
    const answer = await entra(door)('POST', '/Users', {
      schemas: [USER, 'urn:ietf:params:scim:schemas:extension:enterprise:2.0User'],
      userName: 'ada@example.com',
      active: true,
      addresses: null,
      title: null,
      department: 'Engines',
      manager: '271',
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0User': { employeeNumber: '7' },
      roles: '[{"value":"Agent","primary":true}]',
      meta: { resourceType: 'User' },
    });
    expect(answer).toMatchObject({
      status: 201,
      body: {
        [ENTERPRISE]: { department: 'Engines', manager: { value: '271' }, employeeNumber: '7' },
        roles: [{ value: 'Agent', primary: true }],
      },
    });
  });

  it('E13: disables first and deletes later; a second DELETE is not found', async () => {
    const door = openQuietDoor();
    const id = await aUser(door, { externalId: 'x1' });
    await entra(door)('PATCH', `/Users/${id}`, patchOf({ op: 'replace', value: { active: false } }));
    expect(idsIn(await find(door, 'externalId eq "x1"'))).toEqual([id]);
    expect((await entra(door)('GET', `/Users/${id}`)).body).toMatchObject({ active: false });
    expect((await entra(door)('DELETE', `/Users/${id}`)).status).toBe(204);
    detailOf(await entra(door)('DELETE', `/Users/${id}`), 404);
  });

  it('E14: has its flag on every request, and it is in no address', async () => {
    const door = openQuietDoor();
    const answer = await entra(door)('POST', '/Users', { schemas: [USER], userName: 'ada' });
    expect(answer.status).toBe(201);
    expect(answer.headers.location).not.toContain('aadOptscim');
    expect((await entra(door)('GET', '/ServiceProviderConfig')).status).toBe(200);
    expect((await entra(door)('GET', '/Schemas')).status).toBe(200);
  });

  it('E15: changes one group by several PATCHes at a time', async () => {
    const door = openQuietDoor();
    const group = await aGroup(door, 'Support', ['gone']);
    const ids = ['a', 'b', 'c', 'd', 'e'];
    const answers = await Promise.all([
      ...ids.map((value) =>
        entra(door)('PATCH', `/Groups/${group}`, patchOf({ op: 'add', path: 'members', value: [{ value }] })),
      ),
      entra(door)('PATCH', `/Groups/${group}`, patchOf({ op: 'remove', path: 'members[value eq "gone"]' })),
    ]);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
    expect(await memberIds(door, group)).toEqual(ids);
  });

  it('E16: hears 204 to the PATCH of a group, also without a User-Agent', async () => {
    const door = openQuietDoor();
    const group = await aGroup(door, 'Support');
    const body = patchOf({ op: 'Replace', path: 'displayName', value: 'Help' });
    const answer = await door.send('PATCH', `/Groups/${group}`, {
      body,
      headers: { 'user-agent': undefined },
    });
    expect(answer).toMatchObject({ status: 204, body: {} });
  });

  it('E18: sends one request after the other and is never told to wait', async () => {
    const door = openQuietDoor();
    const statuses = new Set<number>();
    for (let index = 0; index < 200; index += 1) {
      statuses.add((await door.create({ userName: `user${index}` })).status);
    }
    expect(statuses).toEqual(new Set([201]));
  });

  it('E19: replaces a name part by part, and empties members by null', async () => {
    const door = openQuietDoor();
    const id = await aUser(door, { name: { givenName: 'Ada', familyName: 'Lovelace', middleName: 'K' } });
    const name = { givenName: 'Augusta', middleName: null };
    await entra(door)('PATCH', `/Users/${id}`, patchOf({ op: 'Replace', path: 'name', value: name }));
    expect((await door.send('GET', `/Users/${id}`)).body.name).toEqual({
      givenName: 'Augusta',
      familyName: 'Lovelace',
    });
    const group = await aGroup(door, 'Support', ['a']);
    await entra(door)('PATCH', `/Groups/${group}`, patchOf({ op: 'replace', value: { members: null } }));
    expect(await memberIds(door, group)).toEqual([]);
  });

  it('E20: gets back its values to the letter, and need not know /Me, /Bulk or sorting', async () => {
    const door = openQuietDoor();
    const sent = {
      userName: 'Ada@Example.COM',
      displayName: ' Ada ',
      phoneNumbers: [{ type: 'mobile', value: '+1 (555) 0' }],
    };
    const id = await aUser(door, sent);
    expect((await door.send('GET', `/Users/${id}`)).body).toMatchObject(sent);
    detailOf(await door.send('GET', '/Me'), 501);
  });
});
