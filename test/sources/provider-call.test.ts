import { describe, expect, it } from 'vitest';
import { openTenant } from '../../functions/provision/tenant.ts';
import { type HttpRequest, type HttpResponse, TransportError } from '../../functions/runtime/transport.ts';
import { clientToken } from '../../functions/sources/client-credentials.ts';
import { openFetching } from '../../functions/sources/provider-call.ts';
import { sourceSchema } from '../../functions/tenant/sources.ts';
import { demoTenant } from '../mapping/demo.ts';
import { openHooks } from '../webhook/hooks.ts';

const URL_OF = {
  people: 'https://api.people.example:8443/v1/users?page=1',
  others: 'https://others.example/',
};
const PLAIN_RULES = demoTenant().rules.filter((rule) => !JSON.stringify(rule).includes('groups'));

const answer = (
  status: number,
  body = '{}',
  headers: Readonly<Record<string, string>> = {},
): HttpResponse => ({
  status,
  headers,
  body,
});

/** Two sources of a tenant, and what their providers answer. */
function open(provider: (request: HttpRequest) => HttpResponse, preset = 'workos', scope?: object) {
  const source = { preset, ...(scope === undefined ? {} : { scope }) };
  const secrets = { 'people.fetch': ['client', 'client-secret'], 'others.fetch': ['b'] };
  const hooks = openHooks({ sources: { people: source, others: source }, secrets, provider });
  const settings = sourceSchema.parse(source);
  const contextFor = (
    name: string,
    tenant: object = { rules: PLAIN_RULES, provisionWhen: 'active eq true' },
  ) => {
    const configuration = { ...demoTenant(), ...tenant, sources: { [name]: settings } };
    return openFetching(openTenant('demo', configuration, hooks.services), hooks.services, name, settings);
  };
  return { ...hooks, contextFor };
}

const ASKED = { method: 'GET', url: URL_OF.people, headers: {} } as const;

/** What a call to a provider that answers so is rejected with. */
async function refusalOf(answered: HttpResponse | Error, preset?: string): Promise<unknown> {
  const { contextFor } = open(() => {
    if (answered instanceof Error) throw answered;
    return answered;
  }, preset);
  const { call } = await contextFor('people');
  return call(ASKED).then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('an answer of a provider', () => {
  it.each([
    [200, '{"id":"1"}', { id: '1' }],
    [299, '[]', []],
    [204, '', undefined],
    [404, '{"error":"none"}', { error: 'none' }],
  ])('of %s is read: %j', async (status, body, value) => {
    const { contextFor } = open(() => answer(status, body, { etag: 'x' }));
    const exchange = await (await contextFor('people')).call(ASKED);
    expect([exchange.status, exchange.body.value, exchange.headers]).toEqual([status, value, { etag: 'x' }]);
  });

  it.each([
    [199, false],
    [300, false],
    [400, false],
    [401, true],
    [403, true],
    [405, false],
    [500, false],
  ])('of %s is none; that it is for good: %s', async (status, isPermanent) => {
    expect(await refusalOf(answer(status, '{"code":"x"}'))).toMatchObject({
      message: `api.people.example:8443 answered ${status}`,
      status,
      isPermanent,
      body: { value: { code: 'x' } },
    });
  });

  it('that refuses with a page of a proxy is a refusal all the same', async () => {
    expect(await refusalOf(answer(502, '<html>'))).toMatchObject({ status: 502, body: { value: undefined } });
  });

  it('that is a page of a proxy in the place of JSON is none, and nothing of it is said', async () => {
    expect(await refusalOf(answer(200, '<html>Grace Hopper'))).toMatchObject({
      message: 'the provider did not answer with JSON',
      isPermanent: false,
    });
  });

  it('that never came is the matter of its host; what is wrong with ourselves is not', async () => {
    expect(await refusalOf(new TransportError('timeout', true, 'no answer in 10 s'))).toMatchObject({
      message: 'api.people.example:8443: no answer in 10 s',
      isPermanent: false,
    });
    const own = new Error('our own');
    expect(await refusalOf(own)).toBe(own);
  });

  it('that throttles is asked for again when it says, also where it looks like a refusal for good', async () => {
    expect(await refusalOf(answer(429, '{}', { 'retry-after': '7' }))).toMatchObject({ retryAfterMs: 7_000 });
    expect(await refusalOf(answer(403), 'paylocity')).toMatchObject({
      isPermanent: false,
      retryAfterMs: 60_000,
    });
    const { contextFor } = open(() => answer(403, '{"code":"busy"}'));
    const { call } = await contextFor('people');
    const refused = call(ASKED, ({ status, body }) => status === 403 && body.text('code') === 'busy');
    await expect(refused).rejects.toMatchObject({ isPermanent: false, retryAfterMs: 60_000 });
  });

  it('is waited for ten seconds, or as long as its reader says', async () => {
    const { contextFor, calls } = open(() => answer(200));
    const { call } = await contextFor('people');
    await call(ASKED);
    await call({ ...ASKED, timeoutMs: 25_000 });
    expect(calls.map(({ timeoutMs }) => timeoutMs)).toEqual([10_000, 25_000]);
  });
});

describe('a file that a link leads to', () => {
  const download = async (answered: HttpResponse | Error) => {
    const { contextFor, calls } = open(() => {
      if (answered instanceof Error) throw answered;
      return answered;
    });
    const { download: load } = await contextFor('people');
    return { loaded: load(URL_OF.people, 1_000), calls };
  };

  it('is read without a token, as bytes, for a minute at most', async () => {
    const { loaded, calls } = await download({ ...answer(200), bytes: Buffer.from('abc') });
    expect(Buffer.from(await loaded).toString()).toBe('abc');
    expect(calls).toEqual([
      { method: 'GET', url: URL_OF.people, headers: {}, timeoutMs: 60_000, maxBytes: 1_000, asBytes: true },
    ]);
  });

  it.each([
    [answer(404), 'api.people.example:8443 answered 404'],
    [answer(206), 'api.people.example:8443 answered 206'],
    [
      new TransportError('too-large', true, 'more than 1000 bytes'),
      'api.people.example:8443: more than 1000 bytes',
    ],
  ])('is none where it can not be had', async (answered, message) => {
    await expect((await download(answered)).loaded).rejects.toMatchObject({ name: 'FetchError', message });
  });

  it('is not blamed for what is wrong with ourselves', async () => {
    const own = new Error('our own');
    await expect((await download(own)).loaded).rejects.toBe(own);
  });
});

describe('an access token for client id and secret', () => {
  const tokens = () => {
    let made = 0;
    const world = open(({ url }) => {
      if (!url.endsWith('/token')) return answer(401);
      made += 1;
      return answer(200, JSON.stringify({ access_token: `access-${made}`, expires_in: 300 }));
    });
    return world;
  };
  const TOKENS = 'https://api.people.example/token';

  it('is asked for as RFC 6749 section 4.4 says, once until its last minute', async () => {
    const { contextFor, calls, clock } = tokens();
    expect(await clientToken(await contextFor('people'), TOKENS, { scope: 'users' })).toBe('access-1');
    expect(calls).toMatchObject([
      {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
        body: 'grant_type=client_credentials&client_id=client&client_secret=client-secret&scope=users',
      },
    ]);
    clock.advance(239_999);
    expect(await clientToken(await contextFor('people'), TOKENS)).toBe('access-1');
    clock.advance(1);
    expect(await clientToken(await contextFor('people'), TOKENS)).toBe('access-2');
  });

  it('is asked for anew once the provider has refused it, and those of other sources stay', async () => {
    const { contextFor } = tokens();
    const ask = async () => ({ value: 'kept', expiresInSeconds: 300 });
    const [people, others] = [await contextFor('people'), await contextFor('others')];
    expect(await others.token('t', ask)).toBe('kept');
    expect(await clientToken(people, TOKENS)).toBe('access-1');
    await expect(people.call(ASKED)).rejects.toMatchObject({ status: 401 });
    expect(await clientToken(people, TOKENS)).toBe('access-2');
    expect(await others.token('t', async () => ({ value: 'another', expiresInSeconds: 300 }))).toBe('kept');
  });

  it('stays where something else is forbidden', async () => {
    const { contextFor } = open(() => answer(403));
    const people = await contextFor('people');
    await people.token('t', async () => ({ value: 'kept', expiresInSeconds: 300 }));
    await expect(people.call(ASKED)).rejects.toMatchObject({ status: 403 });
    expect(await people.token('t', async () => ({ value: 'another', expiresInSeconds: 300 }))).toBe('kept');
  });

  it.each([
    [{ data: { access_token: 'nested', expires_in: 600 } }, 539],
    [{ access_token: 'nested', expires_in: 600 }, 539],
    [{ access_token: 'nested' }, 239],
  ])('may stand in `data`, and is good for five minutes where nothing is said: %j', async (body, seconds) => {
    const { contextFor, calls, clock } = open(() => answer(200, JSON.stringify(body)));
    const people = await contextFor('people');
    expect(await clientToken(people, TOKENS)).toBe('nested');
    clock.advance(seconds * 1_000);
    await clientToken(people, TOKENS);
    expect(calls).toHaveLength(1);
    clock.advance(1_000);
    await clientToken(people, TOKENS);
    expect(calls).toHaveLength(2);
  });

  it('that is not in the answer is none', async () => {
    const { contextFor } = open(() => answer(404, '{"error":"invalid_client"}'));
    await expect(clientToken(await contextFor('people'), TOKENS)).rejects.toThrow(
      'the token endpoint answered 404 without a token',
    );
  });
});

describe('what a source is read with', () => {
  it('are its own credentials, and none where the secret has none', async () => {
    const { contextFor, clock } = open(() => answer(200));
    expect((await contextFor('people')).credentials).toEqual(['client', 'client-secret']);
    expect((await contextFor('unnamed')).credentials).toEqual([]);
    expect((await contextFor('people')).now()).toBe(clock.now());
  });

  it('are groups where the rules or the scope speak of them', async () => {
    const { contextFor } = open(() => answer(200));
    expect((await contextFor('people')).readsGroups).toBe(false);
    expect((await contextFor('people', { provisionWhen: 'groups.display pr' })).readsGroups).toBe(true);
    const scoped = open(() => answer(200), 'workos', { groups: ['Contact Centre'] });
    expect((await scoped.contextFor('people')).readsGroups).toBe(true);
  });
});
