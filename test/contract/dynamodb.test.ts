import { afterAll, beforeAll, describe } from 'vitest';
import { dynamoDbTable } from '../../functions/directory/dynamodb.ts';
import { type DynamoDbLocal, hasJava, startDynamoDbLocal } from './dynamodb-local.ts';
import { tableContract } from './table.ts';

const java = hasJava();
if (!java) process.stdout.write('DynamoDB Local: skipped, Java 17 or newer not found\n');

/** All that needs DynamoDB Local is in this file, so that one Java process serves it all. */
describe.skipIf(!java)('the table on DynamoDB', () => {
  let local: DynamoDbLocal;
  beforeAll(async () => {
    local = await startDynamoDbLocal();
  });
  afterAll(() => local?.stop());

  tableContract(async ({ now, sleep }) => {
    await local.createTable('table-contract');
    const { client } = local;
    return {
      table: dynamoDbTable({ client, tableName: 'table-contract', random: Math.random, sleep, now }),
      close() {},
    };
  });
});
