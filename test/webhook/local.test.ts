import { createHmac, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { type Directory, openDirectory } from '../../functions/directory/directory.ts';
import { openSqliteTable } from '../../functions/directory/sqlite/table.ts';
import { systemClock } from '../../functions/runtime/clock.ts';
import { NO_LIMITS } from '../../functions/runtime/limits.ts';
import { silentLog } from '../../functions/runtime/log.ts';
import type { WholeRequest } from '../../local/listener.ts';
import { type ProviderStandIn, serveProvider } from '../../local/provider.ts';
import { type Local, startLocal } from '../../local/server.ts';
import { simulatedAgents } from '../../local/simulated-agents.ts';
import { ALL_TIME, sign } from './hooks.ts';
import {
  fixture,
  JWKS,
  jwt,
  PROVIDER_CASES,
  type ProviderCase,
  STEPS,
  type Step,
  signingKey,
  textOf,
  WEBHOOK_PRESETS,
} from './providers.ts';

const ISSUER = 'https://scim.example.com';
const UNASSIGNED = 'Unassigned';
const PATIENCE_MS = 20_000;

/** The product as `npm start` has it, with every source in its configuration, and a stand-in for the providers' APIs. */
let local: Local;
let apis: ProviderStandIn;
let directory: Directory;
const folder = mkdtempSync(join(tmpdir(), 'hooks-'));
const closers: (() => void)[] = [];
/** What each provider's API says now. */
const steps = new Map<string, Step>();

beforeAll(async () => {
  apis = await serveProvider(answerTo);
  const configuration = parse(readFileSync('provisioner.yaml', 'utf8'));
  const { demo } = configuration.tenants;
  // All of them leave within a minute here.
  const open = { percent: 100, atLeast: 1_000, within: '1h' };
  demo.lifecycle.brake = { ...open, long: open, changes: open };
  demo.timeZone = 'UTC';
  demo.sources = Object.fromEntries(
    PROVIDER_CASES.map((provider) => [provider.preset, { preset: provider.preset, ...settingsOf(provider) }]),
  );
  demo.sources.feed = {
    preset: 'security-events',
    issuer: ISSUER,
    audience: 'aud',
    jwksUri: `${apis.url}/jwks.json`,
  };
  const file = join(folder, 'provisioner.yaml');
  writeFileSync(file, stringify(configuration));
  local = await startLocal({
    port: 0,
    simulatorPort: 0,
    dataDir: folder,
    configurationFile: file,
    scimToken: 'token',
    sourceSecrets: Object.fromEntries(
      PROVIDER_CASES.flatMap(({ preset, secret, fetchSecrets = [] }) => [
        [preset, [secret]],
        [`${preset}.fetch`, fetchSecrets],
      ]),
    ),
    callsPerMinute: 10_000,
    // More forgeries than a stranger may send in a minute.
    limits: NO_LIMITS,
    log: silentLog,
  });
  const behaviour = { method: 'PUT', body: JSON.stringify({ callsPerMinute: 10_000 }) };
  expect((await fetch(`${local.simulatorUrl}/_simulator/behaviour`, behaviour)).ok).toBe(true);
  const table = openSqliteTable(join(folder, 'directory.sqlite'), systemClock);
  closers.push(() => table.close());
  directory = openDirectory(table, systemClock);
}, PATIENCE_MS);

afterAll(async () => {
  for (const close of closers) close();
  await local?.close();
  await apis?.close();
  rmSync(folder, { recursive: true });
});

/** As configured, but that everything which is read is read from this machine. */
function settingsOf({ preset, settings = {} }: ProviderCase): object {
  const base = `${apis.url}/${preset}`;
  const { fetch: api, jwksUri, ...rest } = settings as { fetch?: Record<string, string>; jwksUri?: string };
  const path = api?.url === undefined ? undefined : new URL(api.url).pathname.replace('%7Bid%7D', '{id}');
  return {
    ...rest,
    ...(jwksUri === undefined ? {} : { jwksUri: `${apis.url}/jwks.json` }),
    ...(api === undefined
      ? {}
      : {
          fetch: {
            ...api,
            ...(path === undefined ? { baseUrl: base } : { url: `${base}${path}` }),
            ...(preset === 'entra-graph' ? { loginUrl: base } : {}),
            ...(preset === 'google-workspace' ? { tokenUrl: `${base}/token` } : {}),
          },
        }),
  };
}

/** What the API of the provider whose name the path begins with answers. */
function answerTo({ url, headers }: WholeRequest): unknown {
  const [, preset = '', ...rest] = new URL(url, 'http://localhost').pathname.split('/');
  if (preset === 'jwks.json') return JWKS;
  if (rest.at(-1) === 'token') return { access_token: 'access', expires_in: 3_600 };
  const provider = PROVIDER_CASES.find((each) => each.preset === preset);
  if (provider?.fetched === undefined || headers.authorization === undefined) return undefined;
  const answer = provider.fetched(
    steps.get(preset) ?? 'create',
    (fixture(preset).person ?? {}) as Record<string, unknown>,
  );
  return JSON.parse(JSON.stringify(answer));
}

/** Several fixtures are about the same person: here each source has a person of its own. */
const SHARED = 'grace@example.com';
const emailOf = ({ email, preset }: ProviderCase) => (email === SHARED ? `grace@${preset}.example` : email);
const bodyOf = (provider: ProviderCase, step: Step) =>
  textOf(fixture(provider.fixture ?? provider.preset)[step])
    .replaceAll(SHARED, emailOf(provider))
    .replaceAll(/"(externalId|employeeNumber)":"[\w-]+"/g, `"$1":"${provider.preset}"`);

/** A request of the provider, signed now. */
function requestOf(provider: ProviderCase, step: Step, secret = provider.secret): [string, RequestInit] {
  const body = bodyOf(provider, step);
  const sent = provider.signed(body, secret, Math.floor(Date.now() / 1_000));
  const path = (provider.paths?.[step] ?? '').replace('{secret}', secret);
  const headers = {
    'content-type': provider.contentType ?? 'application/json',
    ...provider.headers?.[step],
    ...sent.headers,
  };
  return [
    `${local.url}/demo/hooks/${provider.preset}${path}`,
    { method: 'POST', headers, body: textOf(sent.body) },
  ];
}

/** As the provider would send it, but with another secret or, where the key is public, another body. */
function forgedOf(provider: ProviderCase, step: Step): [string, RequestInit] {
  if (provider.preset === 'fusionauth') {
    const [url, request] = requestOf(provider, step);
    return [url, { ...request, body: `${String(request.body)} ` }];
  }
  const forged = provider.secret.replace(/[A-Za-z0-9](?=[^A-Za-z0-9]*$)/, (last) =>
    last === 'Q' ? 'R' : 'Q',
  );
  return requestOf(provider, step, forged);
}

async function say(provider: ProviderCase, step: Step): Promise<number> {
  steps.set(provider.preset, step);
  return (await fetch(...requestOf(provider, step))).status;
}

/** The person's agent, once it is as it should be. */
async function agentOf(email: string, isRight: (agent: { name: string; agentGroup: string }) => boolean) {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const { agents } = await simulatedAgents(local.simulatorUrl);
    const agent = agents.find(({ emailId }) => emailId === email);
    if ((agent !== undefined && isRight(agent)) || Date.now() > end) return agent;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Everything that a forgery could have changed. */
async function everything() {
  const { persons } = await directory.listPersons('demo', { limit: 1_000 });
  const { events: pending } = await directory.unscheduledPendingEvents('demo', { limit: 1_000 });
  const due = await directory.duePendingEvents('demo', ALL_TIME, 1_000);
  return {
    persons: persons.map(({ id, person, links }) => ({ id, person, links })),
    pending: [...pending, ...due].map(({ id }) => id),
  };
}

describe('a handshake over HTTP', () => {
  const at = (source: string) => `${local.url}/demo/hooks/${source}`;

  it('of Okta is answered with its challenge', async () => {
    const headers = { 'x-okta-verification-challenge': 'abc' };
    const response = await fetch(at('okta-event-hook'), { headers });
    expect(await response.json()).toEqual({ verification: 'abc' });
  });

  it('of Microsoft Graph is answered with the token, as text', async () => {
    const response = await fetch(`${at('entra-graph')}?validationToken=a%20b%3Cc`, { method: 'POST' });
    expect([response.status, await response.text()]).toEqual([200, 'a b<c']);
    expect(response.headers.get('content-type')).toContain('text/plain');
  });

  it('of CloudEvents lets the origin send', async () => {
    const headers = { 'webhook-request-origin': 'eventgrid.azure.net' };
    const response = await fetch(at('cloudevents'), { method: 'OPTIONS', headers });
    expect(response.headers.get('webhook-allowed-origin')).toBe('eventgrid.azure.net');
  });

  it.each([
    ['HiBob', 'hibob', 'Ping test', {}],
    [
      'Google',
      'google-workspace',
      undefined,
      { 'x-goog-channel-token': 'a-secret-of-some-length', 'x-goog-resource-state': 'sync' },
    ],
  ])('of %s is a success', async (_, source, body, headers: Record<string, string>) => {
    const response = await fetch(at(source), {
      method: 'POST',
      headers,
      ...(body === undefined ? {} : { body }),
    });
    expect(response.status).toBe(200);
  });

  it('of Gusto is refused where its secret is known: nobody replaces it by handing over another', async () => {
    const body = JSON.stringify(fixture('gusto').handshake);
    const response = await fetch(`${local.url}/demo/hooks/gusto`, { method: 'POST', body });
    expect(response.status).toBe(401);
  });
});

describe.each(PROVIDER_CASES)('$preset over HTTP', (provider) => {
  const email = emailOf(provider);
  const [first, second] = provider.names.map((name) => name.replaceAll(SHARED, email));

  it('makes, changes and suspends an agent, or has the leaver wait for a hand; a forgery changes nothing', {
    timeout: 4 * PATIENCE_MS,
  }, async () => {
    const before = await everything();
    expect((await fetch(...forgedOf(provider, 'create'))).status).toBe(401);
    expect(await everything()).toEqual(before);

    expect([200, 201, 202, 204]).toContain(await say(provider, 'create'));
    const made = await agentOf(email, ({ name }) => name.includes(first ?? ''));
    expect(made).toMatchObject({
      name: expect.stringContaining(first ?? ''),
      agentGroup: expect.not.stringMatching(UNASSIGNED),
    });

    expect([200, 201, 202, 204]).toContain(await say(provider, 'update'));
    const changed = await agentOf(email, ({ name }) => name.includes(second ?? ''));
    expect(changed?.name).toContain(second);

    const settled = await everything();
    for (const step of STEPS) expect((await fetch(...forgedOf(provider, step))).status).toBe(401);
    expect(await everything()).toEqual(settled);

    expect([200, 201, 202, 204]).toContain(await say(provider, 'leave'));
    if (provider.waits) {
      const { pending } = await everything();
      expect(pending.filter((id) => id.startsWith(`confirm:${provider.preset}/`))).toHaveLength(1);
      expect((await agentOf(email, () => true))?.agentGroup).not.toBe(UNASSIGNED);
    } else {
      const left = await agentOf(email, ({ agentGroup }) => agentGroup === UNASSIGNED);
      expect(left?.agentGroup).toBe(UNASSIGNED);
    }
  });
});

describe('security events over HTTP', () => {
  const PROV = 'urn:ietf:params:scim:event:prov:';
  const email = 'sec@example.com';
  const push = async (events: object, key = signingKey, jti = JSON.stringify(events)) => {
    const claims = {
      jti,
      iat: Math.floor(Date.now() / 1_000),
      iss: ISSUER,
      aud: 'aud',
      sub_id: { format: 'scim', uri: '/Users/44f6' },
      events,
    };
    const { status } = await fetch(`${local.url}/demo/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/secevent+jwt' },
      body: jwt(claims, key, { alg: 'ES256', kid: 'k1', typ: 'secevent+jwt' }),
    });
    return status;
  };
  const person = (familyName: string) => ({
    data: {
      userName: email,
      name: { givenName: 'Sec', familyName },
      emails: [{ value: email, type: 'work' }],
    },
  });

  it('make, change and suspend an agent; a forgery changes nothing', {
    timeout: 4 * PATIENCE_MS,
  }, async () => {
    const before = await everything();
    const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    expect(await push({ [`${PROV}create:full`]: person('Evil') }, stranger.privateKey)).toBe(400);
    expect(await everything()).toEqual(before);
    expect(await push({ [`${PROV}create:full`]: person('First') })).toBe(202);
    expect((await agentOf(email, () => true))?.name).toBe('Sec First');
    expect(await push({ [`${PROV}put:full`]: person('Second') })).toBe(202);
    expect((await agentOf(email, ({ name }) => name === 'Sec Second'))?.name).toBe('Sec Second');
    expect(await push({ [`${PROV}deactivate`]: {} })).toBe(202);
    const left = await agentOf(email, ({ agentGroup }) => agentGroup === UNASSIGNED);
    expect(left?.agentGroup).toBe(UNASSIGNED);
  });
});

describe('other forms over HTTP', () => {
  const provider = (preset: string) => {
    const found = PROVIDER_CASES.find((each) => each.preset === preset);
    if (found === undefined) throw new Error(`there is no ${preset}`);
    return found;
  };

  it('a CloudEvent in binary mode makes an agent', async () => {
    const { data, ...attributes } = fixture('cloudevents').create as Record<string, string>;
    const { secret } = provider('cloudevents');
    const response = await fetch(`${local.url}/demo/hooks/cloudevents`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${secret}`,
        ...Object.fromEntries(
          Object.entries(attributes).map(([name, value]) => [`ce-${name}`, name === 'id' ? 'binary' : value]),
        ),
      },
      body: JSON.stringify({
        ...(data as unknown as object),
        userName: 'cloud@example.com',
        externalId: 'C',
        emails: [{ value: 'cloud@example.com' }],
      }),
    });
    expect(response.status).toBe(202);
    expect((await agentOf('cloud@example.com', () => true))?.name).toBe('Grace Hopper');
  });

  it('bytes that no text is are verified as they came', async () => {
    const { preset, secret } = provider('keycloak');
    const body = Buffer.from([0xff, 0x7b, 0x7d]);
    const signature = createHmac('sha256', secret).update(body).digest('hex');
    const send = (value: string) =>
      fetch(`${local.url}/demo/hooks/${preset}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-keycloak-signature': value },
        body,
      });
    expect((await send(signature)).status).toBe(400);
    expect((await send(sign.hex(secret, '\uFFFD{}'))).status).toBe(401);
  });
});

it('each source of the table comes in by it', () => {
  expect(PROVIDER_CASES.map(({ preset }) => preset).toSorted()).toEqual(WEBHOOK_PRESETS.toSorted());
});
