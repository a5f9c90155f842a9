import { afterAll, beforeAll, describe } from 'vitest';
import type { Item, Key, Table } from '../../functions/directory/table.ts';
import type { Clock } from '../../functions/runtime/clock.ts';
import { systemClock } from '../../functions/runtime/clock.ts';
import { tableConditions } from './table-conditions.ts';
import { tableCounters } from './table-counters.ts';
import { tableExpiry } from './table-expiry.ts';
import { tableItems } from './table-items.ts';
import { tableLimits } from './table-limits.ts';
import { tableProperties } from './table-property.ts';
import { tableQueries } from './table-query.ts';

/** Opens an adapter on an empty table. The clock is the contract's: it only goes forward. */
export type OpenTable = (clock: Clock) => Promise<{ table: Table; close(): Promise<void> | void }>;

/** What each part of the contract works with. */
export interface TableUnderTest {
  readonly table: Table;
  /** Seconds since the epoch, by the clock that the adapter was given. */
  seconds(): number;
  advance(seconds: number): void;
  /** A partition that no other test uses: all share one table. */
  partition(): string;
}

const NOON = Date.UTC(2030, 0, 15, 12);

/** Every sentence of `functions/directory/table.ts`, held against an adapter. */
export function tableContract(open: OpenTable): void {
  let now = NOON;
  let partitions = 0;
  let opened: Awaited<ReturnType<OpenTable>>;
  const test: TableUnderTest = {
    get table() {
      return opened.table;
    },
    seconds: () => Math.floor(now / 1000),
    advance: (seconds) => {
      now += seconds * 1000;
    },
    partition: () => `demo#${partitions++}`,
  };
  beforeAll(async () => {
    opened = await open({ now: () => now, sleep: systemClock.sleep });
  });
  afterAll(() => opened?.close());

  describe('items', () => tableItems(test));
  describe('conditions', () => tableConditions(test));
  describe('counters', () => tableCounters(test));
  describe('expiry', () => tableExpiry(test));
  describe('limits', () => tableLimits(test));
  describe('queries', () => tableQueries(test));
  describe('any sequence of writes', () => tableProperties(test));
}

/** An item that tells its version. */
export const item = (key: Key, version = 1, more: Partial<Item> = {}): Item => ({
  ...key,
  version,
  body: { of: version },
  ...more,
});
