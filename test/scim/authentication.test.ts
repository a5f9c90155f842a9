import { describe, expect, it } from 'vitest';
import {
  ada,
  detailOf,
  ERROR,
  named,
  OTHER_SECRET,
  OTHER_TOKEN,
  openDoor,
  SECRET,
  secretWith,
  TOKEN,
} from './door.ts';
import { contextWith, scimEvent } from './event.ts';

const bearing = (authorization: string | undefined) => ({ headers: { authorization } });

describe('without a good token', () => {
  it.each([
    ['none', undefined],
    ['an empty one', ''],
    ['a wrong one', 'Bearer wrong'],
    ['one of another tenant', `Bearer ${OTHER_TOKEN}`],
    ['another scheme', `Basic ${TOKEN}`],
    ['a wrong one alone', `${TOKEN}x`],
    ['the token and its scheme in one word', `Bearer:${TOKEN}`],
    ['a beginning of it', `Bearer ${TOKEN.slice(0, -1)}`],
    ['more than it', `Bearer ${TOKEN}x`],
    ['another case of it', `Bearer ${TOKEN.toUpperCase()}`],
    ['two', `Bearer ${TOKEN} ${TOKEN}`],
    ['its digest', `Bearer ${JSON.parse(secretWith(TOKEN)).scimTokens[0]}`],
  ])('nobody gets in: %s', async (_, authorization) => {
    const { create, send, stored, simulator } = openDoor();
    const answer = await create(ada(), bearing(authorization));
    detailOf(answer, 401);
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer\b/);
    detailOf(await send('GET', '/Users/id-1', bearing(authorization)), 401);
    expect(await stored()).toEqual([]);
    expect(simulator.calls().total).toBe(0);
  });

  it.each([
    [undefined, 'There is no Authorization header'],
    ['', 'There is no Authorization header'],
    [`Basic ${TOKEN}`, 'is not "Bearer", a blank and the token'],
    ['Bearer', 'is not "Bearer", a blank and the token'],
    [`Bearer ${TOKEN} ${TOKEN}`, 'is not "Bearer", a blank and the token'],
    ['wrong', 'is not "Bearer", a blank and the token'],
    ['Bearer wrong', 'The bearer token is not valid'],
    ['Bearer eyJh.eyJp.c2ln', 'The bearer token is not valid'],
  ])('an answer depends on the form of the header alone: %s', async (authorization, sentence) => {
    const { send } = openDoor();
    const there = await send('GET', '/Users', bearing(authorization));
    expect(detailOf(there, 401)).toContain(sentence);
    expect(await send('GET', '/nobody/scim/v2/Users', bearing(authorization))).toEqual(there);
  });

  it.each([
    ['no JSON', '{', 'application/json'],
    ['over a mebibyte', 'x'.repeat(1024 * 1024 + 1), 'application/json'],
    ['of another type', 'x', 'text/plain'],
  ])('a body is not looked at: %s', async (_, body, type) => {
    const headers = { 'content-type': type, authorization: 'Bearer wrong' };
    detailOf(await openDoor().send('POST', '/Users', { body, headers }), 401);
  });

  it.each([
    ['Bearer wrong', 401, 0],
    [`Bearer ${TOKEN}`, 400, 1],
  ])('nothing is read from the body: %s', async (authorization, status, least) => {
    const event = scimEvent('POST', '/demo/scim/v2/Users', { headers: { authorization } });
    let reads = 0;
    Object.defineProperty(event, 'body', {
      get: () => {
        reads += 1;
        return '';
      },
    });
    const result = await openDoor().handler(event, contextWith());
    expect(result.statusCode).toBe(status);
    expect(Math.min(reads, 1)).toBe(least);
  });
});

describe('an unknown tenant', () => {
  it.each([
    ['without a token', undefined],
    ['with a wrong token', 'Bearer wrong'],
    ["with another tenant's token", `Bearer ${TOKEN}`],
  ])('is not told apart from one that is there, and no secret is asked for: %s', async (_, authorization) => {
    const { send, secretReads } = openDoor();
    detailOf(await send('POST', '/nobody/scim/v2/Users', { ...bearing(authorization), body: ada() }), 401);
    expect(secretReads()).toBe(0);
  });

  it.each(['constructor', '__proto__', 'toString', 'Demo'])('opens nothing by the name %s', async (name) => {
    detailOf(await openDoor().send('GET', `/${name}/scim/v2/Users/1`), 401);
  });
});

describe('a base URL with a part left out', () => {
  it.each([
    ...['/demo/Users', '/demo/scim/Users', '/demo/v2/Users', '/scim/v2/Users', '/nobody/Users'],
    ...['/Users', '/Users/1', '/demo//scim/v2/Users', '//scim/v2/Users', '/demo', '/demo/scim/v1/Users'],
  ])('is told the pattern, whether the tenant exists or not: %s', async (path) => {
    const { handler } = openDoor();
    const answer = await handler(scimEvent('GET', path, bearing(`Bearer ${TOKEN}`)), contextWith());
    expect(answer.statusCode).toBe(404);
    expect(JSON.parse(answer.body ?? '')).toMatchObject({
      schemas: [ERROR],
      status: '404',
      detail: 'There is no SCIM at this address: the base URL ends in /{tenant}/scim/v2. (c6af9ac6)',
    });
  });
});

describe('a base URL with a part that is there twice', () => {
  it.each(['/scim/v2/Users', '/demo/scim/v2/Users', '/v2/Users', '/api/Users'])(
    'is told the pattern: %s',
    async (path) => {
      expect(detailOf(await openDoor().send('GET', `/demo/scim/v2${path}`), 404)).toBe(
        `There is no endpoint ${path} below the base URL, which ends in /{tenant}/scim/v2. (c6af9ac6)`,
      );
    },
  );
});

describe('a good token', () => {
  it.each([`bearer ${TOKEN}`, `BEARER  ${TOKEN} `, TOKEN, ` ${TOKEN}`])(
    'is taken as %j',
    async (authorization) => {
      expect((await openDoor().create(ada(), bearing(authorization))).status).toBe(201);
    },
  );

  it('is any of those in the secret, so that one can follow another', async () => {
    const { create, secrets } = openDoor();
    secrets.set(SECRET, secretWith('old', 'new'));
    expect((await create(ada(), bearing('Bearer old'))).status).toBe(201);
    detailOf(await create(ada(), bearing('Bearer new')), 409, 'uniqueness');
  });

  it('costs no look at the secret for five minutes', async () => {
    const { create, clock, secretReads } = openDoor();
    await create(ada());
    clock.advance(4 * 60_000);
    await create(ada());
    // The one of the door, and the one for SmartAssist.
    expect(secretReads()).toBe(2);
  });
});

describe('a token that was rotated', () => {
  it('works at once, and the old one no more', async () => {
    const { create, secrets } = openDoor();
    await create(ada());
    secrets.set(SECRET, secretWith('new'));
    detailOf(await create(ada(), bearing('Bearer new')), 409, 'uniqueness');
    detailOf(await create(ada(), bearing(`Bearer ${TOKEN}`)), 401);
  });

  it('works at once for all who come with it', async () => {
    const { send, secrets, secretReads } = openDoor();
    await send('GET', '/Users/1');
    secrets.set(SECRET, secretWith('new'));
    const answers = await Promise.all([1, 2, 3].map(() => send('GET', '/Users/1', bearing('Bearer new'))));
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect(secretReads()).toBe(2);
  });

  it('is looked for at most every thirty seconds, however many wrong ones come', async () => {
    const { send, clock, secretReads } = openDoor();
    await send('GET', '/Users/1');
    for (let time = 0; time < 60_000; time += 1_000) {
      await send('GET', '/Users/1', bearing('Bearer wrong'));
      clock.advance(1_000);
    }
    expect(secretReads()).toBe(3);
  });

  it('that was taken out works five minutes longer at most', async () => {
    const { send, clock, secrets } = openDoor();
    await send('GET', '/Users/1');
    secrets.set(SECRET, secretWith('new'));
    clock.advance(5 * 60_000);
    detailOf(await send('GET', '/Users/1'), 401);
  });
});

describe('a secret that cannot be used', () => {
  const CORRELATION = 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef';

  it.each([
    ['missing', undefined, 'does not exist, or has no value yet'],
    ['no JSON', 'hunter2', 'look at the whole value'],
    ['with a key that could be guessed', '{"keys":["hunter2"]}', 'look at keys.0'],
    ['with a token that is no digest', '{"scimTokens":["hunter2"]}', 'scimTokens'],
    ['forbidden', named('AccessDeniedException'), 'could not be read: AccessDeniedException'],
    ['out of reach', named('TimeoutError'), 'could not be read: TimeoutError'],
  ])('is a 503 with an id for the caller, and a reason in the log: %s', async (_, value, reason) => {
    const { create, secrets, logged, stored } = openDoor();
    if (value === undefined) secrets.delete(SECRET);
    else secrets.set(SECRET, value);
    const answer = await create(ada());
    const detail = detailOf(answer, 503);
    expect(detail).toContain(CORRELATION);
    expect(answer.headers).toMatchObject({ 'x-correlation-id': CORRELATION, 'retry-after': '30' });
    expect(JSON.stringify(answer)).not.toContain(SECRET);
    expect(logged).toEqual([expect.stringContaining(CORRELATION)]);
    expect(logged[0]).toContain(SECRET);
    expect(logged[0]).toContain(reason);
    expect(logged[0]).not.toContain('hunter2');
    expect(await stored()).toEqual([]);
  });

  it('works as soon as it is mended', async () => {
    const { create, secrets, clock } = openDoor();
    secrets.set(SECRET, '');
    detailOf(await create(ada()), 503);
    secrets.set(SECRET, secretWith(TOKEN));
    clock.advance(2_000);
    expect((await create(ada())).status).toBe(201);
  });

  it('of one tenant is no matter of another', async () => {
    const { create, secrets } = openDoor();
    secrets.delete(OTHER_SECRET);
    expect((await create(ada())).status).toBe(201);
  });
});
