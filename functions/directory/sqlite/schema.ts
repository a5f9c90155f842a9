import type { DatabaseSync } from 'node:sqlite';
import { DirectoryVersionError } from '../errors.ts';
import { keepLog } from './database.ts';

/** What `PRAGMA user_version` of a file says that this code can work with. */
const SCHEMA_VERSION = 1;

/**
 * Bodies are appended one after the other and found through a small unique index: measured at 1,300 bytes a body,
 * that takes twice the creates a second of WITHOUT ROWID, where each new body splits pages in the middle of the tree.
 * TEXT sorts by its UTF-8 bytes (BINARY), as DynamoDB's keys do. The other indexes are partial: an item that isn't
 * due, or never expires, costs nothing in them.
 */
const CREATE = `
  CREATE TABLE items (
    pk TEXT NOT NULL, sk TEXT NOT NULL, version INTEGER NOT NULL, body TEXT NOT NULL,
    due_pk TEXT, due_sk TEXT, expires_at INTEGER,
    UNIQUE (pk, sk)
  );
  CREATE INDEX due ON items (due_pk, due_sk) WHERE due_pk IS NOT NULL;
  CREATE INDEX expiry ON items (expires_at) WHERE expires_at IS NOT NULL;
  CREATE TABLE counts (pk TEXT NOT NULL, sk TEXT NOT NULL, value INTEGER NOT NULL, PRIMARY KEY (pk, sk)) WITHOUT ROWID;
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/**
 * Makes an open database ready: journal, then the schema where there is none.
 * @throws DirectoryVersionError for a file whose schema is newer than this code
 */
export function migrate(database: DatabaseSync, path: string): void {
  refuseNewer(database, path);
  // Readers don't wait for the writer, and a commit waits for no disk: a crash of the process loses nothing.
  keepLog(database);
  database.exec('PRAGMA synchronous = NORMAL');
  // A longer journal (32 MB) is copied back to the file less often. The page cache stays small: SQLite walks all of
  // it after each commit that reordered pages.
  database.exec('PRAGMA wal_autocheckpoint = 8000; PRAGMA cache_size = 2000');
  if (versionOf(database) === SCHEMA_VERSION) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    // Another process may have been faster.
    refuseNewer(database, path);
    if (versionOf(database) === 0) database.exec(CREATE);
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function refuseNewer(database: DatabaseSync, path: string): void {
  const version = versionOf(database);
  if (version <= SCHEMA_VERSION) return;
  throw new DirectoryVersionError(
    `${path} has schema version ${version}, written by a newer Agent Provisioner; this one knows ${SCHEMA_VERSION}. ` +
      'Start the newer version, or restore a backup made before the upgrade.',
  );
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.user_version);
}
