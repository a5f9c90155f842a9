import { Duration, Stack, Validations } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ContextAttribute,
  Schedule,
  ScheduleExpression,
  ScheduleTargetInput,
} from 'aws-cdk-lib/aws-scheduler';
import { SqsSendMessage } from 'aws-cdk-lib/aws-scheduler-targets';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Configuration } from '../functions/tenant/configuration.ts';

export interface DoorbellProps {
  readonly configuration: Configuration;
  /** Time that whoever answers the bell may take. */
  readonly answerTime: Duration;
}

/**
 * "This tenant has due work": a FIFO queue with a message group a tenant, so that one drain a tenant runs. A message
 * carries no data; one that is lost costs a minute, because every minute each tenant is rung for anyway.
 */
export class Doorbell extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, { configuration, answerTime }: DoorbellProps) {
    super(scope, id);
    const deadLetters = new Queue(this, 'DeadLetters', {
      fifo: true,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    Validations.of(deadLetters).acknowledge({
      id: 'Serverless-SQSRedrivePolicy',
      reason: 'This is the dead-letter queue: its messages wait for a person and go nowhere by themselves.',
    });
    this.queue = new Queue(this, 'Queue', {
      fifo: true,
      // For the schedule, which gives no deduplication id. Who gives one isn't affected.
      contentBasedDeduplication: true,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.hours(1),
      // Little more than a drain may take: after a crash the tenant's messages wait until then.
      visibilityTimeout: answerTime.plus(Duration.seconds(10)),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: 3 },
    });
    this.#ringEveryMinute(Object.keys(configuration.tenants));
  }

  /** Lets a function ring. */
  grantRing({ grantPrincipal }: IGrantable): void {
    grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.queue.queueArn] }),
    );
  }

  /** Lets Lambda take messages for a function, which it does in the function's name. */
  grantAnswer({ grantPrincipal }: IGrantable): void {
    grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
        resources: [this.queue.queueArn],
      }),
    );
  }

  /** What is due later, after a retry's pause or at an effective date, rings for itself in no other way. */
  #ringEveryMinute(tenants: readonly string[]): void {
    // The condition: no schedule of another account can make EventBridge take this role.
    const role = new Role(this, 'ScheduleRole', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    this.grantRing(role);
    for (const tenant of tenants) {
      new Schedule(this, `Every minute ${tenant}`, {
        description: `Looks for due work of tenant ${tenant}`,
        schedule: ScheduleExpression.rate(Duration.minutes(1)),
        target: new SqsSendMessage(this.queue, {
          messageGroupId: tenant,
          // The time makes each message another, or SQS would take five minutes' messages for one.
          input: ScheduleTargetInput.fromObject({ tenant, at: ContextAttribute.scheduledTime }),
          // The CDK would also let the role read the queue's attributes.
          role: role.withoutPolicyUpdates(),
          retryAttempts: 0,
        }),
      });
    }
  }
}
