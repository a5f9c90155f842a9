import type { Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { measured, openEmf } from '../../functions/lambda/emf.ts';

const CONTEXT = { awsRequestId: 'request-1' } as Context;

function open() {
  const lines: string[] = [];
  const clock = { now: () => 1_790_000_000_000, sleep: async () => {} };
  const metrics = openEmf({ namespace: 'Stage', clock, write: (line) => void lines.push(line) });
  return { metrics, lines, parsed: () => lines.map((line) => JSON.parse(line)) };
}

describe('metrics in the embedded metric format', () => {
  it('are one line of the documented shape: with their dimensions, and without any', () => {
    const { metrics, lines, parsed } = open();
    metrics.count('Provisioned', { tenant: 'demo', kind: 'create' });
    metrics.flush('request-1');
    expect(parsed()).toEqual([
      {
        _aws: {
          Timestamp: 1_790_000_000_000,
          CloudWatchMetrics: [
            {
              Namespace: 'Stage',
              Dimensions: [['tenant', 'kind'], []],
              Metrics: [{ Name: 'Provisioned', Unit: 'Count' }],
            },
          ],
        },
        requestId: 'request-1',
        tenant: 'demo',
        kind: 'create',
        Provisioned: 1,
      },
    ]);
    expect(lines[0]).not.toContain('\n');
  });

  it('add up what is counted, and keep the last word of what stands', () => {
    const { metrics, parsed } = open();
    metrics.count('Call', { tenant: 'demo' });
    metrics.count('Call', { tenant: 'demo' }, 4);
    metrics.gauge('BudgetUse', { tenant: 'demo' }, 70);
    metrics.gauge('BudgetUse', { tenant: 'demo' }, 20);
    metrics.flush('request-1');
    expect(parsed()).toMatchObject([{ Call: 5, BudgetUse: 20 }]);
    const [{ _aws }] = parsed();
    expect(_aws.CloudWatchMetrics.flatMap(({ Metrics }: { Metrics: object[] }) => Metrics)).toEqual([
      { Name: 'Call', Unit: 'Count' },
      { Name: 'BudgetUse', Unit: 'Percent' },
    ]);
  });

  it('keep each time that something took, over all tenants, in lines of 100 values at most', () => {
    const { metrics, parsed } = open();
    for (let each = 0; each < 250; each += 1) metrics.time('CallTime', {}, each);
    metrics.flush('request-1');
    const written = parsed();
    expect(written.map(({ CallTime }) => CallTime.length)).toEqual([100, 100, 50]);
    expect(written.flatMap(({ CallTime }) => CallTime)).toEqual(
      Array.from({ length: 250 }, (_, each) => each),
    );
    for (const { _aws } of written) {
      expect(_aws.CloudWatchMetrics).toEqual([
        { Namespace: 'Stage', Dimensions: [[]], Metrics: [{ Name: 'CallTime', Unit: 'Milliseconds' }] },
      ]);
    }
  });

  it('that no alarm looks at over all tenants are not written so: each costs', () => {
    const { metrics, parsed } = open();
    metrics.gauge('FailedNow', { tenant: 'demo' }, 3);
    metrics.gauge('OldestDueAge', { tenant: 'demo' }, 0);
    metrics.flush('request-1');
    expect(parsed()[0]._aws.CloudWatchMetrics).toEqual([
      { Namespace: 'Stage', Dimensions: [['tenant']], Metrics: [{ Name: 'FailedNow', Unit: 'Count' }] },
      {
        Namespace: 'Stage',
        Dimensions: [['tenant'], []],
        Metrics: [{ Name: 'OldestDueAge', Unit: 'Seconds' }],
      },
    ]);
  });

  it('of different tenants and reasons are different lines', () => {
    const { metrics, parsed } = open();
    metrics.count('Failed', { tenant: 'one', reason: 'refused' });
    metrics.count('Failed', { tenant: 'two', reason: 'refused' });
    metrics.count('Failed', { tenant: 'two', reason: 'invalid' });
    metrics.count('Failed', { reason: 'refused', tenant: 'two' });
    metrics.flush('request-1');
    expect(parsed().map(({ tenant, reason, Failed }) => [tenant, reason, Failed])).toEqual([
      ['one', 'refused', 1],
      ['two', 'refused', 2],
      ['two', 'invalid', 1],
    ]);
  });

  it('are written once, and nothing is written where nothing was measured', () => {
    const { metrics, lines } = open();
    metrics.flush('request-1');
    metrics.count('Call', { tenant: 'demo' });
    metrics.flush('request-2');
    metrics.flush('request-3');
    expect(lines).toHaveLength(1);
  });
});

describe('a measured handler', () => {
  it('writes what was measured when it is done, and the cold start with the first event alone', async () => {
    const { metrics, parsed } = open();
    const handler = measured('scim', metrics, async (tenant: string) => {
      metrics.count('Accepted', { tenant });
      return 'answer';
    });
    expect(await handler('demo', CONTEXT)).toBe('answer');
    expect(await handler('demo', { ...CONTEXT, awsRequestId: 'request-2' })).toBe('answer');
    expect(parsed().map(({ _aws, ...line }) => line)).toEqual([
      { requestId: 'request-1', kind: 'scim', ColdStart: 1 },
      { requestId: 'request-1', tenant: 'demo', Accepted: 1 },
      { requestId: 'request-2', tenant: 'demo', Accepted: 1 },
    ]);
  });

  it('writes it also when it fails', async () => {
    const { metrics, parsed } = open();
    const handler = measured('drain', metrics, async () => {
      metrics.count('Failed', { tenant: 'demo', reason: 'broken' });
      throw new Error('the table is gone');
    });
    await expect(handler({}, CONTEXT)).rejects.toThrow('the table is gone');
    expect(parsed().map(({ Failed }) => Failed)).toContain(1);
  });
});
