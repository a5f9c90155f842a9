import type { StatementSync } from 'node:sqlite';
import type { Clock } from '../../runtime/clock.ts';
import { compact } from '../../runtime/compact.ts';
import { rangeOf } from '../range.ts';
import type { Item, Key, Page, Query, Table, Write } from '../table.ts';
import { assertWrites, keyOf } from '../writes.ts';
import { openDatabase } from './database.ts';
import { groupCommit } from './group-commit.ts';
import { migrate } from './schema.ts';
import { sharedRead } from './shared-read.ts';

/** Expired rows are invisible at once; they are swept out now and then, so that a file doesn't grow for ever. */
const SWEEP_EVERY_MS = 10 * 60_000;
const SWEEP_ROWS = 1_000;

const COLUMNS = 'pk, sk, version, body, due_pk, due_sk, expires_at';
const AT_KEY = 'pk = ? AND sk = ?';
const LIVE = '(expires_at IS NULL OR expires_at > ?)';
const INSERT = `INSERT INTO items (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (pk, sk) DO UPDATE SET
  version = excluded.version, body = excluded.body, due_pk = excluded.due_pk, due_sk = excluded.due_sk,
  expires_at = excluded.expires_at`;

const GET = `SELECT ${COLUMNS} FROM items WHERE ${AT_KEY} AND ${LIVE}`;
const PUT = INSERT;
/** An expired row counts as absent, so it is written over. */
const PUT_IF_ABSENT = `${INSERT} WHERE items.expires_at <= ?`;
/** Where the item stays in the indexes by due place and by expiry: what isn't set isn't written, a page of each index. */
const PUT_IN_PLACE = `UPDATE items SET version = ?, body = ? WHERE ${AT_KEY} AND version = ? AND ${LIVE}
  AND due_pk IS ? AND due_sk IS ? AND expires_at IS ?`;
const PUT_IF_VERSION = `UPDATE items SET version = ?, body = ?, due_pk = ?, due_sk = ?, expires_at = ?
  WHERE ${AT_KEY} AND version = ? AND ${LIVE}`;
const DELETE = `DELETE FROM items WHERE ${AT_KEY}`;
const DELETE_IF_VERSION = `${DELETE} AND version = ? AND ${LIVE}`;
const SWEEP = `DELETE FROM items WHERE (pk, sk) IN
  (SELECT pk, sk FROM items WHERE expires_at <= ? LIMIT ${SWEEP_ROWS})`;
const COUNT = `INSERT INTO counts (pk, sk, value) VALUES (?, ?, ?)
  ON CONFLICT (pk, sk) DO UPDATE SET value = value + excluded.value`;
const GET_COUNT = `SELECT value FROM counts WHERE ${AT_KEY}`;

/**
 * Opens the table kept in an SQLite file, or in memory for `:memory:`; a new file gets its schema here. Several
 * processes may have one file open (the CLI beside the server): a write waits for another's up to 5 s.
 * @throws DirectoryVersionError when a newer version of the product wrote the file
 */
export function openSqliteTable(path: string, clock: Clock): Table & { close(): void } {
  const database = openDatabase(path, (opened) => migrate(opened, path));
  const statements = new Map<string, StatementSync>();
  const reading = sharedRead(database);
  let sweptAt = Number.NEGATIVE_INFINITY;

  /** Preparing costs more than running: each statement is prepared once. */
  const statement = (sql: string): StatementSync => {
    let prepared = statements.get(sql);
    if (!prepared) {
      prepared = database.prepare(sql);
      statements.set(sql, prepared);
    }
    return prepared;
  };
  const run = (sql: string, ...values: Value[]): number => Number(statement(sql).run(...values).changes);
  const seconds = (): number => Math.floor(clock.now() / 1000);
  const get = ({ pk, sk }: Key): Item | undefined => {
    reading.begin();
    const row = statement(GET).get(pk, sk, seconds());
    return row && itemOf(row as unknown as Row);
  };

  const page = (query: Query, by: Ordering): Page => {
    const { low, high } = rangeOf(query);
    const values: Value[] = [query.pk];
    if (low) values.push(low.key);
    if (high) values.push(high.key);
    values.push(seconds(), query.limit + 1);
    reading.begin();
    const rows = statement(selection(by, low?.open, high?.open, query.reverse === true)).all(...values);
    const items = (rows.slice(0, query.limit) as unknown as Row[]).map(itemOf);
    const last = items.at(-1);
    if (rows.length <= query.limit || !last) return { items };
    return { items, next: last.due && by === DUE ? last.due.sk : last.sk };
  };

  /** Does one write; false when its condition doesn't hold. */
  const holds = (write: Write): boolean => {
    if ('put' in write) {
      const { pk, sk, version, due, expiresAt } = write.put;
      const content = [version, JSON.stringify(write.put.body)];
      const places = [due?.pk ?? null, due?.sk ?? null, expiresAt ?? null];
      if (write.if === undefined) return run(PUT, pk, sk, ...content, ...places) > 0;
      if (write.if === 'absent') return run(PUT_IF_ABSENT, pk, sk, ...content, ...places, seconds()) > 0;
      const expected = [pk, sk, write.if.version, seconds()];
      return (
        run(PUT_IN_PLACE, ...content, ...expected, ...places) > 0 ||
        run(PUT_IF_VERSION, ...content, ...places, ...expected) > 0
      );
    }
    if ('delete' in write) {
      const { pk, sk } = write.delete;
      if (write.if) return run(DELETE_IF_VERSION, pk, sk, write.if.version, seconds()) > 0;
      run(DELETE, pk, sk);
      return true;
    }
    if ('count' in write) return run(COUNT, write.count.pk, write.count.sk, write.by) > 0;
    const found = get(write.check);
    return write.if === 'absent' ? !found : found?.version === write.if.version;
  };

  const commits = groupCommit(
    database,
    (write, failed) => {
      if (holds(write)) return undefined;
      const found = get(keyOf(write));
      return { ok: false, failed, ...compact({ found }) };
    },
    reading.end,
  );

  const sweep = (): void => {
    if (clock.now() - sweptAt < SWEEP_EVERY_MS) return;
    reading.end();
    // A full sweep may have left some: the next write goes on with it.
    if (run(SWEEP, seconds()) < SWEEP_ROWS) sweptAt = clock.now();
  };

  return {
    get: async (key) => get(key),
    getMany: async (keys) => keys.map(get),
    query: async (query) => page(query, KEY),
    queryDue: async (query) => page(query, DUE),
    async getCounts(keys) {
      reading.begin();
      return keys.map(({ pk, sk }) => Number(statement(GET_COUNT).get(pk, sk)?.value ?? 0));
    },
    async write(writes) {
      assertWrites(writes);
      if (writes.length === 0) return { ok: true };
      sweep();
      return commits.write(writes);
    },
    close: () => {
      commits.flush();
      reading.end();
      database.close();
    },
  };
}

type Value = string | number | null;

/** The columns that a page is selected and sorted by. */
interface Ordering {
  readonly pk: string;
  readonly sk: string;
  readonly selections: Map<number, string>;
}
const KEY: Ordering = { pk: 'pk', sk: 'sk', selections: new Map() };
const DUE: Ordering = { pk: 'due_pk', sk: 'due_sk', selections: new Map() };

/** The SELECT of a page. Its text is made once a shape: making it costs more than a page that has nothing on it. */
function selection(
  { pk, sk, selections }: Ordering,
  isLowOpen: boolean | undefined,
  isHighOpen: boolean | undefined,
  isReverse: boolean,
): string {
  const shape = 9 * Number(isReverse) + 3 * bound(isLowOpen) + bound(isHighOpen);
  const known = selections.get(shape);
  if (known !== undefined) return known;
  // A bare parameter as the limit is looked at by SQLite's planner: the statement would be compiled anew for each value.
  const sql = [
    `SELECT ${COLUMNS} FROM items WHERE ${pk} = ?`,
    isLowOpen !== undefined && `AND ${sk} ${isLowOpen ? '>' : '>='} ?`,
    isHighOpen !== undefined && `AND ${sk} ${isHighOpen ? '<' : '<='} ?`,
    `AND ${LIVE} ORDER BY ${sk} ${isReverse ? 'DESC' : 'ASC'} LIMIT (? + 0)`,
  ];
  const made = sql.filter(Boolean).join(' ');
  selections.set(shape, made);
  return made;
}

/** 0 for no bound, else 1 or 2. */
function bound(isOpen: boolean | undefined): number {
  return isOpen === undefined ? 0 : 1 + Number(isOpen);
}

interface Row {
  readonly pk: string;
  readonly sk: string;
  readonly version: number;
  readonly body: string;
  readonly due_pk: string | null;
  readonly due_sk: string | null;
  readonly expires_at: number | null;
}

function itemOf({ pk, sk, version, body, due_pk, due_sk, expires_at }: Row): Item {
  return {
    pk,
    sk,
    version,
    body: JSON.parse(body) as Item['body'],
    ...compact({
      due: due_pk !== null && due_sk !== null ? { pk: due_pk, sk: due_sk } : undefined,
      expiresAt: expires_at ?? undefined,
    }),
  };
}
