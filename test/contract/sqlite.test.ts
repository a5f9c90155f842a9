import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import { openSqliteTable } from '../../functions/directory/sqlite.ts';
import { tableContract } from './table.ts';

describe('the table in an SQLite file', () => {
  tableContract(async (clock) => {
    const directory = await mkdtemp(join(tmpdir(), 'directory-'));
    const table = openSqliteTable(join(directory, 'directory.sqlite'), clock);
    return {
      table,
      close: async () => {
        table.close();
        await rm(directory, { recursive: true });
      },
    };
  });
});
