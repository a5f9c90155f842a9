import { randomUUID } from 'node:crypto';
import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { Clock } from '../../runtime/clock.ts';
import { compact } from '../../runtime/compact.ts';
import { contains, isEmpty, rangeOf } from '../range.ts';
import type { Item, Key, Page, Query, Table, Write, WriteResult } from '../table.ts';
import { assertWrites, isExpired, isStorable } from '../writes.ts';
import { type Patience, retryBusy } from './backoff.ts';
import { batchGet } from './batch.ts';
import { firstReason, unlessBusy } from './busy.ts';
import { DUE_INDEX } from './definition.ts';
import { rangeClause } from './range.ts';
import { countOf, itemOf, keyRow, type Row, rowOf } from './row.ts';
import { conditionOf, isSigned, signed, transactItemOf } from './write.ts';

export { DUE_INDEX, tableDefinition } from './definition.ts';

export interface DynamoDbOptions extends Patience {
  readonly client: DynamoDBClient;
  readonly tableName: string;
  readonly now?: Clock['now'];
}

/** The table on DynamoDB, as `tableDefinition` describes it. */
export function dynamoDbTable({ client, tableName, now = Date.now, ...patience }: DynamoDbOptions): Table {
  const table = { TableName: tableName };
  const patiently = <T>(call: () => Promise<T>) => retryBusy(patience, () => unlessBusy(call));
  const live = (row: Row | undefined): Item | undefined => {
    const item = itemOf(row);
    return item && !isExpired(item, now()) ? item : undefined;
  };

  const getRow = async (key: Key): Promise<Row | undefined> => {
    if (!isStorable(key)) return undefined;
    const command = new GetItemCommand({ ...table, Key: keyRow(key), ConsistentRead: true });
    return (await patiently(() => client.send(command))).Item;
  };

  const getRows = (keys: readonly Key[]) => batchGet(client, tableName, keys, patience);

  const page = async (query: Query, pk: string, sk: string, IndexName?: string): Promise<Page> => {
    const range = rangeOf(query);
    const { limit, reverse = false } = query;
    if (limit < 1 || isEmpty(range) || !isStorable({ pk: query.pk, sk: '-' })) return { items: [] };
    const clause = rangeClause(pk, sk, query.pk, range);
    const items: Item[] = [];
    const keys: string[] = [];
    let start: Row | undefined;
    do {
      const command = new QueryCommand({
        ...table,
        ...clause,
        ...(IndexName ? { IndexName } : { ConsistentRead: true }),
        ScanIndexForward: !reverse,
        // One more than asked for shows whether there is a next page.
        Limit: limit + 1 - items.length,
        ...compact({ ExclusiveStartKey: start }),
      });
      const answer = await patiently(() => client.send(command));
      for (const row of answer.Items ?? []) {
        const item = live(row);
        const key = row[sk]?.S ?? '';
        if (!item || !contains(range, key)) continue;
        items.push(item);
        keys.push(key);
      }
      start = answer.LastEvaluatedKey;
    } while (start && items.length <= limit);
    const next = items.length > limit ? keys[limit - 1] : undefined;
    return { items: items.slice(0, limit), ...compact({ next }) };
  };

  const rejection = (failed: number, row: Row | undefined): WriteResult => {
    const found = live(row);
    return { ok: false, failed, ...compact({ found }) };
  };

  /**
   * When the answer to a put is lost, the SDK sends it again, and the condition fails on what we wrote ourselves. The
   * signature tells it: an equal body doesn't, for two functions may remember one event in the same second.
   */
  const put = async ({ put: item, if: condition }: Extract<Write, { put: Item }>): Promise<WriteResult> => {
    const signature = randomUUID();
    const command = new PutItemCommand({
      ...table,
      Item: condition ? signed(rowOf(item), signature) : rowOf(item),
      ...(condition && conditionOf(condition, now())),
    });
    try {
      await patiently(() => client.send(command));
      return { ok: true };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return isSigned(error.Item, signature) ? { ok: true } : rejection(0, error.Item);
    }
  };

  /** Sent again with the same token, a transaction that went through answers success and does nothing. */
  const transact = async (writes: readonly Write[]): Promise<WriteResult> => {
    const at = now();
    const command = new TransactWriteItemsCommand({
      TransactItems: writes.map((write) => transactItemOf(write, table, at)),
      ClientRequestToken: randomUUID(),
    });
    try {
      await patiently(() => client.send(command));
      return { ok: true };
    } catch (error) {
      const failed = error instanceof TransactionCanceledException ? firstReason(error) : undefined;
      if (failed?.reason.Code !== 'ConditionalCheckFailed') throw error;
      return rejection(failed.position, failed.reason.Item);
    }
  };

  return {
    get: async (key) => live(await getRow(key)),
    getMany: async (keys) => (await getRows(keys)).map(live),
    query: (query) => page(query, 'pk', 'sk'),
    queryDue: (query) => page(query, 'duePk', 'dueSk', DUE_INDEX),
    getCounts: async (keys) => (await getRows(keys)).map(countOf),
    async write(writes) {
      assertWrites(writes);
      const [first] = writes;
      if (!first) return { ok: true };
      if (writes.length === 1 && 'put' in first) return put(first);
      if (writes.length === 1 && 'delete' in first && first.if === undefined) {
        const command = new DeleteItemCommand({ ...table, Key: keyRow(first.delete) });
        await patiently(() => client.send(command));
        return { ok: true };
      }
      // A lone count or conditional delete too: sent again, the one would count twice and the other find nothing.
      return transact(writes);
    },
  };
}
