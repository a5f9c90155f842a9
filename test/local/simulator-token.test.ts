import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { bench, CLIENT, START, sign } from './simulator-bench.ts';

const NOW = START / 1000;

async function statusOf(
  auth: string | undefined,
  options: Parameters<typeof bench>[0] = {},
): Promise<number> {
  return (await bench(options).call('GET /queues', undefined, { auth })).status;
}

function unsigned(header: object, claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part(header)}.${part(claims)}`;
}

test('the documented payload, sub and appId and nothing else, is good', async () => {
  expect(await statusOf(await sign())).toBe(200);
});

test('a bad token is answered with the one error that is documented', async () => {
  const { call } = bench();
  const { status, body } = await call('GET /queues', undefined, { auth: 'x' });
  expect(status).toBe(401);
  expect(body).toEqual({ errors: [{ msg: 'Invalid SDK credentials', code: 4002 }] });
});

test.each([
  ['no token', undefined],
  ['an empty token', ''],
  ['a bearer prefix', `Bearer ${await sign()}`],
  ['another secret', await sign({}, 'another secret')],
  ['an appId that differs in case', await sign({ appId: CLIENT.clientId.toLowerCase() })],
  ['no appId', await sign({ appId: undefined })],
  ['no sub', await sign({ sub: undefined })],
  ['an empty sub', await sign({ sub: '' })],
  ['an iss', await sign({ iss: CLIENT.clientId })],
  ['an aud', await sign({ aud: 'https://idproxy.kore.ai/authorize' })],
  ['an isAnonymous', await sign({ isAnonymous: false })],
  ['HS512', await sign({}, CLIENT.clientSecret, 'HS512')],
  ['an exp that passed more than 60 s ago', await sign({ exp: NOW - 60 })],
  ['an iat more than 60 s ahead', await sign({ iat: NOW + 61 })],
  ['an exp that is no number', await sign({ exp: 'tomorrow' })],
  ['no signature', `${unsigned({ alg: 'none' }, { sub: 'x', appId: CLIENT.clientId })}.`],
])('a token with %s is refused', async (_what, auth) => {
  expect(await statusOf(auth)).toBe(401);
});

test.each([
  ['an exp to come', { exp: NOW + 1 }],
  ['an exp that passed within the skew', { exp: NOW - 59 }],
  ['an iat ahead within the skew', { iat: NOW + 60 }],
  ['an iat long ago', { iat: 0 }],
  ['a jti', { jti: 'one' }],
])('a token with %s is good', async (_what, claims) => {
  expect(await statusOf(await sign(claims))).toBe(200);
});

test('time is the clock that was handed in', async () => {
  const { call, clock } = bench();
  const auth = await sign({ exp: NOW + 60 });
  expect((await call('GET /queues', undefined, { auth })).status).toBe(200);
  clock.advance(120_000);
  expect((await call('GET /queues', undefined, { auth })).status).toBe(401);
});

test('the key is the raw text of the secret, not what base64 would make of it', async () => {
  const clientSecret = 'c2VjcmV0IHNlY3JldCBzZWNyZXQ=';
  const input = unsigned({ alg: 'HS256' }, { sub: 'x', appId: CLIENT.clientId });
  const tokenWith = (key: string | Buffer) =>
    `${input}.${createHmac('sha256', key).update(input).digest('base64url')}`;
  const credentials = () => [{ ...CLIENT, clientSecret }];
  expect(await statusOf(tokenWith(clientSecret), { credentials })).toBe(200);
  expect(await statusOf(tokenWith(Buffer.from(clientSecret, 'base64')), { credentials })).toBe(401);
});

test('while a secret is rotated both are good, and then only the new one', async () => {
  const rotated = { ...CLIENT, clientSecret: 'the new secret' };
  let good = [CLIENT];
  const { call } = bench({ credentials: () => good });
  const status = async (secret: string) =>
    (await call('GET /queues', undefined, { auth: await sign({}, secret) })).status;
  expect(await status(rotated.clientSecret)).toBe(401);
  good = [CLIENT, rotated];
  expect([await status(CLIENT.clientSecret), await status(rotated.clientSecret)]).toEqual([200, 200]);
  good = [rotated];
  expect([await status(CLIENT.clientSecret), await status(rotated.clientSecret)]).toEqual([401, 200]);
});

test('an app that enforces a jti wants one in every token', async () => {
  const behaviour = { jti: 'required' as const };
  expect(await statusOf(await sign(), { behaviour })).toBe(401);
  expect(await statusOf(await sign({ jti: '' }), { behaviour })).toBe(401);
  expect(await statusOf(await sign({ jti: 'one' }), { behaviour })).toBe(200);
});

test('where a jti is for a single use, its second use is refused', async () => {
  const { call, simulator } = bench({ behaviour: { jti: 'single-use' } });
  const status = async (jti: string) =>
    (await call('GET /queues', undefined, { auth: await sign({ jti }) })).status;
  expect([await status('one'), await status('one'), await status('two')]).toEqual([200, 401, 200]);
  simulator.reset();
  expect(await status('one')).toBe(200);
});

test('the accountId header must be the account where one is set, and is not looked at otherwise', async () => {
  const accountId = '633ffa91d784f471d0b8aaaa';
  const strict = bench({ accountId });
  const missing = await strict.call('GET /queues');
  expect([missing.status, missing.body.errors[0]?.msg]).toEqual([400, expect.stringContaining('accountId')]);
  expect((await strict.call('GET /queues', undefined, { accountid: 'f'.repeat(24) })).status).toBe(400);
  expect((await strict.call('GET /queues', undefined, { accountid: accountId })).status).toBe(200);
  expect((await bench().call('GET /queues', undefined, { accountid: accountId })).status).toBe(200);
});

test('nothing is done for a bad token', async () => {
  const { call, person, simulator } = bench();
  await call('POST /agents', person(), { auth: 'x' });
  expect(simulator.agents()).toEqual([]);
});
