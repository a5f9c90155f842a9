import { spawn, spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BARE } from './bare-environment.ts';

const PATIENCE_MS = 60_000;

const folder = mkdtempSync(join(tmpdir(), 'agent-provisioner-lines-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (file: string, argv: readonly string[], environment: NodeJS.ProcessEnv = {}) =>
  spawnSync(process.execPath, [file, ...argv], {
    env: { ...BARE, PORT: '0', SIMULATOR_PORT: '0', ...environment },
    encoding: 'utf8',
    timeout: PATIENCE_MS,
  });

describe('lines of a server that is started', { timeout: PATIENCE_MS }, () => {
  let child: ReturnType<typeof spawn>;
  let text = '';
  let base = '';
  const printed = async (wanted: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const found = wanted.exec(text);
      if (found !== null) return found;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  beforeAll(async () => {
    child = spawn(process.execPath, ['local/start.ts', '--memory'], {
      env: { ...BARE, PORT: '0', SIMULATOR_PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    [, base = ''] = await printed(/SCIM base URL +(\S+)[\s\S]*Ctrl-C ends it/);
  }, PATIENCE_MS);
  afterAll(() => child.kill('SIGKILL'));

  const send = (method: string, path: string, body?: unknown) =>
    fetch(`${base}${path}`, {
      method,
      headers: { authorization: 'Bearer demo-scim-token', 'content-type': 'application/scim+json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const person = (userName: string, familyName = 'Lovelace') => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName,
    name: { givenName: 'Ada', familyName },
    emails: [{ value: userName, type: 'work', primary: true }],
    active: true,
  });

  it('tell of each request, the person, the outcome and the calls that it took', async () => {
    expect((await send('POST', '/Users', person('ada@example.com'))).status).toBe(201);
    await printed(/^POST Users ada@example\.com 201 provisioned \d+ ms, \d+ calls?$/m);
    await send('GET', '/Users?count=1');
    await printed(/^GET Users 200 \d+ ms$/m);
  });

  it('tell of refusals with the reason, and of none of a token', async () => {
    expect((await send('POST', '/Users', person('bob@example.com', 'x'.repeat(60)))).status).toBe(400);
    await printed(/^POST Users bob@example\.com 400 invalidValue \d+ ms.*: name\.familyName .*not 1 to 50/m);
    await fetch(`${base}/Users`, { headers: { authorization: 'Bearer hunter2' } });
    await printed(/^GET Users 401 \d+ ms: /m);
    expect(text).not.toContain('hunter2');
  });
});

describe('a program that is asked', () => {
  it.each(['local/start.ts', 'local/demo.ts'])('%s says what it takes and which version it is', (file) => {
    const help = run(file, ['--help']);
    expect({ status: help.status, stderr: help.stderr }).toEqual({ status: 0, stderr: '' });
    expect(help.stdout).toMatch(/^npm (start|run demo)/);
    expect(run(file, ['--version']).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('names the variable, its value and what is right', () => {
    const absent = run('local/start.ts', ['--memory'], { CONFIGURATION: 'no-such.yaml' });
    expect(absent.status).toBe(1);
    expect(absent.stderr).toBe(
      'CONFIGURATION is no-such.yaml, and that file can not be read (ENOENT); it names a file such as provisioner.yaml\n',
    );
    const folderInstead = run('local/start.ts', ['--memory'], { CONFIGURATION: 'docs' });
    expect(folderInstead.stderr).toBe(
      'CONFIGURATION is docs, and that file can not be read (EISDIR); it names a file such as provisioner.yaml\n',
    );
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const taken = run('local/start.ts', [], { DATA_DIR: join(file, 'below') });
    expect(taken.stderr).toMatch(
      /^DATA_DIR is \S+, and nothing can be kept there \(ENOTDIR\); it names a folder/,
    );
  });
});

/** The Node of the system, where it is an older one. */
const OLD = ['/usr/bin/node', '/usr/local/bin/node'].find((file) => {
  const { stdout = '' } = spawnSync(file, ['--version'], { encoding: 'utf8' });
  return /^v(1\d|2[0-3])\./.test(stdout ?? '');
});

it('pages and scripts begin no program that an older Node can not read without a word about it', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
  for (const name of ['start', 'demo', 'provider', 'deploy']) {
    expect(scripts[`pre${name}`], name).toBe('node cli/node-version.js');
  }
  const pages = ['README.md', 'CONTRIBUTING.md', ...globSync('docs/**/*.md')];
  const named = pages.filter((page) => /^\s*node \S+\.ts\b/m.test(readFileSync(page, 'utf8')));
  expect(named).toEqual([]);
});

describe.skipIf(OLD === undefined)('an older Node', () => {
  it.each(['cli/agent-provisioner.js', 'cli/node-version.js'])('is told what to do by %s', (file) => {
    const { status, stderr } = spawnSync(OLD ?? '', [file, '--help'], { encoding: 'utf8' });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^Agent Provisioner needs Node 24 or newer, and this is v\S+ \(\S+\)\.\n/);
    expect(stderr).toContain('npm ci brings it along');
    expect(stderr).not.toContain('    at ');
  });
});
