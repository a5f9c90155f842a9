import { describe, expect, it } from 'vitest';
import { demoTenant } from '../mapping/demo.ts';
import { AGENT, ada, type Door, detailOf, openDoor, provisioningOf } from './door.ts';
import { aGroup, aUser, ENTERPRISE, openQuietDoor, patchOf, resourcesOf } from './quiet.ts';

const replaceTitle = patchOf({ op: 'replace', path: 'title', value: 'Countess' });

describe('a PUT', () => {
  it('replaces the person: what it does not name is unassigned', async () => {
    const door = openQuietDoor();
    const id = await aUser(door, { title: 'Dr', nickName: 'Ada', [ENTERPRISE]: { department: 'Sales' } });
    const { status, body, headers } = await door.send('PUT', `/Users/${id}`, {
      body: { userName: 'ada@example.com', title: 'Countess' },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ id, userName: 'ada@example.com', title: 'Countess' });
    expect(Object.keys(body).toSorted()).toEqual(
      ['active', 'id', 'meta', 'schemas', 'title', AGENT, 'userName'].toSorted(),
    );
    expect(body.schemas).not.toContain(ENTERPRISE);
    const { location, version } = body.meta as Record<string, string>;
    expect(headers).toMatchObject({ location, etag: version });
    expect((await door.send('GET', `/Users/${id}`)).body).toEqual(body);
  });

  it('that sends back what was read changes nothing, not even the time', async () => {
    const door = openQuietDoor();
    const id = await aUser(door, { emails: [{ value: 'a@example.com', display: 'A', primary: true }] });
    const { body } = await door.send('GET', `/Users/${id}`);
    door.clock.advance(60_000);
    expect((await door.send('PUT', `/Users/${id}`, { body })).body).toEqual(body);
  });

  it('makes nobody: a person who is not there is not found', async () => {
    const door = openQuietDoor();
    detailOf(await door.send('PUT', '/Users/nobody', { body: ada() }), 404);
    expect(await door.stored()).toEqual([]);
  });

  it('without a userName is refused, and the person stays as it was', async () => {
    const door = openQuietDoor();
    const id = await aUser(door, { title: 'Dr' });
    detailOf(await door.send('PUT', `/Users/${id}`, { body: { title: 'X' } }), 400, 'invalidValue');
    expect((await door.send('GET', `/Users/${id}`)).body).toMatchObject({ title: 'Dr' });
  });

  it('cannot take the userName of another, and can take its own in another case', async () => {
    const door = openQuietDoor();
    const id = await aUser(door);
    await aUser(door, { userName: 'bob' });
    detailOf(await door.send('PUT', `/Users/${id}`, { body: { userName: 'BOB' } }), 409, 'uniqueness');
    const again = await door.send('PUT', `/Users/${id}`, { body: { userName: 'Ada@Example.com' } });
    expect(again.body.userName).toBe('Ada@Example.com');
  });

  it('can take the userName of somebody who was deleted', async () => {
    const door = openQuietDoor();
    const id = await aUser(door);
    const bob = await aUser(door, { userName: 'bob' });
    await door.send('DELETE', `/Users/${bob}`);
    const renamed = await door.send('PUT', `/Users/${id}`, { body: { userName: 'bob' } });
    expect(renamed.status).toBe(200);
    const found = await door.send('GET', '/Users', { query: { filter: 'userName eq "bob"' } });
    expect(resourcesOf(found).map((user) => user.id)).toEqual([id]);
  });
});

describe('a PATCH', () => {
  it('changes what it names and nothing else', async () => {
    const door = openQuietDoor();
    const id = await aUser(door, { title: 'Dr', nickName: 'Ada' });
    const { status, body } = await door.send('PATCH', `/Users/${id}`, { body: replaceTitle });
    expect(status).toBe(200);
    expect(body).toMatchObject({ id, title: 'Countess', nickName: 'Ada' });
    expect((await door.send('GET', `/Users/${id}`)).body).toEqual(body);
  });

  it('is done whole or not at all', async () => {
    const door = openQuietDoor();
    const id = await aUser(door, { title: 'Dr' });
    const body = patchOf(
      { op: 'replace', path: 'title', value: 'Countess' },
      { op: 'replace', path: 'active', value: 'perhaps' },
    );
    const detail = detailOf(await door.send('PATCH', `/Users/${id}`, { body }), 400, 'invalidValue');
    expect(detail).toContain('active must be true or false, not "perhaps"');
    expect((await door.send('GET', `/Users/${id}`)).body).toMatchObject({ title: 'Dr' });
  });

  it('that comes to nothing leaves version and time as they were', async () => {
    const door = openQuietDoor();
    const id = await aUser(door, { title: 'Countess' });
    const before = await door.send('GET', `/Users/${id}`);
    door.clock.advance(60_000);
    const after = await door.send('PATCH', `/Users/${id}`, { body: replaceTitle });
    expect(after.body).toEqual(before.body);
    expect(after.headers.etag).toBe(before.headers.etag);
  });

  it.each([
    ['no operations', { schemas: [] }, 'invalidSyntax'],
    ['an empty list of them', patchOf(), 'invalidSyntax'],
    ['operations that are no list', { Operations: { op: 'add' } }, 'invalidSyntax'],
    ['an unknown op', patchOf({ op: 'move', path: 'title', value: 'x' }), 'invalidSyntax'],
    ['a remove of everything', patchOf({ op: 'remove' }), 'noTarget'],
    ['no name in its path', patchOf({ op: 'replace', path: '[type eq "work"]', value: 'x' }), 'invalidPath'],
    [
      'an unknown name of our own extension in its filter',
      patchOf({ op: 'replace', path: `${AGENT}:skills[skil eq "Refunds"].proficiency`, value: 'x' }),
      'invalidFilter',
    ],
    ['a path that cannot be read', patchOf({ op: 'replace', path: 'emails[', value: 'x' }), 'invalidFilter'],
    ['a read-only attribute', patchOf({ op: 'replace', path: 'id', value: 'x' }), 'mutability'],
    ['the groups', patchOf({ op: 'add', path: 'groups', value: [{ value: 'x' }] }), 'mutability'],
    ['a value of another type', patchOf({ op: 'replace', path: 'name', value: 3 }), 'invalidValue'],
    ['the only name', patchOf({ op: 'remove', path: 'userName' }), 'mutability'],
    [
      'what no value satisfies',
      patchOf({ op: 'replace', path: 'emails[type sw "wo"].value', value: 'x' }),
      'noTarget',
    ],
  ])('with %s is refused', async (_, body, scimType) => {
    const door = openQuietDoor();
    const id = await aUser(door, { title: 'Dr' });
    const before = await door.stored();
    detailOf(await door.send('PATCH', `/Users/${id}`, { body }), 400, scimType);
    expect(await door.stored()).toEqual(before);
  });

  it('that is refused for the attributes it wants to see has changed nothing', async () => {
    const door = openQuietDoor();
    const id = await aUser(door, { title: 'Dr' });
    const query = { attributes: 'emails[type eq' };
    const answer = await door.send('PATCH', `/Users/${id}`, { body: replaceTitle, query });
    detailOf(answer, 400, 'invalidFilter');
    expect((await door.send('GET', `/Users/${id}`)).body).toMatchObject({ title: 'Dr' });
  });

  it('loses nothing of what others change at the same time', async () => {
    const door = openQuietDoor();
    const id = await aUser(door);
    const names = Array.from({ length: 20 }, (_, index) => `nick${index}@example.com`);
    const answers = await Promise.all(
      names.map((value) =>
        door.send('PATCH', `/Users/${id}`, {
          body: patchOf({ op: 'add', path: 'emails', value: [{ value }] }),
        }),
      ),
    );
    expect(answers.map(({ status }) => status)).toEqual(names.map(() => 200));
    const { body } = await door.send('GET', `/Users/${id}`);
    expect((body.emails as { value: string }[]).map(({ value }) => value).toSorted()).toEqual(
      names.toSorted(),
    );
  });

  it('is answered with what of the person the client wants to see', async () => {
    const door = openQuietDoor();
    const id = await aUser(door, { nickName: 'Ada' });
    const { status, body } = await door.send('PATCH', `/Users/${id}`, {
      body: replaceTitle,
      query: { attributes: 'title' },
    });
    expect({ status, body }).toEqual({ status: 200, body: { schemas: body.schemas, id, title: 'Countess' } });
  });
});

describe('what a PATCH is answered with', () => {
  const answerTo = async (
    profile: 'auto' | 'entra' | 'okta' | 'generic',
    headers: Record<string, string> = {},
    query: Record<string, string> = {},
    body: unknown = replaceTitle,
  ) => {
    const door = openQuietDoor({ tenant: { scim: { profile, discovery: 'token', jwt: [] } } });
    const id = await aUser(door);
    const answer = await door.send('PATCH', `/Users/${id}`, { body, headers, query });
    return { door, id, ...answer };
  };

  it.each([['okta'], ['generic'], ['auto']] as const)('is the user for %s', async (profile) => {
    expect(await answerTo(profile)).toMatchObject({ status: 200, body: { title: 'Countess' } });
  });

  it('is nothing but the version for entra', async () => {
    const { status, body, headers, door, id } = await answerTo('entra');
    expect({ status, body }).toEqual({ status: 204, body: {} });
    expect(headers).not.toHaveProperty('content-type');
    expect(headers.etag).toBe((await door.send('GET', `/Users/${id}`)).headers.etag);
  });

  it('is the user for entra too where attributes are asked for', async () => {
    const answer = await answerTo('entra', {}, { attributes: 'title' });
    expect(answer).toMatchObject({ status: 200, body: { title: 'Countess' } });
  });

  it.each([
    ['the flag of Entra ID in the address', {}, { aadOptscim062020: '' }, replaceTitle],
    ['its older flag', {}, { AzureAdScimPatch2017: 'true' }, replaceTitle],
    ['operations with a capital', {}, {}, patchOf({ op: 'Replace', path: 'title', value: 'Countess' })],
    ['a User-Agent of Microsoft', { 'user-agent': 'Microsoft-Entra-Provisioning' }, {}, replaceTitle],
  ])('is guessed from %s', async (_, headers, query, body) => {
    expect((await answerTo('auto', headers, query, body)).status).toBe(204);
  });

  it('is the user for the User-Agent of Okta, however it writes', async () => {
    const headers = { 'user-agent': 'Okta SCIM Client 1.0.0' };
    const body = patchOf({ op: 'Replace', path: 'title', value: 'Countess' });
    expect((await answerTo('auto', headers, {}, body)).status).toBe(200);
  });
});

describe('a version', () => {
  const versioned = async (): Promise<Door & { id: string; first: string; second: string }> => {
    const door = openQuietDoor();
    const created = await door.create(ada());
    const id = String(created.body.id);
    const patched = await door.send('PATCH', `/Users/${id}`, { body: replaceTitle });
    return { ...door, id, first: created.headers.etag ?? '', second: patched.headers.etag ?? '' };
  };

  it('changes with the person, stands in header and body, and is weak', async () => {
    const { send, id, first, second } = await versioned();
    expect(first).not.toBe(second);
    const { headers, body } = await send('GET', `/Users/${id}`);
    expect(headers.etag).toBe(second);
    expect(body.meta).toMatchObject({ version: second });
    expect(second).toMatch(/^W\/"[^"]+"$/);
  });

  it('that the client has already is not sent again', async () => {
    const { send, id, first, second } = await versioned();
    const known = await send('GET', `/Users/${id}`, { headers: { 'if-none-match': second } });
    expect(known).toMatchObject({ status: 304, body: {}, headers: { etag: second } });
    const old = await send('GET', `/Users/${id}`, { headers: { 'if-none-match': first } });
    expect(old.status).toBe(200);
    const several = `${first}, ${second}`;
    expect((await send('GET', `/Users/${id}`, { headers: { 'if-none-match': several } })).status).toBe(304);
  });

  it.each([
    ['PUT', ada({ title: 'X' })],
    ['PATCH', patchOf({ op: 'replace', path: 'title', value: 'X' })],
    ['DELETE', undefined],
  ])('that is not the one there fails a %s', async (method, body) => {
    const { send, id, first, stored } = await versioned();
    const before = await stored();
    const answer = await send(method, `/Users/${id}`, { body, headers: { 'if-match': first } });
    expect(detailOf(answer, 412)).toContain('version W/"2"');
    expect(await stored()).toEqual(before);
  });

  it.each(['*', 'W/"2"', '"2"', '2', 'W/"7", W/"2"'])(
    'that is the one there lets a write in as %s',
    async (tag) => {
      const { send, id } = await versioned();
      const answer = await send('PATCH', `/Users/${id}`, {
        body: patchOf({ op: 'replace', path: 'title', value: 'X' }),
        headers: { 'if-match': tag },
      });
      expect(answer.status).toBe(200);
    },
  );

  it('lets in exactly one of many who name it', async () => {
    const { send, id, second } = await versioned();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        send('PATCH', `/Users/${id}`, {
          body: patchOf({ op: 'replace', path: 'title', value: `Title ${index}` }),
          headers: { 'if-match': second },
        }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412, 412, 412, 412, 412, 412, 412]);
  });

  it('stays while the agent is provisioned, which is no change of the person', async () => {
    const door = openDoor({ behaviour: { callsPerMinute: 0 } });
    const created = await door.create(ada());
    const id = String(created.body.id);
    const [record] = await door.stored();
    if (record === undefined) throw new Error('nobody is stored');
    await door.directory.updatePerson(record, { ...record, version: record.version + 1 });
    const headers = { 'if-match': created.headers.etag };
    const answer = await door.send('PATCH', `/Users/${id}`, { body: replaceTitle, headers });
    expect(answer.status).toBe(200);
  });
});

describe('what of a person is seen', () => {
  const person = {
    name: { givenName: 'Ada', familyName: 'Lovelace' },
    emails: [
      { value: 'work@example.com', type: 'work', primary: true },
      { value: 'home@example.com', type: 'home' },
    ],
    [ENTERPRISE]: { department: 'Engines', employeeNumber: '1' },
    password: 'hunter2',
  };
  const seen = async (query: Record<string, string>) => {
    const door = openQuietDoor();
    const id = await aUser(door, person);
    const group = await aGroup(door, 'Analysts', [id]);
    const { body } = await door.send('GET', `/Users/${id}`, { query });
    return { id, group, body };
  };

  it('are the attributes that are asked for, with schemas and id', async () => {
    const { id, body } = await seen({ attributes: 'userName,name.givenName' });
    expect(body).toEqual({
      schemas: expect.any(Array),
      id,
      userName: 'ada@example.com',
      name: { givenName: 'Ada' },
    });
  });

  it.each([
    ['in any case', 'USERNAME', { userName: 'ada@example.com' }],
    ['by URN', `${ENTERPRISE}:department`, { [ENTERPRISE]: { department: 'Engines' } }],
    ['by value path', 'emails[type eq "home"].value', { emails: [{ value: 'home@example.com' }] }],
    ['if they exist', 'userName,colour', { userName: 'ada@example.com' }],
    ['but never the password', 'password', {}],
  ])('may be named %s', async (_, attributes, expected) => {
    const { id, body } = await seen({ attributes });
    expect(body).toEqual({ schemas: expect.any(Array), id, ...expected });
  });

  it('are all but the attributes that are excluded; id and schemas always stay', async () => {
    const { id, body } = await seen({
      excludedAttributes: `emails, name.familyName,id,schemas,groups,${ENTERPRISE},${AGENT},meta`,
    });
    expect(body).toEqual({
      schemas: expect.any(Array),
      id,
      userName: 'ada@example.com',
      name: { givenName: 'Ada' },
      active: true,
    });
  });

  it('are its groups by the names of today, each with its address', async () => {
    const { group, body } = await seen({});
    expect(body.groups).toEqual([
      { value: group, display: 'Analysts', type: 'direct', $ref: expect.stringMatching(`/Groups/${group}$`) },
    ]);
    expect((await seen({ attributes: 'groups.display' })).body.groups).toEqual([{ display: 'Analysts' }]);
    expect((await seen({ excludedAttributes: 'groups' })).body).not.toHaveProperty('groups');
  });

  it('takes no look at groups that nobody wants to see', async () => {
    let looks = 0;
    const door = openQuietDoor({
      services: ({ directory }) => ({
        directory: {
          ...directory,
          groupsOf: (...args) => {
            looks += 1;
            return directory.groupsOf(...args);
          },
        },
      }),
    });
    const id = await aUser(door);
    looks = 0;
    await door.send('GET', `/Users/${id}`, { query: { attributes: 'userName,emails' } });
    await door.send('GET', `/Users/${id}`, { query: { excludedAttributes: 'groups' } });
    await door.send('GET', '/Users', {
      query: { excludedAttributes: 'urn:ietf:params:scim:schemas:core:2.0:User:groups' },
    });
    expect(looks).toBe(0);
    await door.send('GET', `/Users/${id}`);
    expect(looks).toBe(1);
  });
});

describe('a person who is deactivated', () => {
  it('stays to be read and found, and its agent is suspended', async () => {
    const door = openDoor();
    const { body } = await door.create(ada());
    const path = `/Users/${body.id}`;
    const off = await door.send('PATCH', path, {
      body: patchOf({ op: 'replace', value: { active: false } }),
    });
    expect(off.body).toMatchObject({ active: false });
    expect(provisioningOf(off).state).toBe('suspended');
    expect((await door.send('GET', path)).body).toMatchObject({ active: false });
    const found = await door.send('GET', '/Users', { query: { filter: 'userName eq "ada@example.com"' } });
    expect(found.body.totalResults).toBe(1);
    expect(door.simulator.agents()).toHaveLength(1);
  });

  it('is resumed when it is activated again, as the same agent', async () => {
    const door = openDoor();
    const { body } = await door.create(ada());
    const active = (value: boolean) =>
      door.send('PATCH', `/Users/${body.id}`, { body: patchOf({ op: 'replace', path: 'active', value }) });
    await active(false);
    expect(provisioningOf(await active(true)).state).toBe('provisioned');
    expect(door.simulator.agents()).toHaveLength(1);
    expect(door.simulator.calls()).toMatchObject({ 'POST /agents': 1 });
  });

  it('is a conflict for somebody who is to be inactive as well', async () => {
    const door = openQuietDoor();
    await aUser(door, { active: false });
    detailOf(await door.create({ userName: 'ada@example.com', active: false }), 409, 'uniqueness');
  });

  it('comes back when it is created again: same id, same agent, no conflict', async () => {
    const door = openDoor();
    const { body } = await door.create(ada());
    await door.send('PATCH', `/Users/${body.id}`, {
      body: patchOf({ op: 'replace', path: 'active', value: false }),
    });
    const again = await door.create(ada({ title: 'Countess' }));
    expect(again).toMatchObject({ status: 201, body: { id: body.id, title: 'Countess', active: true } });
    expect(provisioningOf(again).state).toBe('provisioned');
    expect(door.simulator.calls()).toMatchObject({ 'POST /agents': 1 });
    detailOf(await door.create(ada()), 409, 'uniqueness');
  });
});

describe('a person who is deleted', () => {
  const gone = async () => {
    const door = openDoor();
    const { body } = await door.create(ada());
    const id = String(body.id);
    const group = await aGroup(door, 'Analysts', [id]);
    door.clock.advance(60 * 60_000);
    const answer = await door.send('DELETE', `/Users/${id}`);
    return { ...door, id, group, answer };
  };

  it('is answered with nothing, and is there for nobody any more', async () => {
    const { answer, send, id, stored } = await gone();
    expect(answer).toMatchObject({ status: 204, body: {} });
    detailOf(await send('GET', `/Users/${id}`), 404);
    detailOf(await send('PUT', `/Users/${id}`, { body: ada() }), 404);
    detailOf(await send('PATCH', `/Users/${id}`, { body: replaceTitle }), 404);
    const all = await send('GET', '/Users');
    expect(all.body).toMatchObject({ totalResults: 0, Resources: [] });
    for (const filter of ['userName eq "ada@example.com"', 'externalId eq "00u1"', `id eq "${id}"`]) {
      expect((await send('GET', '/Users', { query: { filter } })).body).toMatchObject({ totalResults: 0 });
    }
    expect(await stored()).toEqual([]);
  });

  it('cannot be deleted twice', async () => {
    const { send, id } = await gone();
    detailOf(await send('DELETE', `/Users/${id}`), 404);
  });

  it('is a member of nothing, and the group has another version', async () => {
    const { send, group } = await gone();
    const { body } = await send('GET', `/Groups/${group}`);
    expect(body).toMatchObject({ members: [], meta: { version: 'W/"2"' } });
  });

  it('leaves an agent out of service, not deleted, as long as the tenant does not say so', async () => {
    const { simulator } = await gone();
    expect(simulator.agents()).toHaveLength(1);
    expect(simulator.calls()).not.toHaveProperty('DELETE /agents/{agentId}');
  });

  it('takes the agent along where the tenant says so', async () => {
    const door = openDoor({ tenant: { lifecycle: { ...demoTenant().lifecycle, onDelete: 'remove' } } });
    const { body } = await door.create(ada());
    door.clock.advance(60 * 60_000);
    await door.send('DELETE', `/Users/${body.id}`);
    expect(door.simulator.agents()).toEqual([]);
  });

  it('comes back when it is created again', async () => {
    const { create, send, id, simulator } = await gone();
    const again = await create(ada());
    expect(again).toMatchObject({ status: 201, body: { id, active: true } });
    expect((await send('GET', `/Users/${id}`)).status).toBe(200);
    expect((await send('GET', '/Users')).body).toMatchObject({ totalResults: 1 });
    expect(simulator.agents()).toHaveLength(1);
  });

  it('is gone also when SmartAssist cannot be reached', async () => {
    const door = openDoor();
    const { body } = await door.create(ada());
    door.simulator.setBehaviour({ faults: [{ kind: 'drop-before' }] });
    expect((await door.send('DELETE', `/Users/${body.id}`)).status).toBe(204);
    detailOf(await door.send('GET', `/Users/${body.id}`), 404);
  });
});

describe('a change of a person that SmartAssist or the rules refuse', () => {
  it('is not stored, and says why', async () => {
    const door = openDoor();
    const { body } = await door.create(ada());
    const path = `/Users/${body.id}`;
    const long = patchOf({ op: 'replace', path: 'name.givenName', value: 'x'.repeat(51) });
    expect(detailOf(await door.send('PATCH', path, { body: long }), 400, 'invalidValue')).toContain(
      'name.givenName',
    );
    door.simulator.setBehaviour({
      faults: [{ on: 'PUT /agents/{agentId}', kind: 'status', status: 422, times: 1 }],
    });
    const other = patchOf({ op: 'replace', path: 'name.givenName', value: 'Augusta' });
    detailOf(await door.send('PATCH', path, { body: other }), 400, 'invalidValue');
    expect((await door.send('GET', path)).body).toMatchObject({ name: { givenName: 'Ada' } });
  });
});

describe('a person of a group whose members get no agent', () => {
  const provisionWhen = 'active eq true and not (groups.display eq "Guests")';

  it('may have the address of another, whose agent it stays', async () => {
    const door = openDoor({ tenant: { ...demoTenant(), provisionWhen } });
    await door.create(ada());
    const eve = await door.create(ada({ userName: 'eve', externalId: '00u2', emails: [], active: false }));
    const members = [{ value: eve.body.id }];
    await door.send('POST', '/Groups', { body: { displayName: 'Guests', members } });
    const value = { active: true, emails: ada().emails };
    const changed = await door.send('PATCH', `/Users/${eve.body.id}`, {
      body: patchOf({ op: 'replace', value }),
    });

    expect({ status: changed.status, emails: changed.body.emails }).toEqual({
      status: 200,
      emails: ada().emails,
    });
    expect(provisioningOf(changed)).toMatchObject({ state: 'waiting' });
    expect(door.simulator.agents().map(({ emailId }) => emailId)).toEqual(['ada.lovelace@example.com']);
  });
});
