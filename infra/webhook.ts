import { Duration, Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ProvisionerFunction } from './function.ts';
import type { ScimFunctionProps } from './scim.ts';

/** The front door for webhooks and security events: verifies, stores in the directory, rings. It calls nobody. */
export class WebhookFunction extends ProvisionerFunction {
  /** Where API Gateway sends requests here. */
  static readonly PATHS = [
    '/{tenant}/hooks/{source}',
    '/{tenant}/hooks/{source}/{subtype}',
    '/{tenant}/events',
    '/health',
  ];

  constructor(scope: Construct, id: string, props: ScimFunctionProps) {
    const { configuration, directory, secrets, doorbell } = props;
    super(scope, id, {
      description: 'Webhooks of identity providers and HR systems, security events',
      entry: 'functions/webhook/lambda.ts',
      // Senders give up after three seconds at the tightest, and repeat what was not answered.
      timeout: Duration.seconds(10),
      configuration,
      environment: { TABLE_NAME: directory.tableName, QUEUE_URL: doorbell.queue.queueUrl },
    });
    directory.grantReadWrite(this.role);
    secrets.grantRead(this.role);
    doorbell.grantRing(this.role);
    Validations.of(this).acknowledge({
      id: 'Serverless-LambdaDLQ',
      reason: 'API Gateway waits for the answer: there is no asynchronous event that could be lost.',
    });
  }
}
