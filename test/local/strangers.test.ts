import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { silentLog } from '../../functions/runtime/log.ts';
import { readLocalOptions } from '../../local/environment.ts';
import { serveSecrets } from '../../local/secrets-manager.ts';
import { type Local, startLocal } from '../../local/server.ts';

const folder = mkdtempSync(join(tmpdir(), 'agent-provisioner-'));
const running: Local[] = [];

afterEach(async () => {
  for (const local of running.splice(0)) await local.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function start(environment: NodeJS.ProcessEnv = {}, argv: readonly string[] = ['--memory']) {
  const options = readLocalOptions({ PORT: '0', SIMULATOR_PORT: '0', ...environment }, argv);
  const local = await startLocal({ ...options, log: silentLog });
  running.push(local);
  return { ...local, options };
}

/** A request with exactly these headers, as a browser or a client of another machine would send it. */
function send(
  url: string,
  {
    method = 'GET',
    headers = {},
    body,
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, headers, agent: false }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, body: text }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

const BEHAVIOUR = '/_simulator/behaviour';
const TOKEN = { authorization: 'Bearer demo-scim-token' };

describe('on one machine', () => {
  it('no stranger reads or changes a secret of the stand-in', async () => {
    const secrets = await serveSecrets(new Map([['s', 'kept']]), { port: 0, accessKeyId: 'of-this-process' });
    const ask = (authorization?: string) =>
      send(secrets.url, {
        method: 'POST',
        headers: {
          'x-amz-target': 'secretsmanager.GetSecretValue',
          ...(authorization === undefined ? {} : { authorization }),
        },
        body: JSON.stringify({ SecretId: 's' }),
      });
    const sigV4 = (key: string) =>
      `AWS4-HMAC-SHA256 Credential=${key}/20261126/local/secretsmanager/aws4_request`;
    for (const wrong of [undefined, '', sigV4('local'), sigV4('of-this-processX')]) {
      const { status, body } = await ask(wrong);
      expect(status).toBe(400);
      expect(body).not.toContain('kept');
    }
    expect((await ask(sigV4('of-this-process'))).body).toContain('kept');
    await secrets.close();
  });

  it('the data is for its owner alone', async () => {
    const dataDir = join(folder, 'data');
    await start({ DATA_DIR: dataDir }, []);
    expect(statSync(dataDir).mode & 0o777).toBe(0o700);
    const files = readdirSync(dataDir);
    expect(files).toContain('directory.sqlite');
    for (const file of files) expect(statSync(join(dataDir, file)).mode & 0o777, file).toBe(0o600);
  });

  it('the token of the documentation is good for the simulator alone', () => {
    const tokenWith = (environment: NodeJS.ProcessEnv) => readLocalOptions(environment, []).scimToken;
    for (const url of ['http://127.0.0.1:9000', 'http://localhost:9000', 'http://[::1]:9000']) {
      expect(tokenWith({ SMARTASSIST_URL: url }), url).toBe('demo-scim-token');
    }
    for (const url of ['https://platform.kore.ai', 'http://127.0.0.1.example', 'http://localhost.example']) {
      const token = tokenWith({ SMARTASSIST_URL: url });
      expect(token, url).toMatch(/^[\w-]{43}$/);
      expect(tokenWith({ SMARTASSIST_URL: url }), url).not.toBe(token);
      expect(tokenWith({ SMARTASSIST_URL: url, SCIM_TOKEN: 'own' }), url).toBe('own');
    }
  });

  it('a name of a stranger that leads here is answered by neither server', async () => {
    const { url, simulatorUrl = '' } = await start();
    for (const host of [
      'evil.example',
      'evil.example:8787',
      '127.0.0.1.evil.example',
      'localhost.evil.example',
    ]) {
      expect((await send(`${url}/health`, { headers: { host } })).status, host).toBe(421);
      expect((await send(`${simulatorUrl}/_simulator/agents`, { headers: { host } })).status, host).toBe(421);
    }
    for (const host of ['localhost', '127.0.0.1:1', '[::1]:8787']) {
      expect((await send(`${url}/health`, { headers: { host } })).status, host).toBe(204);
    }
  });

  it.each([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])('a page of another site posts nothing: %j', async (headers) => {
    const { url, simulatorUrl = '' } = await start();
    const put = (more: Record<string, string>) =>
      send(simulatorUrl + BEHAVIOUR, { method: 'PUT', headers: more, body: '{}' });
    expect((await put(headers)).status).toBe(403);
    expect((await put({})).status).toBe(200);
    expect((await put({ origin: simulatorUrl, 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    const users = `${url}/demo/scim/v2/Users`;
    expect(
      (await send(users, { method: 'POST', headers: { ...TOKEN, ...headers }, body: '{}' })).status,
    ).toBe(403);
  });

  it('a tunnel works: its address is answered, and is the one that resources have', async () => {
    const { url } = await start({ PUBLIC_URL: 'https://abcd.tunnel.example' });
    const body = JSON.stringify({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: 'ada@example.com',
      name: { givenName: 'Ada', familyName: 'Lovelace' },
      emails: [{ value: 'ada@example.com', type: 'work' }],
      active: true,
    });
    const headers = { ...TOKEN, host: 'abcd.tunnel.example', 'content-type': 'application/scim+json' };
    const answer = await send(`${url}/demo/scim/v2/Users`, { method: 'POST', headers, body });
    expect(answer.status, answer.body).toBe(201);
    expect(JSON.parse(answer.body).meta.location).toMatch(
      /^https:\/\/abcd\.tunnel\.example\/demo\/scim\/v2\/Users\//,
    );
  });
});
