import { Duration, Validations } from 'aws-cdk-lib';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Configuration } from '../../functions/tenant/configuration.ts';
import type { Directory } from '../directory.ts';
import type { Doorbell } from '../doorbell.ts';
import type { Secrets } from '../secrets.ts';
import { ProvisionerFunction } from './function.ts';

export interface DrainFunctionProps {
  readonly configuration: Configuration;
  readonly directory: Directory;
  readonly secrets: Secrets;
  readonly doorbell: Doorbell;
  readonly reserved?: number | undefined;
}

/** With the front door's 800 at most, within the 1,000 executions that an account starts with. */
const MOST_AT_ONCE = 200;

/** Provisions what is due, one drain a tenant at a time. */
export class DrainFunction extends ProvisionerFunction {
  /** A drain that isn't finished rings again, so this bounds only what a crash leaves waiting. */
  static readonly TIMEOUT = Duration.minutes(1);

  constructor(scope: Construct, id: string, props: DrainFunctionProps) {
    const { configuration, directory, secrets, doorbell, reserved } = props;
    super(scope, id, {
      description: 'Brings the agents of due records to their desired state',
      entry: 'functions/lambda/drain.ts',
      withoutProviderParts: ['webhook', 'list', 'subscription', 'partner'],
      timeout: DrainFunction.TIMEOUT,
      configuration,
      reserved,
      environment: {
        TABLE_NAME: directory.tableName,
        QUEUE_URL: doorbell.queue.queueUrl,
        SECRETS_PREFIX: secrets.prefix,
      },
    });
    directory.grantReadWrite(this.role);
    directory.grantReadDue(this.role);
    directory.grantBudgets(this.role);
    // The door's for reading from providers.
    secrets.grantRead(this.role, 'door', 'smartassist');
    doorbell.grantRing(this.role);
    doorbell.grantAnswer(this.role);
    new EventSourceMapping(this, 'Source', {
      target: this.function,
      eventSourceArn: doorbell.queue.queueArn,
      // A drain takes all the time it has: a second tenant in the same batch would get none.
      batchSize: 1,
      reportBatchItemFailures: true,
      maxConcurrency: Math.min(MOST_AT_ONCE, reserved ?? MOST_AT_ONCE),
    });
    Validations.of(this).acknowledge(
      {
        id: 'Serverless-LambdaDLQ',
        reason: 'Lambda invokes it with messages of a queue, and that has a dead-letter queue of its own.',
      },
      {
        id: 'Serverless-LambdaEventSourceMappingDestination',
        reason: 'Destinations are for streams. A queue moves what fails to its dead-letter queue itself.',
      },
    );
  }
}
