import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { memoryTable } from '../../functions/directory/memory.ts';
import type { Condition, Item, Key, Query, Table, Write } from '../../functions/directory/table.ts';
import { keyOf } from '../../functions/directory/writes.ts';
import { systemClock } from '../../functions/runtime/clock.ts';
import type { TableUnderTest } from './table.ts';

const RUNS = 25;

const partition = fc.constantFrom('p', 'q');
const sortKey = fc.constantFrom('a', 'ab', 'b', 'é', '\uff5e', '😀', 'a\u0000');
const key = fc.record({ pk: partition, sk: sortKey });
const version = fc.integer({ min: 1, max: 3 });
const condition: fc.Arbitrary<Condition> = fc.oneof(fc.constant('absent' as const), fc.record({ version }));
/** Seconds until the item expires; the clock goes on by 10 between calls. */
const lifetime = fc.constantFrom(5, 15, 1_000);

/** What JSON can say: nothing stored holds a negative zero, which `jsonValue` has. */
const body = fc
  .dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 })
  .map((drawn): Item['body'] => JSON.parse(JSON.stringify(drawn)));

const put = fc
  .record(
    {
      key,
      version,
      body,
      due: fc.constantFrom('0', '1', '😀'),
      lifetime,
      if: condition,
    },
    { requiredKeys: ['key', 'version', 'body'] },
  )
  .map((drawn) => ({ put: drawn }));
const other: fc.Arbitrary<Exclude<Write, { put: Item }>> = fc.oneof(
  fc.record({ delete: key, if: fc.record({ version }) }, { requiredKeys: ['delete'] }),
  fc.record({ check: key, if: condition }),
  fc.record({
    count: fc.record({ pk: fc.constant('count'), sk: fc.constantFrom('a', 'b') }),
    by: fc.integer({ min: -5, max: 5 }),
  }),
);
const step = fc.array(fc.oneof({ arbitrary: put, weight: 3 }, { arbitrary: other, weight: 2 }), {
  minLength: 1,
  maxLength: 5,
});
const query: fc.Arbitrary<Query> = fc.record(
  {
    pk: partition,
    limit: fc.integer({ min: 1, max: 5 }),
    prefix: fc.constantFrom('', 'a', 'é', '0', '😀'),
    after: fc.constantFrom('a', 'b', '0', '0a', '\uff5e'),
    upTo: fc.constantFrom('ab', 'é', '1', '😀'),
    reverse: fc.boolean(),
  },
  { requiredKeys: ['pk', 'limit'] },
);
const script = fc.array(fc.record({ step, query }), { minLength: 1, maxLength: 8 });

/** Whatever is written in whatever order: the adapter answers and holds the same as the simplest of them. */
export function tableProperties(test: TableUnderTest): void {
  it('gives the same answers and leaves the same items as a map in memory', async () => {
    await fc.assert(
      fc.asyncProperty(script, async (calls) => {
        const prefix = test.partition();
        const model = memoryTable({ now: () => test.seconds() * 1000, sleep: systemClock.sleep });
        for (const call of calls) {
          const writes = distinct(call.step.map((drawn) => writeOf(drawn, prefix, test.seconds())));
          const asked = { ...call.query, pk: `${prefix}${call.query.pk}` };
          expect(await answers(test.table, writes, asked)).toEqual(await answers(model, writes, asked));
          test.advance(10);
        }
      }),
      { numRuns: RUNS },
    );
  });
}

async function answers(table: Table, writes: readonly Write[], asked: Query): Promise<unknown> {
  const result = await table.write(writes);
  const keys = writes.map((write) => ({ pk: keyOf(write).pk, sk: keyOf(write).sk }));
  const readings = [
    table.get(keys[0] ?? { pk: '-', sk: '-' }),
    table.getMany(keys),
    table.getCounts(keys),
    table.query(asked),
    table.queryDue(asked),
  ];
  return { result, readings: await Promise.all(readings) };
}

type Drawn = typeof step extends fc.Arbitrary<(infer W)[]> ? W : never;

function writeOf(drawn: Drawn, prefix: string, seconds: number): Write {
  const own = ({ pk, sk }: Key): Key => ({ pk: `${prefix}${pk}`, sk });
  if ('delete' in drawn) return { ...drawn, delete: own(drawn.delete) };
  if ('check' in drawn) return { ...drawn, check: own(drawn.check) };
  if ('count' in drawn) return { ...drawn, count: own(drawn.count) };
  const at = own(drawn.put.key);
  const { version, body, due, lifetime, if: condition } = drawn.put;
  const item: Item = {
    ...at,
    version,
    body,
    // No two at one place: their order among themselves is left open.
    ...(due && { due: { pk: at.pk, sk: `${due}${at.sk}` } }),
    ...(lifetime && { expiresAt: seconds + lifetime }),
  };
  return { put: item, ...(condition && { if: condition }) };
}

function distinct(writes: readonly Write[]): Write[] {
  return [
    ...new Map(writes.map((write) => [JSON.stringify([keyOf(write).pk, keyOf(write).sk]), write])).values(),
  ];
}
