import { Duration, Validations } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { CustomerKey } from './key.ts';

export interface DoorbellProps {
  /** Time that a drain may take. */
  readonly answerTime: Duration;
  /** The customer's own key, in the place of SQS's. */
  readonly key?: CustomerKey | undefined;
}

/**
 * "This tenant has due work": a FIFO queue with a message group a tenant, so that one drain a tenant runs. A message
 * carries no data; one that is lost costs a minute, because the schedule rings for every tenant every minute.
 */
export class Doorbell extends Construct {
  readonly queue: Queue;
  /** What failed five times. */
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, { answerTime, key }: DoorbellProps) {
    super(scope, id);
    const encryption =
      key === undefined
        ? { encryption: QueueEncryption.SQS_MANAGED }
        : { encryption: QueueEncryption.KMS, encryptionMasterKey: key.key };
    this.deadLetters = new Queue(this, 'DeadLetters', {
      fifo: true,
      ...encryption,
      enforceSSL: true,
      // A message carries no data and the schedule rings again: a letter is a sign of trouble, and ends by itself.
      retentionPeriod: Duration.hours(4),
    });
    Validations.of(this.deadLetters).acknowledge({
      id: 'Serverless-SQSRedrivePolicy',
      reason: 'This is the dead-letter queue: its messages wait for a person and go nowhere by themselves.',
    });
    this.queue = new Queue(this, 'Queue', {
      fifo: true,
      ...encryption,
      enforceSSL: true,
      // The schedule rings again every minute.
      retentionPeriod: Duration.minutes(15),
      // The index of due records is a moment behind the write that rang.
      deliveryDelay: Duration.seconds(1),
      // Little more than a drain may take: after a crash the tenant's messages wait until then.
      visibilityTimeout: answerTime.plus(Duration.seconds(10)),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: 5 },
    });
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
}
