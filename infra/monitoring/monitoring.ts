import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IAlarm, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { type AlarmPlan, alarmPlans } from './alarms.ts';
import { makeDashboard } from './dashboard.ts';
import type { Watched } from './watched.ts';

export interface MonitoringProps {
  readonly watched: Watched;
  /** Who hears of alarms: an e-mail address, or the ARN of a topic that is there; undefined makes a topic of nobody. */
  readonly alarmsTo: string | undefined;
}

/** Alarms that say what they mean and what to do first, the topic they go to, and a dashboard. */
export class Monitoring extends Construct {
  readonly topic: ITopic;
  readonly alarms: readonly IAlarm[];

  constructor(scope: Construct, id: string, { watched, alarmsTo }: MonitoringProps) {
    super(scope, id);
    this.topic = alarmsTo?.startsWith('arn:')
      ? Topic.fromTopicArn(this, 'Topic', alarmsTo)
      : this.#makeTopic(alarmsTo);
    const action = new SnsAction(this.topic);
    this.alarms = alarmPlans(watched).map((plan) => {
      const alarm = alarmOf(this, plan);
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
      return alarm;
    });
    makeDashboard(this, 'Dashboard', watched, this.alarms);
  }

  /** Encrypted under a key of its own: alarms can't use the one that AWS manages for SNS. */
  #makeTopic(email: string | undefined): Topic {
    const alarms = new ServicePrincipal('cloudwatch.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
    });
    const key = new Key(this, 'Key', {
      description: 'Alarms of Agent Provisioner on their way',
      enableKeyRotation: true,
      // Nothing is kept under it.
      removalPolicy: RemovalPolicy.DESTROY,
      pendingWindow: Duration.days(7),
    });
    key.grant(alarms, 'kms:Decrypt', 'kms:GenerateDataKey*');
    const topic = new Topic(this, 'Topic', {
      displayName: 'Alarms of Agent Provisioner',
      masterKey: key,
      enforceSSL: true,
    });
    topic.addToResourcePolicy(
      new PolicyStatement({ actions: ['sns:Publish'], resources: [topic.topicArn], principals: [alarms] }),
    );
    if (email !== undefined) {
      topic.addSubscription(new EmailSubscription(email));
      Validations.of(topic).acknowledge({
        id: 'Serverless-SNSRedrivePolicy',
        reason: 'An e-mail address has no dead letters; what was sent is also in the state of the alarm.',
      });
    }
    return topic;
  }
}

function alarmOf(scope: Construct, plan: AlarmPlan): Alarm {
  const { bad, of } = plan.periods ?? { bad: 1, of: 1 };
  return new Alarm(scope, plan.id, {
    alarmDescription: `${plan.means} First: ${plan.first} See docs/runbooks/${plan.runbook}`,
    metric: plan.metric,
    threshold: plan.atLeast,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    datapointsToAlarm: bad,
    evaluationPeriods: of,
    treatMissingData: plan.missing ?? TreatMissingData.NOT_BREACHING,
  });
}
