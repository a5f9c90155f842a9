import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { openDirectory } from '../../functions/directory/directory.ts';
import { dynamoDbTable } from '../../functions/directory/dynamodb/table.ts';
import { loadConfiguration } from '../../functions/mapping/load.ts';
import { systemClock } from '../../functions/runtime/clock.ts';
import { activate } from '../../functions/tenant/generation/store.ts';
import { SECRET_KINDS } from '../../functions/tenant/secrets/secret-name.ts';
import { serveGateway } from '../../local/gateway.ts';
import { serveSecrets } from '../../local/secrets-manager.ts';
import type { Simulator } from '../../local/simulator/interface.ts';
import { serveSimulator } from '../../local/simulator/server.ts';
import { createSimulator } from '../../local/simulator/simulator.ts';
import { openDynamoDbLocal } from '../contract/database.ts';
import { type Assembly, resourceOf, SHIPPED, synthesiseWithCode } from '../infra/synthesis.ts';
import { type ExecutionEnvironment, openEnvironment } from './environment.ts';
import { openQueue } from './queue.ts';

const FUNCTIONS = ['Scim', 'Drain', 'Census'] as const;
type FunctionName = (typeof FUNCTIONS)[number];

/** The stack as it is deployed, as far as one machine can have it: its bundles, and stand-ins for what they call. */
export interface Deployment {
  readonly simulator: Simulator;
  readonly functions: Readonly<Record<FunctionName, ExecutionEnvironment>>;
  /** A request to the HTTP API. */
  request(method: string, path: string, body?: unknown): Promise<{ status: number; body: Resource }>;
  /** Lets the drain have what is in the queue. */
  deliver(): Promise<'nothing' | 'done' | 'given back'>;
  /** What the schedule does every minute. */
  minute(): Promise<void>;
  /** So much time passes; functions that have nothing to do are gone meanwhile, as on AWS. */
  pass(milliseconds: number): Promise<void>;
  /** What must be in no log. */
  readonly unspeakable: readonly string[];
  close(): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: an answer is read as it comes, and a wrong guess fails the test
type Resource = any;

export async function deploy(): Promise<Deployment> {
  const closers: (() => unknown)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    return { ...(await open(closers)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function open(closers: (() => unknown)[]): Promise<Omit<Deployment, 'close'>> {
  let ahead = 0;
  const now = () => Date.now() + ahead;
  const token = randomBytes(16).toString('hex');
  const client = { clientId: 'cs-test', clientSecret: randomBytes(16).toString('hex') };
  const admin = { clientId: 'cs-admin', clientSecret: randomBytes(16).toString('hex') };

  // It starts while the bundles are built.
  const starting = openDynamoDbLocal();
  closers.push(async () => (await starting).stop());
  const simulator = createSimulator({
    clock: { now, sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)) },
    random: Math.random,
    credentials: () => [client],
    admin: () => [admin],
    ...accountOf(SHIPPED),
  });
  const smartassist = await serveSimulator(simulator, { port: 0 });
  closers.push(() => smartassist.close());
  const written = SHIPPED.replace('platform.kore.ai', `http://127.0.0.1:${smartassist.port}`);
  const stack = synthesiseWithCode(written);
  closers.push(() => stack.dispose());
  const database = await starting;
  await database.createTable('directory');
  await pushShipped(database.endpoint, written);
  const digest = createHash('sha256').update(token).digest('hex');
  const values = { door: { scimTokens: [`sha256:${digest}`] }, smartassist: { ...client, admin } };
  const secrets = await serveSecrets(
    new Map(
      SECRET_KINDS.map((kind) => [`agent-provisioner/default/demo/${kind}`, JSON.stringify(values[kind])]),
    ),
    { port: 0 },
  );
  closers.push(() => secrets.close());
  const queue = await openQueue((event) => functions.Drain.invoke(event));
  closers.push(() => queue.close());

  const places: Record<string, string> = {
    AWS_ENDPOINT_URL_DYNAMODB: database.endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
    AWS_ENDPOINT_URL_SQS: queue.endpoint,
  };
  const resolved = { Table: 'directory', Queue: queue.url };
  const openFunction = async (name: FunctionName) => {
    const code = codeOf(stack, name, resolved);
    const variables = { ...code.variables, ...places };
    const environment = await openEnvironment({ ...code, variables }, () => ahead);
    closers.push(() => environment.close());
    return environment;
  };
  const functions = {
    Scim: await openFunction('Scim'),
    Drain: await openFunction('Drain'),
    Census: await openFunction('Census'),
  };
  const gateway = await serveGateway(
    () => async (event) => {
      const ended = await functions.Scim.invoke(event);
      // What an HTTP API answers for a function that failed.
      if (ended.kind !== 'response')
        return { statusCode: 500, body: JSON.stringify({ message: 'Internal Server Error' }) };
      return ended.result as APIGatewayProxyStructuredResultV2;
    },
    { host: '127.0.0.1', port: 0 },
  );
  closers.push(() => gateway.close());

  return {
    simulator,
    functions,
    async request(method, path, body) {
      const response = await fetch(`http://127.0.0.1:${gateway.port}/demo/scim/v2${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: await response.json() };
    },
    deliver: () => queue.deliver(),
    async minute() {
      const ended = await functions.Census.invoke({ kind: 'minute' });
      if (ended.kind !== 'response') throw new Error(`the census ended with ${JSON.stringify(ended)}`);
    },
    async pass(milliseconds) {
      ahead += milliseconds;
      for (const name of FUNCTIONS) await functions[name].kill();
    },
    unspeakable: [token, client.clientSecret, admin.clientSecret],
  };
}

/** What `npm run deploy` does once the code has settled. */
async function pushShipped(endpoint: string, text: string): Promise<void> {
  const client = new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const table = dynamoDbTable({
    client,
    tableName: 'directory',
    random: Math.random,
    sleep: systemClock.sleep,
  });
  const configuration = loadConfiguration(text, 'provisioner.yaml');
  const terms = { after: undefined, now: Date.now(), by: 'npm run deploy', isDeployment: true };
  await activate(openDirectory(table, systemClock), configuration, terms);
  client.destroy();
}

/** The account and the bot of the one tenant. */
function accountOf(text: string) {
  const { smartassist } = loadConfiguration(text, 'provisioner.yaml').tenants.demo ?? {};
  if (smartassist?.accountId === undefined) throw new Error('the tenant demo has no account');
  const { streamId, accountId, profile } = smartassist;
  return { streamId, accountId, profile };
}

/** A function as the template has it, with names in the place of references. */
function codeOf(
  { template, directory }: Assembly,
  name: FunctionName,
  resolved: { readonly Table: string; readonly Queue: string },
) {
  const { Properties } = resourceOf(template, 'AWS::Lambda::Function', name);
  const variables: Record<string, unknown> = Properties.Environment.Variables;
  return {
    folder: join(directory, `asset.${Properties.Code.S3Key.replace(/\.zip$/, '')}`),
    timeoutMs: Properties.Timeout * 1_000,
    variables: Object.fromEntries(
      Object.entries(variables).map(([key, value]) => [key, resolve(value, resolved)]),
    ),
  };
}

function resolve(
  value: unknown,
  { Table, Queue }: { readonly Table: string; readonly Queue: string },
): string {
  if (typeof value === 'string') return value;
  const { Ref = '' } = value as { readonly Ref?: string };
  if (Ref.startsWith('DirectoryTable')) return Table;
  if (Ref.startsWith('DoorbellQueue')) return Queue;
  throw new Error(`nobody knows the value of ${JSON.stringify(value)}`);
}
