import { type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { DUE_INDEX } from '../../functions/directory/dynamodb/definition.ts';
import type { Watched } from './watched.ts';

/** One alarm: what is looked at, and what its description says to whom it wakes. */
export interface AlarmPlan {
  readonly id: string;
  readonly metric: IMetric;
  /** It rings from this value on. */
  readonly atLeast: number;
  /** In how many periods of five minutes out of how many; one of one where it isn't said. */
  readonly periods?: { readonly bad: number; readonly of: number };
  /** Nothing measured is good news, where it isn't said. */
  readonly missing?: TreatMissingData;
  readonly means: string;
  readonly first: string;
  /** A page in docs/runbooks/. */
  readonly runbook: string;
}

const HOUR_S = 3_600;

/** Every alarm of a stage, in the order in which one reads them. */
export function alarmPlans(watched: Watched): AlarmPlan[] {
  return [
    ...aboutPeople(watched),
    ...aboutSmartAssist(watched),
    ...aboutSources(watched),
    ...aboutAws(watched),
  ];
}

function aboutPeople({ measure }: Watched): AlarmPlan[] {
  return [
    {
      id: 'Waiting',
      metric: measure.all('OldestDueAge'),
      atLeast: HOUR_S / 4,
      periods: { bad: 2, of: 2 },
      // It is written every minute: without it the schedule doesn't run.
      missing: TreatMissingData.BREACHING,
      means: 'A joiner has waited for 15 minutes to become an agent, or the schedule has stopped measuring.',
      first: 'Look whether SmartAssist answers and the drain runs.',
      runbook: 'people-wait.md',
    },
    {
      id: 'JoinersLate',
      // Where the account's calls are used up, a wait is what was ordered.
      metric: measure.where(measure.percentile('JoinTime', 'p99'), 'FILL(use, 0) < 100', {
        use: measure.all('BudgetUse'),
      }),
      atLeast: 60,
      periods: { bad: 3, of: 3 },
      means:
        'Of 100 joiners more than one waits longer than 60 seconds for the agent, although calls are free.',
      first: 'Compare the time of calls to SmartAssist with the age of the oldest message on the dashboard.',
      runbook: 'people-wait.md',
    },
    {
      id: 'BackfillWaiting',
      metric: measure.all('OldestBackfillAge'),
      atLeast: 12 * HOUR_S,
      means: 'A person of an import or a change of the mapping has waited for 12 hours.',
      first: 'Compare the budget of calls with how many are due.',
      runbook: 'people-wait.md',
    },
    {
      id: 'PersonsFailed',
      metric: measure.byTenant('FailedNow'),
      atLeast: 1,
      means:
        'Persons of a tenant are stored and can not become agents: the mapping or SmartAssist refuses. It rings until none is left.',
      first: 'Ask agent-provisioner explain for the reason.',
      runbook: 'failed-persons.md',
    },
    {
      id: 'SeatsNearlyTaken',
      metric: measure.byTenant('SeatUse'),
      atLeast: 90,
      means: 'Nine of ten seats of a tenant are taken: once all are, further agents wait.',
      first: 'Raise seats in provisioner.yaml as far as the contract goes, or let agents leave service.',
      runbook: 'people-wait.md',
    },
    {
      id: 'BrakeEngaged',
      metric: measure.byTenant('BrakeEngaged'),
      atLeast: 1,
      means: 'More agents than usual were to be put out of service, and the brake holds the rest back.',
      first: 'Ask the administrator of the identity provider whether so many have really left.',
      runbook: 'mass-deactivation.md',
    },
    {
      id: 'PausedLong',
      metric: measure.all('PausedAge'),
      atLeast: 24 * HOUR_S,
      means: 'An operator has paused a tenant for a day: people are stored and none becomes an agent.',
      first: 'Ask agent-provisioner audit who paused it and why, and resume it.',
      runbook: 'people-wait.md',
    },
    {
      id: 'CensusLate',
      metric: measure.all('CensusAge'),
      atLeast: 30 * HOUR_S,
      means: 'The nightly reconciliation has not begun or has not ended for 30 hours, so drift goes unseen.',
      first: "Read the Census function's log for the page that can not be read.",
      runbook: 'reconciliation.md',
    },
  ];
}

function aboutSmartAssist({ measure }: Watched): AlarmPlan[] {
  return [
    {
      id: 'SmartAssistUnanswered',
      metric: measure.all('CallUnanswered'),
      atLeast: 5,
      periods: { bad: 2, of: 2 },
      means: 'Calls to SmartAssist get no connection or no usable answer. People are stored and wait.',
      first: 'Look at the status page of Kore.ai; nothing has to be repeated by hand.',
      runbook: 'smartassist-down.md',
    },
    {
      id: 'SmartAssistThrottles',
      metric: measure.all('CallThrottled'),
      atLeast: 5,
      periods: { bad: 3, of: 3 },
      means: 'SmartAssist turns calls down although the budget is kept: something else uses the account.',
      first: 'Lower callsPerMinute, or find the other integration.',
      runbook: 'smartassist-down.md',
    },
    {
      id: 'CredentialsRefused',
      metric: measure.byTenant('CallUnauthorized'),
      atLeast: 1,
      periods: { bad: 2, of: 2 },
      means: "SmartAssist doesn't take the client secret, so nobody can become an agent.",
      first: 'Put the secret that the app in SmartAssist shows.',
      runbook: 'secret-rotation.md',
    },
    {
      id: 'SecretUnusable',
      metric: measure.all('SecretUnusable'),
      atLeast: 1,
      means:
        "A tenant's secret is missing, malformed or not readable: its front door answers 503. While Secrets Manager errs, " +
        'the last value is used for some hours.',
      first: 'The log names the secret and the reason: put a value.',
      runbook: 'secret-rotation.md',
    },
  ];
}

function aboutSources({ measure }: Watched): AlarmPlan[] {
  const runbook = 'sources.md';
  return [
    {
      id: 'SourceSilent',
      metric: measure.byTenant('SourceSilent'),
      atLeast: 1,
      means: 'Nothing has come from a source for much longer than ever: its hook may be gone.',
      first: "Look at the hook on the provider's side.",
      runbook,
    },
    {
      id: 'SourcePaused',
      metric: measure.byTenant('SourcePaused'),
      atLeast: 1,
      means: 'A source is paused, because its provider said that it ends; nothing of it is taken.',
      first: 'Find out whether that was meant, then resume or remove it.',
      runbook,
    },
    {
      id: 'SourceFailed',
      metric: measure.byTenant('SourceFailed'),
      atLeast: 1,
      means:
        "Persons can't be read from a source, its subscription can't be renewed, or a sign-up was not stored.",
      first: 'The log names the source and the reason.',
      runbook,
    },
    {
      id: 'SyncFailed',
      metric: measure.all('SyncFailed'),
      atLeast: 1,
      means:
        "A source's people could not be read to the end for the third time in a row: a lost event is not noticed.",
      first: 'Let the command sync show the source and the reason; nobody leaves by being missing meanwhile.',
      runbook: 'sync.md',
    },
    {
      id: 'SyncLate',
      metric: measure.all('SyncAge'),
      atLeast: 36 * HOUR_S,
      means: 'A source that is read every day was not read for a day and a half.',
      first: 'Let the command sync show how far each reading is.',
      runbook: 'sync.md',
    },
  ];
}

function aboutAws({
  measure,
  functionNames,
  doorbell,
  deadLetterQueues,
  apiId,
  isChecked,
  tableName,
}: Watched): AlarmPlan[] {
  const ofFunctions = (name: string) =>
    measure.sum(
      name,
      functionNames.map((FunctionName) => measure.aws('AWS/Lambda', name, { FunctionName })),
    );
  const check: AlarmPlan = {
    id: 'FrontDoorUnanswered',
    metric: measure.all('FrontDoorUnanswered'),
    atLeast: 1,
    periods: { bad: 2, of: 2 },
    // It is written every minute: without it the check doesn't run.
    missing: TreatMissingData.BREACHING,
    means: 'The front door does not answer by its public name, or the check that asks it has stopped.',
    first: 'Ask /health at that name yourself, and look at DNS record, certificate and firewall.',
    runbook: 'functions-fail.md',
  };
  return [
    ...(isChecked ? [check] : []),
    {
      id: 'FrontDoorFails',
      metric: measure.aws('AWS/ApiGateway', '5xx', { ApiId: apiId }),
      atLeast: 5,
      means: 'Identity providers get answers of 5xx. They repeat, and what was not stored is not lost yet.',
      first: 'Read the access log for the path, then the log of its function.',
      runbook: 'functions-fail.md',
    },
    {
      id: 'FrontDoorSlow',
      metric: measure.aws('AWS/ApiGateway', 'Latency', { ApiId: apiId }, 'p99'),
      // An inline attempt may take 8 seconds.
      atLeast: 10_000,
      periods: { bad: 3, of: 3 },
      means: 'Of 100 requests more than one takes longer than 10 seconds; senders give up, and repeat.',
      first: 'Look at the time of calls to SmartAssist, then at errors and throttles of the table.',
      runbook: 'functions-fail.md',
    },
    {
      id: 'DoorbellOld',
      metric: measure.aws('AWS/SQS', 'ApproximateAgeOfOldestMessage', { QueueName: doorbell }, 'Maximum'),
      // A drain takes a minute at most, and the next message of its tenant waits for it.
      atLeast: 300,
      periods: { bad: 2, of: 2 },
      means:
        'Messages to the drain lie in the queue for five minutes: no drain takes them, or it fails each time.',
      first: "Read the Drain function's log, and look whether executions are throttled.",
      runbook: 'people-wait.md',
    },
    {
      id: 'FunctionErrors',
      metric: ofFunctions('Errors'),
      atLeast: 1,
      periods: { bad: 2, of: 3 },
      means: 'A function crashes, runs out of time, or can not start.',
      first: 'Look at the dashboard for which one, and at its log for level ERROR.',
      runbook: 'functions-fail.md',
    },
    {
      id: 'ScheduleFails',
      metric: measure.byTenant('ScheduleFailed'),
      atLeast: 3,
      periods: { bad: 2, of: 2 },
      means:
        'What happens by the clock fails for a tenant: erasing, measuring, the reconciliation. The others go on.',
      first: "Read the schedule's log for 'scheduled work failed': it names the tenant and the reason.",
      runbook: 'functions-fail.md',
    },
    {
      id: 'FunctionThrottles',
      metric: ofFunctions('Throttles'),
      atLeast: 1,
      periods: { bad: 2, of: 3 },
      means: "The account's concurrent executions are used up, maybe by something else.",
      first: 'Compare ConcurrentExecutions with the quota of the account.',
      runbook: 'functions-fail.md',
    },
    {
      id: 'DeadLetters',
      metric: measure.sum(
        'Messages',
        deadLetterQueues.map((QueueName) =>
          measure.aws('AWS/SQS', 'ApproximateNumberOfMessagesVisible', { QueueName }, 'Maximum'),
        ),
      ),
      atLeast: 1,
      means: 'Something failed again and again and was put aside.',
      first: 'Read why in the log before it is sent again.',
      runbook: 'dead-letters.md',
    },
    {
      id: 'DirectoryThrottles',
      metric: measure.sum(
        'Throttles',
        // What the index turns down isn't among the table's own: it has a dimension more.
        ['ReadThrottleEvents', 'WriteThrottleEvents'].flatMap((name) => [
          measure.aws('AWS/DynamoDB', name, { TableName: tableName }),
          measure.aws('AWS/DynamoDB', name, { TableName: tableName, GlobalSecondaryIndexName: DUE_INDEX }),
        ]),
      ),
      atLeast: 10,
      periods: { bad: 2, of: 2 },
      means: 'The table turns requests down: its ceiling is reached, or one partition is too hot.',
      first: 'Look at what writes so much; the front door answers 503 meanwhile and is asked again.',
      runbook: 'functions-fail.md',
    },
  ];
}
