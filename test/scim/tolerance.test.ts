import { describe, expect, it } from 'vitest';
import { demoTenant } from '../mapping/demo.ts';
import { AGENT, ada, detailOf, openDoor, provisioningOf } from './door.ts';
import { aGroup, aUser, ENTERPRISE, memberIds, openQuietDoor, patchOf, resourcesOf } from './quiet.ts';

/**
 * What identity providers send instead of what the RFCs say, each through the HTTP door. Distilled from the
 * documentation and the issue trackers of Microsoft Entra ID, Okta, OneLogin, SailPoint and others.
 */

const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';
const CORE_GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';

/** PATCHes a user who begins with `attributes` and gives what became of it. */
async function patched(attributes: Record<string, unknown>, ...operations: unknown[]) {
  const door = openQuietDoor();
  const id = await aUser(door, attributes);
  const answer = await door.send('PATCH', `/Users/${id}`, {
    body: patchOf(...operations),
    query: {
      attributes: `active,title,name,emails,phoneNumbers,addresses,roles,displayName,externalId,${ENTERPRISE}`,
    },
  });
  expect(answer).toMatchObject({ status: 200 });
  const { id: _, schemas: __, active, ...rest } = answer.body;
  return active === true ? rest : { ...rest, active };
}

/** Creates a user and gives what is kept of it, schemas and enterprise extension in full. */
async function created(attributes: Record<string, unknown>) {
  const door = openQuietDoor();
  const { status, body } = await door.create({ userName: 'ada@example.com', ...attributes });
  expect(status).toBe(201);
  return body;
}

describe('a PATCH that is not by the book', () => {
  it.each([
    'addresses[foo eq "work"].street',
    'addresses[type eq "work"].street',
    'addresses[type eq "work" and kind eq "x"].streetAddress',
    'addresses[(not (foo pr)) or type eq "work"]',
    'emails[typ eq "work"].value',
    'ims[service eq "skype"].value',
    'x509Certificates[name eq "a"].value',
    'urn:ietf:params:scim:schemas:core:2.0:User:emails[typ eq "work"].value',
    'customAttribute[type eq "work"].value',
  ])('may name what no schema knows beside a leaving: %s', async (path) => {
    const leaving = { op: 'replace', path: 'active', value: 'False' };
    expect(await patched({}, { op: 'replace', path, value: 'x' }, leaving)).toEqual({ active: false });
    const value = { [path]: 'x', active: 'False' };
    expect(await patched({}, { op: 'replace', value })).toEqual({ active: false });
  });

  it.each(['Add', 'ADD', 'Replace', 'replace'])('may write its op in any case: %s', async (op) => {
    expect(await patched({}, { op, path: 'title', value: 'Dr' })).toEqual({ title: 'Dr' });
  });

  it.each(['Remove', 'REMOVE'])('may write its op in any case: %s', async (op) => {
    expect(await patched({ title: 'Dr' }, { op, path: 'title' })).toEqual({});
  });

  it.each([
    ['False', false],
    ['false', false],
    ['FALSE', false],
    ['True', true],
    ['tRUE', true],
  ])('may write booleans as strings: %j', async (value, active) => {
    const shown = active ? {} : { active };
    expect(await patched({ active: !active }, { op: 'replace', path: 'active', value })).toEqual(shown);
    expect(await patched({ active: !active }, { op: 'replace', value: { active: value } })).toEqual(shown);
  });

  it('may have dotted names without a path', async () => {
    const value = { displayName: 'Bjfe', 'name.givenName': 'Kkom', 'name.familyName': 'Unua' };
    expect(await patched({ name: { middleName: 'M' } }, { op: 'replace', value })).toEqual({
      displayName: 'Bjfe',
      name: { middleName: 'M', givenName: 'Kkom', familyName: 'Unua' },
    });
  });

  it('may have names with their URN without a path', async () => {
    const value = {
      [`${ENTERPRISE}:employeeNumber`]: 'Aklq',
      [`${ENTERPRISE}:manager.value`]: '26118915',
      'urn:ietf:params:scim:schemas:core:2.0:User:title': 'Dr',
    };
    expect(await patched({}, { op: 'add', value })).toEqual({
      title: 'Dr',
      [ENTERPRISE]: { employeeNumber: 'Aklq', manager: { value: '26118915' } },
    });
  });

  it.each(['Replace', 'Add'])('makes the element that its filter does not find: %s', async (op) => {
    expect(await patched({}, { op, path: 'emails[type eq "work"].value', value: 'a@example.com' })).toEqual({
      emails: [{ type: 'work', value: 'a@example.com' }],
    });
  });

  it('fills one element by several operations with one filter', async () => {
    const address = (name: string, value: string) => ({
      op: 'Add',
      path: `addresses[type eq "work"].${name}`,
      value,
    });
    expect(
      await patched(
        {},
        address('streetAddress', '1 Way'),
        address('postalCode', '12345'),
        address('country', 'DE'),
      ),
    ).toEqual({ addresses: [{ type: 'work', streetAddress: '1 Way', postalCode: '12345', country: 'DE' }] });
  });

  it('may quote booleans in filters', async () => {
    const roles = [{ value: 'a', primary: true }, { value: 'b' }];
    const operation = { op: 'replace', path: 'roles[primary eq "true"].value', value: 'c' };
    expect(await patched({ roles }, operation)).toEqual({
      roles: [{ value: 'c', primary: true }, { value: 'b' }],
    });
    expect(await patched({}, { ...operation, path: 'roles[primary eq "True"].value' })).toEqual({
      roles: [{ primary: true, value: 'c' }],
    });
  });

  it('may write names in any case', async () => {
    const operations = [
      { op: 'replace', path: 'NAME.givenname', value: 'Ada' },
      { op: 'replace', path: 'Emails[TYPE eq "work"].VALUE', value: 'a@example.com' },
      { op: 'replace', value: { DisplayName: 'A', [`${ENTERPRISE.toUpperCase()}:Department`]: 'X' } },
    ];
    expect(await patched({}, ...operations)).toEqual({
      name: { givenName: 'Ada' },
      emails: [{ type: 'work', value: 'a@example.com' }],
      displayName: 'A',
      [ENTERPRISE]: { department: 'X' },
    });
  });

  it('may write its own members in any case', async () => {
    const door = openQuietDoor();
    const id = await aUser(door);
    const body = { Schemas: [], operations: [{ OP: 'Replace', Path: 'title', Value: 'Dr' }] };
    const answer = await door.send('PATCH', `/Users/${id}`, { body, query: { attributes: 'title' } });
    expect(answer.body).toMatchObject({ title: 'Dr' });
  });

  it('removes the values that it lists, and no others', async () => {
    const door = openQuietDoor();
    const group = await aGroup(door, 'G', ['u1091', 'u2', 'u3']);
    const operation = {
      op: 'Remove',
      path: 'members',
      value: [{ $ref: null, value: 'u1091' }, { value: 'u3' }],
    };
    await door.send('PATCH', `/Groups/${group}`, { body: patchOf(operation) });
    expect(await memberIds(door, group)).toEqual(['u2']);
    const emails = [{ value: 'a@x', type: 'work' }, { value: 'b@x' }];
    expect(await patched({ emails }, { op: 'remove', path: 'emails', value: [{ value: 'a@x' }] })).toEqual({
      emails: [{ value: 'b@x' }],
    });
  });

  it('may have members as bare strings, and with a $ref that is null', async () => {
    const door = openQuietDoor();
    const group = await aGroup(door, 'G');
    const operations = [
      { op: 'add', path: 'members', value: ['a', 'b'] },
      { op: 'Add', path: 'members', value: [{ $ref: null, value: 'c' }] },
      { op: 'remove', path: 'members', value: ['b'] },
    ];
    await door.send('PATCH', `/Groups/${group}`, { body: patchOf(...operations) });
    expect(await memberIds(door, group)).toEqual(['a', 'c']);
  });

  it.each([
    ['a string', { op: 'Add', path: `${ENTERPRISE}:manager`, value: '271' }],
    ['a list', { op: 'Replace', path: 'manager', value: [{ $ref: 'http://x/271', value: '271' }] }],
    ['an object', { op: 'Replace', path: `${ENTERPRISE}:manager`, value: { value: '271' } }],
    ['a dot before it', { op: 'Add', path: `${ENTERPRISE}.manager`, value: '271' }],
    ['its value', { op: 'Add', path: `${ENTERPRISE}:manager.value`, value: '271' }],
    ['its whole extension', { op: 'Add', path: ENTERPRISE, value: { manager: { value: '271' } } }],
  ])('may have the manager as %s', async (_, operation) => {
    const { [ENTERPRISE]: extension } = await patched({}, operation);
    expect(extension).toMatchObject({ manager: { value: '271' } });
  });

  it.each([
    ['an empty string', { op: 'Replace', path: `${ENTERPRISE}:manager`, value: '' }],
    ['null', { op: 'Replace', path: 'manager', value: null }],
    ['a remove', { op: 'Remove', path: `${ENTERPRISE}:manager` }],
    ['an empty value', { op: 'Replace', path: `${ENTERPRISE}:manager`, value: { value: '' } }],
    ['an empty value of a list', { op: 'Add', path: 'manager', value: [{ value: '', displayName: 'M' }] }],
    ['an empty value by its own path', { op: 'Replace', path: `${ENTERPRISE}:manager.value`, value: '' }],
    ['an empty string in its extension', { op: 'Replace', value: { [ENTERPRISE]: { manager: '' } } }],
  ])('takes the manager away by %s', async (_, operation) => {
    const before = { [ENTERPRISE]: { department: 'X', manager: { value: '1' } } };
    expect(await patched(before, operation)).toEqual({ [ENTERPRISE]: { department: 'X' } });
  });

  it('removes our extension by its URN: the wishes go, what is read-only in it stays', async () => {
    const door = openQuietDoor();
    const id = await aUser(door, { [AGENT]: { agentGroup: 'Billing', skills: ['Refunds'] } });
    const answer = await door.send('PATCH', `/Users/${id}`, { body: patchOf({ op: 'remove', path: AGENT }) });
    expect(answer.body[AGENT]).toEqual({ provisioning: expect.objectContaining({ state: 'waiting' }) });
    expect(answer.body.schemas).toContain(AGENT);
    expect((await door.send('GET', `/Users/${id}`)).body).toEqual(answer.body);
  });

  it('may call the display of a member displayName', async () => {
    const door = openQuietDoor();
    const group = await aGroup(door, 'G');
    const value = [
      { value: 'a', displayName: 'Ada' },
      { value: 'b', display: 'Ben', displayName: 'other' },
    ];
    await door.send('PATCH', `/Groups/${group}`, { body: patchOf({ op: 'add', path: 'members', value }) });
    const { body } = await door.send('GET', `/Groups/${group}`);
    expect(body.members).toMatchObject([{ display: 'Ada' }, { display: 'Ben' }]);
  });

  it('unassigns what is null, and of a complex attribute that part alone', async () => {
    const before = { title: 'Dr', name: { givenName: 'Ada', familyName: 'Lovelace' } };
    const operations = [
      { op: 'replace', path: 'title', value: null },
      { op: 'replace', path: 'name', value: { givenName: null, middleName: 'M' } },
    ];
    expect(await patched(before, ...operations)).toEqual({
      name: { familyName: 'Lovelace', middleName: 'M' },
    });
  });

  it('ignores what it does not know, without a path', async () => {
    const value = {
      title: 'Dr',
      color: 'red',
      'urn:unknown:2.0:User:size': 3,
      'urn:unknown:2.0:User': { a: 1 },
    };
    expect(await patched({}, { op: 'replace', value })).toEqual({ title: 'Dr' });
  });

  it.each([
    ['urn:ietf:params:scim:schemas:core:2.0:User:customAttr', 'x'],
    ['urn:acme:params:scim:schemas:extension:2.0:User:badge', 3],
    ['costCentreX', 'CC-1'],
    ['name.nickname', 'Ada'],
    ['badges[type eq "door"].value', '17'],
  ])('may have %s beside what puts a leaver out of service', async (path, value) => {
    const operations = [
      { op: 'Replace', path, value },
      { op: 'Replace', path: 'active', value: 'False' },
      { op: 'Remove', path },
    ];
    expect(await patched({}, ...operations)).toEqual({ active: false });
    const door = openQuietDoor();
    const group = await aGroup(door, 'G', ['a']);
    const members = { op: 'Remove', path: 'members', value: [{ value: 'a' }] };
    const answer = await door.send('PATCH', `/Groups/${group}`, {
      body: patchOf({ op: 'Add', path, value }, members),
    });
    expect([answer.status, await memberIds(door, group)]).toEqual([204, []]);
  });

  it('may have its value without a path as JSON in a string', async () => {
    const value = JSON.stringify({ active: false, 'name.givenName': 'Ada' });
    expect(await patched({}, { op: 'replace', value })).toEqual({
      active: false,
      name: { givenName: 'Ada' },
    });
    const door = openQuietDoor();
    const group = await aGroup(door, 'G', ['a']);
    const body = patchOf({
      op: 'replace',
      value: JSON.stringify({ displayName: 'H', members: [{ value: 'b' }] }),
    });
    expect((await door.send('PATCH', `/Groups/${group}`, { body })).body).toMatchObject({ displayName: 'H' });
    expect(await memberIds(door, group)).toEqual(['b']);
    const nonsense = { body: patchOf({ op: 'replace', value: '{"active": false' }) };
    detailOf(await door.send('PATCH', `/Groups/${group}`, nonsense), 400, 'invalidValue');
  });

  it.each([
    ['without a path', { op: 'replace', value: { [CORE]: { active: 'False', 'name.givenName': 'Ada' } } }],
    [
      'by its URN as the path',
      { op: 'Replace', path: CORE, value: { active: false, name: { givenName: 'Ada' } } },
    ],
    [
      'in another case',
      { op: 'add', value: { [CORE.toUpperCase()]: { Active: false }, 'name.givenName': 'Ada' } },
    ],
    ['as JSON', { op: 'replace', path: CORE, value: '{"active":false,"name":{"givenName":"Ada"}}' }],
  ])('may have attributes of the core schema within its URN %s', async (_, operation) => {
    expect(await patched({}, operation)).toEqual({ active: false, name: { givenName: 'Ada' } });
  });

  it.each([
    ['without a path', (value: unknown) => ({ op: 'replace', value: { [CORE_GROUP]: value } })],
    ['by its URN as the path', (value: unknown) => ({ op: 'replace', path: CORE_GROUP, value })],
  ])('may have members within the URN of their schema %s', async (_, operation) => {
    const door = openQuietDoor();
    const group = await aGroup(door, 'G', ['a']);
    const body = patchOf(operation({ displayName: 'H', members: [{ value: 'b' }] }));
    expect((await door.send('PATCH', `/Groups/${group}`, { body })).body).toMatchObject({ displayName: 'H' });
    expect(await memberIds(door, group)).toEqual(['b']);
  });

  it.each([
    '/active',
    'active/',
    '$.active',
    '#active',
    'active,title',
    'Users/1/active',
    'active\u200b',
    `${CORE}:/active`,
  ])('is refused where its path has a known name and is none: %s', async (path) => {
    const door = openQuietDoor();
    const id = await aUser(door);
    const body = patchOf({ op: 'replace', path, value: false });
    const detail = detailOf(await door.send('PATCH', `/Users/${id}`, { body }), 400, 'invalidPath');
    expect(detail).toContain('Write "active"');
    expect((await door.send('GET', `/Users/${id}`)).body).toMatchObject({ active: true });
  });

  it.each(['/', '.', '#', '//'])(
    'is refused where its path is for the whole person and none: %s',
    async (path) => {
      const door = openQuietDoor();
      const id = await aUser(door);
      const body = patchOf({ op: 'replace', path, value: { active: false } });
      const detail = detailOf(await door.send('PATCH', `/Users/${id}`, { body }), 400, 'invalidPath');
      expect(detail).toContain('Leave it out');
    },
  );

  it.each(['/members', '/members/a', 'members/a', '$.members'])(
    'is refused where its path would leave a membership as it was: %s',
    async (path) => {
      const door = openQuietDoor();
      const group = await aGroup(door, 'G', ['a']);
      const answer = await door.send('PATCH', `/Groups/${group}`, { body: patchOf({ op: 'remove', path }) });
      expect(detailOf(answer, 400, 'invalidPath')).toContain('Write "members"');
    },
  );

  it.each([
    '/badge',
    '$.badge',
    'cost/centre',
    'badge#1',
    'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group:badge',
    'https://acme.example/claims/name',
    'urn:acme:scim/2.0:User:active',
    'Job title',
  ])('may have a path that is none where nothing in it is known: %s', async (path) => {
    const leaving = { op: 'replace', path: 'active', value: false };
    expect(await patched({}, { op: 'add', path, value: 'x' }, leaving)).toEqual({ active: false });
  });

  it('may put another member in the place of one', async () => {
    const door = openQuietDoor();
    const group = await aGroup(door, 'G', ['a', 'c']);
    const operation = { op: 'replace', path: 'members[value eq "a"]', value: { value: 'b' } };
    await door.send('PATCH', `/Groups/${group}`, { body: patchOf(operation) });
    expect(await memberIds(door, group)).toEqual(['b', 'c']);
  });

  it('may carry what is read-only in a value without a path', async () => {
    const value = { id: 'x', meta: {}, groups: [], schemas: ['x'], title: 'Dr', password: 'secret' };
    expect(await patched({}, { op: 'replace', value })).toEqual({ title: 'Dr' });
  });

  it('replaces a single complex attribute that is not there, as SailPoint does', async () => {
    const operation = { op: 'replace', path: 'name', value: { givenName: 'Ada' } };
    expect(await patched({}, operation)).toEqual({ name: { givenName: 'Ada' } });
  });

  it('may have more keys in an operation, as Entra ID names them', async () => {
    const operation = { name: 'addTitle', op: 'Add', path: 'title', value: 'Dr' };
    expect(await patched({}, operation)).toEqual({ title: 'Dr' });
  });
});

describe('a person that is not by the book', () => {
  it('may have nulls for what is unassigned', async () => {
    const body = await created({ addresses: null, title: null, name: { givenName: null, familyName: 'L' } });
    expect(body).toMatchObject({ name: { familyName: 'L' } });
    expect(body).not.toHaveProperty('addresses');
    expect(body).not.toHaveProperty('title');
    expect(body.name).not.toHaveProperty('givenName');
  });

  it('may have the attributes of the core schema within its URN', async () => {
    const door = openQuietDoor();
    const within = { userName: 'ada@example.com', active: 'False', department: 'Sales' };
    const { status, body } = await door.create({ schemas: [CORE], title: 'Dr', [CORE]: within });
    expect({ status, body }).toMatchObject({
      status: 201,
      body: {
        userName: 'ada@example.com',
        active: false,
        title: 'Dr',
        [ENTERPRISE]: { department: 'Sales' },
      },
    });
    const put = { body: { [CORE]: { userName: 'ada@example.com', active: true } } };
    expect((await door.send('PUT', `/Users/${body.id}`, put)).body).toMatchObject({ active: true });
  });

  it.each([
    ['within the URN of their schema', { [CORE_GROUP]: { displayName: 'G', members: [] } }],
    ['behind it, with a dot', { displayName: 'G', [`${CORE_GROUP}.members`]: [] }],
  ])('may have the members of a group %s', async (_, body) => {
    const door = openQuietDoor();
    const group = await aGroup(door, 'G', ['a']);
    expect((await door.send('PUT', `/Groups/${group}`, { body })).status).toBe(200);
    expect(await memberIds(door, group)).toEqual([]);
  });

  it('may have unknown attributes and schemas, which are ignored', async () => {
    const body = await created({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', 'urn:okta:custom:1.0:user:custom'],
      'urn:okta:custom:1.0:user:custom': { badge: 1 },
      favouriteColour: 'red',
    });
    expect(Object.keys(body).join()).not.toMatch(/okta|favourite/);
    expect(body.schemas).not.toContain('urn:okta:custom:1.0:user:custom');
  });

  it.each([
    [{ [AGENT]: { skillz: ['Refunds'] } }, 'has no attribute "skillz". Did you mean "skills"?'],
    [{ [`${AGENT}:agentgroop`]: 'Billing' }, 'Did you mean "agentGroup"?'],
    [{ [AGENT]: { skills: [{ skil: 'Refunds' }] } }, 'Did you mean "skill"?'],
    [{ [AGENT]: { queues: [{ value: 'Billing', prefered: true }] } }, 'Did you mean "preferred"?'],
  ])('is refused for what is misspelt in our own extension, which is closed: %j', async (wishes, reason) => {
    const door = openQuietDoor();
    const answer = await door.create({ userName: 'ada@example.com', ...wishes });
    expect(detailOf(answer, 400, 'invalidSyntax')).toContain(reason);
    const path = `/Users/${await aUser(door)}`;
    const body = { userName: 'ada@example.com', ...wishes };
    expect(detailOf(await door.send('PUT', path, { body }), 400, 'invalidSyntax')).toContain(reason);
    const change = patchOf({ op: 'add', value: wishes });
    expect(detailOf(await door.send('PATCH', path, { body: change }), 400, 'invalidSyntax')).toContain(
      reason,
    );
    const content = Object.entries(wishes).find(([name]) => name === AGENT)?.[1] ?? { agentgroop: 'x' };
    const [name = '', value] = Object.entries(content)[0] ?? [];
    const named = patchOf({ op: 'add', path: `${AGENT}:${name}`, value });
    expect(String((await door.send('PATCH', path, { body: named })).body.detail)).toContain('Did you mean');
  });

  it('may have an id, a meta and groups, which are ours to say', async () => {
    const sent = { id: 'mine', meta: { resourceType: 'Group', version: 'x' }, groups: [{ value: 'g' }] };
    const body = await created(sent);
    expect(body.id).not.toBe('mine');
    expect(body.meta).toMatchObject({ resourceType: 'User', version: 'W/"1"' });
    expect(body).not.toHaveProperty('groups');
  });

  it('may have a placeholder for a password, which is forgotten', async () => {
    const door = openQuietDoor();
    await door.create({ userName: 'ada', password: '1mz050nq' });
    expect(JSON.stringify(await door.stored())).not.toContain('1mz050nq');
  });

  it('may say in strings what is boolean, and in names of any case', async () => {
    expect(
      await created({ Active: 'True', DISPLAYNAME: 'A', emails: [{ value: 'a@x', primary: 'true' }] }),
    ).toMatchObject({
      active: true,
      displayName: 'A',
      emails: [{ value: 'a@x', primary: true }],
    });
  });

  it('is in service where nothing is said of it, and found so', async () => {
    const door = openQuietDoor();
    const { body } = await door.create({ userName: 'ada@example.com' });
    expect(body).toMatchObject({ active: true });
    const path = `/Users/${body.id}`;
    expect((await door.send('GET', path)).body).toMatchObject({ active: true });
    const found = async (filter: string) =>
      (await door.send('GET', '/Users', { query: { filter } })).body.totalResults;
    expect(await found('active eq true')).toBe(1);
    expect(await found('active ne true or active eq false or not (active pr)')).toBe(0);
    await door.send('PATCH', path, { body: patchOf({ op: 'replace', path: 'active', value: false }) });
    expect(await found('active eq true')).toBe(0);
    // A PUT that says nothing of it puts nobody back into service.
    const put = await door.send('PUT', path, { body: { userName: 'ada@example.com', title: 'Dr' } });
    expect(put.body).toMatchObject({ title: 'Dr', active: false });
  });

  it('becomes an agent where active ones do, also if nothing is said of it', async () => {
    const door = openDoor({ tenant: { provisionWhen: 'active eq true' } });
    const answer = await door.create(ada({ active: undefined }));
    expect(provisioningOf(answer)).toMatchObject({ state: 'provisioned' });
  });

  it('gets back its values to the letter', async () => {
    const values = {
      userName: 'ÅDA@Example.COM ',
      displayName: '  Ada  “Countess” 😀 ',
      emails: [{ value: 'Ada@EXAMPLE.com', type: 'WORK', display: 'x' }],
      phoneNumbers: [{ value: '+49 (0)30 / 1234', type: 'work' }],
      locale: 'de_DE',
    };
    expect(await created(values)).toMatchObject(values);
  });

  it('is one, in whichever form its name is written', async () => {
    const [nfc, nfd, wide] = ['Zo\u00eb@example.com', 'Zoe\u0308@example.com', '\uff3ao\u00eb@Example.com'];
    const door = openQuietDoor();
    const id = await aUser(door, { userName: nfd, emails: [{ value: wide }] });
    for (const name of [nfc, nfd, wide]) {
      for (const filter of [
        `userName eq "${name}"`,
        `emails.value eq "${name}"`,
        `emails[value eq "${name}"]`,
        `emails.value co "${name.slice(0, 5)}"`,
        `title pr or userName sw "${name}"`,
      ]) {
        const { body } = await door.send('GET', '/Users', { query: { filter } });
        expect([filter, body.totalResults]).toEqual([filter, 1]);
      }
      detailOf(await door.create({ userName: name }), 409, 'uniqueness');
      const group = { body: { displayName: name } };
      expect((await door.send('POST', '/Groups', group)).status).toBe(name === nfc ? 201 : 409);
    }
    const change = patchOf({ op: 'remove', path: `emails[value eq "${nfc}"]` });
    const { body } = await door.send('PATCH', `/Users/${id}`, { body: change });
    expect(body).toMatchObject({ userName: nfd });
    expect(body).not.toHaveProperty('emails');
  });

  it('is meant by a rule and by the catalogue, in whichever form their names are written', async () => {
    const shipped = demoTenant();
    const skill = '\uff22illing/Refunds';
    const door = openDoor({
      tenant: {
        rules: [
          ...shipped.rules,
          {
            name: 'cafe',
            when: 'groups.display eq "\uff23af\u00e9"',
            add: { skills: [{ skill, proficiency: 'good' }] },
          },
        ],
      },
    });
    const { body } = await door.create(ada());
    await aGroup(door, 'Cafe\u0301', [String(body.id)]);
    const answer = await door.send('PATCH', `/Users/${body.id}`, {
      body: patchOf({ op: 'replace', path: 'title', value: 'Dr' }),
    });
    expect(provisioningOf(answer)).toMatchObject({ state: 'provisioned' });
    const [agent] = door.simulator.agents();
    const refunds = door.simulator.catalogue.skillGroups[0]?.skills.find(({ name }) => name === 'Refunds');
    expect(JSON.stringify(agent)).toContain(refunds?.id ?? '-');
  });

  it('may come back after it was deactivated, without a conflict', async () => {
    const door = openQuietDoor();
    const id = await aUser(door, { active: false });
    expect(await door.create({ userName: 'ADA@example.com', active: true })).toMatchObject({
      status: 201,
      body: { id, active: true },
    });
  });

  it('may be deleted twice: the second time it is not found', async () => {
    const door = openQuietDoor();
    const id = await aUser(door);
    expect((await door.send('DELETE', `/Users/${id}`)).status).toBe(204);
    detailOf(await door.send('DELETE', `/Users/${id}`), 404);
  });
});

describe('a request that is not by the book', () => {
  it.each(['application/json', 'application/scim+json; charset=utf-8', 'application/json;charset=UTF-8'])(
    'may have the content type %s',
    async (type) => {
      expect((await openQuietDoor().create(ada(), { headers: { 'content-type': type } })).status).toBe(201);
    },
  );

  it.each([
    [undefined, 'application/scim+json'],
    ['*/*', 'application/scim+json'],
    ['application/scim+json', 'application/scim+json'],
    ['application/scim+json, application/json;q=0.9', 'application/scim+json'],
    ['text/html', 'application/scim+json'],
    ['application/json', 'application/json'],
    ['application/json; charset=utf-8', 'application/json'],
  ])('may accept %s', async (accept, type) => {
    const answer = await openQuietDoor().send('GET', '/Users', { headers: { accept } });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe(`${type}; charset=utf-8`);
  });

  it.each(['/users', '/USERS', '/Users/', '/users//'])('may write a path so: %s', async (path) => {
    const door = openQuietDoor();
    await aUser(door);
    expect((await door.send('GET', path)).body).toMatchObject({ totalResults: 1 });
  });

  it('may have query parameters that nobody knows', async () => {
    const door = openQuietDoor();
    await aUser(door);
    const query = { aadOptscim062020: '', AzureAdScimPatch2017: '1', 'x[y]': 'z', filter: 'userName pr' };
    expect((await door.send('GET', '/Users', { query })).body).toMatchObject({ totalResults: 1 });
  });

  it('may come without a User-Agent, or with an empty one', async () => {
    for (const agent of [undefined, '']) {
      expect((await openDoor().create(ada(), { headers: { 'user-agent': agent } })).status).toBe(201);
    }
  });

  it.each([
    [{ startIndex: '0' }, 1, 2],
    [{ startIndex: '-1' }, 1, 2],
    [{ startindex: '2' }, 2, 1],
    [{ STARTINDEX: '2', Count: '5' }, 2, 1],
    [{ count: '-5' }, 1, 0],
  ])('may ask for pages as in %j', async (query, startIndex, itemsPerPage) => {
    const door = openQuietDoor();
    await aUser(door, { userName: 'a' });
    await aUser(door, { userName: 'b' });
    const { body } = await door.send('GET', '/Users', { query: query as Record<string, string> });
    expect(body).toMatchObject({ totalResults: 2, startIndex, itemsPerPage });
  });

  it.each([
    'externalId eq 00u1',
    'externalId eq "00u1"',
    'active eq "true" and externalId eq 00u1',
    'EXTERNALID Eq "00u1" AND Active EQ True',
    'emails[primary eq "true" and type eq work]',
    'meta.created le "2026-11-23T10:00:00.0000000Z"',
    'meta.created ge 2026-11-23T09:59:59.9999999Z',
  ])('may filter by %s', async (filter) => {
    const door = openQuietDoor();
    await door.create(ada());
    const answer = await door.send('GET', '/Users', { query: { filter } });
    expect(resourcesOf(answer).map(({ userName }) => userName)).toEqual(['ada@example.com']);
  });

  it.each([
    ['userName%20eq%20"ada+eu@example.com"', 1],
    ['userName%20eq%20%22ada%2Beu@example.com%22', 1],
    ['userName+eq+"ada%2Beu@example.com"', 1],
    ['userName+eq+"ada+eu@example.com"', 0],
  ])('may write blanks as %%20, so that a plus is one, or as a plus: %s', async (filter, found) => {
    const door = openQuietDoor();
    await aUser(door, { userName: 'ada+eu@example.com' });
    const answer = await door.send('GET', '/Users', { rawQuery: `filter=${filter}` });
    expect(answer.body).toMatchObject({ totalResults: found });
  });

  it('may come at the same time as others that change the same group', async () => {
    const door = openQuietDoor();
    const group = await aGroup(door, 'G');
    const ids = ['a', 'b', 'c', 'd', 'e'];
    await Promise.all(
      ids.map((value) =>
        door.send('PATCH', `/Groups/${group}`, {
          body: patchOf({ op: 'Add', path: 'members', value: [{ value }] }),
        }),
      ),
    );
    expect(await memberIds(door, group)).toEqual(ids);
  });
});
