import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BehaviourInput } from '../../local/simulator/behaviour.ts';
import { serveSimulator } from '../../local/simulator/server.ts';
import { prepareCentre, simulatorOf } from './centre.ts';
import { PATIENCE_MS, run } from './program.ts';

let centre: Awaited<ReturnType<typeof prepareCentre>>;

beforeAll(async () => {
  centre = await prepareCentre();
}, PATIENCE_MS);
afterAll(() => centre.remove());

const BOT = { id: 'cs-demo', secret: 'demo-client-secret' };
const ADMIN = { id: 'cs-demo-admin', secret: 'demo-admin-client-secret' };

/** Runs the doctor on an empty directory against a simulator that behaves so; what it changed there, if anything. */
async function examined(
  name: string,
  { behaviour = {}, bot = BOT, admin = ADMIN, argv = [] }: Options = {},
): Promise<{ code: number | null; stdout: string; stderr: string; changing: string[] }> {
  const simulator = simulatorOf(behaviour);
  const server = await serveSimulator(simulator, { port: 0 });
  try {
    const environment = {
      SMARTASSIST_URL: `http://127.0.0.1:${server.port}`,
      SMARTASSIST_CLIENT_ID: bot.id,
      SMARTASSIST_CLIENT_SECRET: bot.secret,
      SMARTASSIST_ADMIN_CLIENT_ID: admin.id,
      SMARTASSIST_ADMIN_CLIENT_SECRET: admin.secret,
    };
    const ended = await run(['--data-dir', centre.empty(name), ...argv, 'doctor'], { environment });
    const changing = Object.keys(simulator.calls()).filter((call) => !/^(GET|total)/.test(call));
    return { ...ended, changing };
  } finally {
    await server.close();
  }
}

interface Options {
  readonly behaviour?: BehaviourInput;
  readonly bot?: typeof BOT;
  readonly admin?: typeof BOT;
  readonly argv?: readonly string[];
}

describe('doctor', { timeout: PATIENCE_MS }, () => {
  it('is content with an account that is as it should be, and only reads', async () => {
    const { code, stdout, stderr, changing } = await examined('sound');
    expect(stdout.split('\n').filter((line) => /^[!✗]/.test(line))).toEqual([]);
    expect(stdout).toMatch(/✓ scope Configuration: /);
    expect(stdout).toMatch(/✓ admin app: 3 roles can be read/);
    expect(stdout).toMatch(/✓ names: SmartAssist has every name/);
    expect(stdout).toMatch(/✓ Unassigned: /);
    expect([code, stderr, changing]).toEqual([0, '', []]);
  });

  it('says when others use more calls than the budget leaves them', async () => {
    const behaviour: BehaviourInput = {
      throttled: { retryAfter: 1 },
      faults: [{ on: 'GET /agent-groups', kind: 'status', status: 429, times: 1 }],
    };
    const { stdout } = await examined('crowded', { behaviour });
    expect(stdout).toMatch(/! other integrations: SmartAssist throttles while \d+ % of the calls/);
  });

  it("says when the admin app's secret is in the bot app's place", async () => {
    const { code, stdout } = await examined('swapped', { bot: ADMIN, admin: BOT });
    expect(stdout).toMatch(/✗ apps: the admin app's credentials are in the bot app's place/);
    expect(code).toBe(1);
  });

  it.each([
    ['Configuration', /✗ scope Configuration: .*403[\s\S]*API Scope/],
    ['SmartAssist Analytics', /✗ scope SmartAssist Analytics: .*403/],
    ['Role Management', /✗ admin app: .*403[\s\S]*Profile Management > Role Management/],
  ] as const)('says which scope is missing: %s', async (scope, line) => {
    const { code, stdout } = await examined(`without-${scope.replace(' ', '-')}`, {
      behaviour: { withoutScopes: [scope] },
    });
    expect(stdout).toMatch(line);
    expect(code).toBe(1);
  });

  it('tells what the scope for the list of ids is for, and is content without it', async () => {
    const { code, stdout } = await examined('without-WFM', {
      behaviour: { withoutScopes: ['WFM Integration'] },
    });
    expect(stdout).toMatch(/! scope WFM Integration: .*403[\s\S]*reconciliation/);
    expect(code).toBe(0);
  });

  it('tells what to do without an admin app', async () => {
    const none = { id: '', secret: '' };
    const { code, stdout } = await examined('alone', { admin: none });
    expect(stdout).toMatch(/! admin app: there is none/);
    expect(stdout).toMatch(
      /✗ names: tenants\.demo\.rules\[0\]\.set\.role: role "Agent": roles can't be read/,
    );
    expect(code).toBe(1);
  });

  it('answers in JSON', async () => {
    const { code, stdout } = await examined('json', { argv: ['--json'] });
    const { tenant, findings } = JSON.parse(stdout);
    expect(tenant).toBe('demo');
    expect(findings).toContainEqual({
      section: 'SmartAssist',
      what: 'bot app',
      mark: '✓',
      found: 'its token is taken',
    });
    expect(code).toBe(0);
  });

  it('has a page of sections', async () => {
    const { stdout } = await examined('sections');
    const headings = stdout.split('\n').filter((line) => /^[a-zA-Z]+$/.test(line));
    expect(headings).toEqual(['SmartAssist', 'secrets', 'work', 'notifications', 'installation']);
    expect(stdout).toContain('✓ door: 1 bearer token for SCIM\n');
    expect(stdout).toMatch(/✓ version: \d+\.\d+\.\d+ of this clone, Node v24/);
    expect(stdout).toContain('✓ configuration: no generation yet');
  });

  it('ends with 2 where there is no directory', async () => {
    expect(await run(['--data-dir', centre.at('none'), 'doctor'])).toMatchObject({ code: 2, stdout: '' });
  });
});
