import { keepLog, openDatabase } from '../../../functions/directory/sqlite/database.ts';
import type { AgentRecord } from './record.ts';

/** Where the simulator's agents outlive its process: SmartAssist forgets no agent because a client crashed. */
export interface AgentStore {
  /** Oldest first. */
  load(): AgentRecord[];
  put(record: AgentRecord): void;
  delete(id: string): void;
  clear(): void;
}

/** Keeps nothing. */
export const forgetful: AgentStore = { load: () => [], put() {}, delete() {}, clear() {} };

/** Agents in an SQLite file; each change is there before the call is answered. */
export function openAgentStore(path: string): AgentStore & { close(): void } {
  const database = openDatabase(path, (opened) => {
    keepLog(opened);
    opened.exec(`PRAGMA synchronous = NORMAL;
      CREATE TABLE IF NOT EXISTS agents (place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, record TEXT NOT NULL)`);
  });
  const put = database.prepare(
    'INSERT INTO agents (id, record) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET record = excluded.record',
  );
  const remove = database.prepare('DELETE FROM agents WHERE id = ?');
  return {
    load: () =>
      database
        .prepare('SELECT record FROM agents ORDER BY place')
        .all()
        .map(({ record }) => JSON.parse(String(record)) as AgentRecord),
    put: (record) => void put.run(record.id, JSON.stringify(record)),
    delete: (id) => void remove.run(id),
    clear: () => database.exec('DELETE FROM agents'),
    close: () => database.close(),
  };
}
