/**
 * The narrow waist between the directory and whatever keeps its items: DynamoDB on AWS, SQLite on one machine,
 * a map in simulations. Everything the product stores goes through these four verbs, so an adapter is small and
 * one contract suite holds them all to the same behaviour.
 */

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** A place in the sparse index of due work: a partition (one a tenant) and a sort key that gives the order. */
export interface DuePlace {
  readonly pk: string;
  readonly sk: string;
}

export interface Item extends Key {
  /** Counts the writes of the item; the writer sets it, conditions compare it. */
  readonly version: number;
  /** Any JSON object. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Present only while the item is due: see `Table.queryDue`. */
  readonly due?: DuePlace;
  /** Epoch seconds after which the item may vanish (DynamoDB TTL); reads never return it after that. */
  readonly expiresAt?: number;
}

/** What must hold of the stored item for a write to happen: it isn't there, or it has exactly this version. */
export type Condition = 'absent' | { readonly version: number };

export type Write =
  | { readonly put: Item; readonly if?: Condition }
  | { readonly delete: Key; readonly if?: { readonly version: number } }
  | { readonly check: Key; readonly if: Condition }
  /** Adds to a counter item, created at 0 when missing. Counters are read with `getCounts`, never with `get`. */
  | { readonly count: Key; readonly by: number };

/** `failed` is the position of the first write whose condition did not hold; `found` is what stood there instead. */
export type WriteResult =
  | { readonly ok: true }
  | { readonly ok: false; readonly failed: number; readonly found?: Item };

export interface Query {
  readonly pk: string;
  /** Only items whose sort key begins so. */
  readonly prefix?: string;
  /** Only items behind this sort key (before it, when `reverse`), exclusive: the `next` of the page before. */
  readonly after?: string;
  /** Only items up to this sort key, inclusive (of the index's sort key in `queryDue`). */
  readonly upTo?: string;
  readonly limit: number;
  readonly reverse?: boolean;
}

export interface Page {
  readonly items: Item[];
  /** Pass as `after` for the next page; absent when there is none. */
  readonly next?: string;
}

/** Writes one call may carry at most (DynamoDB's limit of a transaction). */
export const MAX_WRITES = 100;

/**
 * What an adapter does. `test/contract/table.ts` holds each of them to every sentence here.
 *
 * @example
 * const key = { pk: 'demo', sk: 'person#1' };
 * await table.write([{ put: { ...key, version: 1, body: { userName: 'ada' } }, if: 'absent' }]); // { ok: true }
 * await table.write([{ put: { ...key, version: 2, body: {} }, if: { version: 7 } }]); // { ok: false, failed: 0, found }
 */
export interface Table {
  /** Reads what the last completed write left (strongly consistent). */
  get(key: Key): Promise<Item | undefined>;
  /** As `get`, for many keys; the answer has them in the order asked, `undefined` where there is none. */
  getMany(keys: readonly Key[]): Promise<(Item | undefined)[]>;
  /** Items of one partition in the order of their sort keys (by UTF-8 bytes); strongly consistent. */
  query(query: Query): Promise<Page>;
  /** As `query` over the sparse index of due items. On DynamoDB a moment behind the writes. */
  queryDue(query: Query): Promise<Page>;
  /** The values of counters, 0 where one was never counted. */
  getCounts(keys: readonly Key[]): Promise<number[]>;
  /** All writes or none. At most `MAX_WRITES`, each on another key. */
  write(writes: readonly Write[]): Promise<WriteResult>;
}
