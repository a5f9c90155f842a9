import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Condition, Write } from '../table.ts';
import { keyRow, type Row, rowOf } from './row.ts';

/** DynamoDB's TTL takes an item out up to days after its time; until then it counts as absent. */
const ABSENT = 'attribute_not_exists(pk) OR expiresAt <= :now';
const SAME_VERSION = 'version = :version AND (attribute_not_exists(expiresAt) OR expiresAt > :now)';
/** Makes the counter when there is none; `count` and `total` are words of DynamoDB's own. */
const COUNT = 'ADD counted :by';

/** The clauses of a condition: with `ALL_OLD` a lost race needs no second read to learn what stood there. */
export function conditionOf(condition: Condition, now: number) {
  const seconds = { ':now': { N: String(Math.floor(now / 1000)) } };
  const failure = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;
  if (condition === 'absent') {
    return { ConditionExpression: ABSENT, ExpressionAttributeValues: seconds, ...failure };
  }
  return {
    ConditionExpression: SAME_VERSION,
    ExpressionAttributeValues: { ...seconds, ':version': { N: String(condition.version) } },
    ...failure,
  };
}

/** A write as a part of a transaction. */
export function transactItemOf(write: Write, table: { TableName: string }, now: number): TransactWriteItem {
  if ('put' in write) {
    return { Put: { ...table, Item: rowOf(write.put), ...(write.if && conditionOf(write.if, now)) } };
  }
  if ('delete' in write) {
    return { Delete: { ...table, Key: keyRow(write.delete), ...(write.if && conditionOf(write.if, now)) } };
  }
  if ('check' in write) {
    return { ConditionCheck: { ...table, Key: keyRow(write.check), ...conditionOf(write.if, now) } };
  }
  const Key = keyRow(write.count);
  const by = { ':by': { N: String(write.by) } };
  return { Update: { ...table, Key, UpdateExpression: COUNT, ExpressionAttributeValues: by } };
}

/** A put that can be told from any other writer's, whatever it holds. */
export function signed(row: Row, signature: string): Row {
  return { ...row, signature: { S: signature } };
}

export function isSigned(row: Row | undefined, signature: string): boolean {
  return row?.signature?.S === signature;
}
