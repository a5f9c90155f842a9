import { describe, expect, it } from 'vitest';
import { openTenant } from '../../functions/provision/provisioner.ts';
import type { HttpRequest } from '../../functions/runtime/transport.ts';
import { sourceSchema } from '../../functions/tenant/sources.ts';
import { tendSources } from '../../functions/webhook/schedule.ts';
import { openStates, pauseSource } from '../../functions/webhook/state.ts';
import { demoTenant } from '../mapping/demo.ts';
import { openNumbers } from '../runtime/numbers.ts';
import { openHooks, SECONDS } from './hooks.ts';
import { fixture, JWKS, JWKS_URI, jwt, signingKey } from './providers.ts';

const TEXT = 'a-secret-of-some-length';
const HOUR = 3_600_000;

function open(source: object, provider: (request: HttpRequest) => unknown = () => ({}), secrets = {}) {
  const answer = (request: HttpRequest) => ({
    status: 200,
    headers: {},
    body: JSON.stringify(provider(request)),
  });
  const hooks = openHooks({ sources: { s: source }, secrets: { s: [TEXT], ...secrets }, provider: answer });
  const demo = { ...demoTenant(), sources: { s: sourceSchema.parse(source) } };
  const provisioning = openTenant('demo', demo, hooks.world);
  return {
    ...hooks,
    tend: () =>
      tendSources({ tenants: { demo } }, hooks.world, () => provisioning, hooks.clock.now() + 60_000),
    /** One round of it, with what it measured. */
    tended: async () => {
      const metrics = openNumbers();
      const world = { ...hooks.world, metrics };
      await tendSources({ tenants: { demo } }, world, () => provisioning, hooks.clock.now() + 60_000);
      return metrics;
    },
    state: () => openStates(hooks.world).get('demo', 's'),
    hear: () => hooks.send('s', { headers: { authorization: `Bearer ${TEXT}` }, body: { type: 'other' } }),
    alarms: (words: string) => hooks.logged.filter((line) => line.includes(words)).length,
  };
}

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
    await pauseSource(openStates(source.world), source.world, 'demo', 's', 'a test');
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

  it('that can not be renewed raises an alarm and is tried again', async () => {
    const source = open(settings, provider);
    await source.tend();
    await source.tend();
    expect(source.alarms('could not be renewed')).toBe(2);
    expect(source.numbers.of('SourceFailed')).toEqual({ renewal: 2 });
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

  it('gives its events, which are acknowledged when they are stored, and what is bad with a reason', async () => {
    const { data } = fixture('standard-webhooks').create as { data: object };
    const claims = {
      jti: 'good',
      iat: SECONDS,
      iss: ISSUER,
      aud: 'aud',
      sub_id: { format: 'scim', uri: '/Users/1' },
      events: { 'urn:ietf:params:scim:event:prov:create:full': { data } },
    };
    const header = { alg: 'ES256', kid: 'k1', typ: 'secevent+jwt' };
    const said: { ack: string[]; setErrs?: object }[] = [];
    const source = open(
      settings,
      ({ url, body = '{}' }) => {
        if (url === JWKS_URI) return JWKS;
        said.push(JSON.parse(body));
        if (said.length > 1) return { sets: {} };
        return { sets: { good: jwt(claims, signingKey, header), bad: 'no token' } };
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

  it.each([
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
