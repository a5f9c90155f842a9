import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { program } from '../../cli/main.ts';
import { prepareCentre } from './centre.ts';
import { PATIENCE_MS, run, start } from './program.ts';

/** Asked of the program, so that no command is forgotten. */
const COMMANDS = program.commands.map((command) => command.name());
const PAGE = readFileSync('docs/commands.md', 'utf8');

/** The rows of the page's table by the command that they are of; one command may have several. */
function rowsOfPage(): Map<string, string> {
  const rows = new Map<string, string>();
  for (const [, name = '', rest = ''] of PAGE.matchAll(/^\| `(\w+)([^`]*)`/gm)) {
    rows.set(name, `${rows.get(name) ?? ''}${rest}`);
  }
  return rows;
}

const ESCAPE = '\u001B[';

let centre: Awaited<ReturnType<typeof prepareCentre>>;

beforeAll(async () => {
  centre = await prepareCentre();
}, PATIENCE_MS);
afterAll(() => centre.remove());

describe('agent-provisioner', { timeout: PATIENCE_MS }, () => {
  it('is found by npx in the repository, and names its commands', async () => {
    const { HOME } = process.env;
    const { code, stdout } = await start('npx', ['--no', '--', 'agent-provisioner', '--help'], {
      environment: { HOME },
    }).ended;
    expect(code).toBe(0);
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^  ${command}\\b`, 'm'));
  });

  it('says its version, and nothing else', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(await run(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('has each of its commands in the documentation, and no other', () => {
    expect(COMMANDS.length).toBeGreaterThan(5);
    expect([...rowsOfPage().keys()]).toEqual(COMMANDS);
  });

  it.each(COMMANDS)('has the arguments and options of %s in the documentation', (name) => {
    const row = rowsOfPage().get(name) ?? '';
    const { options = [], registeredArguments = [] } =
      program.commands.find((each) => each.name() === name) ?? {};
    const missing = [
      ...options.map(({ long }) => String(long)),
      ...registeredArguments.flatMap((argument) => argument.argChoices ?? [argument.name()]),
    ].filter((word) => !row.includes(word));
    expect(missing).toEqual([]);
  });

  it('has the options of all commands in the documentation', () => {
    const missing = program.options.filter(({ long }) => !PAGE.includes(`\`${long}`));
    expect(missing.map(({ long }) => long)).toEqual([]);
  });

  it.each(COMMANDS)('explains %s on request', async (command) => {
    const { code, stdout, stderr } = await run([command, '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`Usage: agent-provisioner ${command}`);
  });

  it.each([
    ['a command that there is not', ['chekc'], ["error: unknown command 'chekc'", '(Did you mean check?)']],
    ['an option that there is not', ['check', '--blah'], ["error: unknown option '--blah'"]],
    ['an argument that is missing', ['preview'], ["error: missing required argument 'person'"]],
    [
      'a decision that there is not',
      ['brake', 'relase'],
      [
        "error: command-argument value 'relase' is invalid for argument 'decision'. Allowed choices are show, release, discard.",
      ],
    ],
    [
      'an option without its value',
      ['check', '--catalogue'],
      [/^error: option '--catalogue <file>' argument/],
    ],
  ])('ends with 2 for %s, and says so on standard error alone', async (_, argv, said) => {
    const { code, stdout, stderr } = await run(argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    const lines = stderr.trimEnd().split('\n');
    expect(lines).toEqual(said.map((each) => (each instanceof RegExp ? expect.stringMatching(each) : each)));
  });

  it('says in one line that a deployed directory is somewhere nobody said', async () => {
    const environment = { AWS_CONFIG_FILE: '/nowhere', AWS_SHARED_CREDENTIALS_FILE: '/nowhere' };
    expect(await run(['--table', 'agents', 'plan'], { environment })).toEqual({
      code: 2,
      stdout: '',
      stderr: 'AWS: no region is known; say it as AWS_REGION=eu-central-1\n',
    });
  });

  it('shows what it can do to somebody who gives no command, and ends with 2', async () => {
    const { code, stdout, stderr } = await run([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Usage: agent-provisioner');
  });

  it.each([
    ['a configuration', ['--configuration', 'none.yaml', 'plan'], 'none.yaml does not exist'],
    [
      'a directory',
      ['--data-dir', 'none', 'plan'],
      'there is no directory at none/directory.sqlite; npm start makes one, --data-dir names another, --table a deployed one',
    ],
    ['a tenant', ['--tenant', 'none', 'plan'], 'there is no tenant none in provisioner.yaml; it has demo'],
    ['a file of names', ['plan', '--catalogue', 'none.json'], 'none.json does not exist'],
    ['a person', ['preview', 'none.json'], 'none.json does not exist'],
    ['a file to import', ['import', 'none.csv'], 'none.csv does not exist'],
  ])('says in one line that %s is not there, and ends with 2', async (_, argv, said) => {
    const { data } = centre;
    expect(await run(['--data-dir', data, ...argv])).toEqual({ code: 2, stdout: '', stderr: `${said}\n` });
  });

  it('takes the configuration and the directory from the environment', async () => {
    const environment = { CONFIGURATION: centre.configuration('named.yaml'), DATA_DIR: centre.data };
    const [verdict] = (await run(['check'], { environment })).stdout.split('\n');
    expect(verdict).toBe(`${environment.CONFIGURATION} is right.`);
    expect((await run(['plan'], { environment })).stdout).toContain('8 persons, 0 calls at the most');
  });

  it('asks which tenant is meant where there are several', async () => {
    const file = centre.write(
      'two.yaml',
      `tenants:
  demo:
    smartassist: { host: platform.kore.ai, streamId: st-1, secret: a-secret }
  other:
    smartassist: { host: platform.kore.ai, streamId: st-2, secret: a-secret }
`,
    );
    const argv = ['--configuration', file, '--data-dir', centre.data, 'brake'];
    expect(await run(argv)).toEqual({ code: 2, stdout: '', stderr: 'which tenant? --tenant demo | other\n' });
    expect((await run([...argv, '--tenant', 'other'])).code).toBe(0);
  });

  it('ends without a word when whoever reads has had enough', async () => {
    const command = `"${process.execPath}" cli/main.ts --data-dir "${centre.data}" explain ada@example.com`;
    const { code, stderr } = await start('sh', ['-c', `${command} | true`]).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});

/** A terminal of its own, where there is a program that makes one. */
const HAS_TERMINAL = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0;

function onTerminal(argv: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const command = [process.execPath, 'cli/main.ts', ...argv].map((word) => `'${word}'`).join(' ');
  return start('script', ['-qec', command, '/dev/null'], { environment: { TERM: 'xterm', ...environment } })
    .ended;
}

describe('colours and progress bars', { timeout: PATIENCE_MS }, () => {
  const argv = () => ['--data-dir', centre.data, 'explain', 'ada@example.com'];
  const importing = (name: string) => [
    '--data-dir',
    centre.data,
    'import',
    centre.write(name, 'userName\nzoe@example.com\n'),
  ];

  it('are nowhere in a pipe', async () => {
    for (const each of [argv(), importing('pipe.csv'), ['--data-dir', centre.data, 'plan']]) {
      const { code, stdout, stderr } = await run(each, { environment: { TERM: 'xterm' } });
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).not.toContain(ESCAPE);
    }
  });

  it.skipIf(!HAS_TERMINAL)('are there on a terminal', async () => {
    expect((await onTerminal(argv())).stdout).toContain(
      `${ESCAPE}1mada@example.com: provisioned${ESCAPE}22m`,
    );
    const { stdout } = await onTerminal(importing('terminal.csv'));
    expect(stdout).toMatch(/\rReading █+ 1 \(\d+ a second, 0 s left\)/);
    expect(stdout).toContain('new        1');
  });

  it.skipIf(!HAS_TERMINAL)('are without colours where NO_COLOR is set', async () => {
    const { stdout } = await onTerminal(argv(), { NO_COLOR: '1' });
    expect(stdout).toContain('ada@example.com: provisioned');
    expect(stdout).not.toContain(ESCAPE);
  });
});
