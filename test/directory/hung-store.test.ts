import { createServer, type Server } from 'node:net';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDirectory } from '../../functions/directory/directory.ts';
import { dynamoDbTable } from '../../functions/directory/dynamodb/table.ts';
import { DirectoryUnavailableError } from '../../functions/directory/errors.ts';
import { AWS_CLIENT } from '../../functions/runtime/aws-client.ts';
import { systemClock } from '../../functions/runtime/clock.ts';
import { toScimError } from '../../functions/scim/http/error.ts';

/** Takes every connection and never says a word: a partition that hangs. */
let silent: Server;
let client: DynamoDBClient;

beforeAll(async () => {
  silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const address = silent.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  client = new DynamoDBClient({
    ...AWS_CLIENT,
    maxAttempts: 1,
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
});
afterAll(() => {
  client.destroy();
  silent.close();
});

describe('a store that takes connections and never answers', () => {
  it('ends the request as unavailable, which a front door answers 503', async () => {
    const table = dynamoDbTable({
      client,
      tableName: 'table',
      random: Math.random,
      sleep: systemClock.sleep,
    });
    const failure = await openDirectory(table, systemClock)
      .readPerson('demo', 'ada')
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DirectoryUnavailableError);
    const answer = toScimError(failure, 'request-1');
    expect(answer.status).toBe(503);
    expect(answer.headers).toEqual({ 'retry-after': '5' });
    expect(answer.message).toContain('request-1');
  });

  it('has clients that give up: three attempts of two seconds at most', () => {
    const { connectionTimeout, requestTimeout, throwOnRequestTimeout } = AWS_CLIENT.requestHandler;
    expect(throwOnRequestTimeout).toBe(true);
    // Senders of webhooks wait for ten seconds at the most, which is the function's own limit.
    expect(AWS_CLIENT.maxAttempts * (connectionTimeout + requestTimeout)).toBeLessThan(8_000);
  });
});
