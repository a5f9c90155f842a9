import { beforeAll, describe, expect, it } from 'vitest';
import { resourceOf, resourcesOf, SEVERAL_TENANTS, type Synthesis, synthesise } from './synthesis.ts';

const FUNCTIONS = ['Scim', 'Webhook', 'Drain', 'Census'];

let production: Synthesis;
beforeAll(() => {
  production = synthesise(SEVERAL_TENANTS);
});

describe('a release', () => {
  it.each(FUNCTIONS)('moves the alias of the function %s to the new version', (name) => {
    const alias = resourceOf(production.template, 'AWS::Lambda::Alias', name);
    expect(alias.Properties).toMatchObject({
      Name: 'live',
      FunctionName: { Ref: resourceOf(production.template, 'AWS::Lambda::Function', name).id },
      FunctionVersion: {
        'Fn::GetAtt': [resourceOf(production.template, 'AWS::Lambda::Version', name).id, 'Version'],
      },
    });
    expect(alias.UpdatePolicy).toEqual({
      CodeDeployLambdaAliasUpdate: {
        ApplicationName: { Ref: resourceOf(production.template, 'AWS::CodeDeploy::Application').id },
        DeploymentGroupName: { Ref: groupOf(name).id },
      },
    });
  });

  it.each(FUNCTIONS)('takes a tenth of the events of %s first, and goes back when it fails', (name) => {
    const alarm = resourceOf(production.template, 'AWS::CloudWatch::Alarm', `Release${name}`);
    expect(groupOf(name).Properties).toMatchObject({
      DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes',
      AlarmConfiguration: { Enabled: true, Alarms: [{ Name: { Ref: alarm.id } }] },
      AutoRollbackConfiguration: {
        Enabled: true,
        Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST', 'DEPLOYMENT_STOP_ON_ALARM'],
      },
    });
    const { id } = resourceOf(production.template, 'AWS::Lambda::Function', name);
    expect(alarm.Properties).toMatchObject({
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      // The alias, whichever version it leads to.
      Dimensions: [
        { Name: 'FunctionName', Value: { Ref: id } },
        { Name: 'Resource', Value: { 'Fn::Join': ['', [{ Ref: id }, ':live']] } },
      ],
      TreatMissingData: 'notBreaching',
    });
    // And it is told, as is that the deployment was taken back:
    // https://docs.aws.amazon.com/codedeploy/latest/userguide/monitoring-sns-event-notifications-create-trigger.html
    const topic = { Ref: resourceOf(production.template, 'AWS::SNS::Topic').id };
    expect(groupOf(name).Properties.TriggerConfigurations).toEqual([
      {
        TriggerName: 'TakenBack',
        TriggerEvents: ['DeploymentFailure', 'DeploymentStop', 'DeploymentRollback'],
        TriggerTargetArn: topic,
      },
    ]);
    expect(alarm.Properties.AlarmActions).toEqual([topic]);
  });

  it('keeps the versions before, so that an alias can be put back by hand as well', () => {
    const versions = resourcesOf(production.template, 'AWS::Lambda::Version');
    expect(versions).toHaveLength(FUNCTIONS.length);
    for (const [, version] of versions) {
      // Kept with a release that fails, it would make the same release fail once more: no new version of the same code.
      // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html
      expect(version).toMatchObject({
        DeletionPolicy: 'RetainExceptOnCreate',
        UpdateReplacePolicy: 'Retain',
      });
    }
  });

  it('is what everything that calls a function calls: nothing knows the function itself', () => {
    const callers = [
      'AWS::ApiGatewayV2::Integration',
      'AWS::Lambda::EventSourceMapping',
      'AWS::Lambda::Permission',
      'AWS::Scheduler::Schedule',
    ].flatMap((type) => resourcesOf(production.template, type));
    const aliases = resourcesOf(production.template, 'AWS::Lambda::Alias').map(([id]) => id);
    const functions = resourcesOf(production.template, 'AWS::Lambda::Function').map(([id]) => id);
    expect(callers.length).toBeGreaterThan(6);
    for (const [, { Properties }] of callers) {
      const text = JSON.stringify(Properties);
      expect(aliases.filter((id) => text.includes(`"${id}"`))).toHaveLength(1);
      expect(functions.filter((id) => text.includes(`"${id}"`))).toEqual([]);
    }
  });

  it('can go up a tenth every minute', () => {
    const linear = synthesise(SEVERAL_TENANTS, { release: 'linear' });
    linear.template.allResourcesProperties('AWS::CodeDeploy::DeploymentGroup', {
      DeploymentConfigName: 'CodeDeployDefault.LambdaLinear10PercentEvery1Minute',
    });
  });

  it('of a stage with a name is there at once, unless the context says otherwise', () => {
    const stage = synthesise(SEVERAL_TENANTS, { stage: 'test' });
    stage.template.resourceCountIs('AWS::Lambda::Alias', FUNCTIONS.length);
    stage.template.resourceCountIs('AWS::CodeDeploy::DeploymentGroup', 0);
    const careful = synthesise(SEVERAL_TENANTS, { stage: 'test', release: 'canary' });
    careful.template.resourceCountIs('AWS::CodeDeploy::DeploymentGroup', FUNCTIONS.length);
  });
});

const groupOf = (name: string) =>
  resourceOf(production.template, 'AWS::CodeDeploy::DeploymentGroup', `Release${name}`);

it('lets Lambda repeat no minute and no reconciliation: a second one would run beside the first', () => {
  // https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
  const configs = resourcesOf(production.template, 'AWS::Lambda::EventInvokeConfig');
  expect(configs.map(([id, { Properties }]) => [id.slice(0, 6), Properties])).toEqual([
    ['Census', expect.objectContaining({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 })],
  ]);
});
