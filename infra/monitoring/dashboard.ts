import { Duration } from 'aws-cdk-lib';
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IAlarm,
  type IMetric,
  type IWidget,
  Row,
  TextWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { Watched } from './watched.ts';

const WIDTH = 24;
const HEIGHT = 6;

/** The questions that the dashboard answers, each with its widgets; docs/operating.md says what each of them shows. */
export function makeDashboard(
  scope: Construct,
  id: string,
  watched: Watched,
  alarms: readonly IAlarm[],
): Dashboard {
  const dashboard = new Dashboard(scope, id, { defaultInterval: Duration.days(1) });
  const alarmStatus = new AlarmStatusWidget({
    title: 'Alarms',
    alarms: [...alarms],
    width: WIDTH,
    height: 4,
  });
  dashboard.addWidgets(alarmStatus);
  for (const [question, graphs] of Object.entries(questionsOf(watched))) {
    const width = Math.floor(WIDTH / graphs.length);
    dashboard.addWidgets(new TextWidget({ markdown: `## ${question}`, width: WIDTH, height: 1 }));
    dashboard.addWidgets(new Row(...graphs.map(([title, left]) => graph(title, left, width))));
  }
  return dashboard;
}

type Graph = readonly [title: string, metrics: readonly IMetric[]];

function questionsOf({
  measure,
  functionNames,
  doorbell,
  deadLetterQueues,
  apiId,
}: Watched): Record<string, Graph[]> {
  const ofFunctions = (name: string) =>
    functionNames.map((FunctionName) => measure.aws('AWS/Lambda', name, { FunctionName }));
  return {
    'Are people getting in?': [
      ['Persons stored', [measure.each('Accepted')]],
      ['Agents by what was done', [measure.each('Provisioned')]],
      [
        'Turned away, by reason',
        [
          measure.each('Rejected'),
          measure.each('Ignored'),
          measure.each('Limited'),
          measure.each('Unmatched'),
          measure.each('Lapsed'),
        ],
      ],
    ],
    'How far behind are we?': [
      ['Longest wait in seconds', [measure.all('OldestDueAge'), measure.all('OldestBackfillAge')]],
      [
        'Seconds from accepted to agent',
        [measure.percentile('JoinTime', 'p50'), measure.percentile('JoinTime', 'p99')],
      ],
      [
        'Age of the oldest message to the drain in seconds',
        [measure.aws('AWS/SQS', 'ApproximateAgeOfOldestMessage', { QueueName: doorbell }, 'Maximum')],
      ],
      ['Budget of calls in percent', [measure.each('BudgetUse')]],
      ['Seats taken in percent', [measure.each('SeatUse')]],
      ['Paused for seconds', [measure.each('PausedAge')]],
      ['Age of the reconciliation in seconds', [measure.each('CensusAge')]],
      ['Found by the reconciliation', [measure.each('CensusDrift')]],
      ['Age of the oldest reading of a source in seconds', [measure.each('SyncAge')]],
      ['Found by reading sources', [measure.each('SyncDrift')]],
    ],
    'How long does it take?': [
      [
        'Milliseconds of the front door',
        ['p50', 'p99'].map((each) => measure.aws('AWS/ApiGateway', 'Latency', { ApiId: apiId }, each)),
      ],
      [
        'Milliseconds of calls to SmartAssist',
        [measure.percentile('CallTime', 'p50'), measure.percentile('CallTime', 'p99')],
      ],
    ],
    'What is failing?': [
      ['Persons failed now', [measure.each('FailedNow')]],
      ['Persons failed, by reason', [measure.each('Failed'), measure.each('BrakeEngaged')]],
      [
        'Calls without success',
        [measure.all('CallUnanswered'), measure.all('CallThrottled'), measure.all('CallUnauthorized')],
      ],
      [
        'Sources and secrets',
        [
          measure.each('SourceSilent'),
          measure.each('SourcePaused'),
          measure.each('SourceFailed'),
          measure.each('SyncFailed'),
          measure.each('SecretUnusable'),
        ],
      ],
      [
        'Answers of the front door',
        [
          ...['Count', '4xx', '5xx'].map((name) => measure.aws('AWS/ApiGateway', name, { ApiId: apiId })),
          measure.all('FrontDoorUnanswered'),
        ],
      ],
      ['Errors of functions', ofFunctions('Errors')],
      [
        'Doorbells and schedules that failed',
        [measure.each('DoorbellFailed'), measure.each('ScheduleFailed')],
      ],
      [
        'Dead letters',
        deadLetterQueues.map((QueueName) =>
          measure.aws('AWS/SQS', 'ApproximateNumberOfMessagesVisible', { QueueName }, 'Maximum'),
        ),
      ],
    ],
    'What does it cost in calls?': [
      ['Calls to SmartAssist', [measure.each('Call')]],
      ['Invocations', ofFunctions('Invocations')],
      ['Cold starts', [measure.each('ColdStart'), measure.each('CodeCacheRejected')]],
    ],
  };
}

function graph(title: string, left: readonly IMetric[], width: number): IWidget {
  return new GraphWidget({
    title,
    left: [...left],
    width,
    height: HEIGHT,
    leftYAxis: { min: 0, showUnits: false },
  });
}
