import type { DatabaseSync } from 'node:sqlite';

/** A read transaction for all that is read in one turn of the event loop. */
export interface SharedRead {
  /** To be called before a read. */
  begin(): void;
  /** To be called before a write, which needs a transaction of its own. */
  end(): void;
}

/**
 * By itself each read locks the file, finds its newest version and unlocks it, which takes several times as long as a
 * look-up; under load tens of reads are made in one turn. No writer of this process comes in between, and what another
 * process writes meanwhile is seen in the next turn.
 */
export function sharedRead(database: DatabaseSync): SharedRead {
  const begin = database.prepare('BEGIN');
  const commit = database.prepare('COMMIT');
  let isOpen = false;
  const end = (): void => {
    if (!isOpen) return;
    isOpen = false;
    // After an error of the disk there is none any more.
    if (database.isTransaction) commit.run();
  };
  return {
    begin: () => {
      // The conditions of writes are read in the transaction of these.
      if (isOpen || database.isTransaction) return;
      begin.run();
      isOpen = true;
      setImmediate(end);
    },
    end,
  };
}
