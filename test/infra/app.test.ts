import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { synthesise } from '../../infra/synthesise.ts';
import { ROOT } from './synthesis.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'provisioner-app-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

const TENANT = '{ smartassist: { host: platform.kore.ai, streamId: st-1, secret: agents/one } }';
const tenant = (number: number) => TENANT.replace('st-1', `st-${number}`);

const tenantsOf = (count: number, tenant: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => `  t${index}: ${tenant(index)}\n`).join('');

/** A process that loads the CDK takes long on a machine that is busy with other tests. */
const PATIENCE = { timeout: 60_000 };

const UNKNOWN_KEY =
  'tenants:\n  demo:\n    smartassist: { host: platform.kore.ai, streamId: st-1, secret: s, colour: red }\n';

describe('a synth that can not succeed ends with status 1 and its reasons, and nothing else', () => {
  it.each([
    ['a key that is not known', UNKNOWN_KEY, /^FILE:3:\d+: tenants\.demo\.smartassist\.colour: .+$/],
    [
      'a bot without an id',
      'tenants:\n  demo:\n    smartassist: { host: platform.kore.ai }\n',
      /^FILE:3:\d+: tenants\.demo\.smartassist\.streamId: .+$/,
    ],
    [
      'a filter that is none',
      `tenants:\n  demo:\n    provisionWhen: 'active eq'\n    ${TENANT.slice(2, -2)}\n`,
      /^FILE:3:\d+: tenants\.demo\.provisionWhen: .+/,
    ],
    ['text that is not YAML', 'tenants: {\n', /^FILE:\d+:\d+: .+$/],
    [
      'two tenants with one bot',
      `tenants:\n  one: ${TENANT}\n  two: ${TENANT.replace('platform', 'Platform')}\n`,
      /^FILE:3:\d+: tenants\.two\.smartassist\.streamId: is the bot of tenant one already; .+$/,
    ],
    [
      'a tenant whose name is too long',
      `tenants:\n  ${'a'.repeat(33)}: ${TENANT}\n`,
      /^FILE:2:\d+: tenants\.a{33}: lower-case letters, digits and dashes, 32 at most$/,
    ],
    [
      'a secret whose name is too long',
      `tenants:\n  demo: ${TENANT.replace('agents/one', 'a'.repeat(513))}\n`,
      /^FILE:2:\d+: tenants\.demo\.smartassist\.secret: a name that Secrets Manager allows$/,
    ],
    [
      'a secret that is of another tenant',
      `tenants:\n  demo: ${TENANT.replace('agents/one', 'agent-provisioner/default/other/door')}\n`,
      /^FILE:2:\d+: tenants\.demo\.smartassist\.secret: a name of 0\.1\.0; .+ leave it out$/,
    ],
    [
      'two secrets that would be one resource',
      `tenants:\n  one: ${tenant(1)}\n  two: ${tenant(2).replace('agents/one', 'agents--one')}\n`,
      /^configuration: tenants\.two\.smartassist\.secret: agents--one differs from agents\/one in .+; choose another$/,
    ],
    [
      'more secrets than one role may name',
      `tenants:\n${tenantsOf(90, (index) => tenant(index).replace('one', String(index)))}`,
      /^configuration: tenants\.t\d+\.smartassist\.secret: the names of 90 secrets are too long for one role; .+$/,
    ],
  ])('%s', (name, text, line) => {
    const file = join(directory, `${name.replaceAll(' ', '-')}.yaml`);
    writeFileSync(file, text);
    const { isDone, said } = synth({ configuration: file });
    expect(said.join('\n').replaceAll(file, 'FILE')).toMatch(line);
    expect(said.join('\n')).not.toMatch(/^ +at /m);
    expect(isDone).toBe(false);
  });

  it('a configuration that is not there', () => {
    expect(synth({ configuration: 'nowhere.yaml' })).toEqual({
      isDone: false,
      said: ["nowhere.yaml: the file can't be read: ENOENT"],
    });
  });

  it('context that means nothing', () => {
    const { isDone, said } = synth({
      stage: 'Test 1',
      secrets: 'maybe',
      release: 'fast',
      table: '!',
      alarms: 'nobody',
    });
    expect({ isDone, said }).toEqual({
      isDone: false,
      said: [
        'context: stage: "Test 1" is not lower-case letters, digits and dashes, 20 at most\n' +
          'context: secrets: "maybe" is not create, import or import:<tenant>,<tenant>\n' +
          'context: release: "fast" is not canary, linear or all-at-once\n' +
          'context: table: "!" is not the name of a table\n' +
          'context: alarms: "nobody" is not an e-mail address or a topic\'s ARN',
      ],
    });
  });

  it('as the CDK runs it, in a process of its own', PATIENCE, async () => {
    const file = join(directory, 'unknown-key.yaml');
    writeFileSync(file, UNKNOWN_KEY);
    const { status, stdout, stderr } = await run({ configuration: file });
    expect(stderr.replaceAll(file, 'FILE')).toMatch(/^FILE:3:\d+: tenants\.demo\.smartassist\.colour: .+\n$/);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  });
});

/** What the app says and ends with. */
function synth(context: Readonly<Record<string, string>>): { isDone: boolean; said: string[] } {
  const outdir = mkdtempSync(join(directory, 'out-'));
  const said: string[] = [];
  const app = new App({ autoSynth: false, outdir, context, analyticsReporting: false });
  const isDone = synthesise(app, (lines) => said.push(lines));
  expectNothingIn(outdir);
  return { isDone, said };
}

/** As the CDK's command line runs it. */
function run(context: object): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const outdir = mkdtempSync(join(directory, 'out-'));
  const env = { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(context) };
  return new Promise((resolve) => {
    const app = execFile(process.execPath, ['infra/app.ts'], { cwd: ROOT, env }, (_, stdout, stderr) => {
      expectNothingIn(outdir);
      resolve({ status: app.exitCode, stdout, stderr });
    });
  });
}

/** No assembly is left that a deployment could take up. */
function expectNothingIn(outdir: string): void {
  expect(readdirSync(outdir)).not.toContain('manifest.json');
}
