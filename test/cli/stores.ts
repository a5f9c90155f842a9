import { createServer, type Server } from 'node:http';
import { dynamoDbTable } from '../../functions/directory/dynamodb/table.ts';
import { systemClock } from '../../functions/runtime/clock.ts';
import { serveSecrets } from '../../local/secrets-manager.ts';
import { serveSimulator } from '../../local/simulator/server.ts';
import { openDynamoDbLocal } from '../contract/database.ts';
import { type DynamoDbLocal, hasJava } from '../contract/dynamodb-local.ts';
import { type Centre, centreOn, openCentre, type prepareCentre } from './centre.ts';
import { type Ended, run, type Surroundings } from './program.ts';

/** A directory that commands are pointed at by their arguments, and a centre that works on the same one. */
export interface Store {
  readonly centre: Omit<Centre, 'folder'>;
  run(argv: readonly string[], surroundings?: Surroundings): Promise<Ended>;
  json(
    argv: readonly string[],
    surroundings?: Surroundings,
  ): Promise<{ code: number | null; answer: unknown }>;
  /** From now on commands reach the centre's SmartAssist, and of a deployed directory the secrets; until the stores close. */
  connect(): Promise<Map<string, string>>;
}

/** Who operates a deployed directory, as AWS knows them. */
export const OPERATOR = 'arn:aws:sts::111122223333:assumed-role/operators/grace';

let local: DynamoDbLocal | undefined;
let sts: Server | undefined;
let made = 0;
const servers: { close(): Promise<void> }[] = [];

/** As `npm start` has them. */
const SECRETS = {
  door: { scimTokens: [], sources: {} },
  smartassist: {
    clientId: 'cs-demo',
    clientSecret: 'demo-client-secret',
    admin: { clientId: 'cs-demo-admin', clientSecret: 'demo-admin-client-secret' },
  },
};

/** Opens an empty directory of each kind; the second is Amazon's own DynamoDB, where there is a Java for it. */
export const STORES = [
  ['SQLite', openSqlite] as const,
  ...(hasJava() ? [['DynamoDB Local', openDynamoDb] as const] : []),
];

type Prepared = Awaited<ReturnType<typeof prepareCentre>>;

async function openSqlite(prepared: Prepared): Promise<Store> {
  made += 1;
  const folder = prepared.empty(`store-${made}`);
  return storeOf(openCentre(folder), ['--data-dir', folder], {});
}

async function openDynamoDb(): Promise<Store> {
  local ??= await openDynamoDbLocal();
  made += 1;
  const tableName = `store-${process.pid}-${made}`;
  await local.createTable(tableName);
  const { client, endpoint } = local;
  const table = dynamoDbTable({ client, tableName, random: Math.random, sleep: systemClock.sleep });
  const environment = {
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_ENDPOINT_URL_STS: await standInForSts(),
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
  return storeOf({ ...centreOn(table), close() {} }, ['--table', tableName], environment);
}

function storeOf(
  centre: Omit<Centre, 'folder'>,
  options: readonly string[],
  environment: NodeJS.ProcessEnv,
): Store {
  const runHere = (argv: readonly string[], { environment: more = {}, ...rest }: Surroundings = {}) =>
    run([...options, ...argv], { environment: { ...environment, ...more }, ...rest });
  return {
    centre,
    run: runHere,
    connect: async () => {
      const server = await serveSimulator(centre.simulator, { port: 0 });
      const secrets = new Map(
        Object.entries(SECRETS).map(([kind, value]) => [
          `agent-provisioner/default/demo/${kind}`,
          JSON.stringify(value),
        ]),
      );
      const manager = await serveSecrets(secrets, { port: 0 });
      servers.push(server, manager);
      Object.assign(environment, {
        SMARTASSIST_URL: `http://127.0.0.1:${server.port}`,
        AWS_ENDPOINT_URL_SECRETS_MANAGER: manager.url,
      });
      return secrets;
    },
    json: async (argv, surroundings) => {
      const { code, stdout, stderr } = await runHere(['--json', ...argv], surroundings);
      if (stdout === '') throw new Error(stderr);
      return { code, answer: JSON.parse(stdout) };
    },
  };
}

/** As STS answers GetCallerIdentity to a request that is signed for it. */
async function standInForSts(): Promise<string> {
  sts ??= createServer((request, response) => {
    const isSigned = /Credential=local\/\d{8}\/eu-west-1\/sts\/aws4_request/.test(
      request.headers.authorization ?? '',
    );
    response.writeHead(isSigned ? 200 : 403, { 'content-type': 'text/xml' });
    response.end(
      isSigned
        ? `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>${OPERATOR}</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`
        : '<ErrorResponse><Error><Message>The security token is invalid.</Message></Error></ErrorResponse>',
    );
  });
  const server = sts;
  if (!server.listening) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`;
}

export async function closeStores(): Promise<void> {
  await Promise.all(servers.splice(0).map((server) => server.close()));
  sts?.close();
  sts = undefined;
  await local?.stop();
  local = undefined;
}
