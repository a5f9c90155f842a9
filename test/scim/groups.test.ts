import { describe, expect, it } from 'vitest';
import { runRemapPage } from '../../functions/provision/drain/remap.ts';
import { nextRemapJob } from '../../functions/provision/remap-jobs.ts';
import { openTenant } from '../../functions/provision/tenant.ts';
import { demoTenant } from '../mapping/demo.ts';
import { ada, type Door, detailOf, openDoor, provisioningOf } from './door.ts';
import { aGroup, aUser, memberIds, openQuietDoor, patchOf, resourcesOf } from './quiet.ts';

const add = (...values: string[]) =>
  patchOf({ op: 'add', path: 'members', value: values.map((value) => ({ value })) });
const remove = (...values: string[]) =>
  patchOf(...values.map((value) => ({ op: 'remove', path: `members[value eq "${value}"]` })));

/** The members that a test calls for: `u0`, `u1` and so on, whom nobody has to be. */
const ids = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `u${from + index}`);

/** What the directory was asked for, by the names of its functions. */
function counting(): { door: Door; calls: () => Record<string, number>; reset: () => void } {
  let calls: Record<string, number> = {};
  const door = openQuietDoor({
    services: ({ directory }) => ({
      directory: new Proxy(directory, {
        get: (target, name: keyof typeof directory) => {
          calls[name] = (calls[name] ?? 0) + 1;
          return target[name];
        },
      }),
    }),
  });
  return {
    door,
    calls: () => calls,
    reset: () => {
      calls = {};
    },
  };
}

describe('a group', () => {
  it('is made, answered whole, and read as it was answered', async () => {
    const door = openQuietDoor();
    const user = await aUser(door);
    const { status, body, headers } = await door.send('POST', '/Groups', {
      body: {
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
        displayName: 'Analysts',
        externalId: 'x1',
        members: [{ value: user, display: 'Ada', type: 'User' }],
      },
    });
    expect(status).toBe(201);
    expect(body).toEqual({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
      id: expect.any(String),
      externalId: 'x1',
      displayName: 'Analysts',
      members: [
        { value: user, display: 'Ada', type: 'User', $ref: expect.stringMatching(`/Users/${user}$`) },
      ],
      meta: {
        resourceType: 'Group',
        created: '2026-11-23T10:00:00.000Z',
        lastModified: '2026-11-23T10:00:00.000Z',
        location: expect.stringMatching(`/demo/scim/v2/Groups/${body.id}$`),
        version: 'W/"1"',
      },
    });
    expect(headers).toMatchObject({ location: (body.meta as { location: string }).location, etag: 'W/"1"' });
    expect((await door.send('GET', `/Groups/${body.id}`)).body).toEqual(body);
  });

  it('needs a name', async () => {
    const detail = detailOf(await openQuietDoor().send('POST', '/Groups', { body: {} }), 400, 'invalidValue');
    expect(detail).toContain('displayName');
  });

  it('of a name that is there is a conflict, unless an externalId tells the two apart', async () => {
    const door = openQuietDoor();
    const post = (body: unknown) => door.send('POST', '/Groups', { body });
    await post({ displayName: 'Analysts', externalId: '1' });
    detailOf(await post({ displayName: 'ANALYSTS' }), 409, 'uniqueness');
    detailOf(await post({ displayName: 'Analysts', externalId: '1' }), 409, 'uniqueness');
    expect((await post({ displayName: 'Analysts', externalId: '2' })).status).toBe(201);
  });

  it('may have members whom nobody has yet; they are its members when they arrive', async () => {
    const door = openQuietDoor();
    const group = await aGroup(door, 'Analysts', ['id-000002', 'id-000002', 'later']);
    expect(await memberIds(door, group)).toEqual(['id-000002', 'later']);
    const user = await aUser(door);
    expect(user).toBe('id-000002');
    const { body } = await door.send('GET', `/Users/${user}`);
    expect(body.groups).toMatchObject([{ value: group, display: 'Analysts' }]);
  });

  it('within a group has its own address', async () => {
    const door = openQuietDoor();
    const inner = await aGroup(door, 'Inner');
    const { body } = await door.send('POST', '/Groups', {
      body: { displayName: 'Outer', members: [{ value: inner, type: 'Group' }] },
    });
    expect(body.members).toEqual([
      { value: inner, type: 'Group', $ref: expect.stringMatching(`/Groups/${inner}$`) },
    ]);
  });

  it('that is deleted is gone, also from its members; deleting it twice is not found', async () => {
    const door = openQuietDoor();
    const user = await aUser(door);
    const group = await aGroup(door, 'Analysts', [user]);
    expect((await door.send('DELETE', `/Groups/${group}`)).status).toBe(204);
    detailOf(await door.send('GET', `/Groups/${group}`), 404);
    detailOf(await door.send('DELETE', `/Groups/${group}`), 404);
    detailOf(await door.send('PATCH', `/Groups/${group}`, { body: add(user) }), 404);
    detailOf(await door.send('PUT', `/Groups/${group}`, { body: { displayName: 'X' } }), 404);
    expect((await door.send('GET', `/Users/${user}`)).body).not.toHaveProperty('groups');
    expect((await door.send('GET', '/Groups')).body).toMatchObject({ totalResults: 0 });
  });
});

describe('a PUT of a group', () => {
  it('replaces its name and its members', async () => {
    const door = openQuietDoor();
    const group = await aGroup(door, 'Analysts', ['a', 'b', 'c']);
    const { status, body } = await door.send('PUT', `/Groups/${group}`, {
      body: { displayName: 'Engineers', members: [{ value: 'c' }, { value: 'd' }] },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ displayName: 'Engineers', members: [{ value: 'c' }, { value: 'd' }] });
    expect(await memberIds(door, group)).toEqual(['c', 'd']);
  });

  it.each([[[]], [null]])('with members that are %j leaves none', async (members) => {
    const door = openQuietDoor();
    const group = await aGroup(door, 'Analysts', ['a', 'b']);
    await door.send('PUT', `/Groups/${group}`, { body: { displayName: 'Analysts', members } });
    expect(await memberIds(door, group)).toEqual([]);
  });

  it('that says nothing of members leaves them', async () => {
    const door = openQuietDoor();
    const group = await aGroup(door, 'Analysts', ['a', 'b']);
    await door.send('PUT', `/Groups/${group}`, { body: { displayName: 'Engineers' } });
    expect(await memberIds(door, group)).toEqual(['a', 'b']);
  });
});

describe('a PATCH of a group', () => {
  it.each([
    ['adds a list', add('b', 'c'), ['a', 'b', 'c']],
    ['adds who is there already', add('a'), ['a']],
    ['adds one as an object', patchOf({ op: 'add', path: 'members', value: { value: 'b' } }), ['a', 'b']],
    ['adds bare strings', patchOf({ op: 'add', path: 'members', value: ['b'] }), ['a', 'b']],
    ['adds without a path', patchOf({ op: 'add', value: { members: [{ value: 'b' }] } }), ['a', 'b']],
    ['removes by filter', remove('a'), []],
    ['removes who is not there', remove('z'), ['a']],
    ['removes by a list of values', patchOf({ op: 'remove', path: 'members', value: [{ value: 'a' }] }), []],
    ['removes all', patchOf({ op: 'remove', path: 'members' }), []],
    ['replaces all', patchOf({ op: 'replace', path: 'members', value: [{ value: 'b' }] }), ['b']],
    ['replaces by nobody', patchOf({ op: 'replace', path: 'members', value: [] }), []],
    ['replaces by null', patchOf({ op: 'replace', value: { members: null } }), []],
    [
      'does several things in their order',
      patchOf(
        { op: 'remove', path: 'members[value eq "a"]' },
        { op: 'add', path: 'members', value: [{ value: 'b' }, { value: 'c' }] },
        { op: 'remove', path: 'members[value eq "b"]' },
      ),
      ['c'],
    ],
  ])('%s', async (_, body, expected) => {
    const door = openQuietDoor();
    const group = await aGroup(door, 'Analysts', ['a']);
    const answer = await door.send('PATCH', `/Groups/${group}`, { body });
    expect(answer.status).toBe(200);
    expect(((answer.body.members ?? []) as { value: string }[]).map(({ value }) => value)).toEqual(expected);
    expect(await memberIds(door, group)).toEqual(expected);
  });

  it.each([
    ['a remove', patchOf({ op: 'remove', path: 'members' }), false],
    ['null', patchOf({ op: 'replace', value: { members: null } }), false],
    ['an empty list', patchOf({ op: 'replace', path: 'members', value: [] }), true],
    ['the last one by its id', remove('a'), true],
  ])('shows a list without anybody, unless the client removed it: %s', async (_, body, isShown) => {
    const door = openQuietDoor();
    const group = await aGroup(door, 'Analysts', ['a']);
    const answer = await door.send('PATCH', `/Groups/${group}`, { body });
    expect('members' in answer.body).toBe(isShown);
    const read = await door.send('GET', `/Groups/${group}`);
    expect(read.body).toEqual(answer.body);
    await door.send('PATCH', `/Groups/${group}`, { body: add('b') });
    expect((await door.send('PATCH', `/Groups/${group}`, { body: remove('b') })).body.members).toEqual([]);
  });

  it.each(['PATCH', 'PUT'])('renames none to the name of another, by %s', async (method) => {
    const door = openQuietDoor();
    await aGroup(door, 'Engineers');
    const group = await aGroup(door, 'Analysts', ['a']);
    const rename = (displayName: string) =>
      door.send(method, `/Groups/${group}`, {
        body: method === 'PUT' ? { displayName } : patchOf({ op: 'replace', value: { displayName } }),
      });
    const before = await door.send('GET', `/Groups/${group}`);
    expect(detailOf(await rename('engineers'), 409, 'uniqueness')).toContain('"engineers" exists already');
    expect((await door.send('GET', `/Groups/${group}`)).body).toEqual(before.body);
    expect((await rename('ANALYSTS')).body).toMatchObject({ displayName: 'ANALYSTS' });
  });

  it('renames it to the name of another where externalIds tell them apart, as a create may have it', async () => {
    const door = openQuietDoor();
    const create = async (displayName: string, externalId: string) =>
      (await door.send('POST', '/Groups', { body: { displayName, externalId } })).body.id;
    await create('Engineers', '1');
    const id = await create('Analysts', '2');
    const body = patchOf({ op: 'replace', path: 'displayName', value: 'Engineers' });
    expect((await door.send('PATCH', `/Groups/${id}`, { body })).status).toBe(200);
  });

  it('renames it, for its members too, and moves the key by which it is found', async () => {
    const door = openQuietDoor();
    const user = await aUser(door);
    const group = await aGroup(door, 'Analysts', [user]);
    await door.send('PATCH', `/Groups/${group}`, {
      body: patchOf({ op: 'replace', value: { id: group, displayName: 'Engineers' } }),
    });
    expect((await door.send('GET', `/Users/${user}`)).body.groups).toMatchObject([{ display: 'Engineers' }]);
    const find = async (name: string) =>
      (await door.send('GET', '/Groups', { query: { filter: `displayName eq "${name}"` } })).body
        .totalResults;
    expect([await find('analysts'), await find('engineers')]).toEqual([0, 1]);
  });

  it.each([
    ['a rename', patchOf({ op: 'replace', path: 'displayName', value: '' })],
    ['a member', patchOf({ op: 'add', path: 'members', value: [{ display: 'without value' }] })],
    ['an operation', patchOf({ op: 'replace', path: 'id', value: 'x' })],
    ['a filter', patchOf({ op: 'remove', path: 'members[display eq "x"]' })],
    ['a text', patchOf({ op: 'add', path: 'members', value: [{ value: 'x', display: 'x'.repeat(2_000) }] })],
  ])('that fails by %s changes nothing', async (_, failing) => {
    const door = openQuietDoor();
    const group = await aGroup(door, 'Analysts', ['a']);
    const before = await door.send('GET', `/Groups/${group}`);
    const body = patchOf(...add('b').Operations, ...failing.Operations);
    expect((await door.send('PATCH', `/Groups/${group}`, { body })).status).toBe(400);
    expect((await door.send('GET', `/Groups/${group}`)).body).toEqual(before.body);
  });

  it('loses none of many that come at the same time', async () => {
    const door = openQuietDoor();
    const group = await aGroup(door, 'Analysts', ids(20));
    const answers = await Promise.all([
      ...ids(20, 20).map((id) => door.send('PATCH', `/Groups/${group}`, { body: add(id) })),
      ...ids(10).map((id) => door.send('PATCH', `/Groups/${group}`, { body: remove(id) })),
    ]);
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    expect((await memberIds(door, group)).toSorted()).toEqual(ids(30, 10).toSorted());
  });

  it('is answered 204 for entra, and for a group that is too large to be read for it', async () => {
    const door = openQuietDoor();
    const small = await aGroup(door, 'Small', ids(49));
    const patch = (group: string, value: string, query = {}) =>
      door.send('PATCH', `/Groups/${group}`, { body: add(value), query });
    expect((await patch(small, 'x1')).status).toBe(200);
    expect((await patch(small, 'x2')).status).toBe(204);
    expect((await patch(small, 'x3', { aadOptscim062020: '' })).status).toBe(204);
    expect(await patch(small, 'x4', { attributes: 'displayName' })).toMatchObject({
      status: 200,
      body: { displayName: 'Small' },
    });
    expect(await memberIds(door, small)).toHaveLength(53);
  });
});

describe('the version of a group', () => {
  it('changes with its members, and stays when nothing happens', async () => {
    const door = openQuietDoor();
    const group = await aGroup(door, 'Analysts', ['a']);
    const patch = (body: unknown) => door.send('PATCH', `/Groups/${group}`, { body });
    const versions = [
      await patch(add('b')),
      await patch(add('b')),
      await patch(remove('b')),
      await patch(patchOf({ op: 'replace', path: 'displayName', value: 'Analysts' })),
      await patch(patchOf({ op: 'replace', path: 'displayName', value: 'Engineers' })),
    ].map(({ headers }) => headers.etag);
    expect(versions).toEqual(['W/"2"', 'W/"2"', 'W/"3"', 'W/"3"', 'W/"4"']);
    const known = await door.send('GET', `/Groups/${group}`, { headers: { 'if-none-match': 'W/"4"' } });
    expect(known).toMatchObject({ status: 304, body: {} });
  });

  it.each([
    ['PUT', { displayName: 'X' }],
    ['PATCH', add('b')],
    ['DELETE', undefined],
  ])('that is not the one there fails a %s', async (method, body) => {
    const door = openQuietDoor();
    const group = await aGroup(door, 'Analysts', ['a']);
    await door.send('PATCH', `/Groups/${group}`, { body: add('c') });
    const headers = { 'if-match': 'W/"1"' };
    detailOf(await door.send(method, `/Groups/${group}`, { body, headers }), 412);
    expect(await memberIds(door, group)).toEqual(['a', 'c']);
  });

  it('lets in exactly one of many who name it', async () => {
    const door = openQuietDoor();
    const group = await aGroup(door, 'Analysts');
    const answers = await Promise.all(
      ids(5).map((id) =>
        door.send('PATCH', `/Groups/${group}`, { body: add(id), headers: { 'if-match': 'W/"1"' } }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412, 412, 412, 412]);
    expect(await memberIds(door, group)).toHaveLength(1);
  });
});

describe('a large group', () => {
  it('costs the same as a small one when a member comes or goes, and none is read', async () => {
    const { door, calls, reset } = counting();
    const costs: Record<string, number>[] = [];
    for (const size of [60, 3_000]) {
      const group = await aGroup(door, `Group of ${size}`, ids(size));
      reset();
      await door.send('PATCH', `/Groups/${group}`, { body: add('new') });
      await door.send('PATCH', `/Groups/${group}`, { body: remove('new') });
      costs.push({ ...calls() });
    }
    expect(costs[1]).toEqual(costs[0]);
  });

  it('is changed by many operations of a kind as by one', async () => {
    const { door, calls, reset } = counting();
    const group = await aGroup(door, 'Analysts', ids(60));
    reset();
    const body = patchOf(
      ...remove(...ids(40)).Operations,
      ...add('x').Operations,
      ...add('y', 'x').Operations,
    );
    await door.send('PATCH', `/Groups/${group}`, { body });
    expect(calls()).toMatchObject({ removeMembers: 1, addMembers: 1 });
    expect(await memberIds(door, group)).toEqual([...ids(20, 40), 'x', 'y'].toSorted());
  });

  it('is read without its members where they are excluded (E11)', async () => {
    const { door, calls, reset } = counting();
    const group = await aGroup(door, 'Analysts', ids(10));
    reset();
    const query = { excludedAttributes: 'members' };
    const one = await door.send('GET', `/Groups/${group}`, { query });
    const listed = await door.send('GET', '/Groups', {
      query: { ...query, filter: 'displayName eq "analysts"' },
    });
    expect(one.body).toMatchObject({ displayName: 'Analysts' });
    expect(one.body).not.toHaveProperty('members');
    expect(resourcesOf(listed)).toEqual([one.body]);
    expect(calls()).not.toHaveProperty('listMembers');
  });

  it('says whether somebody is in it by one look-up', async () => {
    const { door, calls, reset } = counting();
    const group = await aGroup(door, 'Analysts', ids(10));
    await aGroup(door, 'Engineers', ['u99']);
    reset();
    const find = async (filter: string) => {
      const query = { filter, attributes: 'displayName' };
      return resourcesOf(await door.send('GET', '/Groups', { query })).map(({ displayName }) => displayName);
    };
    expect(await find(`id eq "${group}" and members eq "u3"`)).toEqual(['Analysts']);
    expect(await find(`id eq "${group}" and members[value eq "u99"]`)).toEqual([]);
    expect(await find('members.value eq "u99"')).toEqual(['Engineers']);
    expect(await find('displayName eq "Engineers" and not (members.value eq "u3")')).toEqual(['Engineers']);
    expect(calls()).not.toHaveProperty('listMembers');
    expect(calls()).not.toHaveProperty('listGroups');
    expect(await find('members pr')).toEqual(['Analysts', 'Engineers']);
    expect(await find('members co "99"')).toEqual(['Engineers']);
  });

  it('is shown with all its members, of more than a thousand their ids alone', async () => {
    const door = openQuietDoor();
    const group = await aGroup(door, 'Everybody', ids(2_500));
    const { body } = await door.send('GET', `/Groups/${group}`);
    expect((body.members as unknown[]).length).toBe(2_500);
    expect((body.members as unknown[])[0]).toEqual({ value: 'u0' });
  });

  it('is replaced and emptied whole', async () => {
    const door = openQuietDoor();
    const group = await aGroup(door, 'Everybody', ids(700));
    const half = ids(700, 350).map((value) => ({ value }));
    await door.send('PATCH', `/Groups/${group}`, {
      body: patchOf({ op: 'replace', path: 'members', value: half }),
    });
    expect((await memberIds(door, group)).toSorted()).toEqual(ids(700, 350).toSorted());
    await door.send('PATCH', `/Groups/${group}`, { body: patchOf({ op: 'remove', path: 'members' }) });
    expect(await memberIds(door, group)).toEqual([]);
  });

  it('is gone at once when it is deleted', async () => {
    const { door, calls, reset } = counting();
    const user = await aUser(door);
    const group = await aGroup(door, 'Everybody', [user, ...ids(500)]);
    reset();
    expect((await door.send('DELETE', `/Groups/${group}`)).status).toBe(204);
    expect(calls()).not.toHaveProperty('removeMembers');
    detailOf(await door.send('GET', `/Groups/${group}`), 404);
    expect((await door.send('GET', `/Users/${user}`)).body).not.toHaveProperty('groups');
  });

  it('that is deleted leaves its memberships to the drain', async () => {
    const door = openQuietDoor();
    const { services } = door;
    const group = await aGroup(door, 'Everybody', ids(250));
    await door.send('DELETE', `/Groups/${group}`);
    const provisioning = openTenant('demo', demoTenant(), services);
    const terms = { urgency: 'backfill', deadline: Number.POSITIVE_INFINITY } as const;
    let pages = 0;
    const next = () => nextRemapJob(door.directory, 'demo', services.clock.now());
    for (let job = await next(); job !== undefined; job = await next()) {
      expect(await runRemapPage(provisioning, services, job, terms)).toBe(true);
      pages += 1;
    }
    expect(pages).toBe(3);
    expect(await door.directory.countMembers('demo', group)).toBe(0);
  });
});

describe('what happens to a group', () => {
  /** A door behind which Ada has an agent, and a group that makes agents billing agents. */
  const peopled = async () => {
    const door = openDoor();
    const { body } = await door.create(ada());
    const states = async () => provisioningOf(await door.send('GET', `/Users/${body.id}`)).state;
    door.rung.length = 0;
    return { ...door, id: String(body.id), states };
  };
  const billing = 'Contact Centre Billing';

  it('makes those due again who are in it from the start', async () => {
    const { states, rung, id, ...door } = await peopled();
    await aGroup({ ...door, rung }, billing, [id]);
    expect(await states()).toBe('due');
    expect(rung).toContain('demo');
  });

  it('makes those due again who come and who go, and nobody else', async () => {
    const { states, id, ...rest } = await peopled();
    const door = { ...rest };
    const other = await door.create(ada({ userName: 'bob', emails: [{ value: 'bob@example.com' }] }));
    const group = await aGroup(door, billing);
    await door.send('PATCH', `/Groups/${group}`, { body: add(id) });
    expect(await states()).toBe('due');
    const bob = await door.send('GET', `/Users/${other.body.id}`);
    expect(provisioningOf(bob).state).toBe('provisioned');
    const again = await peopled();
    const theirs = await aGroup(again, billing, [again.id]);
    await settle(again);
    expect(await again.states()).toBe('provisioned');
    await again.send('PATCH', `/Groups/${theirs}`, { body: remove(again.id) });
    expect(await again.states()).toBe('due');
  });

  it('makes its members due again when it is deleted', async () => {
    const door = await peopled();
    const group = await aGroup(door, billing, [door.id]);
    await settle(door);
    await door.send('DELETE', `/Groups/${group}`);
    expect(await door.states()).toBe('due');
  });

  it('has its members looked at again when it is renamed', async () => {
    const door = await peopled();
    const group = await aGroup(door, 'Analysts', [door.id]);
    await settle(door);
    door.rung.length = 0;
    await door.send('PATCH', `/Groups/${group}`, {
      body: patchOf({ op: 'replace', path: 'displayName', value: billing }),
    });
    expect(door.rung).toEqual(['demo']);
    expect((await door.directory.readDocument('demo', 'jobs'))?.body.jobs).toMatchObject([
      { kind: 'group', groupId: group },
    ]);
  });

  it('has them looked at again also where the function dies right after the renaming', async () => {
    let dies = false;
    const door = openDoor({
      services: ({ directory }) => ({
        directory: {
          ...directory,
          updateGroup: async (...change) => {
            const done = await directory.updateGroup(...change);
            if (dies) throw new Error('the function is gone');
            return done;
          },
        },
      }),
    });
    const group = await aGroup(door, 'Analysts', []);
    dies = true;
    await door.send('PATCH', `/Groups/${group}`, {
      body: patchOf({ op: 'replace', path: 'displayName', value: billing }),
    });
    expect((await door.directory.readDocument('demo', 'jobs'))?.body.jobs).toMatchObject([
      { kind: 'group', groupId: group },
    ]);
  });

  /** What the drain would do: here a PUT of the same person is enough, since it plans anew. */
  const settle = async ({ send, id }: Awaited<ReturnType<typeof peopled>>) => {
    await send('PATCH', `/Users/${id}`, {
      body: patchOf({ op: 'replace', path: 'title', value: `${Math.random()}` }),
    });
  };
});
