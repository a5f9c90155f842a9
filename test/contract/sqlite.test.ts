import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import { openSqliteTable } from '../../functions/directory/sqlite/table.ts';
import { directoryContract } from './directory.ts';
import { type OpenTable, tableContract } from './table.ts';

const openFile: OpenTable = async (clock) => {
  const folder = await mkdtemp(join(tmpdir(), 'directory-'));
  const table = openSqliteTable(join(folder, 'directory.sqlite'), clock);
  return {
    table,
    close: async () => {
      table.close();
      await rm(folder, { recursive: true });
    },
  };
};

describe('the table in an SQLite file', () => tableContract(openFile));
describe('the directory in an SQLite file', () => directoryContract(openFile));
