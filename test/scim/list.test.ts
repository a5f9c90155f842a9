import { describe, expect, it } from 'vitest';
import { type Answer, type Door, detailOf } from './door.ts';
import { aGroup, aUser, ENTERPRISE, openQuietDoor, resourcesOf } from './quiet.ts';

const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
const SEARCH = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';

/** A door behind which so many users are, `user00` and so on. */
async function peopled(count: number): Promise<Door> {
  const door = openQuietDoor();
  for (let index = 0; index < count; index += 1) await aUser(door, { userName: userName(index) });
  return door;
}

const userName = (index: number) => `user${String(index).padStart(2, '0')}`;
const namesIn = (answer: Answer) => resourcesOf(answer).map((each) => each.userName ?? each.displayName);
const list = (door: Door, query: Record<string, string> = {}, path = '/Users') =>
  door.send('GET', path, { query });

describe('a list', () => {
  it('has all there is, each whole, in a stable order', async () => {
    const door = await peopled(3);
    const answer = await list(door);
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ schemas: [LIST], totalResults: 3, itemsPerPage: 3, startIndex: 1 });
    expect(namesIn(answer)).toEqual(['user00', 'user01', 'user02']);
    const [first] = resourcesOf(answer);
    expect(first).toEqual((await door.send('GET', `/Users/${first?.id}`)).body);
    expect(await list(door)).toEqual(answer);
  });

  it.each(['/Users', '/Groups', '/'])('of nothing has its Resources all the same: %s', async (path) => {
    const { body } = await list(openQuietDoor(), {}, path);
    expect(body).toEqual({ schemas: [LIST], totalResults: 0, itemsPerPage: 0, startIndex: 1, Resources: [] });
  });

  it('shows what of each resource is asked for', async () => {
    const door = await peopled(2);
    expect(
      resourcesOf(await list(door, { attributes: 'userName' })).map((user) => Object.keys(user)),
    ).toEqual([
      ['schemas', 'userName', 'id'],
      ['schemas', 'userName', 'id'],
    ]);
  });

  it('of groups has their members, unless they are excluded', async () => {
    const door = openQuietDoor();
    await aGroup(door, 'A', ['x']);
    await aGroup(door, 'B');
    expect(resourcesOf(await list(door, {}, '/Groups'))).toMatchObject([
      { displayName: 'A', members: [{ value: 'x' }] },
      { displayName: 'B', members: [] },
    ]);
    const lean = resourcesOf(await list(door, { excludedAttributes: 'members' }, '/Groups'));
    expect(lean.every((group) => !('members' in group))).toBe(true);
  });
});

describe('a page by index', () => {
  it.each([
    [{ startIndex: '1', count: '2' }, ['user00', 'user01'], 1],
    [{ startIndex: '3', count: '2' }, ['user02', 'user03'], 3],
    [{ startIndex: '5', count: '9' }, ['user04'], 5],
    [{ startIndex: '6', count: '9' }, [], 6],
    [{ startIndex: '99' }, [], 99],
    [{ startIndex: '0', count: '1' }, ['user00'], 1],
    [{ startIndex: '-7', count: '1' }, ['user00'], 1],
    [{ startindex: '2', COUNT: '1' }, ['user01'], 2],
    [{ startIndex: '', count: '' }, [0, 1, 2, 3, 4].map(userName), 1],
    [{ count: '0' }, [], 1],
    [{ count: '-3' }, [], 1],
    [{ count: '99999999999999999999' }, [0, 1, 2, 3, 4].map(userName), 1],
  ])('is what %j asks for', async (query, names, startIndex) => {
    const answer = await list(await peopled(5), query as Record<string, string>);
    expect(answer.status).toBe(200);
    expect(namesIn(answer)).toEqual(names);
    expect(answer.body).toMatchObject({ totalResults: 5, startIndex, itemsPerPage: names.length });
  });

  it.each([{ startIndex: 'first' }, { count: '1.5' }, { count: 'all' }])('cannot be %j', async (query) => {
    detailOf(await list(await peopled(1), query as Record<string, string>), 400, 'invalidValue');
  });

  it('has a hundred when the client does not say, and five hundred at most', async () => {
    const door = await peopled(0);
    const page: unknown[] = [];
    const paged = openQuietDoor({
      services: ({ directory }) => ({
        directory: {
          ...directory,
          countPersons: async () => 1_000_000,
          listPersons: (tenant, asked) => {
            page.push(asked);
            return directory.listPersons(tenant, asked);
          },
        },
      }),
    });
    await list(door);
    await list(paged);
    await list(paged, { count: '1000' });
    expect(page).toEqual([{ limit: 100 }, { limit: 500 }]);
  });

  it('reads nothing but itself', async () => {
    let read = 0;
    const door = openQuietDoor({
      services: ({ directory }) => ({
        directory: {
          ...directory,
          listPersons: async (...args) => {
            const page = await directory.listPersons(...args);
            read += page.persons.length;
            return page;
          },
        },
      }),
    });
    for (let index = 0; index < 30; index += 1) await aUser(door, { userName: userName(index) });
    await list(door, { count: '5' });
    expect(read).toBe(5);
  });

  it('far behind begins where the page before it ended', async () => {
    const total = 2_300;
    let read = 0;
    const door = openQuietDoor({
      services: ({ directory }) => ({
        directory: {
          ...directory,
          countPersons: async () => total,
          listPersons: async (_, { after = '0', limit }) => {
            const from = Number(after);
            const persons = await directory.listPersons('demo', { limit: 1 });
            const [person] = persons.persons;
            if (person === undefined) return { persons: [] };
            const count = Math.min(limit, total - from);
            read += count;
            const next = from + count < total ? { next: String(from + count) } : {};
            return {
              persons: Array.from({ length: count }, (__, i) => ({ ...person, id: String(from + i + 1) })),
              ...next,
            };
          },
        },
      }),
    });
    await aUser(door);
    const idsOf = (answer: Answer) => resourcesOf(answer).map(({ id }) => id);
    expect(idsOf(await list(door, { startIndex: '2001', count: '2' }))).toEqual(['2001', '2002']);
    expect(read).toBe(2_002);
    expect(idsOf(await list(door, { startIndex: '2003', count: '2' }))).toEqual(['2003', '2004']);
    expect(read).toBe(2_004);
    door.clock.advance(11 * 60_000);
    expect(idsOf(await list(door, { startIndex: '2005', count: '1' }))).toEqual(['2005']);
    expect(read).toBe(2_004 + 2_005);
  });

  it('is exact after somebody was deleted', async () => {
    const door = await peopled(4);
    const first = resourcesOf(await list(door, { count: '2' }));
    await door.send('DELETE', `/Users/${first[0]?.id}`);
    const answer = await list(door, { startIndex: '3', count: '2' });
    expect(namesIn(answer)).toEqual(['user03']);
    expect(answer.body.totalResults).toBe(3);
  });
});

/** Follows the cursors of a list to its end. */
async function follow(door: Door, query: Record<string, string>, path = '/Users'): Promise<Answer[]> {
  const pages: Answer[] = [];
  let cursor: unknown = '';
  while (typeof cursor === 'string') {
    const page = await list(door, { ...query, cursor }, path);
    pages.push(page);
    expect(page.status).toBe(200);
    cursor = page.body.nextCursor;
    if (pages.length > 50) throw new Error('the list has no end');
  }
  return pages;
}

describe('a page by cursor (RFC 9865)', () => {
  it.each([
    ['all', '/Users', {}, 5],
    ['those that match', '/Users', { filter: 'userName sw "user" and userName ne "user02"' }, 4],
    ['all, sorted', '/Users', { sortBy: 'userName', sortOrder: 'descending' }, 5],
    ['those that match, sorted', '/Users', { filter: 'userName pr', sortBy: 'userName' }, 5],
    ['those that a key finds', '/Users', { filter: 'userName eq "user01" or userName eq "user03"' }, 2],
    ['groups', '/Groups', {}, 3],
    ['users and groups', '/', {}, 8],
    ['users and groups that match', '/', { filter: 'userName pr or displayName pr' }, 8],
  ])('leads through %s, each once', async (_, path, query, total) => {
    const door = await peopled(5);
    for (const name of ['a', 'b', 'c']) await aGroup(door, name);
    const pages = await follow(door, { ...query, count: '2' }, path);
    const whole = await list(door, query as Record<string, string>, path);
    expect(pages.flatMap(namesIn)).toEqual(namesIn(whole));
    expect(pages.map(({ body }) => body.totalResults)).toEqual(pages.map(() => total));
    expect(pages.slice(0, -1).every(({ body }) => body.itemsPerPage === 2)).toBe(true);
    expect(pages.every(({ body }) => !('startIndex' in body) && !('previousCursor' in body))).toBe(true);
  });

  it('ends with the last resource, without an empty page', async () => {
    expect(await follow(await peopled(4), { count: '2' })).toHaveLength(2);
    expect(await follow(await peopled(4), { count: '2', filter: 'userName pr' })).toHaveLength(2);
    expect(await follow(await peopled(4), { count: '2', sortBy: 'userName' })).toHaveLength(2);
  });

  it('is a string that needs no escaping', async () => {
    const [page] = await follow(await peopled(3), { count: '1' });
    expect(page?.body.nextCursor).toMatch(/^[\w.~-]+$/);
  });

  it('goes on behind where it was, whatever comes and goes', async () => {
    const door = await peopled(4);
    const first = await list(door, { count: '2', cursor: '' });
    await door.send('DELETE', `/Users/${resourcesOf(first)[0]?.id}`);
    await aUser(door, { userName: 'user99' });
    const second = await list(door, { count: '2', cursor: String(first.body.nextCursor) });
    expect(namesIn(second)).toEqual(['user02', 'user03']);
    expect(second.body).toHaveProperty('nextCursor');
  });

  it('of no resources is their number alone', async () => {
    const { body } = await list(await peopled(4), { count: '0', cursor: '' });
    expect(body).toEqual({ schemas: [LIST], totalResults: 4, itemsPerPage: 0, Resources: [] });
  });

  it.each([
    ['made up', 'VZUTiyhEQJ94IR', {}],
    ['made up with a dot', 'W10.AAAA', {}],
    ['cut', (cursor: string) => cursor.slice(0, -2), {}],
    ['changed', (cursor: string) => `A${cursor.slice(1)}`, {}],
    ['of another filter', (cursor: string) => cursor, { filter: 'active eq true' }],
    ['of another order', (cursor: string) => cursor, { sortBy: 'userName' }],
  ])('is refused when it is %s', async (_, make, query) => {
    const door = await peopled(4);
    const { body } = await list(door, { count: '2', cursor: '' });
    const cursor = typeof make === 'string' ? make : make(String(body.nextCursor));
    detailOf(
      await list(door, { count: '2', ...query, cursor } as Record<string, string>),
      400,
      'invalidCursor',
    );
  });

  it('of another list, or of another tenant, is refused', async () => {
    const door = await peopled(4);
    const { body } = await list(door, { count: '2', cursor: '' });
    const query = { count: '2', cursor: String(body.nextCursor) };
    detailOf(await list(door, query, '/Groups'), 400, 'invalidCursor');
    const other = { query, headers: { authorization: 'Bearer token-of-other' } };
    detailOf(await door.send('GET', '/other/scim/v2/Users', other), 400, 'invalidCursor');
  });

  it('is refused with another count than that of the first page', async () => {
    const door = await peopled(4);
    const { body } = await list(door, { count: '2', cursor: '' });
    const query = { count: '3', cursor: String(body.nextCursor) };
    detailOf(await list(door, query), 400, 'invalidCount');
    detailOf(await list(door, { count: 'x', cursor: '' }), 400, 'invalidCount');
  });

  it('expires after an hour', async () => {
    const door = await peopled(4);
    const { body } = await list(door, { count: '2', cursor: '' });
    const query = { count: '2', cursor: String(body.nextCursor) };
    door.clock.advance(3_600_000);
    expect((await list(door, query)).status).toBe(200);
    door.clock.advance(1_000);
    detailOf(await list(door, query), 400, 'expiredCursor');
  });
});

describe('a filter over all users', () => {
  const door = (async () => {
    const it = openQuietDoor();
    await aUser(it, {
      userName: 'ada',
      name: { familyName: 'Lovelace' },
      emails: [{ value: 'ada@work.example', type: 'work' }],
      active: true,
      title: 'Countess',
      [ENTERPRISE]: { department: 'Engines' },
    });
    it.clock.advance(60_000);
    const bob = await aUser(it, {
      userName: 'bob',
      active: false,
      emails: [{ value: 'bob@home.example', type: 'home' }],
    });
    await aUser(it, { userName: 'eve', name: { familyName: 'Adams' }, roles: ['spy'] });
    await aGroup(it, 'Suspects', [bob]);
    return it;
  })();

  it.each([
    ['active eq false', ['bob']],
    ['not (active eq false)', ['ada', 'eve']],
    ['title pr', ['ada']],
    ['not (title pr)', ['bob', 'eve']],
    ['userName sw "a"', ['ada']],
    ['userName ew "E" or userName co "B"', ['bob', 'eve']],
    ['userName gt "ada" and userName le "bob"', ['bob']],
    ['name.familyName co "A" and title ne "Countess"', ['eve']],
    ['emails[type eq "work" and value co "@work"]', ['ada']],
    ['emails co "@home"', ['bob']],
    [`${ENTERPRISE}:department eq "engines"`, ['ada']],
    ['roles eq "spy"', ['eve']],
    ['meta.resourceType eq "User"', ['ada', 'bob', 'eve']],
    ['meta.lastModified gt "2026-11-23T10:00:30.0000000Z"', ['bob', 'eve']],
    [
      'meta.lastModified ge "2026-11-23T10:01:00Z" and meta.created lt "2027-01-01T00:00:00.1234567Z"',
      ['bob', 'eve'],
    ],
    ['groups.display eq "Suspects"', ['bob']],
    ['groups pr', ['bob']],
    ['userName eq "ada" or userName eq "eve"', ['ada', 'eve']],
    ['(userName eq "ada" or userName eq "eve") and title pr', ['ada']],
    [
      'urn:agent-provisioner:params:scim:schemas:extension:agent:1.0:User:provisioning.state eq "waiting"',
      ['ada', 'eve'],
    ],
    ['USERNAME EQ "ADA"', ['ada']],
    ['active eq "False"', ['bob']],
    ['externalId eq jyoung', []],
  ])('finds by %s', async (filter, names) => {
    const answer = await list(await door, { filter });
    expect(namesIn(answer)).toEqual(names);
    expect(answer.body.totalResults).toBe(names.length);
  });

  it('finds the members of a group by its id, page by page', async () => {
    const group = resourcesOf(await list(await door, {}, '/Groups'))[0]?.id;
    expect(namesIn(await list(await door, { filter: `groups.value eq "${group}"` }))).toEqual(['bob']);
    expect(namesIn(await list(await door, { filter: `groups eq "${group}" and active eq true` }))).toEqual(
      [],
    );
  });

  it('counts all that match, also beyond the page', async () => {
    const answer = await list(await door, { filter: 'userName pr', count: '1', startIndex: '2' });
    expect(answer.body).toMatchObject({ totalResults: 3, itemsPerPage: 1, startIndex: 2 });
    expect(namesIn(answer)).toEqual(['bob']);
  });

  it.each([
    ['too deep', `${'('.repeat(60)}active eq true${')'.repeat(60)}`],
    ['too long', `userName eq "${'x'.repeat(5_000)}"`],
    ['of too many comparisons', Array.from({ length: 101 }, () => 'title pr').join(' or ')],
    ['of an unknown attribute', 'colour eq "red"'],
    ['of an unknown operator', 'userName like "a"'],
    ['of the password', 'password eq "x"'],
    ['of a complex attribute', 'name eq "x"'],
    ['unfinished', 'userName eq'],
  ])('is refused when it is %s', async (_, filter) => {
    detailOf(await list(await door, { filter }), 400, 'invalidFilter');
  });

  it('that takes too long is refused, by cursor it goes on', async () => {
    const slow = openQuietDoor({
      services: ({ directory, clock }) => ({
        directory: {
          ...directory,
          listPersons: async (tenant, page) => {
            await clock.sleep(20_000);
            return directory.listPersons(tenant, { ...page, limit: Math.min(2, page.limit) });
          },
        },
      }),
    });
    for (let index = 0; index < 6; index += 1) await aUser(slow, { userName: userName(index) });
    const filter = 'not (userName eq "user00")';
    expect(detailOf(await list(slow, { filter }), 400, 'tooMany')).toContain('cursor');
    detailOf(await list(slow, { sortBy: 'userName' }), 400, 'tooMany');
    const pages = await follow(slow, { filter, count: '100' });
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.flatMap(namesIn)).toEqual([1, 2, 3, 4, 5].map(userName));
    expect(pages[0]?.body).not.toHaveProperty('totalResults');
  });
});

describe('an order', () => {
  const door = (async () => {
    const it = openQuietDoor();
    await aUser(it, {
      userName: 'Bob',
      title: 'b',
      emails: [{ value: 'z@x' }, { value: 'a@x', primary: true }],
    });
    await aUser(it, { userName: 'ada', title: 'B', emails: [{ value: 'm@x' }] });
    it.clock.advance(1_000);
    await aUser(it, { userName: 'cleo', name: { givenName: 'Cleo' } });
    return it;
  })();

  it.each([
    ['userName', undefined, ['ada', 'Bob', 'cleo']],
    ['USERNAME', 'Descending', ['cleo', 'Bob', 'ada']],
    ['title', undefined, ['Bob', 'ada', 'cleo']],
    ['title', 'descending', ['cleo', 'Bob', 'ada']],
    ['emails', undefined, ['Bob', 'ada', 'cleo']],
    ['emails.value', 'descending', ['cleo', 'ada', 'Bob']],
    ['name.givenName', undefined, ['cleo', 'Bob', 'ada']],
    ['meta.lastModified', 'descending', ['cleo', 'Bob', 'ada']],
    ['urn:ietf:params:scim:schemas:core:2.0:User:userName', undefined, ['ada', 'Bob', 'cleo']],
  ])('is by %s %s', async (sortBy, sortOrder, names) => {
    const query = { sortBy, ...(sortOrder === undefined ? {} : { sortOrder }) };
    expect(namesIn(await list(await door, query))).toEqual(names);
  });

  it('goes before the page', async () => {
    const answer = await list(await door, { sortBy: 'userName', startIndex: '2', count: '1' });
    expect(namesIn(answer)).toEqual(['Bob']);
    expect(answer.body).toMatchObject({ totalResults: 3, startIndex: 2, itemsPerPage: 1 });
  });

  it.each([
    [{ sortBy: 'colour' }, 'invalidPath'],
    [{ sortBy: 'name' }, 'invalidPath'],
    [{ sortBy: 'password' }, 'invalidPath'],
    [{ sortBy: 'userName', sortOrder: 'up' }, 'invalidValue'],
  ])('cannot be %j', async (query, scimType) => {
    detailOf(await list(await door, query as Record<string, string>), 400, scimType);
  });
});

describe('a search', () => {
  const search = (door: Door, path: string, body: Record<string, unknown>) =>
    door.send('POST', path, { body: { schemas: [SEARCH], ...body } });

  it.each(['/Users/.search', '/users/.SEARCH/'])('of users is the same as a list: %s', async (path) => {
    const door = await peopled(5);
    const answer = await search(door, path, {
      filter: 'userName ne "user01"',
      sortBy: 'userName',
      sortOrder: 'descending',
      startIndex: 2,
      count: 2,
      attributes: ['userName'],
    });
    const { id, schemas } = resourcesOf(answer)[0] ?? {};
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ schemas: [LIST], totalResults: 4, startIndex: 2, itemsPerPage: 2 });
    expect(resourcesOf(answer)[0]).toEqual({ id, schemas, userName: 'user03' });
    expect(namesIn(answer)).toEqual(['user03', 'user02']);
  });

  it('of groups leaves out what is excluded', async () => {
    const door = openQuietDoor();
    await aGroup(door, 'A', ['x']);
    const answer = await search(door, '/Groups/.search', { excludedAttributes: ['members'] });
    expect(resourcesOf(answer).map((group) => 'members' in group)).toEqual([false]);
  });

  it('at the root finds users and groups, users first', async () => {
    const door = await peopled(2);
    await aUser(door, { userName: 'smith', displayName: 'Smith, James' });
    await aGroup(door, 'Smith Family');
    await aGroup(door, 'Others');
    const find = async (filter?: string) =>
      resourcesOf(await search(door, '/.search', { filter })).map(
        (each) => each.displayName ?? each.userName,
      );
    expect(await find()).toEqual(['user00', 'user01', 'Smith, James', 'Smith Family', 'Others']);
    expect(await find('displayName sw "smith"')).toEqual(['Smith, James', 'Smith Family']);
    expect(await find('(meta.resourceType eq User) or (meta.resourceType eq Group)')).toHaveLength(5);
    expect(await find('meta.resourceType eq "Group"')).toEqual(['Smith Family', 'Others']);
    expect(await find('urn:ietf:params:scim:schemas:core:2.0:Group:displayName eq "Others"')).toEqual([
      'Others',
    ]);
    expect(await find('userName eq "smith"')).toEqual(['Smith, James']);
    // What a resource has no such attribute for counts as without a value.
    expect(await find('not (userName pr)')).toEqual(['Smith Family', 'Others']);
    const page = await search(door, '/.search', { startIndex: 3, count: 2, attributes: 'displayName' });
    expect(namesIn(page)).toEqual(['Smith, James', 'Smith Family']);
    expect(page.body).toMatchObject({ totalResults: 5, startIndex: 3, itemsPerPage: 2 });
    const sorted = await search(door, '/.search', {
      sortBy: 'displayName',
      sortOrder: 'descending',
      count: 3,
    });
    expect(namesIn(sorted)).toEqual(['user00', 'user01', 'smith']);
  });

  it('is paged by cursor, whose first one is empty', async () => {
    const door = await peopled(3);
    const first = await search(door, '/.search', { cursor: '', count: 2 });
    const second = await search(door, '/.search', { cursor: first.body.nextCursor, count: 2 });
    expect([namesIn(first), namesIn(second)]).toEqual([['user00', 'user01'], ['user02']]);
    expect(second.body).not.toHaveProperty('nextCursor');
  });

  it.each([
    ['a filter that is no text', { filter: 3 }, 'invalidValue'],
    ['a count that is no number', { count: {} }, 'invalidValue'],
    ['attributes that are no names', { attributes: [1] }, 'invalidValue'],
    ['a filter that cannot be read', { filter: 'x' }, 'invalidFilter'],
    ['a cursor that is no text', { cursor: 5 }, 'invalidValue'],
  ])('with %s is refused', async (_, body, scimType) => {
    detailOf(await search(openQuietDoor(), '/Users/.search', body), 400, scimType);
  });

  it('is no object, is refused', async () => {
    detailOf(await openQuietDoor().send('POST', '/.search', { body: '[]' }), 400, 'invalidSyntax');
  });
});
