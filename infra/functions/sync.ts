import { Duration, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Construct } from 'constructs';
import type { Configuration } from '../../functions/tenant/configuration.ts';
import { readsSources, sourceObjects } from '../../functions/tenant/generation/infrastructure.ts';
import type { Directory } from '../directory.ts';
import type { Doorbell } from '../doorbell.ts';
import type { Secrets } from '../secrets.ts';
import { ProvisionerFunction } from './function.ts';

export interface SyncFunctionProps {
  readonly configuration: Configuration;
  readonly directory: Directory;
  readonly secrets: Secrets;
  readonly doorbell: Doorbell;
  /** Executions at once that it has for itself, and no more; without it, what the account has. */
  readonly reserved?: number | undefined;
}

/** Reads people from the sources that say so (`sync`), page by page. */
export class SyncFunction extends ProvisionerFunction {
  /** Whether a source is to be read at all. */
  static isWanted(configuration: Configuration): boolean {
    return readsSources(configuration);
  }

  constructor(scope: Construct, id: string, props: SyncFunctionProps) {
    const { configuration, directory, secrets, doorbell, reserved } = props;
    super(scope, id, {
      description: 'Reads people from their sources: all of them at night, in between what changed',
      entry: 'functions/lambda/sync.ts',
      withoutProviderParts: ['webhook', 'subscription', 'partner'],
      readsS3: true,
      // As long as Lambda lets it: most of it is waiting for providers. The next minute goes on with what isn't done.
      timeout: Duration.minutes(15),
      configuration,
      reserved,
      environment: {
        TABLE_NAME: directory.tableName,
        QUEUE_URL: doorbell.queue.queueUrl,
        SECRETS_PREFIX: secrets.prefix,
      },
    });
    directory.grantReadWrite(this.role);
    secrets.grantRead(this.role, 'door');
    doorbell.grantRing(this.role);
    // GetObject alone: it is what HeadObject asks for, too. Whether an object is there, only a bucket's lister is told.
    const objects = sourceObjects(configuration).map(
      ({ bucket, key }) => `arn:${Stack.of(this).partition}:s3:::${bucket}/${key}`,
    );
    if (objects.length > 0) {
      this.role.addToPolicy(
        new PolicyStatement({ actions: ['s3:GetObject'], resources: [...new Set(objects)] }),
      );
    }
    Validations.of(this).acknowledge({
      id: 'Serverless-LambdaAsyncFailureDestination',
      reason: 'What was not read is read by the next minute, and readings that fail raise an alarm.',
    });
    Validations.of(this).acknowledge({
      id: 'Serverless-LambdaDLQ',
      reason: 'A lost event is made up for by the next: another minute comes.',
    });
    this.alias.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    // The condition: no schedule of another account can make EventBridge take this role.
    const role = new Role(this, 'ScheduleRole', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    role.addToPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [this.function.functionArn] }),
    );
    new Schedule(this, 'EveryMinute', {
      description: 'Goes on reading people from their sources',
      schedule: ScheduleExpression.rate(Duration.minutes(1)),
      target: new LambdaInvoke(this.function, {
        input: ScheduleTargetInput.fromObject({ kind: 'sync' }),
        // The CDK would also let it invoke all versions.
        role: role.withoutPolicyUpdates(),
        retryAttempts: 0,
      }),
    });
  }
}
