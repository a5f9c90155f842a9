import { CfnOutput, type Stack } from 'aws-cdk-lib';
import type { Configuration } from '../functions/tenant/configuration.ts';
import { ConfigurationError } from '../functions/tenant/problem.ts';
import type { Api } from './api.ts';
import type { Directory } from './directory.ts';
import type { Monitoring } from './monitoring/monitoring.ts';

/** The tenants by the names that their outputs carry: `acme-emea` is `AcmeEmea`. */
export type OutputNames = ReadonlyMap<string, string>;

/** CloudFormation allows a stack 200 outputs; a tenant has two, the stack itself a handful. */
const MOST_TENANTS = 95;

/**
 * Names the tenants' outputs; CloudFormation takes letters and digits alone.
 *
 * @throws ConfigurationError when the names of two tenants differ in dashes alone, or there are too many
 */
export function nameOutputs(configuration: Configuration): OutputNames {
  const tenants = new Map<string, string>();
  const names = Object.keys(configuration.tenants);
  if (names.length > MOST_TENANTS) {
    const message = `${names.length} are more than the ${MOST_TENANTS} that fit into one stack; deploy the others as a stage`;
    throw new ConfigurationError('configuration', [{ path: ['tenants'], message }]);
  }
  for (const tenant of names) {
    const name = tenant.replaceAll(/(?:^|-+)([a-z0-9]?)/g, (_, first: string) => first.toUpperCase());
    const other = tenants.get(name);
    if (other !== undefined) {
      const message = `the name differs from tenant ${other} in dashes alone; choose another`;
      throw new ConfigurationError('configuration', [{ path: ['tenants', tenant], message }]);
    }
    tenants.set(name, tenant);
  }
  return tenants;
}

export interface Outputs {
  readonly names: OutputNames;
  readonly configuration: Configuration;
  readonly api: Api;
  readonly directory: Directory;
  readonly monitoring: Monitoring;
}

/** What an operator needs after a deployment: addresses for identity providers, secrets to fill, the table. */
export function publishOutputs(
  stack: Stack,
  { names, configuration, api, directory, monitoring }: Outputs,
): void {
  for (const [name, tenant] of names) {
    new CfnOutput(stack, `ScimUrl${name}`, {
      description: `SCIM base URL to give to the identity provider of tenant ${tenant}`,
      value: `${api.url}/${tenant}/scim/v2`,
    });
    new CfnOutput(stack, `Secret${name}`, {
      description: `Name of the secret to fill for tenant ${tenant}`,
      value: configuration.tenants[tenant]?.smartassist.secret ?? '',
    });
  }
  new CfnOutput(stack, 'TableName', {
    description: 'DynamoDB table that holds the people and their agents',
    value: directory.tableName,
  });
  new CfnOutput(stack, 'AlarmTopic', {
    description: 'SNS topic of the alarms; subscribe whoever is to be woken',
    value: monitoring.topic.topicArn,
  });
}
