import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Context } from 'aws-lambda';
import { openDirectory } from '../directory/directory.ts';
import { dynamoDbTable } from '../directory/dynamodb/table.ts';
import { openServices, type Services } from '../provision/services.ts';
import { AWS_CLIENT } from '../runtime/aws-client.ts';
import { systemClock } from '../runtime/clock.ts';
import { once } from '../runtime/once.ts';
import { httpTransport } from '../runtime/transport.ts';
import { openUniqueIds } from '../runtime/unique-id.ts';
import { type Generations, openGenerations } from '../tenant/generation/current.ts';
import { openSecrets } from '../tenant/secrets/secrets.ts';
import { measured, openEmf } from './emf.ts';
import { jsonLog } from './json-log.ts';

/** What a function of the product begins with. */
export interface AwsServices {
  readonly generations: Generations;
  readonly services: Services;
  /** The handler as it is exported: under this name among the cold starts, with its metrics written at its end. */
  readonly measured: <Event, Answer>(
    kind: string,
    handler: (event: Event, context: Context) => Promise<Answer>,
  ) => (event: Event, context: Context) => Promise<Answer>;
}

/** Connects a Lambda function to the outside: table, secrets, clock, network, log and metrics. */
export function awsServices(environment: NodeJS.ProcessEnv): AwsServices {
  const tableName = variable(environment, 'TABLE_NAME');
  const queueUrl = variable(environment, 'QUEUE_URL');
  const log = jsonLog({
    service: environment.POWERTOOLS_SERVICE_NAME,
    level: environment.AWS_LAMBDA_LOG_LEVEL,
    clock: systemClock,
    write: (stream, line) => void process[stream].write(`${line}\n`),
  });
  // Most answers come before a ring, or without one.
  const doorbell = once(async () => (await import('./doorbell.ts')).sqsDoorbell(queueUrl));
  const metrics = openEmf({
    namespace: variable(environment, 'METRICS_NAMESPACE'),
    clock: systemClock,
    write: (line) => void process.stdout.write(`${line}\n`),
  });
  const client = new DynamoDBClient(AWS_CLIENT);
  const tableAt = (name: string) =>
    dynamoDbTable({ client, tableName: name, random: Math.random, sleep: systemClock.sleep });
  const table = tableAt(tableName);
  const directory = openDirectory(table, systemClock);
  return {
    generations: openGenerations({ directory, clock: systemClock }),
    services: openServices({
      directory,
      table,
      directoryAt: (name) => openDirectory(tableAt(name), systemClock),
      secrets: openSecrets({
        client: new SecretsManagerClient(AWS_CLIENT),
        clock: systemClock,
        prefix: variable(environment, 'SECRETS_PREFIX'),
        metrics,
        log,
      }),
      transport: httpTransport,
      clock: systemClock,
      random: Math.random,
      randomId: openUniqueIds(systemClock.now),
      log,
      metrics,
      ring: async (tenant) => (await doorbell())(tenant),
    }),
    measured: (kind, handler) => measured(kind, metrics, handler),
  };
}

/** A variable of the environment; a missing one fails the cold start with its name. No schema: it would cost more. */
function variable(environment: NodeJS.ProcessEnv, name: string): string {
  const value = environment[name];
  if (value === undefined || value === '') throw new Error(`the environment variable ${name} is missing`);
  return value;
}
