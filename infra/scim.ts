import { Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Configuration } from '../functions/tenant/configuration.ts';
import type { Directory } from './directory.ts';
import { ProvisionerFunction } from './function.ts';
import type { Secrets } from './secrets.ts';

export interface ScimFunctionProps {
  readonly configuration: Configuration;
  readonly directory: Directory;
  readonly secrets: Secrets;
}

/** The front door for SCIM clients: reads and writes the directory, reads the tenants' secrets. */
export class ScimFunction extends ProvisionerFunction {
  /** Where API Gateway sends requests here; the functions read the tenant from the path themselves. */
  static readonly PATHS = ['/{tenant}/scim/v2', '/{tenant}/scim/v2/{proxy+}'];

  constructor(scope: Construct, id: string, { configuration, directory, secrets }: ScimFunctionProps) {
    super(scope, id, {
      description: 'SCIM 2.0 service provider',
      entry: 'functions/scim/lambda.ts',
      configuration,
      environment: { TABLE_NAME: directory.tableName },
    });
    directory.grantReadWrite(this.role);
    secrets.grantRead(this.role);
    Validations.of(this).acknowledge({
      id: 'Serverless-LambdaDLQ',
      reason: 'API Gateway waits for the answer: there is no asynchronous event that could be lost.',
    });
  }
}
