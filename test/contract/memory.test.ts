import { describe } from 'vitest';
import { memoryTable } from '../../functions/directory/memory.ts';
import { tableContract } from './table.ts';

describe('the table in memory', () => {
  tableContract(async (clock) => ({ table: memoryTable(clock), close() {} }));
});
