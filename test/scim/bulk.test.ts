import { describe, expect, it } from 'vitest';
import { ada, type Door, detailOf, ERROR, openDoor, provisioningOf } from './door.ts';
import { aGroup, aUser, ENTERPRISE, memberIds, openQuietDoor, patchOf } from './quiet.ts';

const REQUEST = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
const RESPONSE = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse';

interface Result {
  readonly method?: string;
  readonly bulkId?: string;
  readonly status: string;
  readonly location?: string;
  readonly version?: string;
  readonly response?: { readonly detail: string; readonly scimType?: string };
}

async function bulk(door: Door, Operations: readonly unknown[], more: object = {}): Promise<Result[]> {
  const answer = await door.send('POST', '/Bulk', { body: { schemas: [REQUEST], ...more, Operations } });
  expect(answer).toMatchObject({ status: 200, body: { schemas: [RESPONSE] } });
  return answer.body.Operations as Result[];
}

const post = (bulkId: string, data: object, path = '/Users') => ({ method: 'POST', path, bulkId, data });
const group = (bulkId: string, displayName: string, ...members: string[]) =>
  post(bulkId, { displayName, members: members.map((value) => ({ value })) }, '/Groups');
const statuses = (results: readonly Result[]) => results.map(({ status }) => status);
const idIn = ({ location = '' }: Result) => location.split('/').at(-1) ?? '';

describe('a bulk request', () => {
  it('rings once, however many persons it brings', async () => {
    const door = openDoor();
    const Operations = Array.from({ length: 50 }, (_, index) => ({
      method: 'POST',
      path: '/Users',
      bulkId: `b-${index}`,
      data: ada({ userName: `ada-${index}@example.com`, emails: undefined }),
    }));
    const { status } = await door.send('POST', '/Bulk', { body: { Operations } });
    expect(status).toBe(200);
    expect(door.rung).toEqual(['demo']);
  });

  it('does every kind of operation, and has one result for each', async () => {
    const door = openQuietDoor();
    const bob = await aUser(door, { userName: 'bob' });
    const dave = await aUser(door, { userName: 'dave', nickName: 'D' });
    const gone = await aUser(door, { userName: 'gone' });
    const results = await bulk(door, [
      post('qwerty', { userName: 'Alice' }),
      { method: 'PUT', path: `/Users/${bob}`, version: 'W/"1"', data: { userName: 'Bob' } },
      { method: 'PATCH', path: `/Users/${dave}`, data: patchOf({ op: 'remove', path: 'nickName' }) },
      { method: 'DELETE', path: `/Users/${gone}` },
    ]);
    const base = 'https://id.execute-api.eu-central-1.amazonaws.com/demo/scim/v2/Users';
    expect(results).toEqual([
      {
        method: 'POST',
        bulkId: 'qwerty',
        version: 'W/"1"',
        location: expect.stringMatching(`^${base}/`),
        status: '201',
      },
      { method: 'PUT', version: 'W/"2"', location: `${base}/${bob}`, status: '200' },
      { method: 'PATCH', version: 'W/"2"', location: `${base}/${dave}`, status: '200' },
      { method: 'DELETE', location: `${base}/${gone}`, status: '204' },
    ]);
    expect((await door.stored()).map(({ person }) => person.userName).toSorted()).toEqual([
      'Alice',
      'Bob',
      'dave',
    ]);
  });

  it('resolves references, also to what is created later', async () => {
    const door = openQuietDoor();
    const results = await bulk(door, [
      group('g', 'Tour Guides', 'bulkId:bob', 'bulkId:alice'),
      post('bob', { userName: 'Bob', [ENTERPRISE]: { manager: { value: 'bulkId:alice' } } }),
      post('alice', { userName: 'Alice' }),
    ]);
    expect(statuses(results)).toEqual(['201', '201', '201']);
    expect(results.map(({ bulkId }) => bulkId)).toEqual(['g', 'bob', 'alice']);
    const [guides, bob, alice] = results.map(idIn);
    expect(await memberIds(door, guides ?? '')).toEqual([bob, alice].toSorted());
    expect((await door.send('GET', `/Users/${bob}`)).body[ENTERPRISE]).toEqual({ manager: { value: alice } });
  });

  it('resolves references in paths and in their filters', async () => {
    const door = openQuietDoor();
    const analysts = await aGroup(door, 'Analysts');
    const results = await bulk(door, [
      {
        method: 'PATCH',
        path: `/Groups/${analysts}`,
        data: patchOf({ op: 'add', path: 'members[value eq "bulkId:alice"]', value: {} }),
      },
      {
        method: 'PATCH',
        path: '/Users/bulkId:alice',
        data: patchOf({ op: 'add', path: 'title', value: 'Dr' }),
      },
      post('alice', { userName: 'Alice' }),
    ]);
    expect(statuses(results)).toEqual(['200', '200', '201']);
    const alice = idIn(results[2] as Result);
    expect(idIn(results[1] as Result)).toBe(alice);
    expect(await memberIds(door, analysts)).toEqual([alice]);
    expect((await door.send('GET', `/Users/${alice}`)).body).toMatchObject({ title: 'Dr' });
  });

  it('refuses what refers to itself in a circle, and does the rest', async () => {
    const door = openQuietDoor();
    const results = await bulk(door, [
      group('a', 'A', 'bulkId:b'),
      group('b', 'B', 'bulkId:a'),
      group('c', 'C', 'bulkId:c'),
      group('d', 'D', 'bulkId:a'),
      post('e', { userName: 'Eve' }),
    ]);
    expect(statuses(results)).toEqual(['409', '409', '409', '409', '201']);
    expect(results[0]?.response).toMatchObject({ schemas: [ERROR], status: '409' });
    expect((await door.send('GET', '/Groups')).body.totalResults).toBe(0);
  });

  it('refuses what refers to nothing, or to what failed', async () => {
    const results = await bulk(openQuietDoor(), [
      group('a', 'A', 'bulkId:nothing'),
      post('bad', { userName: '' }),
      group('b', 'B', 'bulkId:bad'),
    ]);
    expect(results.map(({ status, response }) => [status, response?.scimType])).toEqual([
      ['400', 'invalidValue'],
      ['400', 'invalidValue'],
      ['409', undefined],
    ]);
    expect(results[0]?.response?.detail).toContain('"nothing"');
  });

  it('goes on after errors, each in its own result with the address of what it was about', async () => {
    const door = openQuietDoor();
    const bob = await aUser(door, { userName: 'bob' });
    const results = await bulk(door, [
      post('1', { userName: 'BOB' }),
      { method: 'PUT', path: `/Users/${bob}`, version: 'W/"9"', data: { userName: 'x' } },
      { method: 'DELETE', path: '/Users/nobody' },
      post('2', { userName: 'eve' }),
    ]);
    expect(statuses(results)).toEqual(['409', '412', '404', '201']);
    expect(results.map(({ location }) => location?.replace(/^.*\/Users\//, ''))).toEqual([
      undefined,
      bob,
      'nobody',
      idIn(results[3] as Result),
    ]);
    expect(results[0]).toMatchObject({ method: 'POST', bulkId: '1', response: { scimType: 'uniqueness' } });
  });

  it.each([
    [1, ['409']],
    ['2', ['409', '201', '409']],
    [0, ['409']],
    [9, ['409', '201', '409', '201']],
    [null, ['409', '201', '409', '201']],
  ])('stops after as many errors as failOnErrors says: %j', async (failOnErrors, expected) => {
    const door = openQuietDoor();
    await aUser(door, { userName: 'bob' });
    const names = ['bob', 'eve', 'bob', 'mallory'];
    const results = await bulk(
      door,
      names.map((userName, index) => post(String(index), { userName })),
      { failOnErrors },
    );
    expect(statuses(results)).toEqual(expected);
  });

  it.each([
    ['no object', 3, 'invalidSyntax'],
    ['a method that is none', { method: 'GET', path: '/Users/1' }, 'invalidSyntax'],
    ['no method', { path: '/Users' }, 'invalidSyntax'],
    ['no path', { method: 'DELETE' }, 'invalidPath'],
    ['a path elsewhere', { method: 'DELETE', path: '/Schemas/1' }, 'invalidPath'],
    ['a bulk request', { method: 'POST', path: '/Bulk', bulkId: '1', data: {} }, 'invalidPath'],
    ['a POST to somebody', { method: 'POST', path: '/Users/1', bulkId: '1', data: {} }, 'invalidPath'],
    ['a DELETE of everybody', { method: 'DELETE', path: '/Users' }, 'invalidPath'],
    ['a POST without bulkId', { method: 'POST', path: '/Users', data: { userName: 'x' } }, 'invalidSyntax'],
    ['no data', { method: 'POST', path: '/Users', bulkId: '1' }, 'invalidSyntax'],
    ['a bulkId that is no text', { method: 'POST', path: '/Users', bulkId: 1, data: {} }, 'invalidSyntax'],
  ])('has an error for %s', async (_, operation, scimType) => {
    const results = await bulk(openQuietDoor(), [operation, post('good', { userName: 'eve' })]);
    expect(results.map(({ status }) => status)).toEqual(['400', '201']);
    expect(results[0]?.response?.scimType).toBe(scimType);
  });

  it('takes each bulkId once', async () => {
    const door = openQuietDoor();
    const results = await bulk(door, [post('x', { userName: 'a' }), post('x', { userName: 'b' })]);
    expect(statuses(results)).toEqual(['201', '400']);
  });

  it('understands paths with the whole address before them, and methods in any case', async () => {
    const door = openQuietDoor();
    const bob = await aUser(door, { userName: 'bob' });
    const results = await bulk(door, [
      { method: 'delete', path: `https://host.example/demo/scim/v2/users/${bob}` },
      { method: 'Post', path: 'Users', bulkId: '1', data: { userName: 'eve' } },
    ]);
    expect(statuses(results)).toEqual(['204', '201']);
  });

  it.each([
    'https://id.execute-api.eu-central-1.amazonaws.com/other/scim/v2/Users/',
    'https://host.example/prod/other/scim/v2/Users/',
    '/other/scim/v2/Users/',
    '/Other/SCIM/V2/users/',
    'https://host.example/other/scim/v2/demo/scim/v2/Users/',
    'https://host.example/Users/',
  ])('does nothing in its own tenant for an address of another: %s', async (address) => {
    const door = openQuietDoor();
    const bob = await aUser(door, { userName: 'bob' });
    const results = await bulk(door, [{ method: 'DELETE', path: `${address}${bob}` }]);
    expect(statuses(results)).toEqual(['400']);
    expect(results[0]?.response?.scimType).toBe('invalidPath');
    expect((await door.send('GET', `/Users/${bob}`)).status).toBe(200);
  });

  it.each(['https://host.example/prod/demo/scim/v2/Users/', '/demo/scim/v2/Users/', '/scim/v2/Users/'])(
    "takes its own tenant's address: %s",
    async (address) => {
      const door = openQuietDoor();
      const bob = await aUser(door, { userName: 'bob' });
      const results = await bulk(door, [{ method: 'DELETE', path: `${address}${bob}?x#y` }]);
      expect(statuses(results)).toEqual(['204']);
    },
  );

  it('may have a thousand operations, which wait for no agent', async () => {
    const door = openDoor();
    const operations = Array.from({ length: 1_000 }, (_, index) =>
      post(String(index), ada({ userName: `user${index}`, emails: [{ value: `u${index}@example.com` }] })),
    );
    const results = await bulk(door, operations);
    expect(new Set(statuses(results))).toEqual(new Set(['201']));
    expect(results).toHaveLength(1_000);
    expect(door.simulator.calls().total).toBe(0);
    expect(door.rung).toContain('demo');
    const [first] = await door.stored();
    expect(first).toMatchObject({ state: 'due', priority: 1 });
  });

  it('of a few makes the agents at once', async () => {
    const door = openDoor();
    const [result] = await bulk(door, [post('1', ada())]);
    const { body } = await door.send('GET', `/Users/${idIn(result as Result)}`);
    expect(provisioningOf({ status: 200, headers: {}, body }).state).toBe('provisioned');
  });

  it('of more operations or bytes is refused with the limit', async () => {
    const { send } = openQuietDoor();
    const many = Array.from({ length: 1_001 }, () => ({ method: 'DELETE', path: '/Users/x' }));
    const body = { schemas: [REQUEST], Operations: many };
    expect(detailOf(await send('POST', '/Bulk', { body }), 413)).toContain('1000');
    const large = { Operations: [post('1', { userName: 'x', title: 'x'.repeat(1024 * 1024) })] };
    expect(detailOf(await send('POST', '/Bulk', { body: large }), 413)).toContain('1048576');
  });

  it.each([
    ['Operations that are no list', { Operations: {} }, 'invalidSyntax'],
    ['no Operations', {}, 'invalidSyntax'],
    ['failOnErrors that is no number', { failOnErrors: 'many', Operations: [] }, 'invalidValue'],
  ])('with %s is refused', async (_, body, scimType) => {
    detailOf(await openQuietDoor().send('POST', '/Bulk', { body }), 400, scimType);
  });

  it('says of operations for which no time is left that they have to be sent again', async () => {
    const door = openQuietDoor({
      services: ({ directory, clock }) => ({
        directory: {
          ...directory,
          createPerson: async (record) => {
            await clock.sleep(15_000);
            return directory.createPerson(record);
          },
        },
      }),
    });
    const results = await bulk(
      door,
      ['a', 'b', 'c'].map((userName) => post(userName, { userName })),
    );
    expect(statuses(results)).toEqual(['201', '201', '503']);
  });

  it('has a 500 for an operation alone, and the reason in the log', async () => {
    const door = openQuietDoor({
      services: ({ directory }) => ({
        directory: {
          ...directory,
          createPerson: (record) =>
            record.person.userName === 'b'
              ? Promise.reject(new Error('out of disk'))
              : directory.createPerson(record),
        },
      }),
    });
    const results = await bulk(
      door,
      ['a', 'b', 'c'].map((userName) => post(userName, { userName })),
    );
    expect(statuses(results)).toEqual(['201', '500', '201']);
    expect(JSON.stringify(results)).not.toContain('out of disk');
    expect(door.logged.join()).toContain('out of disk');
  });
});
