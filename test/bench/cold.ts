import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import { RUNTIME_FLAGS, withCodeCache } from '../../infra/functions/code-cache/code-cache.ts';
import { environmentOf } from '../infra/environment.ts';
import { type Assembly, resourcesOf, SHIPPED, synthesiseWithCode } from '../infra/synthesis.ts';
import { openHooks, SECONDS, sign } from '../webhook/hooks.ts';
import { fixture } from '../webhook/providers.ts';
import { type Goal, printGoals } from './goals.ts';

/**
 * `npm run bench -- cold`: how long each function's bundle takes to import, as it is and with V8's code cache, against one
 * that holds nothing and one that holds nothing but the AWS clients, in fresh processes that take turns; then how long a
 * warm request takes by itself.
 */
const RUNS = 20;
const MOST = 1.25;
const CACHED_MOST = 1;
/** The console's, against the front door for SCIM: an operator waits, and no identity provider. */
const CONSOLE_MOST = 1.5;
const WARM_MS = 2;
const ROOT = join(import.meta.dirname, '../..');

const BARE = 'AWS clients alone';

/** The shipped configuration, with a sign-up and operators, so that these functions are there as well. */
const WITH_ALL = SHIPPED.replace(
  /^ {4}scim: .*$/m,
  `$&
    sources: { signup: { preset: cognito, userPoolId: eu-west-1_AbCdEf123 } }
    console: { issuer: 'https://acme.okta.com', clientId: c1, roles: { admin: groups=admins } }`,
);

const CLIENTS = `
  import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
  import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
  import { SQSClient } from '@aws-sdk/client-sqs';
  export const handler = [new DynamoDBClient({}), new SecretsManagerClient({}), new SQSClient({})];
`;

const MEASURE = `
  const began = performance.now();
  const before = process.cpuUsage();
  require(process.argv[1]);
  const { user, system } = process.cpuUsage(before);
  process.stdout.write(JSON.stringify([performance.now() - began, (user + system) / 1000]), () => process.exit(0));
`;

/** As infra/functions/function.ts bundles. */
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
      '@aws-sdk/credential-provider-node': join(ROOT, 'infra/bundle-stubs/credentials.ts'),
      '@aws-sdk/endpoint-cache': join(ROOT, 'infra/bundle-stubs/endpoint-cache.ts'),
    },
    minify: true,
    logLevel: 'error',
  });
  return outfile;
}

/** Milliseconds of a fresh process, by the clock and of the processor. */
function importTime(file: string): readonly [wall: number, cpu: number] {
  const env = { PATH: process.env.PATH, ...environmentOf(dirname(file)) };
  const argv = [...RUNTIME_FLAGS, '-e', MEASURE, file];
  return JSON.parse(execFileSync(process.execPath, argv, { env, encoding: 'utf8' }));
}

const CACHED = ', cached';

/** Bundles with V8's code cache beside them, which is this machine's. */
function withCaches(bundles: ReadonlyMap<string, string>, folder: string): Map<string, string> {
  return new Map(
    [...bundles].map(([name, file]) => {
      const directory = join(folder, `${name}-cached`);
      mkdirSync(directory);
      const names = readdirSync(dirname(file));
      const code = new Map(names.map((each) => [each, readFileSync(join(dirname(file), each))]));
      for (const [each, contents] of withCodeCache(code)) writeFileSync(join(directory, each), contents);
      return [`${name}${CACHED}`, join(directory, 'index.js')];
    }),
  );
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** The bundles of all functions, as they are deployed, by the functions' names. */
function bundlesOf({ template, directory }: Assembly): Map<string, string> {
  return new Map(
    resourcesOf(template, 'AWS::Lambda::Function').map(([id, { Properties }]) => [
      id.replace(/Function[0-9A-F]{8}$/, ''),
      join(directory, `asset.${Properties.Code.S3Key.replace(/\.zip$/, '')}`, 'index.js'),
    ]),
  );
}

async function cold(): Promise<Goal[]> {
  const folder = mkdtempSync(join(tmpdir(), 'cold-'));
  const deployed = synthesiseWithCode(WITH_ALL);
  try {
    const bundles = bundlesOf(deployed);
    const files = new Map([
      ['nothing', await bundle(folder, 'nothing', 'export const handler = () => undefined;')],
      [BARE, await bundle(folder, 'clients', CLIENTS)],
      ...bundles,
      ...withCaches(bundles, folder),
    ]);
    const times = new Map([...files.keys()].map((name): [string, Times] => [name, []]));
    // In turns, so that whatever else the machine does befalls all of them; the first ones fill the disk's cache.
    for (let run = -2; run < RUNS; run += 1) {
      for (const [name, file] of files) {
        const time = importTime(file);
        if (run >= 0) times.get(name)?.push(time);
      }
    }
    return report(files, times);
  } finally {
    deployed.dispose();
    rmSync(folder, { recursive: true });
  }
}

type Times = (readonly [wall: number, cpu: number])[];

function report(files: ReadonlyMap<string, string>, times: ReadonlyMap<string, Times>): Goal[] {
  const of = (name: string) => median((times.get(name) ?? []).map(([wall]) => wall));
  const cpuOf = (name: string) => median((times.get(name) ?? []).map(([, cpu]) => cpu));
  const least = of(BARE);
  const rows = [...files].map(([name, file]) => ({
    bundle: name,
    KB: Math.ceil(statSync(file).size / 1024),
    ms: Number(of(name).toFixed(1)),
    'ms of CPU': Number(cpuOf(name).toFixed(1)),
    'beyond nothing': Number((of(name) - of('nothing')).toFixed(1)),
    'times the clients': Number((of(name) / least).toFixed(2)),
    'times SCIM': Number((of(name) / of('Scim')).toFixed(2)),
  }));
  console.log(`load of the machine: ${loadavg().map((load) => load.toFixed(1))}`);
  console.table(rows);
  return [...files.keys()]
    .filter((name) => name !== 'nothing' && name !== BARE)
    .map((name) => {
      if (name === 'Console')
        return { what: 'Console beside SCIM', is: of(name) / of('Scim'), unit: 'times', most: CONSOLE_MOST };
      const most = name.endsWith(CACHED) ? CACHED_MOST : MOST;
      return { what: name, is: of(name) / least, unit: 'times the clients', most };
    });
}

/** Signed events about as many people, each of them new; the directory is a map, so what is left is our own. */
async function warm(): Promise<Goal> {
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
  return { what: 'a warm request', is: typical, unit: 'ms', most: WARM_MS };
}

printGoals([...(await cold()), await warm()]);
