import { BatchGetItemCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Key } from '../table.ts';
import { isStorable } from '../writes.ts';
import { type Patience, retryBusy } from './backoff.ts';
import { unlessBusy } from './busy.ts';
import { keyRow, type Row } from './row.ts';

/** Keys that one BatchGetItem takes. */
const BATCH = 100;

/** Reads many rows at once, in the order of their keys; strongly consistent. */
export async function batchGet(
  client: DynamoDBClient,
  tableName: string,
  keys: readonly Key[],
  patience: Patience,
): Promise<(Row | undefined)[]> {
  // DynamoDB refuses a key that is asked for twice.
  const wanted = new Map(keys.filter(isStorable).map((key) => [nameOf(key), keyRow(key) as Row]));
  const found = new Map<string, Row>();

  const read = async (batch: Row[]): Promise<void> => {
    let left = batch;
    // What didn't fit into 16 MB comes back as unprocessed: only a round without any progress means busy.
    while (left.length > 0) {
      left = await retryBusy(patience, async () => {
        const RequestItems = { [tableName]: { Keys: left, ConsistentRead: true } };
        const answer = await unlessBusy(() => client.send(new BatchGetItemCommand({ RequestItems })));
        for (const row of answer?.Responses?.[tableName] ?? []) {
          found.set(nameOf({ pk: row.pk?.S ?? '', sk: row.sk?.S ?? '' }), row);
        }
        const rest = answer?.UnprocessedKeys?.[tableName]?.Keys ?? [];
        return answer && rest.length < left.length ? rest : undefined;
      });
    }
  };

  const rows = [...wanted.values()];
  const batches = Array.from({ length: Math.ceil(rows.length / BATCH) }, (_, i) =>
    read(rows.slice(i * BATCH, (i + 1) * BATCH)),
  );
  await Promise.all(batches);
  return keys.map((key) => found.get(nameOf(key)));
}

function nameOf({ pk, sk }: Key): string {
  return `${pk.length}:${pk}${sk}`;
}
