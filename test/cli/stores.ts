import { dynamoDbTable } from '../../functions/directory/dynamodb/table.ts';
import { systemClock } from '../../functions/runtime/clock.ts';
import { type DynamoDbLocal, hasJava, startDynamoDbLocal } from '../contract/dynamodb-local.ts';
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
}

let local: DynamoDbLocal | undefined;
let made = 0;

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
  local ??= await startDynamoDbLocal();
  made += 1;
  const tableName = `store-${made}`;
  await local.createTable(tableName);
  const { client, endpoint } = local;
  const table = dynamoDbTable({ client, tableName, random: Math.random, sleep: systemClock.sleep });
  const environment = {
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
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
    json: async (argv, surroundings) => {
      const { code, stdout, stderr } = await runHere(['--json', ...argv], surroundings);
      if (stdout === '') throw new Error(stderr);
      return { code, answer: JSON.parse(stdout) };
    },
  };
}

export async function closeStores(): Promise<void> {
  await local?.stop();
  local = undefined;
}
