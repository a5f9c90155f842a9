import { Match } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { DUE_INDEX, tableDefinition } from '../../functions/directory/dynamodb/definition.ts';
import {
  resourceOf,
  resourcesOf,
  SEVERAL_TENANTS,
  SHIPPED,
  type Synthesis,
  synthesise,
} from './synthesis.ts';

let several: Synthesis;
beforeAll(() => {
  several = synthesise(SEVERAL_TENANTS);
});

describe('the functions', () => {
  it.each([
    ['Scim', 29],
    ['Drain', 60],
    ['Census', 300],
  ])('%s runs on Node 24 and arm64, with memory and time of its own', (name, Timeout) => {
    expect(resourceOf(several.template, 'AWS::Lambda::Function', name).Properties).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      MemorySize: 512,
      Timeout,
    });
  });

  it('are those four: nothing of the CDK runs in the account', () => {
    several.template.resourceCountIs('AWS::Lambda::Function', 4);
  });

  it('get the names of what they work with and nothing secret in their environment', () => {
    several.template.allResourcesProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: {
          POWERTOOLS_SERVICE_NAME: 'agent-provisioner',
          METRICS_NAMESPACE: 'AgentProvisioner',
          TABLE_NAME: { Ref: resourceOf(several.template, 'AWS::DynamoDB::GlobalTable').id },
          QUEUE_URL: { Ref: resourceOf(several.template, 'AWS::SQS::Queue', 'DoorbellQueue').id },
          SECRETS_PREFIX: 'agent-provisioner/default',
        },
      },
    });
  });

  it('take all the concurrency that the account has', () => {
    several.template.allResourcesProperties('AWS::Lambda::Function', {
      ReservedConcurrentExecutions: Match.absent(),
    });
  });

  it.each([
    [900, { Scim: 477, Webhook: 180, Drain: 180, Census: 18 }],
    [40, { Scim: 14, Webhook: 8, Drain: 8, Census: 8 }],
  ])(
    'share out %s executions where they are told to, so that none uses up what others need',
    (total, shares) => {
      const shared = synthesise(SEVERAL_TENANTS, { concurrency: String(total) });
      const reserved = Object.keys(shares).map((name) => [
        name,
        resourceOf(shared.template, 'AWS::Lambda::Function', name).Properties.ReservedConcurrentExecutions,
      ]);
      expect(Object.fromEntries(reserved)).toEqual(shares);
      // More would be taken from the queue than can run, and come back to it as throttled.
      shared.template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
        ScalingConfig: { MaximumConcurrency: Math.min(200, shares.Drain) },
      });
    },
  );

  it('share out no fewer than each needs', () => {
    expect(() => synthesise(SEVERAL_TENANTS, { concurrency: '39' })).toThrow('concurrency: 40 at least');
    expect(() => synthesise(SEVERAL_TENANTS, { concurrency: 'all' })).toThrow(
      'is not a number of executions',
    );
  });
});

describe('logs', () => {
  it('are kept for 90 days, in all groups', () => {
    several.template.resourceCountIs('AWS::Logs::LogGroup', 5);
    several.template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 90 });
  });

  it.each(['Scim', 'Drain', 'Census'])('of the function %s are JSON and go to a group of its own', (name) => {
    expect(
      resourceOf(several.template, 'AWS::Lambda::Function', name).Properties.LoggingConfig,
    ).toMatchObject({
      LogFormat: 'JSON',
      LogGroup: { Ref: resourceOf(several.template, 'AWS::Logs::LogGroup', name).id },
    });
  });
});

describe('the table', () => {
  it('has the keys and the index that the DynamoDB adapter works with', () => {
    const { Properties: table } = resourceOf(several.template, 'AWS::DynamoDB::GlobalTable');
    const byName = (a: { AttributeName: string }, b: { AttributeName: string }) =>
      a.AttributeName.localeCompare(b.AttributeName);
    const wanted = tableDefinition('any');
    expect(table.KeySchema).toEqual(wanted.KeySchema);
    expect(table.AttributeDefinitions.toSorted(byName)).toEqual(wanted.AttributeDefinitions.toSorted(byName));
    expect(table.GlobalSecondaryIndexes).toEqual(
      wanted.GlobalSecondaryIndexes.map((index) => expect.objectContaining(index)),
    );
  });

  it('is billed on demand, up to a ceiling that holds for the index as well', () => {
    const ceiling = { MaxWriteRequestUnits: 2000 };
    several.template.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      BillingMode: 'PAY_PER_REQUEST',
      WriteOnDemandThroughputSettings: ceiling,
      GlobalSecondaryIndexes: [Match.objectLike({ WriteOnDemandThroughputSettings: ceiling })],
      Replicas: [
        Match.objectLike({
          ReadOnDemandThroughputSettings: { MaxReadRequestUnits: 4000 },
          GlobalSecondaryIndexes: [
            { IndexName: DUE_INDEX, ReadOnDemandThroughputSettings: { MaxReadRequestUnits: 4000 } },
          ],
        }),
      ],
    });
  });

  it('lets items expire by the attribute that the adapter writes', () => {
    several.template.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    });
  });

  it('can be restored to any second, and outlives a deletion of the stack', () => {
    several.template.hasResource('AWS::DynamoDB::GlobalTable', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        Replicas: [
          Match.objectLike({
            DeletionProtectionEnabled: true,
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          }),
        ],
      },
    });
  });
});

describe('single secrets of 0.1.0', () => {
  it('are made once by each name that a tenant has', () => {
    const names = resourcesOf(several.template, 'AWS::SecretsManager::Secret').map(
      ([, secret]) => secret.Properties.Name,
    );
    expect(names.toSorted()).toEqual(['agents/acme-emea', 'agents/acme-us']);
  });

  it('have no value, so that no update of the stack can overwrite the one that was put', () => {
    for (const [, { Properties }] of resourcesOf(several.template, 'AWS::SecretsManager::Secret')) {
      expect(Object.keys(Properties).toSorted()).toEqual(['Description', 'Name', 'Tags']);
    }
  });

  it('outlive the stack, but not a first deployment that failed: its names would block the second', () => {
    several.template.allResources('AWS::SecretsManager::Secret', {
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
    });
  });

  it('are left alone when they are there already, and read by their names', () => {
    const imported = synthesise(SEVERAL_TENANTS, { secrets: 'import' });
    imported.template.resourceCountIs('AWS::SecretsManager::Secret', 0);
    const policies = JSON.stringify(imported.template.findResources('AWS::IAM::Policy'));
    expect(policies).toContain(':secret:agents/acme-emea-??????');
    expect(policies).toContain(':secret:agents/acme-us-??????');
  });
});

describe('secrets', () => {
  it('are made by operators: the stack knows their names and makes none', () => {
    const shipped = synthesise(SHIPPED);
    shipped.template.resourceCountIs('AWS::SecretsManager::Secret', 0);
  });

  it('of a table that is encrypted with a key of the customer are made with it', () => {
    const keyed = synthesise(SHIPPED, { customerKey: 'all' });
    const { id } = resourceOf(keyed.template, 'AWS::KMS::Key', 'CustomerKey');
    expect(keyed.template.toJSON().Outputs.SecretsKey.Value).toEqual({ 'Fn::GetAtt': [id, 'Arn'] });
  });
});

describe('a table that was restored', () => {
  it('is worked on in the place of one of the stack, by the same functions with the same rights', () => {
    const restored = synthesise(SEVERAL_TENANTS, { table: 'agent-provisioner-restored' });
    restored.template.resourceCountIs('AWS::DynamoDB::GlobalTable', 0);
    restored.template.allResourcesProperties('AWS::Lambda::Function', {
      Environment: { Variables: { TABLE_NAME: 'agent-provisioner-restored' } },
    });
    const policies = JSON.stringify(restored.template.findResources('AWS::IAM::Policy'));
    expect(policies).toContain(':table/agent-provisioner-restored"');
    expect(policies).toContain(`:table/agent-provisioner-restored/index/${DUE_INDEX}`);
    // By which the next deployment knows that it is to go on with it.
    expect(restored.template.toJSON().Outputs.ImportedTable.Value).toBe('agent-provisioner-restored');
  });
});

describe('outputs', () => {
  it('name the SCIM base URL, the secrets and the table, and nothing of each tenant', () => {
    const outputs = several.template.toJSON().Outputs;
    expect(Object.keys(outputs).toSorted()).toEqual(['AlarmTopic', 'ScimUrl', 'SecretNames', 'TableName']);
    expect(outputs.ScimUrl.Value).toEqual({
      'Fn::Join': ['', [{ 'Fn::GetAtt': [expect.any(String), 'ApiEndpoint'] }, '/{tenant}/scim/v2']],
    });
    expect(outputs.SecretNames.Value).toBe(
      'agent-provisioner/default/{tenant}/door agent-provisioner/default/{tenant}/smartassist',
    );
  });
});

describe('a thousand tenants', () => {
  it('fit into one stack, within what CloudFormation and IAM allow', () => {
    const tenants = Array.from({ length: 1_000 }, (_, index) => {
      const bot = `st-00000000-0000-0000-0000-${String(index).padStart(12, '0')}`;
      return `  customer-${index}: { smartassist: { host: platform.kore.ai, streamId: ${bot} } }\n`;
    });
    const began = performance.now();
    const thousand = synthesise(`tenants:\n${tenants.join('')}`);
    const seconds = (performance.now() - began) / 1_000;
    const template = thousand.template.toJSON();
    const bytes = Buffer.byteLength(JSON.stringify(template));
    const resources = Object.keys(template.Resources).length;
    process.stdout.write(`1,000 tenants: ${resources} resources, ${bytes} bytes, ${seconds.toFixed(1)} s\n`);
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
    expect(resources).toBeLessThanOrEqual(500);
    expect(bytes).toBeLessThan(1_000_000);
    expect(Object.keys(template.Outputs).length).toBeLessThanOrEqual(200);
    expect(seconds).toBeLessThan(60);
  }, 60_000);
});

it('is protected against being deleted by a command', () => {
  expect(several.stack.terminationProtection).toBe(true);
});

describe('stages', () => {
  it('are stacks of their own in one account: nothing but single secrets has a fixed name', () => {
    // A second secret of a name fails: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
    const stage = synthesise(SEVERAL_TENANTS, { stage: 'test' });
    expect(several.stack.stackName).toBe('AgentProvisioner');
    expect(stage.stack.stackName).toBe('AgentProvisioner-test');
    const { Resources } = stage.template.toJSON() as { Resources: Record<string, { Properties: object }> };
    const named = Object.values(Resources).flatMap(({ Properties }) =>
      Object.entries(Properties).filter(([key, value]) => /Name$/.test(key) && typeof value === 'string'),
    );
    // The name of an inline policy is unique in its role; every API has a stage of that name; and what alarms look at and
    // what a topic signs with are no names of resources.
    const harmless = ['PolicyName', 'StageName', 'MetricName', 'DisplayName'];
    expect(new Set(named.map(([key]) => key))).toEqual(new Set(['Name', ...harmless]));
    // The name of an alias is unique in its function.
    const names = named.filter(([key]) => key === 'Name').map(([, name]) => name);
    expect(names.filter((name) => name !== 'live')).toEqual(['agents/acme-emea', 'agents/acme-us']);
  });
});
