import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ADMINISTRATION } from '../../functions/signup/administration.ts';
import { describeGrant, nameOf, permissionsOf, textOf } from './statements.ts';
import {
  type Assembly,
  resourceOf,
  resourcesOf,
  SEVERAL_TENANTS,
  synthesise,
  synthesiseWithCode,
} from './synthesis.ts';

const AUTH0 = 'aws.partner/auth0.com/acme-1/auth0.logs';
/** Two pools, one of which two tenants share, and a partner. */
const SIGNING_UP = `
tenants:
  acme:
    smartassist: { host: platform.kore.ai, streamId: st-1, secret: agents/acme }
    timeZone: Europe/Berlin
    sources:
      signup: { preset: cognito, userPoolId: eu-west-1_AbCdEf123 }
      auth0: { preset: auth0, eventSource: ${AUTH0} }
      hr: { preset: bamboohr }
  other:
    smartassist: { host: platform.kore.ai, streamId: st-2, secret: agents/other }
    sources:
      signup: { preset: cognito, userPoolId: eu-west-1_AbCdEf123 }
      more: { preset: cognito, userPoolId: us-east-1_Zz9 }
`;

let signup: Assembly;
beforeAll(() => {
  signup = synthesiseWithCode(SIGNING_UP);
});
afterAll(() => signup?.dispose());

describe('the function for sign-ups', () => {
  it('is not there where nobody signs up', () => {
    const without = synthesise(SEVERAL_TENANTS);
    const names = resourcesOf(without.template, 'AWS::Lambda::Function').map(([id]) => nameOf(id));
    expect(names.filter((name) => /Signup/.test(name))).toEqual([]);
    without.template.resourceCountIs('AWS::Events::Rule', 0);
  });

  it('may write the directory and ring, and reads no secret', () => {
    const table = ['BatchGetItem', 'ConditionCheckItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query'];
    expect(permissionsOf(signup, 'SignupFrontRole')).toEqual(
      [
        ...[...table, 'UpdateItem'].map((action) => `dynamodb:${action} on DirectoryTable.Arn`),
        'logs:CreateLogStream on SignupFrontLog.Arn',
        'logs:PutLogEvents on SignupFrontLog.Arn',
        'sqs:SendMessage on DoorbellQueue.Arn',
        'sqs:SendMessage on SignupFailed.Arn',
      ].toSorted(),
    );
  });

  it('can be invoked by the pools of the configuration and the rules of this stack, and by nobody else', () => {
    const permissions = resourcesOf(signup.template, 'AWS::Lambda::Permission').map(
      ([, { Properties }]) => Properties,
    );
    const own = permissions.filter(({ FunctionName }) => textOf(FunctionName) === 'SignupFrontLive');
    const pool = (region: string, id: string) =>
      `cognito-idp.amazonaws.com on SignupFrontLive from arn:AWS::Partition:cognito-idp:${region}:AWS::AccountId:userpool/${id}`;
    expect(own.map(describeGrant).toSorted()).toEqual([
      pool('eu-west-1', 'eu-west-1_AbCdEf123'),
      pool('us-east-1', 'us-east-1_Zz9'),
      'events.amazonaws.com on SignupFrontLive from SignupAdministration.Arn',
      'events.amazonaws.com on SignupFrontLive from SignupPartnerawspartnerauth0comacme1auth0logs.Arn',
    ]);
    const pools = own.filter(({ Principal }) => /cognito/.test(Principal));
    for (const { SourceAccount } of pools) expect(SourceAccount).toEqual({ Ref: 'AWS::AccountId' });
  });

  it("has a rule on the partner's bus, for what the partner alone can write there", () => {
    const { Properties } = resourceOf(signup.template, 'AWS::Events::Rule', 'SignupPartner');
    expect(Properties).toMatchObject({ EventBusName: AUTH0, EventPattern: { source: [AUTH0] } });
  });

  it('has a rule for what administrators do in the pools, and for nothing else of Cognito', () => {
    const { Properties } = resourceOf(signup.template, 'AWS::Events::Rule', 'SignupAdministration');
    expect(Properties.EventBusName).toBeUndefined();
    expect(Properties.EventPattern).toEqual({
      source: ['aws.cognito-idp'],
      'detail-type': ['AWS API Call via CloudTrail'],
      detail: {
        eventSource: ['cognito-idp.amazonaws.com'],
        eventName: Object.keys(ADMINISTRATION),
        requestParameters: { userPoolId: ['eu-west-1_AbCdEf123', 'us-east-1_Zz9'] },
      },
    });
  });

  it('loses no event: what can not be delivered and what fails again and again waits in a queue', () => {
    const queue = resourceOf(signup.template, 'AWS::SQS::Queue', 'SignupFailed');
    const arn = { 'Fn::GetAtt': [queue.id, 'Arn'] };
    const front = resourceOf(signup.template, 'AWS::Lambda::Function', 'SignupFront').Properties;
    expect(front.DeadLetterConfig).toEqual({ TargetArn: arn });
    expect(front.Timeout).toBeGreaterThan(5);
    for (const [, { Properties }] of resourcesOf(signup.template, 'AWS::Events::Rule')) {
      expect(Properties.Targets).toEqual([expect.objectContaining({ DeadLetterConfig: { Arn: arn } })]);
    }
    const { Properties } = resourceOf(signup.template, 'AWS::SQS::QueuePolicy', 'SignupFailed');
    const allowed = Properties.PolicyDocument.Statement.filter(
      ({ Effect }: { Effect: string }) => Effect === 'Allow',
    );
    for (const { Action, Principal, Condition } of allowed) {
      expect({ Action, Principal }).toEqual({
        Action: 'sqs:SendMessage',
        Principal: { Service: 'events.amazonaws.com' },
      });
      expect(textOf(Condition.ArnEquals['aws:SourceArn'])).toMatch(
        /^Signup(Administration|Partner\w+)\.Arn$/,
      );
    }
    expect(allowed).toHaveLength(2);
  });

  it('says its ARN, which somebody has to add to the pools', () => {
    const { SignupFunctionArn } = signup.template.toJSON().Outputs;
    expect(textOf(SignupFunctionArn.Value)).toBe('SignupFrontLive');
  });

  it('starts with under 260 KB, and has nothing that reads from providers', () => {
    const { Properties } = resourceOf(signup.template, 'AWS::Lambda::Function', 'SignupFront');
    const asset = join(signup.directory, `asset.${Properties.Code.S3Key.replace(/\.zip$/, '')}`);
    expect(statSync(join(asset, 'index.js')).size / 1024).toBeLessThan(260);
    const code = readdirSync(asset).map((name) => readFileSync(join(asset, name), 'utf8'));
    expect(code.length).toBeGreaterThan(2);
    expect(code.filter((text) => text.includes('/api/v1/employees/'))).toEqual([]);
  });

  it.each([
    ['AwsSolutions', AwsSolutionsChecks],
    ['Serverless', ServerlessChecks],
  ])('gives the %s rules nothing to find', (_, Checks) => {
    const { violations } = new Checks().validateScope(signup.stack);
    expect(
      violations.flatMap(({ ruleName, violatingResources }) =>
        violatingResources.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
      ),
    ).toEqual([]);
  });
});
