import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

/** Each test starts a process that loads the CDK: long on a machine that is busy with other tests. */
const PATIENCE = { timeout: 60_000 };

describe(
  'a synth that can not succeed ends with status 1 and its reasons, and nothing else',
  PATIENCE,
  () => {
    it.concurrent.each([
      [
        'a key that is not known',
        'tenants:\n  demo:\n    smartassist: { host: platform.kore.ai, streamId: st-1, secret: s, colour: red }\n',
        /^FILE:3:\d+: tenants\.demo\.smartassist\.colour: .+$/,
      ],
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
    ])('%s', async (name, text, line) => {
      const file = join(directory, `${name.replaceAll(' ', '-')}.yaml`);
      writeFileSync(file, text);
      const { status, stdout, stderr } = await synth({ configuration: file });
      expect(stderr.replaceAll(file, 'FILE').trimEnd()).toMatch(line);
      expect(stderr).not.toMatch(/^ +at /m);
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    });

    it.concurrent('a configuration that is not there', async () => {
      const { status, stderr } = await synth({ configuration: 'nowhere.yaml' });
      expect({ status, stderr }).toEqual({
        status: 1,
        stderr: "nowhere.yaml: the file can't be read: ENOENT\n",
      });
    });

    it.concurrent('context that means nothing', async () => {
      const { status, stderr } = await synth({
        stage: 'Test 1',
        secrets: 'maybe',
        release: 'fast',
        table: '!',
        alarms: 'nobody',
      });
      expect({ status, stderr }).toEqual({
        status: 1,
        stderr:
          'context: stage: "Test 1" is not lower-case letters, digits and dashes, 20 at most\n' +
          'context: secrets: "maybe" is not create, import or import:<tenant>,<tenant>\n' +
          'context: release: "fast" is not canary, linear or all-at-once\n' +
          'context: table: "!" is not the name of a table\n' +
          'context: alarms: "nobody" is not an e-mail address or a topic\'s ARN\n',
      });
    });
  },
);

/** Runs the app as the CDK's command line does. */
function synth(context: object): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const outdir = mkdtempSync(join(directory, 'out-'));
  return new Promise((resolve) => {
    const app = execFile(
      process.execPath,
      ['infra/app.ts'],
      {
        cwd: ROOT,
        env: { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify(context) },
      },
      (_, stdout, stderr) => {
        // No assembly is left that a deployment could take up.
        expect(readdirSync(outdir)).not.toContain('manifest.json');
        resolve({ status: app.exitCode, stdout, stderr });
      },
    );
  });
}
