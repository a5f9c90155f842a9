import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * `npm run deploy`: deploys the stacks, and once the code has settled (a release that shifts events bit by bit has ended)
 * makes the configuration the active generation. A deployment that fails leaves the generation as it is.
 */

const ROOT = resolve(import.meta.dirname, '..');

/** Where a deployed directory is. */
export interface Target {
  readonly table: string;
  readonly region: string;
}

/** Reads what `cdk deploy --outputs-file` writes: of the stacks the one that has a directory. */
export function targetIn(outputs: Readonly<Record<string, Readonly<Record<string, string>>>>): Target {
  for (const { TableName: table, AlarmTopic: topic } of Object.values(outputs)) {
    // arn:aws:sns:eu-central-1:123456789012:…
    const region = topic?.split(':')[3];
    if (table !== undefined && region !== undefined) return { table, region };
  }
  throw new Error('the deployment names no table, so no configuration was pushed; push it by hand');
}

/** The command that pushes what was deployed, from the arguments of the deployment. */
export function pushArguments(args: readonly string[], { table }: Target): string[] {
  const configuration = contextIn(args, 'configuration') ?? 'provisioner.yaml';
  const stage = contextIn(args, 'stage');
  return [
    '--table',
    table,
    ...(stage === undefined ? [] : ['--stage', stage]),
    '--configuration',
    resolve(ROOT, configuration),
    'push',
    '--deployed',
    '--reason',
    'npm run deploy',
  ];
}

/** The value of `--context key=value`, `--context=key=value` or `-c key=value`. */
function contextIn(args: readonly string[], key: string): string | undefined {
  const pairs = args.flatMap((argument, index) => {
    const [, joined] = /^(?:--context|-c)=(.+)$/.exec(argument) ?? [];
    return joined ?? (/^(--context|-c)$/.test(argument) ? (args[index + 1] ?? []) : []);
  });
  return pairs.find((pair) => pair.startsWith(`${key}=`))?.slice(key.length + 1);
}

function main(args: readonly string[]): number {
  const folder = mkdtempSync(join(tmpdir(), 'provisioner-deploy-'));
  try {
    const file = join(folder, 'outputs.json');
    const cdk = join(ROOT, 'node_modules/.bin/cdk');
    const deployed = run(cdk, ['deploy', '--all', '--outputs-file', file, ...args], process.env);
    if (deployed !== 0) return deployed;
    const target = targetIn(JSON.parse(readFileSync(file, 'utf8')));
    const profile = args[args.indexOf('--profile') + 1];
    const environment = {
      ...process.env,
      AWS_REGION: target.region,
      ...(args.includes('--profile') && profile !== undefined ? { AWS_PROFILE: profile } : {}),
    };
    const push = [join(ROOT, 'cli/main.ts'), ...pushArguments(args, target)];
    return run(process.execPath, push, environment);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function run(file: string, args: readonly string[], env: NodeJS.ProcessEnv): number {
  const { status, error } = spawnSync(file, args, { cwd: ROOT, env, stdio: 'inherit' });
  if (error !== undefined) throw error;
  return status ?? 1;
}

if (import.meta.main) process.exitCode = main(process.argv.slice(2));
