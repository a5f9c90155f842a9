import { generateKeyPairSync } from 'node:crypto';
import { jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { openRejections } from '../../functions/events/rejections.ts';
import { openStates, pauseSource } from '../../functions/events/source-state.ts';
import { providers } from '../../functions/providers/registry.ts';
import { openTenant } from '../../functions/provision/tenant.ts';
import type { HttpRequest } from '../../functions/runtime/transport.ts';
import { tendSources } from '../../functions/sources/schedule.ts';
import { sourceSchema } from '../../functions/tenant/sources.ts';
import { demoTenant } from '../mapping/demo.ts';
import { openNumbers } from '../runtime/numbers.ts';
import { openHooks, SECONDS } from '../webhook/hooks.ts';
import { fixture, JWKS, JWKS_URI, jwt, signingKey } from '../webhook/providers.ts';

const TEXT = 'a-secret-of-some-length';
const HOUR = 3_600_000;

function open(source: object, provider: (request: HttpRequest) => unknown = () => ({}), secrets = {}) {
  const answer = (request: HttpRequest) => {
    const body = provider(request);
    const text = typeof body === 'string' ? body : JSON.stringify(body ?? {});
    return { status: body === undefined ? 404 : 200, headers: {}, body: text };
  };
  const hooks = openHooks({ sources: { s: source }, secrets: { s: [TEXT], ...secrets }, provider: answer });
  const demo = { ...demoTenant(), sources: { s: sourceSchema.parse(source) } };
  const provisioning = openTenant('demo', demo, hooks.services);
  return {
    ...hooks,
    tend: () =>
      tendSources(
        providers,
        { tenants: { demo } },
        hooks.services,
        () => provisioning,
        hooks.clock.now() + 60_000,
      ),
    /** One round of it, with what it measured. */
    tended: async () => {
      const metrics = openNumbers();
      const services = { ...hooks.services, metrics };
      await tendSources(
        providers,
        { tenants: { demo } },
        services,
        () => provisioning,
        hooks.clock.now() + 60_000,
      );
      return metrics;
    },
    state: () => openStates(hooks.services).get('demo', 's'),
    hear: () => hooks.send('s', { headers: { authorization: `Bearer ${TEXT}` }, body: { type: 'other' } }),
    alarms: (words: string) => hooks.logged.filter((line) => line.includes(words)).length,
  };
}

describe('a source whose readings do not tell the status', () => {
  it('is logged by the first look of a function, and not by each', async () => {
    const source = open({ preset: 'bamboohr', fetch: { companyDomain: 'acme' } });
    const unread = { at: '2026-11-23T10:00:00.000Z', what: "status can't be read" };
    await openStates(source.services).change('demo', 's', (state) => ({ ...state, unread }));
    await source.tend();
    expect(source.alarms("status can't be read")).toBe(1);
    await source.tend();
    expect(source.alarms("status can't be read")).toBe(1);
  });
});

describe('a source that was heard regularly', () => {
  it('and is silent for much longer than ever raises one alarm, until it is heard again', async () => {
    const source = open({ preset: 'auth0' });
    for (let times = 0; times < 8; times += 1) {
      await source.hear();
      source.clock.advance(6 * HOUR);
      await source.tend();
    }
    expect(source.alarms('gone silent')).toBe(0);
    source.clock.advance(20 * HOUR);
    await source.tend();
    await source.tend();
    expect(source.alarms('gone silent')).toBe(1);
    expect((await source.state()).silentSince).toBeDefined();
    await source.hear();
    expect((await source.state()).silentSince).toBeUndefined();
  });

  it('may be quiet over a night, however often it speaks by day', async () => {
    const source = open({ preset: 'auth0' });
    for (let times = 0; times < 8; times += 1) {
      await source.hear();
      source.clock.advance(HOUR / 4);
      await source.tend();
    }
    source.clock.advance(11 * HOUR);
    await source.tend();
    expect(source.alarms('gone silent')).toBe(0);
    source.clock.advance(2 * HOUR);
    await source.tend();
    expect(source.alarms('gone silent')).toBe(1);
  });

  it('is measured every minute in which it is silent or paused, and in no other', async () => {
    const source = open({ preset: 'auth0', silence: '1h' });
    await source.hear();
    const silent: unknown[] = [];
    for (const minutes of [1, 60, 1, 1]) {
      source.clock.advance(minutes * 60_000);
      silent.push((await source.tended()).of('SourceSilent')['']);
    }
    expect(silent).toEqual([undefined, 1, 1, 1]);
    await source.hear();
    expect((await source.tended()).of('SourceSilent')).toEqual({});
    await pauseSource(openStates(source.services), source.services, 'demo', 's', 'a test');
    source.clock.advance(3 * HOUR);
    for (let times = 0; times < 2; times += 1) {
      const numbers = await source.tended();
      expect([numbers.of('SourcePaused'), numbers.of('SourceSilent')]).toEqual([{ '': 1 }, {}]);
    }
  });

  it('may be silent for as long as the configuration says', async () => {
    const source = open({ preset: 'auth0', silence: '1h' });
    await source.hear();
    source.clock.advance(HOUR - 1_000);
    await source.tend();
    expect(source.alarms('gone silent')).toBe(0);
    source.clock.advance(2_000);
    await source.tend();
    expect(source.alarms('gone silent')).toBe(1);
  });

  it('that was never heard raises none', async () => {
    const source = open({ preset: 'auth0', silence: '1h' });
    source.clock.advance(1_000 * HOUR);
    await source.tend();
    expect(source.alarms('gone silent')).toBe(0);
  });
});

describe('a subscription of Graph', () => {
  const settings = {
    preset: 'entra-graph',
    fetch: { tenantId: 't' },
    subscription: { url: 'https://hooks.example.com/demo/hooks/s' },
  };
  const provider = ({ url, method, body = '{}' }: HttpRequest) => {
    if (url.includes('/token')) return { access_token: 'a', expires_in: 3_600 };
    return { id: 'sub-1', expirationDateTime: JSON.parse(body).expirationDateTime, method };
  };

  it('is made, left alone while it is long, and renewed before it ends', async () => {
    const source = open(settings, provider, { 's.fetch': ['id', 'secret'] });
    const made = () =>
      source.calls.filter(({ url }) => url.includes('/subscriptions')).map(({ method }) => method);
    await source.tend();
    await source.tend();
    expect(made()).toEqual(['POST']);
    const [{ body = '' } = {}] = source.calls.filter(({ url }) => url.endsWith('/subscriptions'));
    expect(JSON.parse(body)).toMatchObject({
      clientState: TEXT,
      resource: 'users',
      notificationUrl: settings.subscription.url,
    });
    source.clock.advance(27 * 24 * HOUR);
    await source.tend();
    expect(made()).toEqual(['POST', 'PATCH']);
    expect(Date.parse((await source.state()).subscription?.expiresAt ?? '')).toBeGreaterThan(
      source.clock.now() + 20 * 24 * HOUR,
    );
  });

  /** Graph as it is in these tests: it knows its subscriptions until it forgets them. */
  const forgetful = (isKnown: () => boolean) => (request: HttpRequest) => {
    if (request.method === 'PATCH' && !isKnown()) return undefined;
    return provider(request);
  };
  const methods = ({ calls }: { calls: HttpRequest[] }) =>
    calls.filter(({ url }) => url.includes('/subscriptions')).map(({ method }) => method);
  const lifecycle = (lifecycleEvent: string) => {
    const { lifecycle: body } = fixture('entra-graph') as { lifecycle: { value: object[] } };
    return { value: body.value.map((item) => ({ ...item, clientState: TEXT, lifecycleEvent })) };
  };

  it('that Graph no longer knows is made anew', async () => {
    let isKnown = true;
    const source = open(
      settings,
      forgetful(() => isKnown),
      { 's.fetch': ['id', 'secret'] },
    );
    await source.tend();
    isKnown = false;
    source.clock.advance(27 * 24 * HOUR);
    await source.tend();
    expect(methods(source)).toEqual(['POST', 'PATCH', 'POST']);
    await source.tend();
    expect(methods(source)).toHaveLength(3);
  });

  it('that has ended is made anew, without asking for the old one', async () => {
    const source = open(settings, provider, { 's.fetch': ['id', 'secret'] });
    await source.tend();
    source.clock.advance(40 * 24 * HOUR);
    await source.tend();
    expect(methods(source)).toEqual(['POST', 'POST']);
  });

  it.each([
    ['reauthorizationRequired', 'PATCH', 0],
    ['subscriptionRemoved', 'POST', 1],
  ])('is renewed within a minute when Graph says %s', async (event, method, alarms) => {
    const source = open(settings, provider, { 's.fetch': ['id', 'secret'] });
    await source.tend();
    expect((await source.send('s', { body: lifecycle(event) })).status).toBe(202);
    expect(source.numbers.of('SourceFailed')).toEqual(alarms === 0 ? {} : { notice: alarms });
    source.clock.advance(60_000);
    await source.tend();
    await source.tend();
    expect(methods(source)).toEqual(['POST', method]);
    expect(await source.state()).toMatchObject({ notice: { type: event }, subscription: { id: 'sub-1' } });
    expect((await source.state()).subscription).not.toHaveProperty('isDue');
  });

  it('is left alone by a notice that nobody signed for', async () => {
    const source = open(settings, provider, { 's.fetch': ['id', 'secret'] });
    await source.tend();
    const forged = {
      value: lifecycle('subscriptionRemoved').value.map((item) => ({ ...item, clientState: 'x' })),
    };
    expect((await source.send('s', { body: forged })).status).toBe(401);
    source.clock.advance(60_000);
    await source.tend();
    expect(methods(source)).toEqual(['POST']);
  });

  it('that can not be renewed raises an alarm and is tried again', async () => {
    const source = open(settings, provider);
    await source.tend();
    await source.tend();
    expect(source.alarms('could not be renewed')).toBe(2);
    expect(source.numbers.of('SourceFailed')).toEqual({ renewal: 2 });
  });
});

describe('channels of Google', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const account = {
    client_email: 'provisioner@project.iam.gserviceaccount.com',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    token_uri: 'https://oauth2.googleapis.com/token',
  };
  const settings = {
    preset: 'google-workspace',
    fetch: { administrator: 'admin@example.com', domain: 'example.com' },
    subscription: { url: 'https://hooks.example.com/demo/hooks/s' },
  };
  const secrets = { 's.fetch': [JSON.stringify(account)] };
  let source: ReturnType<typeof open>;
  const watches = () => source.calls.filter(({ url }) => url.includes('/watch'));
  const provider = ({ url, body = '' }: HttpRequest) => {
    if (url.includes('/token')) return { access_token: 'access', expires_in: 3_600 };
    const { id, params } = JSON.parse(body) as { id: string; params: { ttl: string } };
    return { kind: 'api#channel', id, expiration: String(source.clock.now() + Number(params.ttl) * 1_000) };
  };

  it('are made for each event, and made anew before they end, since none can be renewed', async () => {
    source = open(settings, provider, secrets);
    await source.tend();
    await source.tend();
    const events = watches().map(({ url }) => new URL(url).searchParams.get('event'));
    expect(events).toEqual(['add', 'update', 'delete', 'undelete', 'makeAdmin']);
    for (const { url, headers, body = '' } of watches()) {
      expect(new URL(url).searchParams.get('domain')).toBe('example.com');
      expect(headers.authorization).toBe('Bearer access');
      expect(JSON.parse(body)).toMatchObject({
        type: 'web_hook',
        address: settings.subscription.url,
        token: TEXT,
      });
    }
    const first = (await source.state()).subscription;
    expect(Date.parse(first?.expiresAt ?? '') - source.clock.now()).toBe(6 * HOUR);
    source.clock.advance(4.9 * HOUR);
    await source.tend();
    expect(watches()).toHaveLength(5);
    source.clock.advance(0.2 * HOUR);
    await source.tend();
    expect(watches()).toHaveLength(10);
    expect((await source.state()).subscription?.id).not.toBe(first?.id);
    expect(new Set(watches().map(({ body = '' }) => JSON.parse(body).id)).size).toBe(10);
  });

  it('are not asked for with a key file that is none, and nothing of it is said', async () => {
    source = open(settings, provider, { 's.fetch': ['{"private_key": MIIEvQIBADANBgkqhkiG9w0BAQ'] });
    await source.tend();
    expect(source.calls).toEqual([]);
    expect(source.logged.join()).toContain('not the key file of a service account');
    expect(source.logged.join()).not.toContain('MII');
  });

  it("are asked for in an administrator's name, with a token that the service account has signed", async () => {
    source = open(settings, provider, secrets);
    await source.tend();
    const [asked, another] = source.calls.filter(({ url }) => url === account.token_uri);
    expect(another).toBeUndefined();
    const form = new URLSearchParams(asked?.body);
    expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer');
    const { payload, protectedHeader } = await jwtVerify(form.get('assertion') ?? '', publicKey, {
      currentDate: new Date(source.clock.now()),
      issuer: account.client_email,
      audience: account.token_uri,
      subject: 'admin@example.com',
    });
    expect(protectedHeader).toEqual({ alg: 'RS256', typ: 'JWT' });
    expect(payload).toMatchObject({
      scope: 'https://www.googleapis.com/auth/admin.directory.user',
      exp: Number(payload.iat) + 3_600,
    });
  });

  it.each([
    ['without a key file', {}],
    ['with a key that is none', { 's.fetch': [JSON.stringify({ ...account, private_key: 'none' })] }],
    ['with a key file that is no JSON', { 's.fetch': ['none'] }],
  ])('%s are an alarm, and no secret is in it', async (_, wrong) => {
    source = open(settings, provider, wrong);
    await source.tend();
    expect(source.numbers.of('SourceFailed')).toEqual({ renewal: 1 });
    expect((await source.state()).subscription).toBeUndefined();
    expect(source.logged.join()).not.toContain('PRIVATE KEY');
  });
});

describe('a stream that is polled (RFC 8936)', () => {
  const ISSUER = 'https://scim.example.com';
  const settings = {
    preset: 'security-events',
    issuer: ISSUER,
    audience: 'aud',
    jwksUri: JWKS_URI,
    poll: { url: 'https://scim.example.com/poll' },
  };

  const { data } = fixture('standard-webhooks').create as { data: object };
  const GOOD = jwt(
    {
      jti: 'good',
      iat: SECONDS,
      iss: ISSUER,
      aud: 'aud',
      sub_id: { format: 'scim', uri: '/Users/1' },
      events: { 'urn:ietf:params:scim:event:prov:create:full': { data } },
    },
    signingKey,
    { alg: 'ES256', kid: 'k1', typ: 'secevent+jwt' },
  );

  it('gives its events, which are acknowledged when they are stored, and what is bad with a reason', async () => {
    const said: { ack: string[]; setErrs?: object }[] = [];
    const source = open(
      settings,
      ({ url, body = '{}' }) => {
        if (url === JWKS_URI) return JWKS;
        said.push(JSON.parse(body));
        if (said.length > 1) return { sets: {} };
        return { sets: { good: GOOD, bad: 'no token' } };
      },
      { 's.fetch': ['poll-token'] },
    );
    await source.tend();
    await source.settle();
    expect(source.agents().active).toEqual(['grace@example.com']);
    expect(said).toEqual([
      expect.objectContaining({ ack: [], returnImmediately: true }),
      expect.objectContaining({
        ack: ['good'],
        setErrs: { bad: { err: 'invalid_request', description: expect.any(String) } },
      }),
    ]);
    expect(source.calls.find(({ url }) => url.endsWith('/poll'))?.headers.authorization).toBe(
      'Bearer poll-token',
    );
  });

  const unsigned = (name: string) => ({ sets: { [name]: 'no token' } });
  const asked = ({ calls }: { calls: HttpRequest[] }) =>
    calls.map(({ body = '' }) => JSON.parse(body) as { ack: string[]; setErrs?: object });

  it('is asked as RFC 8936 section 2.2 says, without a token where it needs none', async () => {
    const source = open(settings, () => ({ sets: {} }));
    await source.tend();
    const [call, another] = source.calls;
    expect(another).toBeUndefined();
    expect(call).toMatchObject({ method: 'POST', url: settings.poll.url });
    expect(call?.headers).toEqual({ 'content-type': 'application/json', accept: 'application/json' });
    expect(asked(source)).toEqual([{ maxEvents: 100, returnImmediately: true, ack: [] }]);
  });

  it('is told once of each token that it was not taken', async () => {
    const source = open(settings, () => {
      const round = source.calls.length;
      return round < 3 ? unsigned(`token-${round}`) : { sets: {} };
    });
    await source.tend();
    const told = asked(source).map(({ ack, setErrs = {} }) => [ack, Object.keys(setErrs)]);
    expect(told).toEqual([
      [[], []],
      [[], ['token-1']],
      [[], ['token-2']],
    ]);
    const { entries } = await openRejections(source.services).list('demo', 's', { limit: 9 });
    expect(entries).toHaveLength(2);
  });

  it('that has ever more is asked for it again in a minute', async () => {
    const source = open(settings, () => unsigned('token'));
    await source.tend();
    expect(source.calls).toHaveLength(20);
  });

  it('is not asked any more once the time is over', async () => {
    const source = open(settings, () => {
      source.clock.advance(30_000);
      return unsigned('token');
    });
    await source.tend();
    expect(source.calls).toHaveLength(2);
  });

  it('keeps its tokens while the source is paused', async () => {
    const source = open(settings, ({ url }) => (url === JWKS_URI ? JWKS : { sets: { good: GOOD } }));
    await pauseSource(openStates(source.services), source.services, 'demo', 's', 'a test');
    await source.tend();
    const polls = source.calls.filter(({ url }) => url === settings.poll.url);
    expect(polls.map(({ body = '' }) => JSON.parse(body).ack)).toEqual([[]]);
    expect(source.numbers.of('SourceFailed')).toEqual({ poll: 1 });
  });

  it('is one that the configuration says so of, and no other source', async () => {
    const { poll: _, ...pushed } = settings;
    for (const source of [open(pushed), open({ preset: 'auth0' })]) {
      await source.tend();
      expect(source.calls).toEqual([]);
      expect(source.numbers.of('SourceFailed')).toEqual({});
    }
  });

  it('that answers with a page of a proxy raises an alarm, and nothing of the page is said', async () => {
    const source = open(settings, () => '<html>Grace Hopper');
    await source.tend();
    expect(source.numbers.of('SourceFailed')).toEqual({ poll: 1 });
    expect(source.logged.join()).not.toContain('Grace');
  });

  it.each([
    ['refuses', () => undefined],
    ['answers without sets', () => ({ sets: 'none' })],
    [
      'can not be reached',
      () => {
        throw new Error('no route');
      },
    ],
  ])('that %s raises an alarm, and nothing is asked twice', async (_, provider) => {
    const source = open(settings, provider);
    await source.tend();
    expect(source.alarms('could not be polled')).toBe(1);
    expect(source.numbers.of('SourceFailed')).toEqual({ poll: 1 });
    expect(source.calls).toHaveLength(1);
  });
});
