import { Duration, Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Configuration } from '../functions/tenant/configuration.ts';
import type { Directory } from './directory.ts';
import type { Doorbell } from './doorbell.ts';
import { ProvisionerFunction } from './function.ts';
import type { Secrets } from './secrets.ts';

export interface ScimFunctionProps {
  readonly configuration: Configuration;
  readonly directory: Directory;
  readonly secrets: Secrets;
  readonly doorbell: Doorbell;
}

/** The front door for SCIM clients: reads and writes the directory, reads the tenants' secrets, rings. */
export class ScimFunction extends ProvisionerFunction {
  /** Where API Gateway sends requests here; the functions read the tenant from the path themselves. */
  static readonly PATHS = ['/{tenant}/scim/v2', '/{tenant}/scim/v2/{proxy+}'];

  constructor(scope: Construct, id: string, props: ScimFunctionProps) {
    const { configuration, directory, secrets, doorbell } = props;
    super(scope, id, {
      description: 'SCIM 2.0 service provider',
      entry: 'functions/scim/lambda.ts',
      // API Gateway gives up after 30 seconds.
      timeout: Duration.seconds(29),
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
