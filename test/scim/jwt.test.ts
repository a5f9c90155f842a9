import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { TransportError } from '../../functions/runtime/transport.ts';
import type { JwtSettings } from '../../functions/tenant/scim.ts';
import { scimSettings } from '../../functions/tenant/scim.ts';
import { START } from '../local/simulator-bench.ts';
import { type Door, detailOf, TOKEN } from './door.ts';
import { aUser, openQuietDoor, patchOf } from './quiet.ts';

type Keys = Awaited<ReturnType<typeof generateKeyPair>>;

const ISSUER = 'https://issuer.example/';
const KEYS = 'https://issuer.example/keys';
const NOW = START / 1000;

let keys: Keys;
let others: Keys;
let published: Record<string, unknown>;
beforeAll(async () => {
  keys = await generateKeyPair('RS256', { extractable: true });
  others = await generateKeyPair('RS256', { extractable: true });
  published = { keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }] };
});

const settings = (changes: object = {}): JwtSettings[] =>
  scimSettings.parse({ jwt: [{ issuer: ISSUER, audience: 'scim', keys: KEYS, ...changes }] }).jwt;

interface Trusting extends Door {
  /** How often the keys were read. */
  readonly reads: () => number;
  keysAre(answer: { status: number; body: string } | Error): void;
}

function trusting(jwt: JwtSettings[] = settings()): Trusting {
  let reads = 0;
  let answer: { status: number; body: string } | Error | undefined;
  const door = openQuietDoor({
    tenant: { scim: { profile: 'auto', discovery: 'token', jwt } },
    services: ({ transport }) => ({
      transport: async (request) => {
        if (!request.url.includes('/keys')) return transport(request);
        reads += 1;
        if (answer instanceof Error) throw answer;
        return { headers: {}, ...(answer ?? { status: 200, body: JSON.stringify(published) }) };
      },
    }),
  });
  return { ...door, reads: () => reads, keysAre: (given) => (answer = given) };
}

const sign = (claims: JWTPayload = {}, header: object = {}, by: Keys = keys) =>
  new SignJWT({ iss: ISSUER, aud: 'scim', sub: 'client', exp: NOW + 300, ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: 'one', typ: 'at+jwt', ...header })
    .sign(by.privateKey);

const get = (door: Door, token: string, path = '/Users') =>
  door.send('GET', path, { headers: { authorization: `Bearer ${token}` } });

describe('a token of an authorization server', () => {
  it('opens the door when issuer, audience, signature and time are right', async () => {
    const door = trusting();
    expect((await get(door, await sign())).status).toBe(200);
    expect((await get(door, await sign({ aud: ['other', 'scim'] }))).status).toBe(200);
    expect(door.reads()).toBe(1);
  });

  it('is one way in beside the bearer tokens of the tenant', async () => {
    const door = trusting();
    expect((await get(door, TOKEN)).status).toBe(200);
    expect(door.reads()).toBe(0);
  });

  it('opens no tenant that does not trust its issuer', async () => {
    detailOf(await get(openQuietDoor(), await sign()), 401);
  });

  it.each([
    ['of another issuer', { iss: 'https://evil.example/' }, {}],
    ['without an issuer', { iss: undefined }, {}],
    ['for another audience', { aud: 'other' }, {}],
    ['without an audience', { aud: undefined }, {}],
    ['that has expired', { exp: NOW - 61 }, {}],
    ['that never expires', { exp: undefined }, {}],
    ['that is not good yet', { nbf: NOW + 120 }, {}],
    ['signed with an unknown key', {}, { kid: 'two' }],
  ])('is refused %s', async (_, claims, header) => {
    const answer = await get(trusting(), await sign(claims as JWTPayload, header));
    detailOf(answer, 401);
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer\b/);
  });

  it('is refused with a signature of somebody else, or without one', async () => {
    const door = trusting();
    detailOf(await get(door, await sign({}, {}, others)), 401);
    const [header, payload, signature] = (await sign()).split('.');
    const none = Buffer.from('{"alg":"none"}').toString('base64url');
    detailOf(await get(door, `${none}.${payload}.${signature}`), 401);
    detailOf(await get(door, `${header}.${payload}.`), 401);
    const forged = Buffer.from(JSON.stringify({ iss: ISSUER, aud: 'scim', exp: NOW + 9, sub: 'x' }));
    detailOf(await get(door, `${header}.${forged.toString('base64url')}.${signature}`), 401);
    detailOf(await get(door, 'eyJx.eyJx.eyJx'), 401);
  });

  it('is refused when it is signed with a public key as if that were a shared secret', async () => {
    const jwk = await exportJWK(keys.publicKey);
    const secret = new TextEncoder().encode(String(jwk.n));
    const token = await new SignJWT({ iss: ISSUER, aud: 'scim', exp: NOW + 300 })
      .setProtectedHeader({ alg: 'HS256', kid: 'one' })
      .sign(secret);
    detailOf(await get(trusting(), token), 401);
  });

  it('is refused with an algorithm that the tenant does not name', async () => {
    detailOf(await get(trusting(settings({ algorithms: ['ES256'] })), await sign()), 401);
  });

  it('says of a signed token what is wrong with it, and of others nothing', async () => {
    const door = trusting();
    expect(detailOf(await get(door, await sign({ exp: NOW - 100 })), 401)).toContain('expired');
    expect(detailOf(await get(door, await sign({ aud: 'other' })), 401)).toContain('aud');
    const wrong = detailOf(await get(door, await sign({ aud: 'other' }, {}, others)), 401);
    expect(wrong).not.toContain('aud');
  });

  it('has to have the claims that the tenant names', async () => {
    const door = trusting(settings({ claims: { azp: 'client-1', scope: 'scim' } }));
    expect((await get(door, await sign({ azp: 'client-1', scope: 'openid scim' }))).status).toBe(200);
    expect((await get(door, await sign({ azp: 'client-1', scope: ['scim'] }))).status).toBe(200);
    detailOf(await get(door, await sign({ azp: 'client-2', scope: 'scim' })), 401);
    expect(detailOf(await get(door, await sign({ azp: 'client-1', scope: 'scimmy' })), 401)).toContain(
      'scope',
    );
  });

  it('may be a minute late: clocks differ', async () => {
    expect((await get(trusting(), await sign({ exp: NOW - 50 }))).status).toBe(200);
  });

  it.each([['at+jwt'], ['AT+JWT'], ['application/at+jwt']])(
    'is an access token by its type %s',
    async (typ) => {
      expect((await get(trusting(), await sign({}, { typ }))).status).toBe(200);
    },
  );

  it.each([
    ['of no type', {}, { typ: undefined }],
    ['of the type of all tokens', {}, { typ: 'JWT' }],
    ['of an ID token', { nonce: 'n', at_hash: 'h' }, { typ: 'JWT' }],
    ['of a security event', {}, { typ: 'secevent+jwt' }],
    ['of no string', {}, { typ: 7 }],
  ])(
    'is refused %s where no claim tells an access token, and says what would be one',
    async (_, claims, header) => {
      const detail = detailOf(await get(trusting(), await sign(claims, header)), 401);
      expect(detail).toContain('"at+jwt" (RFC 9068)');
      expect(detail).toContain('claims of scim.jwt');
    },
  );

  it.each([
    ['digests', { at_hash: 'h' }],
    ['a digest of a code', { c_hash: 'h' }],
    ["Keycloak's word for it", { typ: 'ID' }],
    ["Cognito's word for it", { token_use: 'id' }],
  ])('is refused with the claim of the tenant but an ID token by %s', async (_, claims) => {
    const door = trusting(settings({ claims: { azp: 'client-1' } }));
    const header = { typ: 'JWT' };
    expect((await get(door, await sign({ azp: 'client-1' }, header))).status).toBe(200);
    const refused = await get(door, await sign({ azp: 'client-1', ...claims } as JWTPayload, header));
    expect(detailOf(refused, 401)).toContain('access token');
  });

  it.each([
    ['for 200,000 years', { exp: NOW + 200_000 * 31_557_600 }, false],
    ['for two days', { exp: NOW + 2 * 86_400 }, false],
    ['for two days, the first of which is over', { iat: NOW - 86_400, exp: NOW + 86_400 }, false],
    ['for a day that began five minutes ago', { iat: NOW - 300, exp: NOW + 86_400 }, true],
    ['for a day', { iat: NOW, exp: NOW + 86_400 }, true],
    ['for a day, without a time of issue', { exp: NOW + 86_400 }, true],
  ])('that is good %s', async (_, claims, isTaken) => {
    const answer = await get(trusting(), await sign(claims));
    if (isTaken) expect(answer.status).toBe(200);
    else expect(detailOf(answer, 401)).toContain('24 hours');
  });

  it('may be good for as long as the tenant says', async () => {
    const long = trusting(settings({ longestLife: '7d' }));
    expect((await get(long, await sign({ iat: NOW, exp: NOW + 7 * 86_400 }))).status).toBe(200);
    const short = trusting(settings({ longestLife: '1h' }));
    expect(detailOf(await get(short, await sign({ iat: NOW, exp: NOW + 7_200 })), 401)).toContain('1 hours');
  });

  it('can be of several authorization servers', async () => {
    const second = settings({ issuer: 'https://second.example/', keys: 'https://second.example/keys' });
    const door = trusting([...settings(), ...second]);
    expect((await get(door, await sign({ iss: 'https://second.example/' }))).status).toBe(200);
    expect((await get(door, await sign())).status).toBe(200);
    expect(door.reads()).toBe(2);
  });

  it.each([
    ['cannot be reached', new TransportError('connection', false, 'ECONNREFUSED')],
    ['answers 500', { status: 500, body: '{}' }],
    ['answers garbage', { status: 200, body: '<html>' }],
    ['answers no keys', { status: 200, body: '{}' }],
  ])('waits when the issuer %s: that is not the fault of the token', async (_, answer) => {
    const door = trusting();
    door.keysAre(answer);
    const refused = await get(door, await sign());
    detailOf(refused, 503);
    expect(refused.headers['retry-after']).toBe('30');
    door.keysAre({ status: 200, body: JSON.stringify(published) });
    door.clock.advance(10_000);
    expect((await get(door, await sign())).status).toBe(200);
  });

  it('asks an issuer that does not answer once, whatever comes', async () => {
    const door = trusting();
    door.keysAre(new TransportError('timeout', true, 'no answer'));
    for (let index = 0; index < 50; index += 1) detailOf(await get(door, await sign()), 503);
    expect(door.reads()).toBe(1);
  });

  it.each([
    ['can not be imported', { kty: 'RSA', n: '!', e: 'AQAB' }],
    ['is too short', { kty: 'RSA', n: Buffer.alloc(128, 255).toString('base64url'), e: 'AQAB' }],
    ['has no parts', { kty: 'RSA' }],
    ['is of a strange type', { kty: 'x' }],
    ['is null', null],
  ])('refuses a token that names a key which %s', async (_, key) => {
    const door = trusting();
    const odd = key === null ? null : { ...key, kid: 'odd', alg: 'RS256', use: 'sig' };
    door.keysAre({ status: 200, body: JSON.stringify({ keys: [odd, ...(published.keys as object[])] }) });
    detailOf(await get(door, await sign({}, { kid: 'odd' })), 401);
    expect((await get(door, await sign())).status).toBe(200);
  });
});

describe('Entra ID with a blank secret token (E17)', () => {
  const TENANT = '11111111-2222-3333-4444-555555555555';

  it('is trusted by its tenant id alone', () => {
    expect(scimSettings.parse({ jwt: [{ entraTenant: TENANT }] }).jwt).toEqual([
      {
        issuer: [`https://sts.windows.net/${TENANT}/`],
        audience: ['8adf8e6e-67b2-4cf2-a259-e3dc5476c621'],
        keys: `https://login.microsoftonline.com/${TENANT}/discovery/keys`,
        algorithms: ['RS256'],
        claims: {},
        longestLife: 86_400,
        isForAccessAlone: true,
        access: 'all',
      },
    ]);
  });

  it('opens the door of this tenant and of no other', async () => {
    const door = trusting(scimSettings.parse({ jwt: [{ entraTenant: TENANT }] }).jwt);
    const token = (tenant: string) =>
      sign(
        { iss: `https://sts.windows.net/${tenant}/`, aud: '8adf8e6e-67b2-4cf2-a259-e3dc5476c621' },
        { typ: 'JWT' },
      );
    expect((await get(door, await token(TENANT))).status).toBe(200);
    detailOf(await get(door, await token(TENANT.replace('1', '9'))), 401);
  });
});

describe('the configuration of trust', () => {
  it.each([
    ['nothing', {}],
    ['no audience', { issuer: ISSUER, keys: KEYS }],
    ['keys in the clear', { issuer: ISSUER, audience: 'x', keys: 'http://issuer.example/keys' }],
    ['a shared secret', { issuer: ISSUER, audience: 'x', keys: KEYS, algorithms: ['HS256'] }],
    ['no signature', { issuer: ISSUER, audience: 'x', keys: KEYS, algorithms: ['none'] }],
    ['a tenant that is no GUID', { entraTenant: 'common' }],
    ['an unknown key', { issuer: ISSUER, audience: 'x', keys: KEYS, secret: 'x' }],
  ])('is refused with %s', (_, jwt) => {
    expect(scimSettings.safeParse({ jwt: [jwt] }).success).toBe(false);
  });
});

describe('/Me', () => {
  const personal = (access: 'all' | 'me' = 'all') =>
    trusting(settings({ access, me: { claim: 'email', attribute: 'userName' } }));

  it('is not implemented for tokens that name nobody (RFC 7644 section 3.11)', async () => {
    const door = trusting();
    detailOf(await get(door, TOKEN, '/Me'), 501);
    detailOf(await get(door, await sign(), '/Me'), 501);
    const body = patchOf({ op: 'remove', path: 'title' });
    detailOf(await door.send('PATCH', '/Me', { body }), 501);
  });

  it('is the person whom the token names, with the permanent address', async () => {
    const door = personal();
    const id = await aUser(door);
    const token = await sign({ email: 'ADA@example.com' });
    const answer = await get(door, token, '/Me');
    expect(answer).toMatchObject({ status: 200, body: { id, userName: 'ada@example.com' } });
    expect(answer.headers.location).toMatch(new RegExp(`/Users/${id}$`));
    const headers = { authorization: `Bearer ${token}` };
    const body = patchOf({ op: 'add', path: 'title', value: 'Countess' });
    expect((await door.send('PATCH', '/Me', { body, headers })).body).toMatchObject({
      id,
      title: 'Countess',
    });
    expect((await door.send('DELETE', '/Me', { headers })).status).toBe(204);
    detailOf(await get(door, token, '/Me'), 404);
  });

  it('is nobody when the token names nobody who is there', async () => {
    detailOf(await get(personal(), await sign({ email: 'eve@example.com' }), '/Me'), 404);
    detailOf(await get(personal(), await sign({ email: 7 }), '/Me'), 501);
  });

  it('is all that a token opens that is for persons', async () => {
    const door = personal('me');
    await aUser(door);
    const token = await sign({ email: 'ada@example.com' });
    expect((await get(door, token, '/Me')).status).toBe(200);
    for (const path of ['/Users', '/Groups', '/', '/Schemas']) detailOf(await get(door, token, path), 403);
    const headers = { authorization: `Bearer ${token}` };
    detailOf(await door.send('DELETE', '/Me', { headers }), 403);
    detailOf(await door.send('POST', '/Users', { headers, body: { userName: 'x' } }), 403);
  });
});
