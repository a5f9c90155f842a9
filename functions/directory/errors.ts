import type { Key } from './table.ts';

/** A caller broke the rules of `Table.write`: a fault in the program, not in the data. */
export class DirectoryWriteError extends Error {
  readonly code = 'directory_write';
  override readonly name = 'DirectoryWriteError';
}

/** A stored item (or one to be stored) that this version of the product can't make sense of; says which one. */
export class DirectoryItemError extends Error {
  readonly code = 'directory_item';
  override readonly name = 'DirectoryItemError';
  readonly key: Key;

  constructor(key: Key, reason: string) {
    super(`Directory item ${JSON.stringify(key.pk)} / ${JSON.stringify(key.sk)}: ${reason}`);
    this.key = { pk: key.pk, sk: key.sk };
  }
}

/** The database was written by another version of the product and is left untouched. */
export class DirectoryVersionError extends Error {
  readonly code = 'directory_version';
  override readonly name = 'DirectoryVersionError';
}

/** The store can't be reached or gives no answer in time; what was being written may be stored. */
export class DirectoryUnavailableError extends Error {
  readonly code = 'directory_unavailable';
  override readonly name = 'DirectoryUnavailableError';
}

/**
 * How often a write that lost a race is tried again. Each lost race is another writer's write that got through, so no
 * writer loses so often to writers that all succeed.
 */
export const MAX_RACES = 50;

/** Others changed the same items again and again; nothing is half done, and the call can be repeated. */
export class DirectoryBusyError extends Error {
  readonly code = 'directory_busy';
  override readonly name = 'DirectoryBusyError';
}
