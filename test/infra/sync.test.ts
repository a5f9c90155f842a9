import { beforeAll, describe, expect, it } from 'vitest';
import { nameOf, permissionsOf } from './statements.ts';
import { resourceOf, resourcesOf, SEVERAL_TENANTS, type Synthesis, synthesise } from './synthesis.ts';

const READING = `
tenants:
  acme:
    smartassist: { host: platform.kore.ai, streamId: st-1 }
    sources:
      okta: { preset: okta-event-hook, fetch: { domain: acme.okta.com }, sync: {} }
`;

let reading: Synthesis;
beforeAll(() => {
  reading = synthesise(READING);
});

describe('the function that reads people from sources', () => {
  it('is not there where no source is read', () => {
    const without = synthesise(SEVERAL_TENANTS);
    const names = resourcesOf(without.template, 'AWS::Lambda::Function').map(([id]) => nameOf(id));
    expect(names.filter((name) => /Sync/.test(name))).toEqual([]);
  });

  it('comes every minute, with as much time as there is, and is not repeated', () => {
    expect(resourceOf(reading.template, 'AWS::Lambda::Function', 'Sync').Properties).toMatchObject({
      Timeout: 900,
    });
    expect(
      resourceOf(reading.template, 'AWS::Scheduler::Schedule', 'SyncEveryMinute').Properties,
    ).toMatchObject({
      ScheduleExpression: 'rate(1 minute)',
      Target: { RetryPolicy: { MaximumRetryAttempts: 0 } },
    });
    // Whatever the schedule says, Lambda itself repeats what it was given asynchronously:
    // https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
    expect(resourceOf(reading.template, 'AWS::Lambda::EventInvokeConfig', 'Sync').Properties).toMatchObject({
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 60,
    });
  });

  it('has executions of its own where they are shared out, and nobody else has where it is not there', () => {
    const of = (text: string) => {
      const { template } = synthesise(text, { concurrency: '900' });
      const functions = resourcesOf(template, 'AWS::Lambda::Function');
      return functions.map(([id, { Properties }]) => [nameOf(id), Properties.ReservedConcurrentExecutions]);
    };
    const shares = Object.fromEntries(of(READING));
    const [name = ''] = Object.keys(shares).filter((each) => each.startsWith('Sync'));
    expect(shares[name]).toBe(18);
    const total = (list: unknown[][]) => list.reduce((sum, [, share]) => sum + Number(share), 0);
    // Sign-ups have a part as well, for a function that is not there.
    expect(total(of(READING))).toBe(900 - 45);
    expect(total(of(SEVERAL_TENANTS))).toBe(900 - 45);
  });

  it('reads secrets of the front doors alone, writes the directory, and rings', () => {
    const permissions = permissionsOf(reading, 'SyncRole');
    expect(permissions.filter((each) => each.startsWith('sqs:'))).toEqual([
      'sqs:SendMessage on DoorbellQueue.Arn',
    ]);
    const secrets = permissions.filter((each) => each.startsWith('secretsmanager:'));
    expect(secrets.some((each) => each.includes('/door'))).toBe(true);
    expect(secrets.some((each) => each.includes('/smartassist'))).toBe(false);
    expect(permissions).toContain('dynamodb:PutItem on DirectoryTable.Arn');
    expect(permissions.filter((each) => each.startsWith('s3:'))).toEqual([]);
  });

  it('reads of S3 the very objects that are sources, and their markers', () => {
    const { template } = synthesise(`
tenants:
  acme:
    smartassist: { host: platform.kore.ai, streamId: st-1 }
    sources:
      hr: { preset: file, sync: {}, fetch: { file: 's3://acme-hr/out/people.csv', content: full, marker: 's3://acme-hr/out/done' } }
      us: { preset: file, sync: {}, fetch: { file: 's3://acme-us/people.jsonl', content: incremental } }
`);
    const policies = resourcesOf(template, 'AWS::IAM::Policy').filter(([, each]) =>
      JSON.stringify(each).includes('s3:'),
    );
    expect(policies.map(([id]) => nameOf(id))).toEqual([expect.stringMatching(/^Sync/)]);
    const statements: { Action: unknown; Resource: unknown }[] =
      policies[0]?.[1].Properties.PolicyDocument.Statement;
    const arn = (path: string) => ({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:s3:::${path}`]],
    });
    expect(statements.filter(({ Action }) => String(Action).startsWith('s3:'))).toEqual([
      expect.objectContaining({
        Effect: 'Allow',
        Action: 's3:GetObject',
        Resource: ['acme-hr/out/done', 'acme-hr/out/people.csv', 'acme-us/people.jsonl'].map(arn),
      }),
    ]);
  });
});
