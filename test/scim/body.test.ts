import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ada, detailOf, openDoor } from './door.ts';

const MEBIBYTE = 1024 * 1024;

describe('a body', () => {
  it.each([
    'application/scim+json',
    'application/json',
    'application/scim+json; charset=utf-8',
    'Application/JSON',
  ])('may be %s', async (type) => {
    const { create } = openDoor();
    expect((await create(ada(), { headers: { 'content-type': type } })).status).toBe(201);
  });

  it.each([
    ['text/plain'],
    ['application/xml'],
    ['application/x-www-form-urlencoded'],
    ['application/secevent+jwt'],
    [undefined],
  ])('may not be %s', async (type) => {
    const { create, stored } = openDoor();
    const detail = detailOf(await create(ada(), { headers: { 'content-type': type } }), 415);
    expect(detail).toContain(type ?? 'missing');
    expect(detail).toContain('application/scim+json');
    expect(await stored()).toEqual([]);
  });

  it.each([
    ['no JSON', '{"userName":'],
    ['a word', 'hello'],
    ['nothing', ''],
    ['a list', '[]'],
    ['a string', '"ada"'],
    ['a number', '3'],
    ['null', 'null'],
  ])('that is %s is no syntax', async (_, body) => {
    const { send, stored } = openDoor();
    detailOf(await send('POST', '/Users', { body }), 400, 'invalidSyntax');
    expect(await stored()).toEqual([]);
  });

  it('that is not there is no syntax', async () => {
    const answer = await openDoor().send('POST', '/Users', {
      headers: { 'content-type': 'application/scim+json' },
    });
    detailOf(answer, 400, 'invalidSyntax');
  });

  it('that is nested beyond measure is no syntax', async () => {
    const body = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
    detailOf(await openDoor().send('POST', '/Users', { body }), 400, 'invalidSyntax');
  });

  it('cannot reach into the program', async () => {
    const { send } = openDoor();
    await send('POST', '/Users', {
      body: `{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},${JSON.stringify(ada()).slice(1)}`,
    });
    expect({}).not.toHaveProperty('polluted');
  });
});

describe('the size of a body', () => {
  const personOf = (bytes: number, filler = 'x') => {
    // In an attribute that nobody knows, since no person as large as this is stored.
    const empty = JSON.stringify(ada({ unknown: '' }));
    const count = Math.ceil((bytes - Buffer.byteLength(empty)) / Buffer.byteLength(filler));
    return empty.replace('"unknown":""', `"unknown":"${filler.repeat(count)}"`);
  };

  it('may be a mebibyte', async () => {
    const body = personOf(MEBIBYTE);
    expect(Buffer.byteLength(body)).toBe(MEBIBYTE);
    expect((await openDoor().send('POST', '/Users', { body })).status).toBe(201);
  });

  it.each([
    ['a byte more', personOf(MEBIBYTE + 1), false],
    ['a byte more in base64', personOf(MEBIBYTE + 1), true],
    ['more in bytes, though not in characters', personOf(MEBIBYTE + 1, '€'), false],
  ])('may not be %s', async (_, body, base64) => {
    const { send, stored } = openDoor();
    const detail = detailOf(await send('POST', '/Users', { body, base64 }), 413);
    expect(detail).toContain(String(MEBIBYTE));
    expect(await stored()).toEqual([]);
  });

  it('is counted as it was sent, before API Gateway made base64 of it', async () => {
    const answer = await openDoor().send('POST', '/Users', { body: personOf(MEBIBYTE), base64: true });
    expect(answer.status).toBe(201);
  });
});

describe('a body in gzip', () => {
  const packed = (content: unknown) => gzipSync(JSON.stringify(content));
  const headers = { 'content-encoding': 'gzip' };

  it.each(['POST', 'PUT', 'PATCH'])('is the same as one as it is: %s', async (method) => {
    const door = openDoor();
    const { body: before } = await door.create(ada());
    const change = { Operations: [{ op: 'replace', path: 'title', value: 'Žofie 😀' }] };
    const person = ada({
      userName: 'b@example.com',
      title: 'Žofie 😀',
      emails: [{ value: 'b@example.com' }],
    });
    const content = method === 'PATCH' ? change : person;
    const path = method === 'POST' ? '/Users' : `/Users/${before.id}`;
    const answer = await door.send(method, path, { body: packed(content), headers });
    expect(answer.status).toBe(method === 'POST' ? 201 : 200);
    expect(answer.body.title).toBe('Žofie 😀');
  });

  it('is bounded after it was unpacked', async () => {
    const { send, stored } = openDoor();
    const body = packed(ada({ unknown: 'x'.repeat(50 * MEBIBYTE) }));
    expect(body.length).toBeLessThan(MEBIBYTE);
    expect(detailOf(await send('POST', '/Users', { body, headers }), 413)).toContain(String(MEBIBYTE));
    expect(await stored()).toEqual([]);
  });

  it('has to be in it', async () => {
    const answer = await openDoor().send('POST', '/Users', { body: JSON.stringify(ada()), headers });
    expect(detailOf(answer, 400, 'invalidSyntax')).toContain('not in gzip');
    const broken = packed(ada()).subarray(0, -9);
    detailOf(await openDoor().send('POST', '/Users', { body: broken, headers }), 400, 'invalidSyntax');
  });

  it.each(['deflate', 'br', 'gzip, gzip'])('is the one coding that is taken: %s', async (coding) => {
    const request = { body: packed(ada()), headers: { 'content-encoding': coding } };
    const answer = await openDoor().send('POST', '/Users', request);
    expect(detailOf(answer, 415)).toContain(coding);
    expect(answer.headers['accept-encoding']).toBe('gzip');
  });

  it('may be none, by name', async () => {
    const identity = { 'content-encoding': 'identity' };
    expect((await openDoor().create(ada(), { headers: identity })).status).toBe(201);
  });
});

describe('a body in base64', () => {
  it('is the same as one in text, to the last character', async () => {
    const { create, stored } = openDoor();
    const person = ada({ name: { givenName: 'Žofie 😀', familyName: 'Müller-Lüdenscheidt' } });
    const { status, body } = await create(person, { base64: true });
    expect(status).toBe(201);
    expect(body.name).toEqual(person.name);
    expect((await stored()).map((record) => record.person.name)).toEqual([person.name]);
  });

  it('that holds no JSON is no syntax', async () => {
    detailOf(
      await openDoor().send('POST', '/Users', { body: '\u0000ÿ{', base64: true }),
      400,
      'invalidSyntax',
    );
  });
});
