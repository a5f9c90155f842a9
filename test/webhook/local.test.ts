import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { silentLog } from '../../functions/runtime/log.ts';
import { holdings } from '../../local/holdings.ts';
import { type Local, startLocal } from '../../local/server.ts';
import { sign } from './hooks.ts';
import { fixture } from './providers.ts';

const SECRET = 'a-secret-of-some-length';
const WHSEC = `whsec_${Buffer.from('0123456789abcdef01234567').toString('base64')}`;

/** Everything as `npm start` has it, with sources in its configuration. */
let local: Local;
const folder = mkdtempSync(join(tmpdir(), 'hooks-'));

beforeAll(async () => {
  const configuration = parse(readFileSync('provisioner.yaml', 'utf8'));
  configuration.tenants.demo.sources = {
    okta: { preset: 'okta-event-hook' },
    bamboo: { preset: 'bamboohr' },
    generic: { preset: 'standard-webhooks' },
    bus: { preset: 'cloudevents' },
    auth0: { preset: 'auth0' },
  };
  const file = join(folder, 'provisioner.yaml');
  writeFileSync(file, stringify(configuration));
  local = await startLocal({
    port: 0,
    simulatorPort: 0,
    dataDir: undefined,
    configurationFile: file,
    scimToken: 'token',
    sourceSecrets: { okta: [SECRET], bamboo: [SECRET], generic: [WHSEC], bus: [SECRET], auth0: [SECRET] },
    log: silentLog,
  });
});

afterAll(async () => {
  await local.close();
  rmSync(folder, { recursive: true });
});

const post = (source: string, headers: Record<string, string>, body: string) =>
  fetch(`${local.url}/demo/hooks/${source}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });

async function agentWith(emailId: string): Promise<string | undefined> {
  for (let tries = 0; tries < 100; tries += 1) {
    const { agents } = await holdings(local.simulatorUrl);
    const agent = agents.find((each) => each.emailId === emailId);
    if (agent !== undefined) return agent.name;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return undefined;
}

describe('the HTTP door of one machine', () => {
  it('makes an agent by an Okta event hook, after its verification', async () => {
    const verification = await fetch(`${local.url}/demo/hooks/okta`, {
      headers: { 'x-okta-verification-challenge': 'abc' },
    });
    expect(await verification.json()).toEqual({ verification: 'abc' });
    const body = JSON.stringify(fixture('okta-event-hook').create);
    expect((await post('okta', { authorization: SECRET }, body)).status).toBe(200);
    expect(await agentWith('john.doe@example.com')).toBe('John Doe');
  });

  it("makes an agent by BambooHR's chosen fields", async () => {
    const body = JSON.stringify(fixture('bamboohr').fields);
    const stamp = String(Math.floor(Date.now() / 1000));
    const headers = { 'x-bamboohr-timestamp': stamp, 'x-bamboohr-signature': sign.hex(SECRET, body + stamp) };
    expect((await post('bamboo', headers, body)).status).toBe(200);
    expect(await agentWith('felix@bamboo.example')).toBe('Felix Field');
  });

  it('makes an agent by Standard Webhooks with a SCIM User', async () => {
    const body = JSON.stringify(fixture('standard-webhooks').create);
    const seconds = Math.floor(Date.now() / 1000);
    expect((await post('generic', sign.standard(WHSEC, 'msg_1', seconds, body), body)).status).toBe(200);
    expect(await agentWith('grace@example.com')).toBe('Grace Hopper');
  });

  it('makes an agent by a CloudEvent in binary mode, and by one of Auth0', async () => {
    const { data, ...attributes } = fixture('cloudevents').create as Record<string, string>;
    const person = {
      ...(data as unknown as object),
      userName: 'cloud@example.com',
      externalId: 'C',
      emails: [{ value: 'cloud@example.com' }],
    };
    const headers = Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [`ce-${name}`, value]),
    );
    expect(
      (await post('bus', { ...headers, authorization: `Bearer ${SECRET}` }, JSON.stringify(person))).status,
    ).toBe(202);
    const auth0 = JSON.stringify(fixture('auth0').create);
    expect((await post('auth0', { authorization: `Bearer ${SECRET}` }, auth0)).status).toBe(200);
    expect(await agentWith('cloud@example.com')).toBe('Grace Hopper');
    expect(await agentWith('nick@example.com')).toBe('Nick Miller');
  });

  it('lets nobody in without the secret', async () => {
    const body = JSON.stringify(fixture('auth0').create).replaceAll('nick', 'eve');
    expect((await post('auth0', { authorization: 'Bearer wrong' }, body)).status).toBe(401);
    expect((await holdings(local.simulatorUrl)).agents.map(({ emailId }) => emailId)).not.toContain(
      'eve@example.com',
    );
  });
});
