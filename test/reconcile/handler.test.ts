import { describe, expect, it } from 'vitest';
import { openServices } from '../../functions/provision/services.ts';
import { reconcileHandler, type TendSources } from '../../functions/reconcile/handler.ts';
import { person, provisionBench } from '../provision/bench.ts';
import { contextWith } from '../scim/event.ts';

function open(tend: TendSources) {
  const bench = provisionBench();
  const handle = reconcileHandler({ tenants: { demo: bench.provisioning.tenant } }, bench.services, { tend });
  const context = { ...contextWith(), getRemainingTimeInMillis: () => 5 * 60_000 };
  return { ...bench, handle: (kind: string) => handle({ kind }, context) };
}

describe('the schedule', () => {
  it('has sources looked after every minute, for less than one, and not once more by the nightly census', async () => {
    const tended: number[] = [];
    const bench = open(async (configuration, services, tenants, until) => {
      expect(Object.keys(configuration.tenants)).toEqual(['demo']);
      expect(tenants('demo')?.name).toBe('demo');
      tended.push(until - services.clock.now());
    });
    await bench.handle('minute');
    await bench.handle('census');
    await bench.handle('minute');
    expect(tended).toEqual([50_000, 50_000]);
    expect(bench.rung).toEqual(['demo', 'demo', 'demo']);
  });

  it('does the rest when sources can not be looked after, and fails in the end, so that it is seen', async () => {
    const bench = open(async () => {
      throw new Error('the states are away');
    });
    await bench.stored(person('ada'));
    bench.clock.advance(60_000);
    await expect(bench.handle('minute')).rejects.toThrow('scheduled work failed 1 times');
    expect(bench.rung).toContain('demo');
    expect(bench.logged.join()).toContain('the states are away');
  });

  it('rings for every tenant and does the rest when no doorbell is heard, and fails in the end', async () => {
    const bench = provisionBench();
    const rung: string[] = [];
    const ring = async (tenant: string) => {
      rung.push(tenant);
      throw new Error('the queue is away');
    };
    const { tenant } = bench.provisioning;
    const services = openServices({ ...bench.services, ring });
    let isTended = false;
    const handle = reconcileHandler({ tenants: { demo: tenant, other: tenant } }, services, {
      tend: async () => {
        isTended = true;
      },
    });
    await expect(handle({ kind: 'minute' }, contextWith())).rejects.toThrow('scheduled work failed 2 times');
    expect(rung).toEqual(['demo', 'other']);
    expect(isTended).toBe(true);
    expect(bench.numbers.of('OldestDueAge')).toEqual({ '': 0 });
    expect(bench.numbers.of('DoorbellFailed')).toEqual({ '': 2 });
  });
});
