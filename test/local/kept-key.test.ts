import { createHmac } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { parse, stringify } from 'yaml';
import { silentLog } from '../../functions/runtime/log.ts';
import { keptKey } from '../../local/data/kept-key.ts';
import { listen } from '../../local/listener.ts';
import { startLocal } from '../../local/server.ts';
import { simulatedAgents } from '../../local/simulated-agents.ts';

const folder = mkdtempSync(join(tmpdir(), 'kept-key-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Gusto replaces the refresh token with each use, and takes no former one. */
async function serveGusto() {
  let count = 1;
  const listener = await listen({ port: 0 }, async ({ url, body, headers }, response) => {
    const answer = (status: number, value: object) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(value));
    };
    if (url === '/oauth/token') {
      if (JSON.parse(body).refresh_token !== `refresh-${count}`) return answer(401, {});
      count += 1;
      return answer(200, {
        access_token: `access-${count}`,
        refresh_token: `refresh-${count}`,
        expires_in: 7_200,
      });
    }
    if (headers.authorization !== `Bearer access-${count}`) return answer(401, {});
    const uuid = url.split('/').at(-1);
    answer(200, {
      uuid,
      first_name: 'Grace',
      last_name: 'Hopper',
      email: `${uuid}@example.com`,
      terminated: false,
    });
  });
  return { url: `http://127.0.0.1:${listener.port}`, close: () => listener.close() };
}

describe('the key of npm start', () => {
  it('is made once, and is its owner’s alone', () => {
    const key = keptKey(folder);
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(keptKey(folder)).toBe(key);
    expect(statSync(join(folder, 'key')).mode & 0o777).toBe(0o600);
  });

  it('seals a refresh token, which is there after another start', async () => {
    const gusto = await serveGusto();
    const configuration = parse(readFileSync('provisioner.yaml', 'utf8'));
    configuration.tenants.demo.timeZone = 'UTC';
    configuration.tenants.demo.sources = { gusto: { preset: 'gusto', fetch: { baseUrl: gusto.url } } };
    const file = join(folder, 'provisioner.yaml');
    writeFileSync(file, stringify(configuration));
    const withServer = async (employee: string) => {
      const local = await startLocal({
        port: 0,
        simulatorPort: 0,
        dataDir: folder,
        configurationFile: file,
        scimToken: 'token',
        sourceSecrets: { gusto: ['verification'], 'gusto.fetch': ['id', 'secret', 'refresh-1'] },
        log: silentLog,
      });
      try {
        const body = JSON.stringify({
          uuid: employee,
          event_type: 'employee.created',
          entity_type: 'Employee',
          entity_uuid: employee,
          timestamp: Math.floor(Date.now() / 1_000),
        });
        const signature = createHmac('sha256', 'verification').update(body).digest('hex');
        const answer = await fetch(`${local.url}/demo/hooks/gusto`, {
          method: 'POST',
          headers: { 'x-gusto-signature': signature, 'content-type': 'application/json' },
          body,
        });
        expect(answer.status).toBe(200);
        await vi.waitFor(
          async () => {
            const { agents } = await simulatedAgents(`${local.simulatorUrl}`);
            expect(agents.map(({ emailId }) => emailId)).toContain(`${employee}@example.com`);
          },
          { timeout: 10_000, interval: 100 },
        );
      } finally {
        await local.close();
      }
    };
    await withServer('grace');
    await withServer('ada');
    await gusto.close();
  }, 40_000);
});
