import { createHash, generateKeyPairSync, sign as signBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { providers } from '../../functions/providers/registry.ts';
import { TransportError } from '../../functions/runtime/transport.ts';
import { segment } from '../../functions/sources/option.ts';
import { sourceSchema } from '../../functions/tenant/sources.ts';
import { openHooks, SECONDS } from '../webhook/hooks.ts';

const JWKS_URI = 'https://keys.example.com/jwks';
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const good = { ...publicKey.export({ format: 'jwk' }), kid: 'good', alg: 'RS256', use: 'sig' };

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
function token(
  kid?: string,
  signed: (text: string) => Buffer = (text) => signBytes('sha256', Buffer.from(text), privateKey),
): string {
  const head = part({ alg: 'RS256', typ: 'JWT', ...(kid === undefined ? {} : { kid }) });
  const text = `${head}.${part({ iss: 'https://issuer.example', aud: 'us', exp: SECONDS + 60 })}`;
  return `${text}.${signed(text).toString('base64url')}`;
}

/** What a signature of 2,048 bits is before a private key makes it one (RFC 8017 section 9.2): good for an exponent of 1. */
function padded(text: string): Buffer {
  const digest = Buffer.concat([
    Buffer.from('3031300d060960864801650304020105000420', 'hex'),
    createHash('sha256').update(text).digest(),
  ]);
  const filling = Buffer.alloc(256 - digest.length - 3, 0xff);
  return Buffer.concat([Buffer.from([0, 1]), filling, Buffer.from([0]), digest]);
}

/** A hook whose sender proves itself by a token, with a publisher that answers what is given. */
function open(answer: () => unknown) {
  let asked = 0;
  const hooks = openHooks({
    sources: { people: { preset: 'zitadel', verify: 'jwt', jwksUri: JWKS_URI } },
    provider: ({ url }) => {
      if (url !== JWKS_URI) return undefined;
      asked += 1;
      const body = answer();
      if (body instanceof Error) throw body;
      return { status: 200, headers: {}, body: typeof body === 'string' ? body : JSON.stringify(body) };
    },
  });
  const post = async (body: string) => (await hooks.send('people', { body })).status;
  const send = (kid?: string) => post(token(kid));
  return { hooks, post, send, asked: () => asked };
}

describe('a key set', () => {
  it.each([
    ['can not be imported', { ...good, kid: 'odd', n: '!' }],
    [
      'is too short',
      { kty: 'RSA', e: 'AQAB', n: Buffer.alloc(128, 255).toString('base64url'), kid: 'odd', alg: 'RS256' },
    ],
    ['has no parts', { kty: 'RSA', kid: 'odd', alg: 'RS256' }],
    ['is of a strange type', { kty: 'x', kid: 'odd' }],
    ['is for encryption', { ...good, kid: 'odd', use: 'enc' }],
    ['is null', null],
    ['is a list', []],
    ['is text', 'odd'],
  ])('with a key that %s refuses the token that names it, at once, and no other', async (_, key) => {
    const { hooks, send } = open(() => ({ keys: [key, good] }));
    expect(await send('odd')).toBe(401);
    expect(await send('good')).not.toBe(401);
    expect(hooks.numbers.of('Rejected')).toMatchObject({ 'unknown-key': 1 });
  });

  it.each(['AQ', 'AAE', 'Ag'])('with an RSA key of exponent %s has no such key', async (e) => {
    const { hooks, post } = open(() => ({ keys: [{ ...good, e }] }));
    expect(await post(token('good', padded))).toBe(401);
    expect(hooks.numbers.of('Rejected')).toEqual({ 'unknown-key': 1 });
  });

  it('with two keys of a type refuses a token that names none', async () => {
    const { send } = open(() => ({ keys: [good, { ...good, kid: 'second' }] }));
    expect(await send()).toBe(401);
  });

  it.each([
    ['can not be had', () => new TransportError('timeout', true, 'no answer')],
    ['is none', () => '<html>'],
    ['has no keys', () => ({})],
  ])('that %s is asked for once, however many tokens come', async (_, answer) => {
    const { hooks, send, asked } = open(answer);
    for (let index = 0; index < 50; index += 1) expect(await send('good')).toBe(503);
    expect(asked()).toBe(1);
    hooks.clock.advance(10_000);
    await Promise.all(Array.from({ length: 50 }, () => send('good')));
    expect(asked()).toBe(2);
  });

  it('that has no such key is read anew once in 30 seconds', async () => {
    const { hooks, send, asked } = open(() => ({ keys: [good] }));
    for (let index = 0; index < 50; index += 1) expect(await send(`unknown-${index}`)).toBe(401);
    expect(asked()).toBe(1);
    hooks.clock.advance(30_000);
    for (let index = 0; index < 50; index += 1) expect(await send(`unknown-${index}`)).toBe(401);
    expect(asked()).toBe(2);
  });
});

describe('an id', () => {
  it.each(['.', '..', ''])('%j is no step of an address', (id) => {
    expect(() => segment(id)).toThrow(/is no id/);
  });

  it.each(['...', '%2e%2e', '../x', 'a/b', '\ud800', '?', '#', '\\', '..;'])('%j stays one step', (id) => {
    const url = new URL(`https://api.example.com/v1/users/${segment(id)}/groups`);
    expect(url.pathname.split('/')).toHaveLength(5);
    expect(url.search + url.hash).toBe('');
  });

  it.each([
    ['gusto', {}],
    ['bamboohr', { companyDomain: 'acme' }],
    ['okta-event-hook', { domain: 'acme.okta.com' }],
    ['auth0', { domain: 'acme.auth0.com' }],
    ['entra-graph', { tenantId: 't' }],
    ['google-workspace', { administrator: 'a@example.com' }],
    ['remote', {}],
    ['personio', {}],
  ])('that is a step leads no call of %s elsewhere', async (preset, fetch) => {
    const read = await providers.reader(sourceSchema.parse({ preset, fetch }));
    for (const id of ['.', '..']) {
      const called: string[] = [];
      const context = {
        settings: sourceSchema.parse({ preset, fetch }),
        credentials: ['a', 'b'],
        call: async ({ url }: { url: string }) => {
          called.push(url);
          throw new Error('nothing is called');
        },
        token: async () => 'token',
        now: () => 0,
      };
      await expect(read?.({ id, userName: id, email: id }, context as never)).rejects.toThrow(/is no id/);
      expect(called).toEqual([]);
    }
  });
});

describe('an address in the configuration', () => {
  it.each([
    'http://keys.example.com/jwks',
    'http://127.0.0.1.example.com/',
    'HTTP://example.com',
    'file:///etc/passwd',
  ])('%s is none for keys, polling or reading', (url) => {
    const parse = (settings: object) => sourceSchema.safeParse({ preset: 'json', ...settings }).success;
    expect(parse({ jwksUri: url })).toBe(false);
    expect(parse({ poll: { url } })).toBe(false);
    if (/^http/i.test(url)) expect(parse({ fetch: { url } })).toBe(false);
    if (/^http/i.test(url)) expect(parse({ fetch: { baseUrl: url } })).toBe(false);
  });

  it.each(['https://keys.example.com/jwks', 'http://127.0.0.1:9000/x', 'http://localhost/x'])(
    '%s is one',
    (url) => {
      const settings = { preset: 'json', jwksUri: url, poll: { url }, fetch: { url } };
      expect(sourceSchema.safeParse(settings).success).toBe(true);
    },
  );
});
