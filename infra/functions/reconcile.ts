import { Duration, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression, ScheduleTargetInput, TimeWindow } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Construct } from 'constructs';
import { compact } from '../../functions/runtime/compact.ts';
import type { Configuration } from '../../functions/tenant/configuration.ts';
import { notifiedTopics } from '../../functions/tenant/generation/infrastructure.ts';
import type { Directory } from '../directory.ts';
import type { Doorbell } from '../doorbell.ts';
import type { Secrets } from '../secrets.ts';
import { ProvisionerFunction } from './function.ts';

export interface ReconcileFunctionProps {
  readonly configuration: Configuration;
  readonly directory: Directory;
  readonly secrets: Secrets;
  readonly doorbell: Doorbell;
  readonly reserved?: number | undefined;
  /** The public address of the front door, where it is to be asked every minute. */
  readonly checked?: string | undefined;
}

/** What happens by the clock: rings every minute for what is due later, erases, and takes a reconciliation every night. */
export class ReconcileFunction extends ProvisionerFunction {
  constructor(scope: Construct, id: string, props: ReconcileFunctionProps) {
    const { configuration, directory, secrets, doorbell, reserved, checked } = props;
    super(scope, id, {
      description: 'Rings for what is due, erases what has expired, holds SmartAssist against the directory',
      entry: 'functions/lambda/reconcile.ts',
      withoutProviderParts: ['webhook', 'api', 'list', 'partner'],
      // Most of a reconciliation is waiting for its share of the calls; the next minute goes on with what isn't done.
      timeout: Duration.minutes(5),
      configuration,
      reserved,
      environment: {
        TABLE_NAME: directory.tableName,
        QUEUE_URL: doorbell.queue.queueUrl,
        SECRETS_PREFIX: secrets.prefix,
        ...compact({ CHECK_ADDRESS: checked }),
      },
    });
    directory.grantReadWrite(this.role);
    directory.grantReadDue(this.role);
    directory.grantBudgets(this.role);
    // The door's for reading from providers.
    secrets.grantRead(this.role, 'door', 'smartassist');
    doorbell.grantRing(this.role);
    const topics = notifiedTopics(configuration);
    if (topics.length > 0) {
      this.role.addToPolicy(new PolicyStatement({ actions: ['sns:Publish'], resources: topics }));
    }
    Validations.of(this).acknowledge({
      id: 'Serverless-LambdaAsyncFailureDestination',
      reason: 'The same: what was not done is done by the next minute, and a failure raises an alarm.',
    });
    Validations.of(this).acknowledge({
      id: 'Serverless-LambdaDLQ',
      reason: 'A lost event is made up for by the next: another minute comes, and another night.',
    });
    // Lambda's own retries would begin a second reconciliation beside the first; the next minute comes anyway.
    this.alias.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) });
    this.#schedule();
  }

  #schedule(): void {
    // The condition: no schedule of another account can make EventBridge take this role.
    const role = new Role(this, 'ScheduleRole', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: [this.function.functionArn],
      }),
    );
    const send = (kind: string) =>
      new LambdaInvoke(this.function, {
        input: ScheduleTargetInput.fromObject({ kind }),
        // The CDK would also let it invoke all versions.
        role: role.withoutPolicyUpdates(),
        retryAttempts: 0,
      });
    new Schedule(this, 'EveryMinute', {
      description: 'Rings for what is due and erases what has expired',
      schedule: ScheduleExpression.rate(Duration.minutes(1)),
      target: send('minute'),
    });
    new Schedule(this, 'EveryNight', {
      description: 'Begins a reconciliation of all agents',
      schedule: ScheduleExpression.cron({ hour: '2', minute: '0' }),
      timeWindow: TimeWindow.flexible(Duration.hours(1)),
      target: send('census'),
    });
  }
}
