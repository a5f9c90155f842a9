import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Directory, openDirectory } from '../../../functions/directory/directory.ts';
import { dynamoDbTable } from '../../../functions/directory/dynamodb/table.ts';
import type { PersonRecord } from '../../../functions/directory/record.ts';
import { openSqliteTable } from '../../../functions/directory/sqlite/table.ts';
import { systemClock } from '../../../functions/runtime/clock.ts';
import { hasJava, startDynamoDbLocal } from '../../contract/dynamodb-local.ts';
import { copyDirectory } from './copy.ts';

const AT_ONCE = 500;
const TABLE = 'people';

/** A store that holds the people, to be measured. */
export interface Store {
  readonly name: 'SQLite' | 'DynamoDB';
  readonly directory: Directory;
  /** What a command is told, so that it works on this store. */
  readonly options: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  /** Of DynamoDB Local. */
  readonly client?: DynamoDBClient;
}

/** Measures people in SQLite, and on DynamoDB Local where there is a Java for it. */
export async function onBothStores(
  people: number,
  personOf: (index: number) => PersonRecord,
  measure: (store: Store) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'agent-provisioner-bench-'));
  const file = join(folder, 'directory.sqlite');
  const sqlite = openSqliteTable(file, systemClock);
  try {
    const directory = openDirectory(sqlite, systemClock);
    await fill(directory, people, personOf);
    await measure({ name: 'SQLite', directory, options: ['--data-dir', folder], environment: {} });
    if (hasJava()) await onDynamoDb(file, measure);
    else console.log('DynamoDB: skipped, there is no Java 17');
  } finally {
    sqlite.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function fill(
  directory: Directory,
  people: number,
  personOf: (index: number) => PersonRecord,
): Promise<void> {
  for (let from = 0; from < people; from += AT_ONCE) {
    const size = Math.min(AT_ONCE, people - from);
    await Promise.all(Array.from({ length: size }, (_, i) => directory.createPerson(personOf(from + i))));
  }
}

async function onDynamoDb(file: string, measure: (store: Store) => Promise<void>): Promise<void> {
  const database = await startDynamoDbLocal();
  try {
    await database.createTable(TABLE);
    const { client, endpoint } = database;
    await copyDirectory(file, client, TABLE);
    const { sleep } = systemClock;
    const table = dynamoDbTable({ client, tableName: TABLE, random: Math.random, sleep });
    await measure({
      name: 'DynamoDB',
      directory: openDirectory(table, systemClock),
      options: ['--table', TABLE],
      environment: {
        AWS_ENDPOINT_URL_DYNAMODB: endpoint,
        AWS_REGION: 'eu-west-1',
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
      },
      client,
    });
  } finally {
    await database.stop();
  }
}
