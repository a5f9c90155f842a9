import { beforeAll, describe, expect, it } from 'vitest';
import { describeGrant, nameOf, permissionsOf } from './statements.ts';
import {
  type Resource,
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

const USE_TABLE = [
  'dynamodb:BatchGetItem on DirectoryTable.Arn',
  'dynamodb:ConditionCheckItem on DirectoryTable.Arn',
  'dynamodb:DeleteItem on DirectoryTable.Arn',
  'dynamodb:GetItem on DirectoryTable.Arn',
  'dynamodb:PutItem on DirectoryTable.Arn',
  'dynamodb:Query on DirectoryTable.Arn',
  'dynamodb:UpdateItem on DirectoryTable.Arn',
];
const SECRET_ARN = 'arn:AWS::Partition:secretsmanager:AWS::Region:AWS::AccountId:secret:';
/** The six marks are what Secrets Manager appends. */
const secretsOf = (kind: string, stage = 'default') =>
  `secretsmanager:GetSecretValue on ${SECRET_ARN}agent-provisioner/${stage}/*/${kind}-??????`;
const READ_DOORS = secretsOf('door');
const READ_SMARTASSIST = secretsOf('smartassist');
/** Single secrets of 0.1.0, for the tenants that name one. */
const READ_SINGLE = [
  'secretsmanager:GetSecretValue on Secretsagentsacmeemea',
  'secretsmanager:GetSecretValue on Secretsagentsacmeus',
];
const RING = 'sqs:SendMessage on DoorbellQueue.Arn';

/** Everything that each role may do, as `action on resource`. There are no others. */
const MAY: Record<string, string[]> = {
  ScimRole: [
    ...USE_TABLE,
    'logs:CreateLogStream on ScimLog.Arn',
    'logs:PutLogEvents on ScimLog.Arn',
    READ_DOORS,
    READ_SMARTASSIST,
    ...READ_SINGLE,
    RING,
  ],
  WebhookRole: [
    ...USE_TABLE,
    'logs:CreateLogStream on WebhookLog.Arn',
    'logs:PutLogEvents on WebhookLog.Arn',
    READ_DOORS,
    ...READ_SINGLE,
    RING,
  ],
  DrainRole: [
    ...USE_TABLE,
    'dynamodb:Query on DirectoryTable.Arn/index/due',
    'logs:CreateLogStream on DrainLog.Arn',
    'logs:PutLogEvents on DrainLog.Arn',
    READ_DOORS,
    READ_SMARTASSIST,
    ...READ_SINGLE,
    RING,
    'sqs:DeleteMessage on DoorbellQueue.Arn',
    'sqs:GetQueueAttributes on DoorbellQueue.Arn',
    'sqs:ReceiveMessage on DoorbellQueue.Arn',
  ],
  CensusRole: [
    ...USE_TABLE,
    'dynamodb:Query on DirectoryTable.Arn/index/due',
    'logs:CreateLogStream on CensusLog.Arn',
    'logs:PutLogEvents on CensusLog.Arn',
    READ_DOORS,
    READ_SMARTASSIST,
    ...READ_SINGLE,
    RING,
  ],
  CensusScheduleRole: ['lambda:InvokeFunction on CensusLive'],
  // CodeDeploy moves the aliases of these functions, and looks whether their alarms ring and tells what it took back. By which
  // names it asks is not documented:
  // https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCodeDeployRoleForLambdaLimited.html has all.
  ReleaseRole: ['Scim', 'Webhook', 'Drain', 'Census']
    .flatMap((name) => [
      ...['GetAlias', 'UpdateAlias', 'GetProvisionedConcurrencyConfig'].flatMap((action) => [
        `lambda:${action} on ${name}Function.Arn`,
        `lambda:${action} on ${name}Function.Arn:live`,
      ]),
    ])
    .concat(
      'cloudwatch:DescribeAlarms on *',
      'sns:Publish on MonitoringTopic',
      'kms:Decrypt on MonitoringKey.Arn',
      'kms:GenerateDataKey* on MonitoringKey.Arn',
    ),
};

describe('a role', () => {
  it('is one of those listed here', () => {
    const roles = resourcesOf(several.template, 'AWS::IAM::Role').map(([id]) => nameOf(id));
    expect(roles.toSorted()).toEqual(Object.keys(MAY).toSorted());
    several.template.resourceCountIs('AWS::IAM::Policy', roles.length);
  });

  it.each(Object.entries(MAY))('%s may do what is on its list, and nothing else', (name, permissions) => {
    expect(permissionsOf(several, name)).toEqual(permissions.toSorted());
  });

  it('has no managed policy and no policy inside', () => {
    several.template.resourceCountIs('AWS::IAM::ManagedPolicy', 0);
    for (const [, { Properties }] of resourcesOf(several.template, 'AWS::IAM::Role')) {
      expect(Object.keys(Properties)).toEqual(['AssumeRolePolicyDocument', 'Tags']);
    }
  });

  it.each([
    ['ScimRole', { Service: 'lambda.amazonaws.com' }],
    ['WebhookRole', { Service: 'lambda.amazonaws.com' }],
    ['DrainRole', { Service: 'lambda.amazonaws.com' }],
    ['CensusRole', { Service: 'lambda.amazonaws.com' }],
    ['CensusScheduleRole', { Service: 'scheduler.amazonaws.com' }],
    ['ReleaseRole', { Service: 'codedeploy.amazonaws.com' }],
  ])('%s can be taken by its service alone', (name, principal) => {
    const { Properties } = resourceOf(several.template, 'AWS::IAM::Role', name);
    expect(Properties.AssumeRolePolicyDocument.Statement).toEqual([
      expect.objectContaining({ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: principal }),
    ]);
  });

  it('reads imported single secrets by their names, all or those of the tenants named', () => {
    const secretsIn = (secrets: string) => {
      const imported = synthesise(SEVERAL_TENANTS, { secrets });
      const permissions = permissionsOf(imported, 'ScimRole').filter((each) => /agents/.test(each));
      return permissions;
    };
    const byName = (name: string) => `secretsmanager:GetSecretValue on ${SECRET_ARN}agents/${name}-??????`;
    expect(secretsIn('import')).toEqual([byName('acme-emea'), byName('acme-us')]);
    expect(secretsIn('import:acme-us-test')).toEqual([
      'secretsmanager:GetSecretValue on Secretsagentsacmeemea',
      byName('acme-us'),
    ]);
  });

  it('counts calls in the table of another stack that is named, and reads nothing else there', () => {
    const arn = 'arn:aws:dynamodb:eu-west-1:111122223333:table/other';
    const text = SHIPPED.replace('callsPerMinute: 50', `budgetTable: '${arn}'\n      callsPerMinute: 50`);
    const sharing = synthesise(text);
    for (const role of ['ScimRole', 'DrainRole', 'CensusRole']) {
      expect(permissionsOf(sharing, role).filter((each) => each.endsWith(arn))).toEqual([
        `dynamodb:GetItem on ${arn}`,
        `dynamodb:PutItem on ${arn}`,
      ]);
      const { Statement } = resourceOf(sharing.template, 'AWS::IAM::Policy', role).Properties.PolicyDocument;
      expect(Statement.find(({ Resource }: { Resource: unknown }) => Resource === arn).Condition).toEqual({
        'ForAllValues:StringLike': {
          'dynamodb:LeadingKeys': ['account:*#document', 'admin:account:*#document'],
        },
      });
    }
    expect(permissionsOf(sharing, 'WebhookRole').filter((each) => each.endsWith(arn))).toEqual([]);
  });

  it('publishes to the topics that operators are told by, each by its ARN, with the schedule alone', () => {
    const topic = (name: string) => `arn:aws:sns:eu-west-1:111122223333:${name}`;
    const tenant = (name: string, bot: string) =>
      `  ${name}: { smartassist: { host: platform.kore.ai, streamId: ${bot} }, notify: { topic: '${topic(name)}' } }`;
    const told = synthesise(['tenants:', tenant('acme', 'st-1'), tenant('zeta', 'st-2')].join('\n'));
    const published = Object.keys(MAY).map((role) => [
      role,
      permissionsOf(told, role).filter(
        (each) => each.startsWith('sns:') && !each.endsWith(' on MonitoringTopic'),
      ),
    ]);
    expect(Object.fromEntries(published.filter(([, permissions]) => permissions?.length !== 0))).toEqual({
      CensusRole: [`sns:Publish on ${topic('acme')}`, `sns:Publish on ${topic('zeta')}`],
    });
  });

  it('reads the secrets of its own stage alone, and without single secrets those two kinds alone', () => {
    const stage = synthesise(SHIPPED, { stage: 'test' });
    const read = (role: string) => permissionsOf(stage, role).filter((each) => /^secretsmanager/.test(each));
    expect(read('WebhookRole')).toEqual([secretsOf('door', 'test')]);
    for (const role of ['ScimRole', 'DrainRole', 'CensusRole']) {
      expect(read(role)).toEqual([secretsOf('door', 'test'), secretsOf('smartassist', 'test')]);
    }
  });
});

describe('nobody else', () => {
  it('can invoke a function but this API, on the routes it has', () => {
    const permissions = resourcesOf(several.template, 'AWS::Lambda::Permission');
    expect(permissions.map(([, { Properties }]) => describeGrant(Properties)).toSorted()).toEqual(
      [
        ['Scim', ''],
        ['Scim', '/{tenant}/scim/v2'],
        ['Scim', '/{tenant}/scim/v2/{proxy+}'],
        ['Webhook', '/health'],
        ['Webhook', '/{tenant}/events'],
        ['Webhook', '/{tenant}/hooks/{source}'],
        ['Webhook', '/{tenant}/hooks/{source}/{subtype}'],
      ].map(
        ([name, route]) =>
          `apigateway.amazonaws.com on ${name}Live from ` +
          `arn:AWS::Partition:execute-api:AWS::Region:AWS::AccountId:ApiHttp/*/*${route}`,
      ),
    );
    several.template.resourceCountIs('AWS::Lambda::Url', 0);
  });

  it('is let in by a policy of a resource, but alarms of this account to their topic', () => {
    const { Resources } = several.template.toJSON() as { Resources: Record<string, Resource> };
    const policies = Object.values(Resources).filter(({ Type }) => /Policy$/.test(Type) && !/IAM/.test(Type));
    const encryptedAlone = expect.objectContaining({
      Effect: 'Deny',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    });
    const ofThisAccount = {
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    };
    expect(policies.map(({ Type, Properties }) => [Type, Properties.PolicyDocument.Statement])).toEqual([
      ['AWS::SQS::QueuePolicy', [encryptedAlone]],
      ['AWS::SQS::QueuePolicy', [encryptedAlone]],
      [
        'AWS::SNS::TopicPolicy',
        [
          encryptedAlone,
          expect.objectContaining({ Effect: 'Allow', Action: 'sns:Publish', ...ofThisAccount }),
        ],
      ],
    ]);
    const [, { Properties: key }] = resourcesOf(several.template, 'AWS::KMS::Key')[0] ?? [
      '',
      { Properties: {} },
    ];
    expect(key.KeyPolicy.Statement.slice(1)).toEqual([
      expect.objectContaining({ Action: ['kms:Decrypt', 'kms:GenerateDataKey*'], ...ofThisAccount }),
    ]);
    expect(JSON.stringify(Resources)).not.toContain('ResourcePolicy');
  });
});
