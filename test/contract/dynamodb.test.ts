import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamoDbTable } from '../../functions/directory/dynamodb/table.ts';
import type { Table } from '../../functions/directory/table.ts';
import { systemClock } from '../../functions/runtime/clock.ts';
import { conversations } from '../scim/conversation.ts';
import { openDynamoDbLocal } from './database.ts';
import { directoryContract } from './directory.ts';
import { type DynamoDbLocal, hasJava } from './dynamodb-local.ts';
import { type OpenTable, tableContract } from './table.ts';

const java = hasJava();
if (!java) process.stdout.write('DynamoDB Local: skipped, Java 17 or newer not found\n');

describe.skipIf(!java)('the table on DynamoDB', () => {
  let local: DynamoDbLocal;
  beforeAll(async () => {
    local = await openDynamoDbLocal();
  });
  afterAll(() => local?.stop());

  const openTable =
    (tableName: string): OpenTable =>
    async ({ now, sleep }) => {
      await local.createTable(tableName);
      const { client } = local;
      return { table: dynamoDbTable({ client, tableName, random: Math.random, sleep, now }), close() {} };
    };
  tableContract(openTable('table-contract'));
  describe('the directory on it', () => directoryContract(openTable('directory-contract')));
  describe('SCIM on it', () => {
    let played = 0;
    conversations(async () => {
      played += 1;
      return openTable(`conversation-${played}`)(systemClock);
    });
  });

  describe('when the first answer to each request is lost', () => {
    const key = { pk: 'demo', sk: 'a' };
    const counter = { pk: 'demo', sk: 'count' };
    let lost = 0;
    const forgetful = (): Table => {
      const { requestHandler, ...config } = local.client.config;
      const answered = new Set<string>();
      const client = new DynamoDBClient({
        endpoint: local.endpoint,
        region: config.region,
        credentials: config.credentials,
        requestHandler: {
          handle: async (request: Parameters<typeof requestHandler.handle>[0]) => {
            const answer = await requestHandler.handle(request);
            // The SDK sends a request again under the same invocation id.
            const id = String(request.headers['amz-sdk-invocation-id']);
            if (answered.has(id)) return answer;
            answered.add(id);
            lost += 1;
            throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
          },
        },
      });
      const { random } = Math;
      return dynamoDbTable({ client, tableName: 'lost-answers', random, sleep: systemClock.sleep });
    };

    it('does each write exactly once and says that it was done', async () => {
      await local.createTable('lost-answers');
      const table = forgetful();
      const put = { ...key, version: 1, body: {} };
      expect(await table.write([{ put, if: 'absent' }])).toEqual({ ok: true });
      expect(await table.write([{ count: counter, by: 1 }])).toEqual({ ok: true });
      const both = [
        { put: { ...put, version: 2 }, if: { version: 1 } },
        { count: counter, by: 1 },
      ];
      expect(await table.write(both)).toEqual({ ok: true });
      expect(await table.write([{ delete: key, if: { version: 2 } }])).toEqual({ ok: true });
      expect(await table.get(key)).toBeUndefined();
      expect(await table.getCounts([counter])).toEqual([2]);
      expect(lost).toBe(6);
    });
  });
});
