import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { AWS_CLIENT } from '../functions/runtime/aws-client.ts';
import { type Choice, chooseTable, findEarlier } from './earlier-table.ts';
import { stackNameOf } from './settings.ts';

/**
 * `npm run deploy`: takes the table of a deleted stack again, deploys the stacks, and once the code has settled (a release
 * that shifts events bit by bit has ended) makes the configuration the active generation. A deployment that fails leaves
 * the generation as it is.
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

/** The command that pushes what was deployed, from the context of the deployment. */
export function pushArguments(context: Readonly<Record<string, string>>, { table }: Target): string[] {
  const { configuration = 'provisioner.yaml', stage = '' } = context;
  return [
    '--table',
    table,
    ...(stage === '' ? [] : ['--stage', stage]),
    '--configuration',
    resolve(ROOT, configuration),
    'push',
    '--deployed',
    '--reason',
    'npm run deploy',
  ];
}

/**
 * What the deployment is told as context: at the command line (`--context key=value`, `--context=key=value`, `-c key=value`),
 * and for good in cdk.json.
 *
 * @param file cdk.json, as it is read
 */
export function contextOf(
  args: readonly string[],
  { context = {} }: { readonly context?: Readonly<Record<string, unknown>> },
): Record<string, string> {
  const told = args.flatMap((argument, index) => {
    const [, joined] = /^(?:--context|-c)=(.+)$/.exec(argument) ?? [];
    return joined ?? (/^(--context|-c)$/.test(argument) ? (args[index + 1] ?? []) : []);
  });
  const kept = Object.entries(context).filter(
    (pair): pair is [string, string] => typeof pair[1] === 'string',
  );
  const pairs = told.map((pair): [string, string] => {
    const [key = ''] = pair.split('=', 1);
    return [key, pair.slice(key.length + 1)];
  });
  return Object.fromEntries([...kept, ...pairs]);
}

/** Which table the stack is to work on, and what an operator hears of it; nothing is looked for where the context says it. */
async function tableFor({ table, stage = '' }: Readonly<Record<string, string>>): Promise<Choice> {
  if (table !== undefined) return { said: [], isStopped: false };
  const stackName = stackNameOf(stage);
  const client = new DynamoDBClient(AWS_CLIENT);
  try {
    return chooseTable(await findEarlier(client, stackName), stackName);
  } finally {
    client.destroy();
  }
}

/** Runs a program to its end, and answers its exit code. */
type Run = (file: string, args: readonly string[], env: NodeJS.ProcessEnv) => number;

/**
 * @param args as `npm run deploy --` is given them; what isn't context is the CDK's
 * @param say tells the operator a line
 * @returns the exit code
 */
export async function deploy(
  args: readonly string[],
  run: Run,
  say: (line: string) => void,
): Promise<number> {
  const profile = args[args.indexOf('--profile') + 1];
  if (args.includes('--profile') && profile !== undefined) process.env.AWS_PROFILE = profile;
  const context = contextOf(args, JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')));
  const { table, said, isStopped } = await tableFor(context);
  for (const line of said) say(line);
  if (isStopped) return 1;
  const folder = mkdtempSync(join(tmpdir(), 'provisioner-deploy-'));
  try {
    const file = join(folder, 'outputs.json');
    const cdk = join(ROOT, 'node_modules/.bin/cdk');
    const taken = table === undefined ? [] : ['--context', `table=${table}`];
    const deployed = run(cdk, ['deploy', '--all', '--outputs-file', file, ...taken, ...args], process.env);
    if (deployed !== 0) return deployed;
    const target = targetIn(JSON.parse(readFileSync(file, 'utf8')));
    const push = [join(ROOT, 'cli/main.ts'), ...pushArguments(context, target)];
    return run(process.execPath, push, { ...process.env, AWS_REGION: target.region });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function runHere(...[file, args, env]: Parameters<Run>): number {
  const { status, error } = spawnSync(file, args, { cwd: ROOT, env, stdio: 'inherit' });
  if (error !== undefined) throw error;
  return status ?? 1;
}

if (import.meta.main) process.exitCode = await deploy(process.argv.slice(2), runHere, console.error);
