import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { beforeAll, describe, expect, it } from 'vitest';
import { APART, METRICS, type MetricName } from '../../functions/runtime/metrics.ts';
import { ROOT, resourceOf, resourcesOf, SEVERAL_TENANTS, type Synthesis, synthesise } from './synthesis.ts';

/** With the check of the front door, so that each alarm is there. */
const WATCHED = { check: 'on' };

let several: Synthesis;
beforeAll(() => {
  several = synthesise(SEVERAL_TENANTS, WATCHED);
});

const NAMESPACE = 'AgentProvisioner';

/** AWS's own metrics that are looked at, with their dimensions: as the services' documentation has them. */
const OF_AWS: Readonly<Record<string, readonly string[]>> = {
  'AWS/ApiGateway 4xx': ['ApiId'],
  'AWS/ApiGateway 5xx': ['ApiId'],
  'AWS/ApiGateway Count': ['ApiId'],
  'AWS/ApiGateway Latency': ['ApiId'],
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
  'AWS/DynamoDB ReadThrottleEvents': ['TableName', 'GlobalSecondaryIndexName,TableName'],
  'AWS/DynamoDB WriteThrottleEvents': ['TableName', 'GlobalSecondaryIndexName,TableName'],
  'AWS/Lambda Errors': ['FunctionName'],
  'AWS/Lambda Invocations': ['FunctionName'],
  'AWS/Lambda Throttles': ['FunctionName'],
  'AWS/SQS ApproximateAgeOfOldestMessage': ['QueueName'],
  'AWS/SQS ApproximateNumberOfMessagesVisible': ['QueueName'],
};

/** A metric as a template looks at it: `namespace name`, and the names of its dimensions. */
type Looked = readonly [name: string, dimensions: string];

/** What is wrong with looking at it: nobody writes such a metric, or not under these dimensions. */
function faultOf([name, dimensions]: Looked): string | undefined {
  const [namespace, metric = ''] = name.split(' ');
  if (namespace !== NAMESPACE)
    return OF_AWS[name]?.includes(dimensions) ? undefined : `${name} by ${dimensions}`;
  if (!(metric in METRICS)) return `${metric} is in no list`;
  const own = METRICS[metric as MetricName].dimensions.join(',');
  const isOverAll = own === '' || !APART.has(metric as MetricName);
  return (dimensions === '' && isOverAll) || dimensions === own
    ? undefined
    : `${metric} is not written by ${dimensions}`;
}

interface AlarmProperties {
  readonly AlarmDescription: string;
  readonly TreatMissingData: string;
  readonly AlarmActions: unknown[];
  readonly MetricName?: string;
  readonly Namespace?: string;
  readonly Dimensions?: { Name: string }[];
  readonly Metrics?: {
    Expression?: string;
    Period?: number;
    MetricStat?: { Metric: { Namespace: string; MetricName: string; Dimensions?: { Name: string }[] } };
  }[];
}

const alarms = () =>
  resourcesOf(several.template, 'AWS::CloudWatch::Alarm')
    .filter(([id]) => id.startsWith('Monitoring'))
    .map(([id, { Properties }]) => [id, Properties as AlarmProperties] as const);

const nameOf = (id: string) => id.replace(/^Monitoring|[0-9A-F]{8}$/g, '');

const named = (dimensions: readonly { Name: string }[] = []) => dimensions.map(({ Name }) => Name).join(',');

function lookedAtBy({ MetricName, Namespace, Dimensions, Metrics = [] }: AlarmProperties): Looked[] {
  const parts = Metrics.flatMap(({ MetricStat }) => (MetricStat === undefined ? [] : [MetricStat.Metric]));
  const queries = Metrics.flatMap(({ Expression = '' }): Looked[] => {
    const query = /^SELECT \w+\((\w+)\) FROM SCHEMA\("([\w-]+)", ([\w, ]+)\) GROUP BY tenant$/.exec(
      Expression,
    );
    return query === null ? [] : [[`${query[2]} ${query[1]}`, (query[3] ?? '').replaceAll(' ', '')]];
  });
  const whole = MetricName === undefined ? [] : [{ Namespace, MetricName, Dimensions }];
  const single = [...whole, ...parts].map(
    (each): Looked => [`${each.Namespace} ${each.MetricName}`, named(each.Dimensions)],
  );
  return [...single, ...queries];
}

interface Widget {
  readonly type: string;
  readonly properties: {
    title?: string;
    metrics?: (string | { expression?: string })[][];
    markdown?: string;
  };
}

/** The dashboard as JSON; what CloudFormation fills in is a letter. */
function widgets(): Widget[] {
  const body = resourceOf(several.template, 'AWS::CloudWatch::Dashboard').Properties.DashboardBody;
  const text = body['Fn::Join'][1].map((part: unknown) => (typeof part === 'string' ? part : 'X')).join('');
  return JSON.parse(text).widgets;
}

function shownBy({ properties: { metrics = [] } }: Widget): Looked[] {
  return metrics.map((line): Looked => {
    const [first, name, ...rest] = line;
    if (typeof first === 'string') {
      const dimensions = rest.filter((part, index) => typeof part === 'string' && index % 2 === 0);
      return [`${first} ${name}`, dimensions.join(',')];
    }
    const search = /^SEARCH\('\{"?([\w-]+)"?,([\w,]+)\} MetricName="(\w+)"'/.exec(first?.expression ?? '');
    return [`${search?.[1]} ${search?.[3]}`, search?.[2] ?? ''];
  });
}

describe('every metric', () => {
  it.each(Object.keys(METRICS))('%s is written by the code under that name', (name) => {
    const writers = globSync('functions/**/*.ts', { cwd: ROOT })
      .filter((file) => !file.endsWith('runtime/metrics.ts'))
      .filter((file) => readFileSync(join(ROOT, file), 'utf8').includes(`'${name}'`));
    expect(writers).not.toEqual([]);
  });

  it('is on the dashboard', () => {
    const shown = new Set(
      widgets()
        .flatMap(shownBy)
        .map(([name]) => name),
    );
    expect(Object.keys(METRICS).filter((name) => !shown.has(`${NAMESPACE} ${name}`))).toEqual([]);
  });

  it('is told apart by nothing that could be a person, and by little', () => {
    for (const { dimensions } of Object.values(METRICS)) expect(dimensions.length).toBeLessThanOrEqual(2);
  });

  it('would be missed under another name or another dimension', () => {
    expect(faultOf([`${NAMESPACE} Call`, 'tenant'])).toBeUndefined();
    expect(faultOf([`${NAMESPACE} Calls`, 'tenant'])).toContain('in no list');
    expect(faultOf([`${NAMESPACE} Call`, 'person'])).toContain('not written');
    expect(faultOf(['AWS/Lambda Error', 'FunctionName'])).toBeDefined();
  });
});

describe('alarms', () => {
  it('look at metrics that are written', () => {
    const looked = alarms().flatMap(([, properties]) => lookedAtBy(properties));
    expect(looked.length).toBeGreaterThan(alarms().length);
    expect(looked.map(faultOf).filter((fault) => fault !== undefined)).toEqual([]);
  });

  it('ring for each tenant by itself where one broken tenant would hide the next', () => {
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Metrics_Insights_Alarm.html
    const byTenant = alarms().flatMap(([id, { Metrics = [] }]) =>
      Metrics.flatMap(({ Expression = '', Period }) =>
        Expression.includes('GROUP BY tenant') ? [[nameOf(id), Period]] : [],
      ),
    );
    expect(byTenant).toEqual(
      [
        'PersonsFailed',
        'SeatsNearlyTaken',
        'BrakeEngaged',
        'CredentialsRefused',
        'SourceSilent',
        'SourcePaused',
        'SourceFailed',
        'ScheduleFails',
      ].map((name) => [name, 300]),
    );
  });

  it('of the promise ring when one joiner of 100 waits over 60 seconds while calls are free', () => {
    const { Metrics, Threshold } = resourceOf(
      several.template,
      'AWS::CloudWatch::Alarm',
      'MonitoringJoinersLate',
    ).Properties;
    expect(Threshold).toBe(60);
    expect(Metrics).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ Expression: 'IF(FILL(use, 0) < 100, value, 0)' }),
        expect.objectContaining({ Id: 'value', MetricStat: expect.objectContaining({ Stat: 'p99' }) }),
      ]),
    );
  });

  it('are these', () => {
    expect(alarms().map(([id]) => nameOf(id))).toEqual([
      'Waiting',
      'JoinersLate',
      'BackfillWaiting',
      'PersonsFailed',
      'SeatsNearlyTaken',
      'BrakeEngaged',
      'PausedLong',
      'CensusLate',
      'SmartAssistUnanswered',
      'SmartAssistThrottles',
      'CredentialsRefused',
      'SecretUnusable',
      'SourceSilent',
      'SourcePaused',
      'SourceFailed',
      'SyncFailed',
      'SyncLate',
      'FrontDoorUnanswered',
      'FrontDoorFails',
      'FrontDoorSlow',
      'DoorbellOld',
      'FunctionErrors',
      'ScheduleFails',
      'FunctionThrottles',
      'DeadLetters',
      'DirectoryThrottles',
    ]);
  });

  it('say what they mean, what to do first, and where to read on', () => {
    for (const [, { AlarmDescription }] of alarms()) {
      const [, page = ''] =
        /^[A-Z].+\. First: [A-Z].+\. See (docs\/runbooks\/[\w-]+\.md)$/.exec(AlarmDescription) ?? [];
      expect([AlarmDescription, existsSync(join(ROOT, page)) && page !== '']).toEqual([
        AlarmDescription,
        true,
      ]);
      expect(AlarmDescription.length).toBeLessThanOrEqual(1024);
    }
  });

  it('are in the list of runbooks, each with the page that its description names', () => {
    const list = readFileSync(join(ROOT, 'docs/runbooks/README.md'), 'utf8');
    const rows = [...list.matchAll(/^\| (\w+(?:, \w+)*) \| \[[^\]]+\]\(([^)]+)\) \|$/gm)];
    const listed = rows.flatMap(([, ids = '', page]) => ids.split(', ').map((id) => `${id} ${page}`));
    const planned = alarms().map(([id, { AlarmDescription }]) => {
      const [, page] = /runbooks\/(\S+)$/.exec(AlarmDescription) ?? [];
      // Behind the name CloudFormation's id has eight digits of a digest.
      return `${id.slice('Monitoring'.length, -8)} ${page}`;
    });
    expect(planned.toSorted()).toEqual(listed.toSorted());
  });

  it('take silence for good news, but for those that are written every minute', () => {
    const breaching = alarms().filter(([, { TreatMissingData }]) => TreatMissingData !== 'notBreaching');
    expect(breaching.map(([, properties]) => lookedAtBy(properties).join())).toEqual([
      `${NAMESPACE} OldestDueAge,`,
      `${NAMESPACE} FrontDoorUnanswered,`,
    ]);
  });

  it('all go to the topic, when they begin and when they end', () => {
    const topic = { Ref: resourceOf(several.template, 'AWS::SNS::Topic').id };
    for (const [, properties] of alarms()) {
      expect(properties).toMatchObject({ AlarmActions: [topic], OKActions: [topic] });
    }
  });

  it('cost the same however many tenants there are', () => {
    const one = synthesise(
      'tenants: { a: { smartassist: { host: platform.kore.ai, streamId: st-1, secret: a } } }',
      WATCHED,
    );
    const count = (synthesis: Synthesis) => resourcesOf(synthesis.template, 'AWS::CloudWatch::Alarm').length;
    expect(count(one)).toBe(count(several));
  });
});

describe('saved queries', () => {
  it('look through the logs of all functions, under the name of the stack', () => {
    const queries = resourcesOf(several.template, 'AWS::Logs::QueryDefinition');
    expect(queries).toHaveLength(5);
    for (const [, { Properties }] of queries) {
      expect(Properties.Name['Fn::Join'][1][0]).toEqual({ Ref: 'AWS::StackName' });
      expect(Properties.LogGroupNames).toHaveLength(4);
      expect(Properties.QueryString).toMatch(/^(fields|filter) .+(\n\| \w+ .+)+$/);
    }
  });
});

describe('costs', () => {
  it('are told apart by stage: what can carry a tag carries the stage', () => {
    const tag = { Key: 'agent-provisioner:stage', Value: 'default' };
    for (const type of ['AWS::Lambda::Function', 'AWS::SQS::Queue', 'AWS::Logs::LogGroup']) {
      for (const [, { Properties }] of resourcesOf(several.template, type)) {
        expect(Properties.Tags).toContainEqual(tag);
      }
    }
    const [replica] = resourceOf(several.template, 'AWS::DynamoDB::GlobalTable').Properties.Replicas;
    expect(replica.Tags).toContainEqual(tag);
  });
});

describe('the topic', () => {
  it('is encrypted under a key that alarms of this account may use', () => {
    const { Properties } = resourceOf(several.template, 'AWS::SNS::Topic');
    const key = resourceOf(several.template, 'AWS::KMS::Key');
    expect(Properties.KmsMasterKeyId).toEqual({ 'Fn::GetAtt': [key.id, 'Arn'] });
    expect(key.Properties.EnableKeyRotation).toBe(true);
    expect(key.Properties.KeyPolicy.Statement).toContainEqual(
      expect.objectContaining({
        Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      }),
    );
  });

  it('has nobody subscribed where nobody is named', () => {
    several.template.resourceCountIs('AWS::SNS::Subscription', 0);
  });

  it('is read by an e-mail address that is named, and the rules of cdk-nag have nothing to say', () => {
    const told = synthesise(SEVERAL_TENANTS, { alarms: 'ops@example.com' });
    told.template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'ops@example.com',
    });
    const found = [new AwsSolutionsChecks(), new ServerlessChecks()].flatMap(
      (pack) => pack.validateScope(told.stack).violations,
    );
    expect(found.map(({ ruleName }) => ruleName)).toEqual([]);
  });

  it('can be one that is there', () => {
    const arn = 'arn:aws:sns:eu-central-1:123456789012:on-call';
    const told = synthesise(SEVERAL_TENANTS, { alarms: arn });
    told.template.resourceCountIs('AWS::SNS::Topic', 0);
    told.template.resourceCountIs('AWS::KMS::Key', 0);
    expect(
      resourceOf(told.template, 'AWS::CloudWatch::Alarm', 'MonitoringWaiting').Properties.AlarmActions,
    ).toEqual([arn]);
  });
});

describe('the dashboard', () => {
  it('shows metrics that are written', () => {
    const shown = widgets().flatMap(shownBy);
    expect(shown.length).toBeGreaterThan(20);
    expect(shown.map(faultOf).filter((fault) => fault !== undefined)).toEqual([]);
  });

  it('of a named stage quotes its namespace, which has a hyphen', () => {
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
    const stage = synthesise(SEVERAL_TENANTS, { stage: 'test' });
    const body = JSON.stringify(resourceOf(stage.template, 'AWS::CloudWatch::Dashboard').Properties);
    const schemas = [...body.matchAll(/SEARCH\('\{([^}]*)\}/g)].map(([, schema = '']) => schema);
    expect(schemas.length).toBeGreaterThan(10);
    for (const schema of schemas) expect(schema).toMatch(/^[\\"]+AgentProvisioner-test[\\"]+,/);
  });

  it('asks the five questions, and docs/operating.md says what each widget shows', () => {
    const texts = widgets().flatMap(({ properties }) => properties.markdown ?? []);
    expect(texts).toEqual([
      '## Are people getting in?',
      '## How far behind are we?',
      '## How long does it take?',
      '## What is failing?',
      '## What does it cost in calls?',
    ]);
    const rows = [...readFileSync(join(ROOT, 'docs/operating.md'), 'utf8').matchAll(/^\| \*(.+?)\* \|/gm)];
    expect(rows.map(([, title]) => title)).toEqual(
      widgets().flatMap(({ properties }) => properties.title ?? []),
    );
  });
});
