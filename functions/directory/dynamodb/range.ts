import { compact } from '../../runtime/compact.ts';
import { endOf, type Range } from '../range.ts';
import { isStorable } from '../writes.ts';

/**
 * The same range or a little more, with bounds that DynamoDB takes: it refuses those that no key can have, and an
 * `after` may be anything that a client made up.
 */
function askable({ low, high }: Range): Range {
  const from = low && isStorable({ pk: '-', sk: low.key }) ? low : low && { key: cut(low.key), open: false };
  const end = high && !isStorable({ pk: '-', sk: high.key }) ? endOf(cut(high.key)) : undefined;
  const to = end === undefined ? high : { key: end, open: true };
  // No key is empty: a bound by nothing is no bound.
  return compact({ low: from?.key === '' ? undefined : from, high: to });
}

function cut(key: string): string {
  return key.slice(0, 256).replace(/[\ud800-\udbff]$/, '');
}

/**
 * The range as DynamoDB takes it. It knows no range that is open at one end and bounded at the other: BETWEEN has both
 * ends in it, and what stands exactly at an open one is left out by `contains`.
 */
export function rangeClause(pkName: string, skName: string, pk: string, range: Range) {
  const { low, high } = askable(range);
  const clause =
    low && high
      ? ' AND #sk BETWEEN :low AND :high'
      : low
        ? ` AND #sk ${low.open ? '>' : '>='} :low`
        : high
          ? ` AND #sk ${high.open ? '<' : '<='} :high`
          : '';
  return {
    KeyConditionExpression: `#pk = :pk${clause}`,
    ExpressionAttributeNames: { '#pk': pkName, ...(clause && { '#sk': skName }) },
    ExpressionAttributeValues: {
      ':pk': { S: pk },
      ...compact({ ':low': low && { S: low.key }, ':high': high && { S: high.key } }),
    },
  };
}
