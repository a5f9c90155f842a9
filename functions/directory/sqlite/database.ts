import { chmodSync, closeSync, existsSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

/**
 * Opens an SQLite file (`:memory:` for none), which `prepare` gives its schema; a write waits for another process's up to
 * 5 s. An error of SQLite's, such as a file that is no database, gets the file's name.
 */
export function openDatabase(path: string, prepare: (database: DatabaseSync) => void): DatabaseSync {
  let database: DatabaseSync | undefined;
  try {
    if (path !== ':memory:') keepToOwner(path);
    database = new DatabaseSync(path, { timeout: 5_000 });
    prepare(database);
    return database;
  } catch (error) {
    database?.close();
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_SQLITE_ERROR') throw error;
    throw Object.assign(new Error(`${path}: ${message}`, { cause: error }), { code });
  }
}

/** SQLite's error for a file that another process holds: https://sqlite.org/rescode.html#busy */
const BUSY = 5;
const PAUSE_MS = 20;
/** As long as a write waits. */
const TRIES = 250;

/**
 * Changes go to a log beside the file. SQLite does not wait while another process opens the same new file and does so, but
 * refuses at once.
 */
export function keepLog(database: DatabaseSync): void {
  for (let tries = 1; ; tries += 1) {
    try {
      database.exec('PRAGMA journal_mode = WAL');
      return;
    } catch (error) {
      if (tries === TRIES || (error as { readonly errcode?: number }).errcode !== BUSY) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
}

/** People's data is for the user who runs the product. SQLite gives the files beside it the mode of the first. */
function keepToOwner(path: string): void {
  try {
    closeSync(openSync(path, 'a', 0o600));
    for (const file of [path, `${path}-wal`, `${path}-shm`]) if (existsSync(file)) chmodSync(file, 0o600);
  } catch {
    // What can't be opened SQLite complains of itself; the mode of another user's file is that user's.
  }
}
