import { Capture, Match } from 'aws-cdk-lib/assertions';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DUE_INDEX, tableDefinition } from '../../functions/directory/dynamodb-definition.ts';
import { resourcesOf, SEVERAL_TENANTS, type Synthesis, synthesise } from './synthesis.ts';

let several: Synthesis;
beforeAll(() => {
  several = synthesise(SEVERAL_TENANTS);
});
afterAll(() => several.dispose());

describe('the SCIM function', () => {
  it('runs on Node 24 and arm64, with memory and time of its own', () => {
    several.template.hasResourceProperties('AWS::Lambda::Function', {
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      MemorySize: 512,
      Timeout: 29,
    });
  });

  it('is the only function: nothing of the CDK runs in the account', () => {
    several.template.resourceCountIs('AWS::Lambda::Function', 1);
  });

  it('gets the name of the table and nothing secret in its environment', () => {
    several.template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: { TABLE_NAME: { Ref: tableId() }, POWERTOOLS_SERVICE_NAME: 'agent-provisioner' },
      },
    });
  });

  it('takes all the concurrency that the account has', () => {
    several.template.hasResourceProperties('AWS::Lambda::Function', {
      ReservedConcurrentExecutions: Match.absent(),
    });
  });
});

describe('logs', () => {
  it('are kept for 90 days, in all groups', () => {
    const groups = resourcesOf(several.template, 'AWS::Logs::LogGroup');
    expect(groups).toHaveLength(2);
    for (const [, group] of groups) expect(group.Properties).toMatchObject({ RetentionInDays: 90 });
  });

  it('of the function are JSON and go to the group of its own', () => {
    const group = new Capture();
    several.template.hasResourceProperties('AWS::Lambda::Function', {
      LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: group } },
    });
    expect(several.template.findResources('AWS::Logs::LogGroup')).toHaveProperty(group.asString());
  });
});

describe('the table', () => {
  it('has the keys and the index that the DynamoDB adapter works with', () => {
    const [[, { Properties: table }] = fail()] = resourcesOf(several.template, 'AWS::DynamoDB::GlobalTable');
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

describe('secrets', () => {
  it('are made once by each name that a tenant has', () => {
    const names = resourcesOf(several.template, 'AWS::SecretsManager::Secret').map(
      ([, secret]) => secret.Properties.Name,
    );
    expect(names.toSorted()).toEqual(['agents/acme-emea', 'agents/acme-us']);
  });

  it('have no value, so that no update of the stack can overwrite the one that was put', () => {
    for (const [, { Properties }] of resourcesOf(several.template, 'AWS::SecretsManager::Secret')) {
      expect(Object.keys(Properties).toSorted()).toEqual(['Description', 'Name']);
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
    imported.dispose();
  });
});

describe('outputs', () => {
  it('name the SCIM base URL and the secret of each tenant, and the table', () => {
    const outputs = several.template.toJSON().Outputs;
    expect(Object.keys(outputs).toSorted()).toEqual([
      'ScimUrlAcmeEmea',
      'ScimUrlAcmeUs',
      'ScimUrlAcmeUsTest',
      'SecretAcmeEmea',
      'SecretAcmeUs',
      'SecretAcmeUsTest',
      'TableName',
    ]);
    expect(outputs.ScimUrlAcmeEmea.Value).toEqual({
      'Fn::Join': ['', [{ 'Fn::GetAtt': [expect.any(String), 'ApiEndpoint'] }, '/acme-emea/scim/v2']],
    });
    expect(outputs.SecretAcmeUsTest.Value).toBe('agents/acme-us');
  });
});

describe('stages', () => {
  it('are stacks of their own in one account: nothing but secrets has a fixed name', () => {
    const stage = synthesise(SEVERAL_TENANTS, { stage: 'test' });
    expect(several.stack.stackName).toBe('AgentProvisioner');
    expect(stage.stack.stackName).toBe('AgentProvisioner-test');
    const { Resources } = stage.template.toJSON() as { Resources: Record<string, { Properties: object }> };
    const named = Object.values(Resources).flatMap(({ Properties }) =>
      Object.entries(Properties).filter(([key, value]) => /Name$/.test(key) && typeof value === 'string'),
    );
    // The name of an inline policy is unique in its role; every API has a stage of that name.
    expect(named.map(([key]) => key).toSorted()).toEqual(['Name', 'Name', 'PolicyName', 'StageName']);
    stage.dispose();
  });
});

function tableId(): string {
  const [[id] = fail()] = resourcesOf(several.template, 'AWS::DynamoDB::GlobalTable');
  return id;
}

function fail(): never {
  throw new Error('there is no table');
}
