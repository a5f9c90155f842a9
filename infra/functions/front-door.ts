import { Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Configuration } from '../../functions/tenant/configuration.ts';
import type { SecretKind } from '../../functions/tenant/secrets/secret-name.ts';
import type { Directory } from '../directory.ts';
import type { Doorbell } from '../doorbell.ts';
import type { Origin } from '../origin.ts';
import type { Secrets } from '../secrets.ts';
import { ProvisionerFunction, type ProvisionerFunctionProps } from './function.ts';

export interface FrontDoorProps {
  readonly configuration: Configuration;
  readonly directory: Directory;
  readonly secrets: Secrets;
  readonly doorbell: Doorbell;
  /** What stands in front of the API, where something does. */
  readonly origin?: Origin | undefined;
  readonly reserved?: number | undefined;
}

/** A function behind the API: it reads and writes the directory, reads the tenants' secrets and rings. */
export abstract class FrontDoor extends ProvisionerFunction {
  constructor(
    scope: Construct,
    id: string,
    { configuration, directory, secrets, doorbell, origin, reserved }: FrontDoorProps,
    {
      secretKinds,
      ...own
    }: Pick<ProvisionerFunctionProps, 'description' | 'entry' | 'timeout' | 'withoutProviderParts'> & {
      /** What the function reads of each tenant. */
      readonly secretKinds: readonly SecretKind[];
    },
  ) {
    super(scope, id, {
      ...own,
      configuration,
      reserved,
      environment: {
        TABLE_NAME: directory.tableName,
        QUEUE_URL: doorbell.queue.queueUrl,
        SECRETS_PREFIX: secrets.prefix,
        ...origin?.environment,
      },
    });
    directory.grantReadWrite(this.role);
    if (secretKinds.includes('smartassist')) directory.grantBudgets(this.role);
    secrets.grantRead(this.role, ...secretKinds);
    doorbell.grantRing(this.role);
    Validations.of(this).acknowledge({
      id: 'Serverless-LambdaDLQ',
      reason: 'API Gateway waits for the answer: there is no asynchronous event that could be lost.',
    });
  }
}
