import { CfnOutput, type Stack } from 'aws-cdk-lib';
import { SECRET_KINDS } from '../functions/tenant/secrets/secret-name.ts';
import type { Api } from './api.ts';
import type { Directory } from './directory.ts';
import type { CustomerKey } from './key.ts';
import type { Monitoring } from './monitoring/monitoring.ts';
import type { Secrets } from './secrets.ts';

/** The output that names a table which is none of the stack's own, so that the next deployment goes on with it. */
export const IMPORTED_TABLE = 'ImportedTable';

export interface Outputs {
  readonly api: Api;
  readonly directory: Directory;
  readonly secrets: Secrets;
  readonly monitoring: Monitoring;
  /** The customer's own key, where it encrypts secrets. */
  readonly key?: CustomerKey | undefined;
}

/**
 * What an operator needs after a deployment: addresses for identity providers, the names of secrets, the table. None of a
 * tenant: CloudFormation allows a stack 200 outputs.
 */
export function publishOutputs(stack: Stack, { api, directory, secrets, monitoring, key }: Outputs): void {
  new CfnOutput(stack, 'ScimUrl', {
    description: 'SCIM base URL to give to the identity provider of a tenant',
    value: `${api.url}/{tenant}/scim/v2`,
  });
  new CfnOutput(stack, 'SecretNames', {
    description: 'Names of the two secrets of a tenant',
    value: SECRET_KINDS.map((kind) => `${secrets.prefix}/{tenant}/${kind}`).join(' '),
  });
  if (key !== undefined) {
    new CfnOutput(stack, 'SecretsKey', {
      description: 'Key to make secrets with (--kms-key-id)',
      value: key.key.keyArn,
    });
  }
  new CfnOutput(stack, 'TableName', {
    description: 'DynamoDB table that holds the people and their agents',
    value: directory.tableName,
  });
  if (directory.isImported) {
    new CfnOutput(stack, IMPORTED_TABLE, {
      description: 'The same where it was there before the stack; npm run deploy goes on with it',
      value: directory.tableName,
    });
  }
  new CfnOutput(stack, 'AlarmTopic', {
    description: 'SNS topic of the alarms; subscribe the operators who are to be woken',
    value: monitoring.topic.topicArn,
  });
}
