import { DatabaseSync } from 'node:sqlite';
import { folded } from '../../functions/scim-core/fold.ts';

/** The userNames of a file so far: each may be there once, whatever its case. */
export interface TakenNames {
  /** The line that has the name already, or undefined when it is free; from now on this line has it. */
  take(userName: string, line: number): number | undefined;
  close(): void;
}

/** Keeps the names in a file of SQLite's own, which is gone when it is closed: memory stays the same however many. */
export function openTakenNames(): TakenNames {
  const database = new DatabaseSync('');
  database.exec('CREATE TABLE names (name TEXT PRIMARY KEY, line INTEGER NOT NULL) WITHOUT ROWID; BEGIN');
  const insert = database.prepare('INSERT INTO names VALUES (?, ?) ON CONFLICT DO NOTHING');
  const select = database.prepare('SELECT line FROM names WHERE name = ?');
  return {
    take: (userName, line) => {
      const name = folded(userName);
      return insert.run(name, line).changes > 0 ? undefined : Number(select.get(name)?.line);
    },
    close: () => database.close(),
  };
}
