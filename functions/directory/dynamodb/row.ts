import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { compact } from '../../runtime/compact.ts';
import type { Item, Key } from '../table.ts';

/** An item as DynamoDB has it. */
export type Row = Record<string, AttributeValue>;

export function keyRow({ pk, sk }: Key): { pk: AttributeValue; sk: AttributeValue } {
  return { pk: { S: pk }, sk: { S: sk } };
}

/**
 * The body stands as JSON in one string and not as a map: nothing asks DynamoDB for its inside, it comes back exactly
 * as it went in (a map refuses 1e200, lone surrogates and the 33rd level), and it costs a tenth of the time to write.
 */
export function rowOf({ pk, sk, version, body, due, expiresAt }: Item): Row {
  return {
    ...keyRow({ pk, sk }),
    version: { N: String(version) },
    body: { S: JSON.stringify(body) },
    ...(due && { duePk: { S: due.pk }, dueSk: { S: due.sk } }),
    ...(expiresAt !== undefined && { expiresAt: { N: String(expiresAt) } }),
  };
}

/** The item in a row; `undefined` where there is no row, or a counter's. */
export function itemOf(row: Row | undefined): Item | undefined {
  if (row?.body?.S === undefined) return undefined;
  const [duePk, dueSk, expiresAt] = [row.duePk?.S, row.dueSk?.S, row.expiresAt?.N];
  return {
    pk: row.pk?.S ?? '',
    sk: row.sk?.S ?? '',
    version: Number(row.version?.N),
    body: JSON.parse(row.body.S) as Item['body'],
    ...compact({
      due: duePk !== undefined && dueSk !== undefined ? { pk: duePk, sk: dueSk } : undefined,
      expiresAt: expiresAt === undefined ? undefined : Number(expiresAt),
    }),
  };
}

/** The value in a counter's row. */
export function countOf(row: Row | undefined): number {
  return Number(row?.counted?.N ?? 0);
}
