import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { loadConfiguration } from '../../functions/mapping/load.ts';
import { openHooks, SECONDS, sign } from '../webhook/hooks.ts';
import { fixture } from '../webhook/providers.ts';

/**
 * `npm run bench -- cold`: how long the receiver's bundle takes to import, against a bundle that holds nothing but the AWS
 * clients it needs, in fresh processes that take turns; then how long a warm request takes by itself.
 */
const RUNS = 20;
const MOST = 1.4;
const WARM_MS = 2;
const ROOT = join(import.meta.dirname, '../..');

const CLIENTS = `
  import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
  import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
  import { SQSClient } from '@aws-sdk/client-sqs';
  export const handler = [new DynamoDBClient({}), new SecretsManagerClient({}), new SQSClient({})];
`;

const MEASURE = `
  const began = performance.now();
  require(process.argv[1]);
  process.stdout.write(String(performance.now() - began), () => process.exit(0));
`;

/** As infra/function.ts bundles. */
async function bundle(folder: string, name: string, contents: string): Promise<string> {
  const outfile = join(folder, `${name}.cjs`);
  await build({
    stdin: { contents, resolveDir: ROOT, loader: 'ts' },
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    mainFields: ['module', 'main'],
    external: ['@smithy/core/event-streams'],
    alias: {
      '@aws-sdk/credential-provider-node': join(ROOT, 'infra/left-out/credentials.ts'),
      '@aws-sdk/endpoint-cache': join(ROOT, 'infra/left-out/endpoint-cache.ts'),
      'libphonenumber-js/core': join(ROOT, 'infra/left-out/phone-numbers.ts'),
      'libphonenumber-js/min/metadata': join(ROOT, 'infra/left-out/phone-numbers.ts'),
    },
    minify: true,
    logLevel: 'error',
  });
  return outfile;
}

function importTime(file: string, folder: string): number {
  const env = {
    PATH: process.env.PATH,
    AWS_REGION: 'eu-central-1',
    TABLE_NAME: 'table',
    QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/000000000000/queue.fifo',
    METRICS_NAMESPACE: 'AgentProvisioner',
    LAMBDA_TASK_ROOT: folder,
  };
  return Number(execFileSync(process.execPath, ['-e', MEASURE, file], { env, encoding: 'utf8' }));
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

async function cold(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'cold-'));
  try {
    const configuration = loadConfiguration(
      readFileSync(join(ROOT, 'provisioner.yaml'), 'utf8'),
      'provisioner.yaml',
    );
    writeFileSync(join(folder, 'configuration.json'), JSON.stringify(configuration));
    const clients = await bundle(folder, 'clients', CLIENTS);
    const receiver = await bundle(
      folder,
      'receiver',
      "export { handler } from './functions/webhook/lambda.ts';",
    );
    const times: [number, number][] = [];
    for (let run = 0; run < RUNS + 2; run += 1) {
      times.push([importTime(clients, folder), importTime(receiver, folder)]);
    }
    // The first ones fill the disk's cache.
    const measured = times.slice(2);
    const [least, ours] = [median(measured.map(([a]) => a)), median(measured.map(([, b]) => b))];
    const ratio = ours / least;
    console.log(`AWS clients alone  ${least.toFixed(1)} ms  ${statSync(clients).size} bytes`);
    console.log(`receiver           ${ours.toFixed(1)} ms  ${statSync(receiver).size} bytes`);
    console.log(`ratio              ${ratio.toFixed(2)}, at most ${MOST}`);
    return ratio <= MOST;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Signed events about as many people, each of them new; the directory is a map, so what is left is our own. */
async function warm(): Promise<boolean> {
  const secret = `whsec_${Buffer.from('0123456789abcdef01234567').toString('base64')}`;
  const hooks = openHooks({
    sources: { generic: { preset: 'standard-webhooks' } },
    secrets: { generic: [secret] },
  });
  const { create } = fixture('standard-webhooks') as { create: { data: object } };
  const times: number[] = [];
  for (let count = 0; count < 1_000; count += 1) {
    const userName = `user${count}@example.com`;
    const body = JSON.stringify({ ...create, data: { ...create.data, userName, externalId: userName } });
    const headers = sign.standard(secret, `msg_${count}`, SECONDS, body);
    const began = performance.now();
    const { status } = await hooks.send('generic', { body, headers });
    times.push(performance.now() - began);
    if (status !== 200) throw new Error(`a good request was answered ${status}`);
  }
  const typical = median(times.slice(100));
  console.log(`a warm request     ${typical.toFixed(2)} ms, at most ${WARM_MS}`);
  return typical <= WARM_MS;
}

const results = [await cold(), await warm()];
process.exitCode = results.every(Boolean) ? 0 : 1;
