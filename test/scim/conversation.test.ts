import { describe } from 'vitest';
import { memoryTable } from '../../functions/directory/memory.ts';
import { openSqliteTable } from '../../functions/directory/sqlite/table.ts';
import { systemClock } from '../../functions/runtime/clock.ts';
import { conversations } from './conversation.ts';

// DynamoDB is in test/contract/dynamodb.test.ts, where one DynamoDB Local serves all.
describe('in memory', () => {
  conversations(async () => ({ table: memoryTable(systemClock), close() {} }));
});

describe('on SQLite', () => {
  conversations(async () => {
    const table = openSqliteTable(':memory:', systemClock);
    return { table, close: () => table.close() };
  });
});
