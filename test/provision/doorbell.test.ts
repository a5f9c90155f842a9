import { describe, expect, it } from 'vitest';
import { openServices, ringingOnce } from '../../functions/provision/services.ts';
import { silentMetrics } from '../../functions/runtime/metrics.ts';
import { provisionBench } from './bench.ts';

function bell(isBroken = false) {
  const rung: string[] = [];
  const counted: string[] = [];
  const services = openServices({
    ...provisionBench().services,
    metrics: { ...silentMetrics, count: (name, of) => void counted.push(`${name} ${JSON.stringify(of)}`) },
    ring: async (tenant) => {
      if (isBroken) throw new Error('the queue is away');
      rung.push(tenant);
    },
  });
  return { services, rung, counted };
}

describe('the doorbell', () => {
  it('says whether the queue took the message', async () => {
    const { services, rung, counted } = bell();
    expect(await services.ring('acme')).toBe(true);
    expect([rung, counted]).toEqual([['acme'], []]);
  });

  it('never fails what has been stored: it is counted, and the schedule rings again', async () => {
    const { services, counted } = bell(true);
    expect(await services.ring('acme')).toBe(false);
    expect(counted).toEqual(['DoorbellFailed {"tenant":"acme"}']);
  });

  it('is rung once a tenant, when all of a batch is stored', async () => {
    const { services, rung } = bell();
    const answer = await ringingOnce(services, async ({ ring }) => {
      const rings = [await ring('acme'), await ring('other'), await ring('acme')];
      expect(rung).toEqual([]);
      return rings;
    });
    expect(answer).toEqual([true, true, true]);
    expect(rung).toEqual(['acme', 'other']);
  });

  it('is rung for what is stored of a batch that breaks off', async () => {
    const { services, rung } = bell();
    const broken = ringingOnce(services, async ({ ring }) => {
      await ring('acme');
      throw new Error('the table is away');
    });
    await expect(broken).rejects.toThrow('the table is away');
    expect(rung).toEqual(['acme']);
  });
});
