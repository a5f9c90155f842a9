import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { openDirectory } from '../../../functions/directory/directory.ts';
import { type PersonRecord, PRIORITY } from '../../../functions/directory/record.ts';
import { openSqliteTable } from '../../../functions/directory/sqlite/table.ts';
import { customIdOf } from '../../../functions/provision/custom-id.ts';
import { listed } from '../../../functions/provision/listed.ts';
import { systemClock } from '../../../functions/runtime/clock.ts';
import { userOf } from '../user.ts';

const BATCH = 500;

/** A directory with so many users, a group of ten of them and a group of all, written as the product writes them. */
export async function populate(dataDir: string, users: number): Promise<string[]> {
  mkdirSync(dataDir, { recursive: true });
  const table = openSqliteTable(join(dataDir, 'directory.sqlite'), systemClock);
  const directory = openDirectory(table, systemClock);
  const at = new Date().toISOString();
  const ids: string[] = [];
  for (let from = 0; from < users; from += BATCH) {
    await Promise.all(
      Array.from({ length: Math.min(BATCH, users - from) }, async (_, offset) => {
        const id = uuidv7();
        ids.push(id);
        const record: PersonRecord = {
          tenant: 'demo',
          id,
          version: 1,
          personVersion: 1,
          createdAt: at,
          updatedAt: at,
          source: 'bench',
          person: userOf(`first-${from + offset}`) as never,
          state: 'waiting',
          priority: PRIORITY.interactive,
          agent: { customId: customIdOf('demo', id), presence: 'none' },
          attempts: { count: 0, unknown: false },
        };
        const result = await directory.createPerson(listed(record, systemClock.now()));
        if (!result.ok) throw new Error('a user was there before');
      }),
    );
  }
  for (const [id, members] of [
    ['small', ids.slice(0, 10)],
    ['large', ids],
  ] as const) {
    const group = { displayName: `Group ${id}` };
    await directory.createGroup({
      tenant: 'demo',
      id,
      version: 1,
      groupVersion: 1,
      createdAt: at,
      updatedAt: at,
      group,
    });
    await directory.addMembers(
      'demo',
      id,
      members.map((value) => ({ value })),
    );
  }
  table.close();
  return ids;
}
