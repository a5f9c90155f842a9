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

  it('reads secrets of the front doors alone, writes the directory, and rings', () => {
    const permissions = permissionsOf(reading, 'SyncRole');
    expect(permissions.filter((each) => each.startsWith('sqs:'))).toEqual([
      'sqs:SendMessage on DoorbellQueue.Arn',
    ]);
    const secrets = permissions.filter((each) => each.startsWith('secretsmanager:'));
    expect(secrets.some((each) => each.includes('/door'))).toBe(true);
    expect(secrets.some((each) => each.includes('/smartassist'))).toBe(false);
    expect(permissions).toContain('dynamodb:PutItem on DirectoryTable.Arn');
  });
});
