import { describe, expect, it } from 'vitest';
import { areAllHoldersKnown } from '../../functions/provision/agent/holders.ts';
import { openServices } from '../../functions/provision/services.ts';
import { accountOf } from '../../functions/provision/tenant.ts';
import { reconcileHandler, type TendSources } from '../../functions/reconcile/handler.ts';
import { readReconciliation } from '../../functions/reconcile/reconciliation.ts';
import { inTurn } from '../../functions/reconcile/turns.ts';
import { SecretError } from '../../functions/tenant/secrets/secret-error.ts';
import { person, provisionBench } from '../provision/bench.ts';
import { contextWith } from '../scim/event.ts';

function open(tend: TendSources) {
  const bench = provisionBench();
  const handle = reconcileHandler({ tenants: { demo: bench.provisioning.tenant } }, bench.services, { tend });
  const context = { ...contextWith(), getRemainingTimeInMillis: () => 5 * 60_000 };
  return { ...bench, handle: (kind: string) => handle({ kind }, context) };
}

describe('the schedule', () => {
  it('has sources looked after every minute, for less than one, and not once more by the nightly reconciliation', async () => {
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

  it('does for a tenant whose rules can not be read what takes none, so that others of its account may adopt', async () => {
    const bench = provisionBench();
    const { tenant } = bench.provisioning;
    const broken = { ...tenant, provisionWhen: 'title eq (' };
    const handle = reconcileHandler({ tenants: { demo: tenant, broken } }, bench.services);
    await handle({ kind: 'minute' }, contextWith());
    const account = accountOf(tenant);
    expect(await areAllHoldersKnown(bench.directory, account, ['demo', 'broken'])).toBe(true);
    expect(bench.logged.join()).toContain('scheduled work failed');
  });

  it('erases the data of its people, too, when their time is over', async () => {
    const bench = provisionBench();
    const { tenant } = bench.provisioning;
    const before = await bench.stored(person('ada'));
    bench.clock.advance(3_600_000);
    const gone = await bench.stored(person('ada'), { before, deleted: true });
    bench.clock.advance(31 * 86_400_000);
    const handle = reconcileHandler(
      { tenants: { demo: { ...tenant, provisionWhen: 'title eq (' } } },
      bench.services,
    );
    await handle({ kind: 'census' }, contextWith());
    expect(await bench.directory.readPerson('demo', gone.id)).toBeUndefined();
  });

  it('keeps one tenant\u2019s trouble with that tenant: the others have their turn, and no error of the function', async () => {
    const bench = provisionBench();
    await bench.stored(person('ada'));
    const { tenant } = bench.provisioning;
    const broken = {
      ...tenant,
      smartassist: { ...tenant.smartassist, secret: 'unusable', accountId: 'other' },
    };
    const secrets: typeof bench.services.secrets = {
      get: async (kind, owner) => {
        if (owner.name === 'broken')
          throw new SecretError('secret-malformed', 'the secret unusable is no JSON');
        return bench.services.secrets.get(kind, owner);
      },
      refresh: async (kind, owner) => secrets.get(kind, owner),
    };
    const tenants = { broken, demo: tenant };
    const handle = reconcileHandler({ tenants }, { ...bench.services, secrets });
    await bench.directory.writeDocument('broken', 'organization', { id: 'o-1' });
    await handle({ kind: 'census' }, { ...contextWith(), getRemainingTimeInMillis: () => 5 * 60_000 });
    expect(bench.numbers.of('ScheduleFailed')).toEqual({ '': 1 });
    expect((await readReconciliation(bench.services, 'demo'))?.finishedAt).toBeDefined();
  });

  it('fails where its own code does', async () => {
    const bench = open(async () => {});
    const directory = { ...bench.directory, duePersons: undefined as never };
    const tenants = { demo: bench.provisioning.tenant };
    const handle = reconcileHandler({ tenants }, { ...bench.services, directory });
    await expect(handle({ kind: 'minute' }, contextWith())).rejects.toThrow('scheduled work failed 1 times');
  });

  it('ends in time with many tenants, and goes on with the next one', async () => {
    const bench = provisionBench();
    const names = Array.from({ length: 75 }, (_, index) => `tenant-${String(index).padStart(2, '0')}`);
    const turns: string[] = [];
    const work = async (name: string) => {
      turns.push(name);
      bench.clock.advance(1_000);
    };
    for (let run = 0; run < 4; run += 1) {
      await inTurn(bench.services, 'minute', names, bench.clock.now() + 30_000, work);
    }
    expect(turns.slice(0, 75)).toEqual(names);
    expect(turns.slice(75, 105)).toEqual(names.slice(0, 30));
  });
});
