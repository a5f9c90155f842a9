import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import { BatchWriteItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Row } from '../../../functions/directory/dynamodb/row.ts';

/** The most that one BatchWriteItem takes, and how many are under way. */
const BATCH = 25;
const BATCHES = 8;

/** DynamoDB Local takes an hour for as many transactions: what SQLite holds is copied, item by item and counter by counter. */
export async function copyDirectory(file: string, client: DynamoDBClient, tableName: string): Promise<void> {
  const database = new DatabaseSync(file, { readOnly: true });
  const texts = database.prepare('SELECT pk, sk, version, body, due_pk, due_sk FROM items').iterate();
  const counts = database.prepare('SELECT pk, sk, value FROM counts').iterate();
  let waiting: Row[] = [];
  let underWay: Promise<unknown>[] = [];
  const send = async (isLast: boolean) => {
    if (waiting.length > 0) {
      const requests = waiting.map((Item) => ({ PutRequest: { Item } }));
      underWay.push(client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: requests } })));
      waiting = [];
    }
    if (!isLast && underWay.length < BATCHES) return;
    await Promise.all(underWay);
    underWay = [];
  };
  for (const [rows, read] of [
    [texts, rowOfText],
    [counts, rowOfCount],
  ] as const) {
    for (const row of rows) {
      waiting.push(read(row));
      if (waiting.length === BATCH) await send(false);
    }
  }
  await send(true);
  database.close();
}

type Column = Record<string, SQLOutputValue>;
const keyOf = ({ pk, sk }: Column) => ({ pk: { S: String(pk) }, sk: { S: String(sk) } });

function rowOfText({ version, body, due_pk: duePk, due_sk: dueSk, ...key }: Column): Row {
  const due = duePk === null ? {} : { duePk: { S: String(duePk) }, dueSk: { S: String(dueSk) } };
  return { ...keyOf(key), version: { N: String(version) }, body: { S: String(body) }, ...due };
}

function rowOfCount({ value, ...key }: Column): Row {
  return { ...keyOf(key), counted: { N: String(value) } };
}
