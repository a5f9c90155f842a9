import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readConversations } from '../../local/conversation.ts';
import { openDeliveries } from '../../local/delivery.ts';
import { simulatedAgents } from '../../local/simulated-agents.ts';
import { BARE } from './bare-environment.ts';

/** A program that does not start or end by then hangs; on an idle machine each takes about a second. */
const PATIENCE_MS = 60_000;

const folder = mkdtempSync(join(tmpdir(), 'agent-provisioner-'));
const children = new Set<ChildProcess>();

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Program {
  readonly child: ChildProcess;
  /** Resolves once this has been printed, with all that has been. */
  printed(text: string): Promise<string>;
  readonly ended: Promise<Ended>;
}

/** Starts a program of the repository with nothing in its environment but what is given. */
function start(file: string, environment: NodeJS.ProcessEnv = {}, ...argv: string[]): Program {
  const child = spawn(process.execPath, [file, ...argv], {
    env: { ...BARE, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.add(child);
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
    });
  }
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code) => {
      children.delete(child);
      resolve({ code, ...text });
    });
  });
  return {
    child,
    ended,
    printed: (wanted) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (text.stdout.includes(wanted)) resolve(text.stdout);
        };
        child.stdout?.on('data', look);
        look();
        ended.then(({ code, stderr }) => reject(new Error(`ended with ${code} before ${wanted}: ${stderr}`)));
      }),
  };
}

/** `local/start.ts` on free ports. */
const startServer = (environment: NodeJS.ProcessEnv = {}, ...argv: string[]) =>
  start('local/start.ts', { PORT: '0', SIMULATOR_PORT: '0', ...environment }, ...argv);

/** What `local/start.ts` says about itself. */
function readWelcome(text: string) {
  const after = (label: string) => new RegExp(`^ *${label} +(\\S.*)$`, 'm').exec(text)?.[1] ?? '';
  return {
    base: after('SCIM base URL'),
    token: after('Bearer token'),
    agents: after('Agents'),
    kept: after('Kept in'),
    curl: text.split('\n').find((line) => line.trim().startsWith('curl ')) ?? '',
  };
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

const HAS_CURL = spawnSync('curl', ['--version']).status === 0;

/** Runs a printed curl line as a reader who pastes it, or sends the same where there is no curl. */
async function paste(line: string): Promise<unknown> {
  if (HAS_CURL) {
    const { stdout } = await promisify(execFile)('sh', ['-c', line]);
    return JSON.parse(stdout);
  }
  const url = /https?:\S+/.exec(line)?.[0] ?? '';
  const headers = [...line.matchAll(/-H '([^:]+): ([^']*)'/g)].map(
    ([, name = '', value = '']): [string, string] => [name, value],
  );
  const body = /-d '([^']*)'/.exec(line)?.[1] ?? '';
  return (await fetch(url, { method: 'POST', headers, body })).json();
}

describe('the demo', () => {
  it('shows the persons of each way in as agents, and ends well', { timeout: PATIENCE_MS }, async () => {
    const { code, stdout, stderr } = await start('local/demo.ts').ended;
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const { deliveries, close } = await openDeliveries();
    await close();
    expect(deliveries.map(({ client }) => client)).toEqual([
      'BambooHR webhook',
      'Okta event hook',
      'Security event (RFC 9967)',
    ]);
    const people = [...readConversations(), ...deliveries];
    expect(people).toHaveLength(7);
    for (const { client, agent } of people) {
      const { name, agentGroup, role } = agent;
      const line = stdout.split('\n').find((each) => each.includes(name));
      expect(line).toContain(client);
      expect(line).toMatch(new RegExp(`${agentGroup} +${role}`));
    }
    expect(stdout).toContain('7 agents in SmartAssist, 7 create calls');
    expect(stdout).toContain("a stand-in for Okta's API");
    expect(stdout).not.toContain('MISSING');
  });
});

describe('a server that is started', () => {
  let program: Program;
  let welcome: ReturnType<typeof readWelcome>;

  beforeAll(async () => {
    program = startServer({ SCIM_TOKEN: 'a-token' }, '--memory');
    welcome = readWelcome(await program.printed('Ctrl-C ends it.'));
  }, PATIENCE_MS);

  it('says where it is, with which token, where to look, and what it keeps', () => {
    expect(welcome).toEqual({
      base: expect.stringMatching(/^http:\/\/127\.0\.0\.1:[1-9]\d*\/demo\/scim\/v2$/),
      token: 'a-token',
      agents: expect.stringMatching(/^http:\/\/127\.0\.0\.1:[1-9]\d*\/_simulator\/agents$/),
      kept: 'memory only',
      curl: expect.stringContaining(`${welcome.base}/Users`),
    });
  });

  it('makes an agent of the person in the curl line that it prints, by one call', async () => {
    expect(await paste(welcome.curl)).toMatchObject({ userName: 'ada.lovelace@example.com' });
    const { agents, created } = await simulatedAgents(new URL(welcome.agents).origin);
    expect(created).toBe(1);
    expect(agents).toEqual([
      {
        emailId: 'ada.lovelace@example.com',
        name: 'Ada Lovelace',
        agentGroup: 'Billing',
        role: 'Agent',
        skills: [
          'Default SkillGroup/Default Skill average',
          'Billing/Refunds expert',
          'Billing/Invoices good',
        ],
        languages: ['en good', 'de expert'],
        queues: ['Default Queue', 'Billing'],
      },
    ]);
  });

  it('answers in SCIM to a wrong token, and without a word where nothing is', async () => {
    const wrong = await fetch(`${welcome.base}/Users`, { headers: { authorization: 'Bearer wrong' } });
    expect(wrong.status).toBe(401);
    expect(await wrong.json()).toMatchObject({ status: '401' });
    expect((await fetch(new URL('/nowhere', welcome.base))).status).toBe(404);
    expect((await fetch(new URL('/health', welcome.base))).status).toBe(204);
  });

  it('ends with Ctrl-C, without a word of trouble, and frees its ports', {
    timeout: PATIENCE_MS,
  }, async () => {
    program.child.kill('SIGINT');
    const { code, stderr } = await program.ended;
    expect(code).toBe(0);
    // What was refused on purpose is told, and nothing else.
    const lines = stderr.split('\n').filter((line) => line !== '');
    expect(lines.filter((line) => !line.includes('warn a SCIM request was refused'))).toEqual([]);
    for (const url of [welcome.base, welcome.agents]) {
      expect(await isFree(Number(new URL(url).port))).toBe(true);
    }
  });
});

it('what a server keeps is there when it is started again', { timeout: 2 * PATIENCE_MS }, async () => {
  const environment = { DATA_DIR: join(folder, 'data') };
  const first = startServer(environment);
  const before = readWelcome(await first.printed('Ctrl-C ends it.'));
  expect(before.kept).toBe(environment.DATA_DIR);
  await paste(before.curl);
  first.child.kill('SIGTERM');
  expect((await first.ended).code).toBe(0);

  // With names of one's own this time, which commands on the same folder find without a variable.
  const own = join(folder, 'own.yaml');
  writeFileSync(
    own,
    readFileSync('provisioner.yaml', 'utf8').replace('agentGroup: Billing', 'agentGroup: Zebra'),
  );
  const second = startServer({ ...environment, CONFIGURATION: own }, '--catalogue', 'configuration');
  const after = readWelcome(await second.printed('Ctrl-C ends it.'));
  expect(await paste(after.curl)).toMatchObject({ status: '409' });
  const command = ['--data-dir', environment.DATA_DIR, '--configuration', own, 'check', '--live'];
  const checked = await start('cli/main.ts', {}, ...command).ended;
  expect(checked).toMatchObject({ code: 0, stderr: '' });
  expect(checked.stdout).toContain('SmartAssist has every name in it');
  second.child.kill('SIGINT');
  expect((await second.ended).code).toBe(0);
});

describe('a server that cannot start', () => {
  let taken: Server | undefined;

  afterEach(() => {
    taken?.close();
    taken = undefined;
  });

  /** How a server ends that is started so: with code 1, nothing printed but lines about the reason. */
  async function complaintsOf(environment: NodeJS.ProcessEnv, ...argv: string[]): Promise<string[]> {
    const { code, stdout, stderr } = await startServer(
      { DATA_DIR: join(folder, 'none'), ...environment },
      ...argv,
    ).ended;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    return stderr.trimEnd().split('\n');
  }

  it.each(['PORT', 'SIMULATOR_PORT'])(
    'says in one line which port is taken: %s',
    { timeout: PATIENCE_MS },
    async (name) => {
      const server = createServer();
      taken = server;
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const address = server.address();
      const port = typeof address === 'object' ? String(address?.port) : '';
      expect(await complaintsOf({ [name]: port })).toEqual([
        expect.stringMatching(new RegExp(`^Port ${port} is taken\\. .*PORT=`)),
      ]);
    },
  );

  it('says of a bad configuration what is wrong where, a line each', { timeout: PATIENCE_MS }, async () => {
    const file = join(folder, 'bad.yaml');
    writeFileSync(
      file,
      'tenants:\n  demo:\n    smartassist: { host: platform.kore.ai, streamId: st-1, secrt: s }\n    provisionWhen: activ eq true\n',
    );
    expect(await complaintsOf({ CONFIGURATION: file })).toEqual([
      `${file}:3:60: tenants.demo.smartassist.secrt: is not a known key. Did you mean "secret"?`,
    ]);
  });

  it.each(['directory.sqlite', 'simulator.sqlite'])(
    'says in one line which file is no database: %s',
    { timeout: PATIENCE_MS },
    async (name) => {
      const data = mkdtempSync(join(folder, 'garbage-'));
      writeFileSync(join(data, name), 'this is no database, however long it is '.repeat(50));
      expect(await complaintsOf({ DATA_DIR: data, PORT: '0', SIMULATOR_PORT: '0' })).toEqual([
        `${join(data, name)}: file is not a database. Choose another folder: DATA_DIR=elsewhere npm start`,
      ]);
    },
  );

  it('says in one line what is wrong with its environment', { timeout: PATIENCE_MS }, async () => {
    expect(await complaintsOf({ PORT: 'abc' })).toEqual([
      expect.stringMatching(/^PORT is not a port number/),
    ]);
  });
});
