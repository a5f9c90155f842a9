import { describe } from 'vitest';
import { memoryTable } from '../../functions/directory/memory.ts';
import { directoryContract } from './directory.ts';
import { type OpenTable, tableContract } from './table.ts';

const openMemory: OpenTable = async (clock) => ({ table: memoryTable(clock), close() {} });

describe('the table in memory', () => tableContract(openMemory));
describe('the directory in memory', () => directoryContract(openMemory));
