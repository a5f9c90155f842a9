import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import { v7 as uuidv7 } from 'uuid';
import { openDirectory } from '../directory/directory.ts';
import { dynamoDbTable } from '../directory/dynamodb/table.ts';
import { openServices, type ServiceOptions, type Services } from '../provision/services.ts';
import { AWS_CLIENT } from '../runtime/aws-client.ts';
import { systemClock } from '../runtime/clock.ts';
import { correlationId } from '../runtime/correlation.ts';
import type { Log } from '../runtime/log.ts';
import { once } from '../runtime/once.ts';
import { printableJson } from '../runtime/printable.ts';
import { httpTransport } from '../runtime/transport.ts';
import type { Configuration } from '../tenant/configuration.ts';
import { openSecrets } from '../tenant/secrets/secrets.ts';
import { measured, openEmf } from './emf.ts';

/** The name of the configuration in a function's bundle: provisioner.yaml as it was checked at synth, as JSON. */
const CONFIGURATION_FILE = 'configuration.json';

/** What a function of the product begins with. */
export interface AwsServices {
  readonly configuration: Configuration;
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
  const folder = variable(environment, 'LAMBDA_TASK_ROOT');
  const log = powertoolsLog();
  const metrics = openEmf({
    namespace: variable(environment, 'METRICS_NAMESPACE'),
    clock: systemClock,
    write: (line) => void process.stdout.write(`${line}\n`),
  });
  const table = dynamoDbTable({
    client: new DynamoDBClient(AWS_CLIENT),
    tableName,
    random: Math.random,
    sleep: systemClock.sleep,
  });
  return {
    configuration: JSON.parse(readFileSync(join(folder, CONFIGURATION_FILE), 'utf8')),
    services: openServices({
      directory: openDirectory(table, systemClock),
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
      randomId: () => uuidv7(),
      log,
      metrics,
      ring: doorbell(queueUrl),
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

/** JSON lines with level, time and correlation id, as CloudWatch Logs Insights reads them. */
export function powertoolsLog(): Log {
  const logger = new Logger({
    jsonReplacerFn: (_, value) => (typeof value === 'string' ? printableJson(value) : value),
  });
  const extra = (fields: Readonly<Record<string, unknown>> = {}) => ({
    correlationId: correlationId(),
    ...fields,
  });
  return {
    debug: (message, fields) => logger.debug(message, extra(fields)),
    info: (message, fields) => logger.info(message, extra(fields)),
    warn: (message, fields) => logger.warn(message, extra(fields)),
    error: (message, fields) => logger.error(message, extra(fields)),
  };
}

/** One message group a tenant, so one drain a tenant. Each ring is a message of its own: the last one may come after the look. */
function doorbell(queueUrl: string): ServiceOptions['ring'] {
  // A function that only reads never rings.
  const client = once(() => new SQSClient(AWS_CLIENT));
  return async (tenant) => {
    await client().send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: JSON.stringify({ tenant }),
        MessageGroupId: tenant,
        MessageDeduplicationId: uuidv7(),
      }),
    );
  };
}
