import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resourceOf, resourcesOf, SEVERAL_TENANTS, type Synthesis, synthesise } from './synthesis.ts';

let several: Synthesis;
beforeAll(() => {
  several = synthesise(SEVERAL_TENANTS);
});
afterAll(() => several.dispose());

describe('the doorbell', () => {
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

  it('puts aside for two weeks what failed three times', () => {
    const { id, Properties } = resourceOf(several.template, 'AWS::SQS::Queue', 'DoorbellDeadLetters');
    expect(queue().Properties.RedrivePolicy).toEqual({
      deadLetterTargetArn: { 'Fn::GetAtt': [id, 'Arn'] },
      maxReceiveCount: 3,
    });
    expect(Properties.MessageRetentionPeriod).toBe(14 * 24 * 60 * 60);
  });

  it('rings for each tenant every minute, each time with another message, as SQS drops what it has seen', () => {
    const schedules = resourcesOf(several.template, 'AWS::Scheduler::Schedule').map(([, { Properties }]) => {
      expect(Properties).toMatchObject({
        ScheduleExpression: 'rate(1 minute)',
        State: 'ENABLED',
        Target: { Arn: { 'Fn::GetAtt': [queue().id, 'Arn'] } },
      });
      const { Input, SqsParameters } = Properties.Target;
      const { tenant, at } = JSON.parse(Input);
      expect({ at, SqsParameters }).toEqual({
        at: '<aws.scheduler.scheduled-time>',
        SqsParameters: { MessageGroupId: tenant },
      });
      return tenant;
    });
    expect(schedules.toSorted()).toEqual(['acme-emea', 'acme-us', 'acme-us-test']);
    expect(queue().Properties.ContentBasedDeduplication).toBe(true);
  });

  it('gives the drain one tenant at a time, and takes back what failed', () => {
    several.template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: { 'Fn::GetAtt': [queue().id, 'Arn'] },
      FunctionName: { Ref: resourceOf(several.template, 'AWS::Lambda::Function', 'Drain').id },
      BatchSize: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });
});

const queue = () => resourceOf(several.template, 'AWS::SQS::Queue', 'DoorbellQueue');
