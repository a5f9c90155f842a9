import { describe, expect, it } from 'vitest';
import { type Answer, type Door, detailOf, TOKEN } from './door.ts';
import { contextWith, scimEvent } from './event.ts';
import { aGroup, aUser, openQuietDoor, patchOf, resourcesOf } from './quiet.ts';

const MEBIBYTE = 1024 * 1024;

/** Sends raw bytes, which API Gateway hands over in base64. */
async function sendBytes(door: Door, method: string, path: string, body: Buffer): Promise<Answer> {
  const event = scimEvent(method, `/demo/scim/v2${path}`, {
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/scim+json' },
  });
  const result = await door.handler(
    { ...event, isBase64Encoded: true, body: body.toString('base64') },
    contextWith(),
  );
  return {
    status: result.statusCode ?? 0,
    headers: result.headers as Record<string, string>,
    body: result.body === undefined ? {} : JSON.parse(result.body),
  };
}

describe('bytes that are no text', () => {
  it.each([
    ['a byte that begins nothing', [0xff]],
    ['half of a character', [0xc3]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['a surrogate', [0xed, 0xa0, 0x80]],
    ['beyond Unicode', [0xf5, 0x80, 0x80, 0x80]],
  ])('are refused, not guessed at: %s', async (_, bytes) => {
    const door = openQuietDoor();
    const body = Buffer.concat([Buffer.from('{"userName":"a'), Buffer.from(bytes), Buffer.from('"}')]);
    expect(detailOf(await sendBytes(door, 'POST', '/Users', body), 400, 'invalidSyntax')).toContain('UTF-8');
    expect(await door.stored()).toEqual([]);
  });

  it('may be the replacement character itself, and a byte order mark', async () => {
    const door = openQuietDoor();
    const body = Buffer.from('\uFEFF{"userName":"a\uFFFDb"}');
    expect(await sendBytes(door, 'POST', '/Users', body)).toMatchObject({
      status: 201,
      body: { userName: 'a\uFFFDb' },
    });
  });

  it('are kept apart from half characters that JSON escapes', async () => {
    const door = openQuietDoor();
    const { status, body } = await door.send('POST', '/Users', {
      body: '{"userName":"a","title":"\\ud800"}',
    });
    expect({ status, title: body.title }).toEqual({ status: 201, title: '\ud800' });
    expect((await door.send('GET', `/Users/${body.id}`)).body.title).toBe('\ud800');
    detailOf(await door.send('POST', '/Users', { body: '{"userName":"A"}' }), 409, 'uniqueness');
  });
});

describe('a body made to hurt', () => {
  it.each([
    ['POST', '/Users', 20_000],
    ['POST', '/Users', 250_000],
    ['PATCH', '/Users/x', 250_000],
    ['POST', '/Bulk', 250_000],
    ['POST', '/.search', 250_000],
  ])('that is nested deeply is refused in time: %s %s %i', async (method, path, depth) => {
    const door = openQuietDoor();
    const nested = `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    const answer = await door.send(method, path, { body: nested });
    expect(answer.status).toBe(400);
    const known = `{"Operations":[${'['.repeat(depth)}${']'.repeat(depth)}]}`;
    detailOf(await door.send(method, path, { body: known }), 400, 'invalidSyntax');
  });

  it.each([21, 30, 100])(
    'that is nested %i levels deep is refused where a person could be',
    async (depth) => {
      const name = `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
      const body = `{"userName":"x","name":${name}}`;
      detailOf(await openQuietDoor().send('POST', '/Users', { body }), 400, 'invalidSyntax');
    },
  );

  it('with a string of a mebibyte is too large; with a smaller one too large to be kept', async () => {
    const door = openQuietDoor();
    const title = 'x'.repeat(MEBIBYTE);
    detailOf(await door.create({ userName: 'a', title }), 413);
    expect(detailOf(await door.create({ userName: 'a', title: title.slice(0, 400_000) }), 413)).toContain(
      '262144',
    );
    const id = await aUser(door, { title: title.slice(0, 150_000) });
    const body = patchOf({ op: 'add', path: 'nickName', value: title.slice(0, 150_000) });
    detailOf(await door.send('PATCH', `/Users/${id}`, { body }), 413);
    expect((await door.send('GET', `/Users/${id}`)).body).not.toHaveProperty('nickName');
  });

  it.each([
    '{"__proto__":{"polluted":1},"userName":"a"}',
    '{"userName":"a","name":{"__proto__":{"polluted":1}}}',
    '{"userName":"a","constructor":{"prototype":{"polluted":1}}}',
    '{"userName":"a","emails":[{"__proto__":{"polluted":1},"value":"x"}]}',
  ])('with names of prototypes reaches nothing: %s', async (body) => {
    const answer = await openQuietDoor().send('POST', '/Users', { body });
    detailOf(answer, 400, 'invalidSyntax');
    expect({}).not.toHaveProperty('polluted');
  });

  it.each(['toString', 'constructor', 'hasOwnProperty', 'valueOf', '__proto__'])(
    'cannot mean %s by a path, a filter or an endpoint',
    async (name) => {
      const door = openQuietDoor();
      const id = await aUser(door);
      const body = patchOf({ op: 'replace', path: name, value: 'x' });
      const before = await door.stored();
      expect((await door.send('PATCH', `/Users/${id}`, { body })).status).toBe(200);
      expect(await door.stored()).toEqual(before);
      detailOf(
        await door.send('GET', '/Users', { query: { filter: `${name} eq "x"` } }),
        400,
        'invalidFilter',
      );
      detailOf(await door.send('GET', `/${name}`), 404);
      expect((await door.send('GET', '/Users', { query: { attributes: name } })).status).toBe(200);
      detailOf(await door.send('GET', '/Users', { query: { sortBy: name } }), 400, 'invalidPath');
    },
  );

  it('with a name twice means the last one', async () => {
    const body = '{"userName":"first","title":"a","userName":"last","title":"b"}';
    const answer = await openQuietDoor().send('POST', '/Users', { body });
    expect(answer).toMatchObject({ status: 201, body: { userName: 'last', title: 'b' } });
  });

  it('may have a thousand operations, and not one more', async () => {
    const door = openQuietDoor();
    const id = await aUser(door);
    const operations = Array.from({ length: 1_000 }, (_, index) => ({
      op: 'add',
      path: `emails[type eq "t${index}"].value`,
      value: `${index}@example.com`,
    }));
    const answer = await door.send('PATCH', `/Users/${id}`, { body: patchOf(...operations) });
    expect(answer.status).toBe(200);
    expect((answer.body.emails as unknown[]).length).toBe(1_000);
    const more = patchOf(...operations, { op: 'remove', path: 'emails' });
    detailOf(await door.send('PATCH', `/Users/${id}`, { body: more }), 400, 'invalidSyntax');
    const other = patchOf({ op: 'add', path: 'emails', value: [{ value: 'one@example.com' }] });
    detailOf(await door.send('PATCH', `/Users/${id}`, { body: other }), 400, 'invalidValue');
  });

  it('with filters that cost much in paths that cost much is done in time', async () => {
    const door = openQuietDoor();
    const emails = Array.from({ length: 900 }, (_, index) => ({ value: `${index}@example.com` }));
    const id = await aUser(door, { emails });
    const filter = Array.from({ length: 20 }, (_, index) => `value co "${index}z"`).join(' or ');
    const operations = Array.from({ length: 400 }, () => ({ op: 'remove', path: `emails[${filter}]` }));
    const answer = await door.send('PATCH', `/Users/${id}`, { body: patchOf(...operations) });
    expect(answer.status).toBe(200);
  });

  it('of a group may have more than a mebibyte of members', async () => {
    const door = openQuietDoor();
    const members = Array.from({ length: 22_000 }, (_, index) => ({
      value: `2819c223-7f76-453a-919d-${String(index).padStart(12, '0')}`,
    }));
    const body = JSON.stringify({ displayName: 'Everybody', members });
    expect(body.length).toBeGreaterThan(MEBIBYTE);
    const created = await door.send('POST', '/Groups', { body });
    expect(created.status).toBe(201);
    expect((created.body.members as unknown[]).length).toBe(22_000);
    const huge = `{"displayName":"${'x'.repeat(4 * MEBIBYTE)}"}`;
    detailOf(await door.send('POST', '/Groups', { body: huge }), 413);
    detailOf(await door.send('POST', '/Groups', { body: `{"displayName":"${'x'.repeat(MEBIBYTE)}"}` }), 413);
  });
});

describe('values made to hurt', () => {
  it.each([
    ['a slash', 'a/b'],
    ['a percent sign', '100%'],
    ['a hash', 'a#b'],
    ['a null character', 'a\u0000b'],
    ['a line break', 'a\nb'],
    ['quotes', 'a"b\\c'],
    ['right to left', '\u202Eabc'],
    ['an emoji', '😀'],
    ['three hundred and more characters', 'x'.repeat(1_000)],
    ['a tilde', '~x'],
    ['a name of a prototype', '__proto__'],
    ['a combining accent', 'e\u0301'],
  ])('are a userName like any other: %s', async (_, userName) => {
    const door = openQuietDoor();
    const id = await aUser(door, { userName, externalId: userName });
    for (const name of ['userName', 'externalId']) {
      const query = { filter: `${name} eq ${JSON.stringify(userName)}` };
      expect(resourcesOf(await door.send('GET', '/Users', { query })).map((user) => user.id)).toEqual([id]);
    }
    detailOf(await door.create({ userName: userName.toUpperCase() }), 409, 'uniqueness');
  });

  it.each(['a/b', '100%', '😀', 'x'.repeat(900), '__proto__', '~x', ' '])(
    'are a member like any other: %s',
    async (value) => {
      const door = openQuietDoor();
      const group = await aGroup(door, 'G', ['a', 'z']);
      const path = `/Groups/${group}`;
      await door.send('PATCH', path, {
        body: patchOf({ op: 'add', path: 'members', value: [{ value: `v${value}` }] }),
      });
      const filter = `id eq "${group}" and members.value eq ${JSON.stringify(`v${value}`)}`;
      expect((await door.send('GET', '/Groups', { query: { filter } })).body.totalResults).toBe(1);
      const remove = patchOf({ op: 'remove', path: `members[value eq ${JSON.stringify(`v${value}`)}]` });
      await door.send('PATCH', path, { body: remove });
      expect((await door.send('GET', '/Groups', { query: { filter } })).body.totalResults).toBe(0);
    },
  );

  it.each(['%', '%00', '%2e%2e%2f', '%E0%A4%A', '%F0%9F%98%80', 'null', '*', ',', '"'])(
    'are the id of nobody: %s',
    async (id) => {
      const { send } = openQuietDoor();
      for (const path of [`/Users/${id}`, `/Groups/${id}`, `/Schemas/${id}`, `/ResourceTypes/${id}`]) {
        detailOf(await send('GET', path), 404);
      }
      detailOf(await send('DELETE', `/Users/${id}`), 404);
    },
  );

  it('in headers are not believed and do no harm', async () => {
    const door = openQuietDoor();
    const id = await aUser(door);
    for (const tag of ['', ',', 'W/', '"', `W/"${'x'.repeat(10_000)}"`, 'W/"1" OR 1=1', '()']) {
      const headers = { 'if-match': tag };
      const body = patchOf({ op: 'add', path: 'title', value: 'x' });
      expect((await door.send('PATCH', `/Users/${id}`, { body, headers })).status, tag).toBe(412);
    }
  });
});
