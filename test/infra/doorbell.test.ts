import { beforeAll, describe, expect, it } from 'vitest';
import { resourceOf, resourcesOf, SEVERAL_TENANTS, type Synthesis, synthesise } from './synthesis.ts';

let several: Synthesis;
beforeAll(() => {
  several = synthesise(SEVERAL_TENANTS);
});

describe('the doorbell', () => {
  // A FIFO queue looks at its first 120,000 messages for a group that is free, so messages must never pile up:
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/avoid-backlog-with-the-same-message-group-id.html
  it('is a FIFO queue: one drain a tenant', () => {
    several.template.allResourcesProperties('AWS::SQS::Queue', {
      FifoQueue: true,
      SqsManagedSseEnabled: true,
    });
  });

  it('lets a message wait as long as a drain may take, and little longer', () => {
    const { VisibilityTimeout } = queue().Properties;
    const { Timeout } = resourceOf(several.template, 'AWS::Lambda::Function', 'Drain').Properties;
    expect(VisibilityTimeout).toBeGreaterThan(Timeout);
    expect(VisibilityTimeout).toBeLessThanOrEqual(Timeout + 30);
  });

  it('lets a message that means nothing any more expire: the schedule rings again every minute', () => {
    expect(queue().Properties.MessageRetentionPeriod).toBe(15 * 60);
  });

  it('delivers a second late, so that the index shows who is due', () => {
    expect(queue().Properties.DelaySeconds).toBe(1);
  });

  it('puts aside for four hours what failed five times', () => {
    // https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
    const { id, Properties } = resourceOf(several.template, 'AWS::SQS::Queue', 'DoorbellDeadLetters');
    expect(queue().Properties.RedrivePolicy).toEqual({
      deadLetterTargetArn: { 'Fn::GetAtt': [id, 'Arn'] },
      maxReceiveCount: 5,
    });
    expect(Properties.MessageRetentionPeriod).toBe(4 * 60 * 60);
  });

  it('gives the drain one tenant at a time, and takes back what failed', () => {
    const { Properties } = resourceOf(several.template, 'AWS::Lambda::EventSourceMapping');
    expect(Properties).toMatchObject({
      EventSourceArn: { 'Fn::GetAtt': [queue().id, 'Arn'] },
      BatchSize: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    const { id } = resourceOf(several.template, 'AWS::Lambda::Alias', 'Drain');
    expect(JSON.stringify(Properties.FunctionName)).toMatch(new RegExp(`"Ref":"${id}".*":live"`));
  });
});

describe('the schedule', () => {
  it('sends the Census function a minute every minute, and begins a reconciliation every night', () => {
    const { id } = resourceOf(several.template, 'AWS::Lambda::Alias', 'Census');
    const schedules = resourcesOf(several.template, 'AWS::Scheduler::Schedule').map(([, { Properties }]) => {
      expect(Properties).toMatchObject({ State: 'ENABLED', Target: { Arn: { Ref: id } } });
      return [Properties.ScheduleExpression, JSON.parse(Properties.Target.Input)];
    });
    expect(schedules).toEqual([
      ['rate(1 minute)', { kind: 'minute' }],
      ['cron(0 2 * * ? *)', { kind: 'census' }],
    ]);
  });
});

const queue = () => resourceOf(several.template, 'AWS::SQS::Queue', 'DoorbellQueue');
