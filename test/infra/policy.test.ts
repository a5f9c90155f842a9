import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resourcesOf, SEVERAL_TENANTS, type Synthesis, synthesise } from './synthesis.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
}

let several: Synthesis;
beforeAll(() => {
  several = synthesise(SEVERAL_TENANTS);
});
afterAll(() => several.dispose());

/** Everything that the SCIM function's role may do, as `action on resource`. */
const SCIM_MAY = [
  'dynamodb:BatchGetItem on DirectoryTable.Arn',
  'dynamodb:ConditionCheckItem on DirectoryTable.Arn',
  'dynamodb:DeleteItem on DirectoryTable.Arn',
  'dynamodb:GetItem on DirectoryTable.Arn',
  'dynamodb:PutItem on DirectoryTable.Arn',
  'dynamodb:Query on DirectoryTable.Arn',
  'dynamodb:UpdateItem on DirectoryTable.Arn',
  'logs:CreateLogStream on ScimLog.Arn',
  'logs:PutLogEvents on ScimLog.Arn',
  'secretsmanager:GetSecretValue on Secretsagentsacmeemea',
  'secretsmanager:GetSecretValue on Secretsagentsacmeus',
];

describe("the SCIM function's role", () => {
  it('may do what is on the list, and nothing else', () => {
    const policies = resourcesOf(several.template, 'AWS::IAM::Policy');
    expect(policies).toHaveLength(1);
    const permissions = policies.flatMap(([, { Properties }]) => {
      expect(Properties.Roles).toEqual([{ Ref: roleId() }]);
      return Properties.PolicyDocument.Statement.flatMap(permissionsOf);
    });
    expect(permissions.toSorted()).toEqual(SCIM_MAY);
  });

  it('has no managed policy and no policy of another kind', () => {
    several.template.resourceCountIs('AWS::IAM::ManagedPolicy', 0);
    several.template.resourceCountIs('AWS::IAM::Role', 1);
    const [[, role] = ['', undefined]] = resourcesOf(several.template, 'AWS::IAM::Role');
    expect(Object.keys(role?.Properties)).toEqual(['AssumeRolePolicyDocument']);
  });

  it('can be taken by Lambda alone', () => {
    const [[, role] = ['', undefined]] = resourcesOf(several.template, 'AWS::IAM::Role');
    expect(role?.Properties.AssumeRolePolicyDocument.Statement).toEqual([
      { Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } },
    ]);
  });

  it('stays so with imported secrets: the pattern covers the six characters that Secrets Manager appends', () => {
    const imported = synthesise(SEVERAL_TENANTS, { secrets: 'import' });
    const [[, policy] = ['', undefined]] = resourcesOf(imported.template, 'AWS::IAM::Policy');
    expect(policy?.Properties.PolicyDocument.Statement.flatMap(permissionsOf).toSorted()).toEqual(
      SCIM_MAY.map((permission) =>
        permission
          .replace(/Secretsagentsacme(\w+)$/, 'secret:agents/acme-$1-??????')
          .replace(/on secret/, 'on arn:AWS::Partition:secretsmanager:AWS::Region:AWS::AccountId:secret'),
      ).toSorted(),
    );
    imported.dispose();
  });
});

describe('nobody else', () => {
  it('can invoke the function but this API, on the routes it has', () => {
    const permissions = resourcesOf(several.template, 'AWS::Lambda::Permission');
    expect(permissions.map(([, { Properties }]) => describeGrant(Properties)).toSorted()).toEqual([
      'apigateway.amazonaws.com from arn:AWS::Partition:execute-api:AWS::Region:AWS::AccountId:ApiHttp/*/*/{tenant}/scim/v2',
      'apigateway.amazonaws.com from arn:AWS::Partition:execute-api:AWS::Region:AWS::AccountId:ApiHttp/*/*/{tenant}/scim/v2/{proxy+}',
    ]);
    several.template.resourceCountIs('AWS::Lambda::Url', 0);
  });

  it('is let in by a policy of a resource', () => {
    const policied = Object.values(several.template.toJSON().Resources).filter((resource) =>
      /ResourcePolicy/.test(JSON.stringify(resource)),
    );
    expect(policied).toEqual([]);
  });
});

function permissionsOf({ Effect, Action, Resource }: Statement): string[] {
  expect(Effect).toBe('Allow');
  return [Action]
    .flat()
    .flatMap((action) => [Resource].flat().map((resource) => `${action} on ${textOf(resource)}`));
}

function describeGrant({ Action, Principal, SourceArn }: Record<string, string>): string {
  expect(Action).toBe('lambda:InvokeFunction');
  return `${Principal} from ${textOf(SourceArn)}`;
}

/** CloudFormation's expressions as readable text: logical ids without the hash that the CDK appends. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[key, argument] = ['', undefined]] = Object.entries(value as Record<string, unknown>);
  const named = (id: unknown) => String(id).replace(/[0-9A-F]{8}$/, '');
  if (key === 'Ref') return named(argument);
  if (key === 'Fn::GetAtt' && Array.isArray(argument)) return `${named(argument[0])}.${argument[1]}`;
  if (key === 'Fn::Join' && Array.isArray(argument)) return argument[1].map(textOf).join(argument[0]);
  throw new Error(`${JSON.stringify(value)} is not expected in a policy`);
}

function roleId(): string {
  const [[id] = ['']] = resourcesOf(several.template, 'AWS::IAM::Role');
  return id;
}
