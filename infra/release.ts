import { Duration, Stack, Validations } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IAlarm, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import {
  type CfnDeploymentGroup,
  type ILambdaDeploymentConfig,
  LambdaApplication,
  LambdaDeploymentConfig,
  LambdaDeploymentGroup,
} from 'aws-cdk-lib/aws-codedeploy';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct, type IDependable } from 'constructs';
import type { ProvisionerFunction } from './functions/function.ts';

/** How a deployment takes over. The gradual ways, by name: */
const SHIFTS = {
  /** A tenth of the events for five minutes, then all of them. */
  canary: LambdaDeploymentConfig.CANARY_10PERCENT_5MINUTES,
  /** A tenth more every minute. */
  linear: LambdaDeploymentConfig.LINEAR_10PERCENT_EVERY_1MINUTE,
} as const satisfies Record<string, ILambdaDeploymentConfig>;

export type Shift = keyof typeof SHIFTS | 'all-at-once';

export interface ReleaseProps {
  readonly functions: readonly ProvisionerFunction[];
  readonly shift: Exclude<Shift, 'all-at-once'>;
  /** Who hears of a version that fails, and of a deployment that was taken back. */
  readonly topic: ITopic;
  /** Whichever of them rings while a deployment takes over, the version before is back at once. */
  readonly alarms?: readonly IAlarm[];
}

/**
 * Lets a new version of a function take over bit by bit and puts the one before back when it fails. Both versions work
 * on the same directory meanwhile: what is stored stays readable to the version before.
 */
export class Release extends Construct {
  constructor(scope: Construct, id: string, { functions, shift, topic, alarms = [] }: ReleaseProps) {
    super(scope, id);
    const application = new LambdaApplication(this, 'Application');
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('codedeploy.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    });
    const errors = functions.map((each) => this.#alarmOf(each));
    const tell = new SnsAction(topic);
    for (const alarm of errors) alarm.addAlarmAction(tell);
    // A roll-back is told by CodeDeploy itself: no alarm sees that a deployment was taken back.
    topic.grantPublish(role);
    const granted = grantShift(role, functions);
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason:
        'CodeDeploy may read the state of alarms, whichever. Refused, it could take no version back: its documentation names ' +
        'no narrower right than that of its managed policy.',
    });
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Action::kms:GenerateDataKey*]',
      reason: 'Data keys in both forms, of the one key that the topic of alarms is encrypted under.',
    });
    for (const [index, each] of functions.entries()) {
      const group = new LambdaDeploymentGroup(this, each.node.path.split('/').slice(1).join('-'), {
        application,
        alias: each.alias,
        deploymentConfig: SHIFTS[shift],
        // AWS's managed policy would let it move every alias of the account.
        role: role.withoutPolicyUpdates(),
        alarms: [...errors.slice(index, index + 1), ...alarms],
        autoRollback: { failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: true },
      });
      const resource = group.node.defaultChild as CfnDeploymentGroup;
      resource.triggerConfigurations = [
        {
          triggerName: 'TakenBack',
          triggerEvents: ['DeploymentFailure', 'DeploymentStop', 'DeploymentRollback'],
          triggerTargetArn: topic.topicArn,
        },
      ];
      group.node.addDependency(...granted);
    }
  }

  #alarmOf({ alias, node }: ProvisionerFunction): Alarm {
    const name = node.path.split('/').slice(1).join(' ');
    return new Alarm(this, `${name.replaceAll(' ', '-')}-Errors`, {
      alarmDescription:
        `The function ${name} crashes, runs out of time or can't start: in two of five minutes. A deployment that is ` +
        "under way is taken back by itself. First: the function's log, level ERROR, since the last deployment.",
      metric: alias.metricErrors({ period: Duration.minutes(1), statistic: 'Sum' }),
      threshold: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 5,
      datapointsToAlarm: 2,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}

/** Lets CodeDeploy move these aliases and look at alarms, and says what has to be there before it does. */
function grantShift(role: Role, functions: readonly ProvisionerFunction[]): IDependable[] {
  // Not the aliases' own ARNs: they wait for their deployment groups, and those for this policy.
  const names = functions.map(({ alias: { lambda, aliasName } }) => [
    lambda.functionArn,
    `${lambda.functionArn}:${aliasName}`,
  ]);
  const statements = [
    new PolicyStatement({
      actions: ['lambda:GetAlias', 'lambda:UpdateAlias', 'lambda:GetProvisionedConcurrencyConfig'],
      resources: names.flat(),
    }),
    new PolicyStatement({
      // On all: whether CodeDeploy asks by the alarms' names is not documented, and AWS's own policy for it has no names.
      actions: ['cloudwatch:DescribeAlarms'],
      resources: ['*'],
    }),
  ];
  return statements
    .map((statement) => role.addToPrincipalPolicy(statement).policyDependable)
    .filter((dependable) => dependable !== undefined);
}
