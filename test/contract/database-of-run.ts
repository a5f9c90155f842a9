import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import type { DynamoDbLocal } from './dynamodb-local.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly dynamoDbLocal: string;
  }
}

/**
 * One DynamoDB Local for all tests of a run, which takes five seconds of CPU to start: the first test that asks for its
 * endpoint at this address has it started (`database.ts`).
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  let starting: Promise<DynamoDbLocal> | undefined;
  const server = createServer((_, response) => {
    starting ??= import('./dynamodb-local.ts').then(({ startDynamoDbLocal }) => startDynamoDbLocal());
    starting.then(
      ({ endpoint }) => response.end(endpoint),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  project.provide('dynamoDbLocal', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const stop = async () => {
    const started = await starting?.catch(() => undefined);
    starting = undefined;
    await started?.stop();
  };
  // Tests that are watched begin again, with names of tables that they have used before.
  project.onTestsRerun(stop);
  return async () => {
    server.close();
    server.closeAllConnections();
    await stop();
  };
}
