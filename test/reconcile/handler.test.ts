import { describe, expect, it } from 'vitest';
import { areAllHoldersKnown } from '../../functions/provision/agent/holders.ts';
import { requestReconciliation } from '../../functions/provision/agent/search.ts';
import { openServices } from '../../functions/provision/services.ts';
import { accountOf } from '../../functions/provision/tenant.ts';
import {
  reconcileHandler,
  type ScheduleParts,
  scheduleOfGenerations,
  type TendSources,
} from '../../functions/reconcile/handler.ts';
import { readReconciliation } from '../../functions/reconcile/report.ts';
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

  it('counts a failure under its tenant, is no failure itself, and looks after the others', async () => {
    const bench = provisionBench();
    const counted: { name: string }[] = [];
    const metrics = {
      ...bench.numbers,
      count: (name: string, dimensions: object) => counted.push({ name, ...dimensions }),
    };
    const { tenant } = bench.provisioning;
    const broken = { ...tenant, provisionWhen: 'title eq (' };
    const handle = reconcileHandler({ tenants: { broken, demo: tenant } }, { ...bench.services, metrics });
    await handle({ kind: 'minute' }, contextWith());
    expect(counted.filter(({ name }) => name === 'ScheduleFailed')).toEqual([
      { name: 'ScheduleFailed', tenant: 'broken' },
    ]);
    expect(bench.logged.filter((line) => line.includes('scheduled work failed'))).toEqual([
      expect.stringContaining('"tenant":"broken"'),
    ]);
    expect(bench.numbers.of('OldestDueAge')).toEqual({ '': 0 });
  });

  it('leaves sources no longer than the function itself has, less what ending takes', async () => {
    const bench = provisionBench();
    const left: number[] = [];
    const tend: TendSources = async (_configuration, services, _tenants, until) => {
      left.push(until - services.clock.now());
    };
    const handle = reconcileHandler({ tenants: {} }, bench.services, { tend });
    for (const remaining of [20_000, 54_000, 56_000])
      await handle({ kind: 'minute' }, contextWith(remaining));
    expect(left).toEqual([15_000, 49_000, 50_000]);
  });

  it('asks the front door, tells operators and logs their actions by the minute; the night logs alone', async () => {
    const bench = provisionBench();
    let done: string[] = [];
    const parts: ScheduleParts = {
      check: async () => void done.push('check'),
      notify: async ({ name }) => void done.push(`notify ${name}`),
      logActions: async (_services, name) => void done.push(`log ${name}`),
    };
    const handle = reconcileHandler({ tenants: { demo: bench.provisioning.tenant } }, bench.services, parts);
    await handle({ kind: 'minute' }, contextWith());
    expect(done).toEqual(['check', 'log demo', 'notify demo']);
    done = [];
    await handle({ kind: 'census' }, contextWith());
    expect(done).toEqual(['log demo']);
  });

  it('reads the names of a new tenant at once, and asks for nothing more while no reconciliation is under way', async () => {
    const bench = open(async () => undefined);
    const total = () => bench.simulator.calls().total;
    await bench.handle('minute');
    expect(bench.simulator.calls()).toMatchObject({ 'GET /agent-groups': 1 });
    expect(bench.simulator.calls()).not.toHaveProperty('GET /organizations/{orgId}/agents');
    const before = total();
    await bench.handle('minute');
    expect(total()).toBe(before);
    // Each minute goes on with one for as long as it is.
    bench.simulator.setBehaviour({
      faults: [{ on: 'GET /organizations/{orgId}/agents', kind: 'drop-before' }],
    });
    await bench.handle('census');
    const begun = total();
    await bench.handle('minute');
    expect(total()).toBeGreaterThan(begun);
  });

  it('measures although what the last reconciliation left can not be read', async () => {
    const bench = open(async () => undefined);
    await bench.directory.writeDocument('demo', 'census', { startedAt: 7 });
    await bench.handle('minute').catch(() => undefined);
    expect(bench.numbers.of('OldestDueAge')).toEqual({ '': 0 });
  });

  it('begins a reconciliation by night, and by the minute where a person waits for one alone', async () => {
    const bench = open(async () => {});
    await bench.handle('minute');
    expect(await readReconciliation(bench.services, 'demo')).toBeUndefined();
    await requestReconciliation(bench.services, 'demo');
    await bench.handle('minute');
    const asked = await readReconciliation(bench.services, 'demo');
    expect(asked).toMatchObject({ phase: 'done' });
    bench.clock.advance(3_600_000);
    await bench.handle('minute');
    expect(await readReconciliation(bench.services, 'demo')).toEqual(asked);
    await bench.handle('census');
    expect((await readReconciliation(bench.services, 'demo'))?.startedAt).not.toBe(asked?.startedAt);
  });

  it('does not fail while one doorbell of several is heard, nor where no tenant is configured', async () => {
    const bench = provisionBench();
    const { tenant } = bench.provisioning;
    const services = openServices({
      ...bench.services,
      ring: async (name) => {
        if (name === 'demo') throw new Error('the queue is away');
      },
    });
    await reconcileHandler({ tenants: { demo: tenant, other: tenant } }, services)(
      { kind: 'minute' },
      contextWith(),
    );
    expect(bench.numbers.of('DoorbellFailed')).toEqual({ '': 1 });
    await reconcileHandler({ tenants: {} }, services)({ kind: 'minute' }, contextWith());
  });

  it('refuses what no schedule sends', async () => {
    const bench = open(async () => {});
    await expect(bench.handle('hour')).rejects.toThrow();
    expect(bench.rung).toEqual([]);
  });

  it('finds out whose an agent is that two records name', async () => {
    const bench = open(async () => {});
    const ada = await bench.stored(person('ada'));
    const eve = await bench.stored(person('eve'));
    bench.clock.advance(60_000);
    const agent = bench.simulator.agents().find(({ firstName }) => firstName === 'eve');
    for (const known of [ada, eve]) {
      const after = { ...known.agent, agentId: agent?.id ?? '' };
      const changed = { ...known, version: known.version + 1, agent: after };
      expect((await bench.directory.updatePerson(known, changed)).ok).toBe(true);
    }
    await bench.handle('minute');
    expect(bench.logged.join()).not.toContain('scheduled work failed');
    expect((await bench.read(eve)).agent.agentId).toBe(agent?.id);
    expect(await bench.read(ada)).toMatchObject({ state: 'due', agent: { presence: 'none' } });
  });

  it('looks after nobody while no configuration is active, and says so', async () => {
    const bench = provisionBench();
    const warned: string[] = [];
    const log = { ...bench.services.log, warn: (message: string) => void warned.push(message) };
    const generations = { current: async () => undefined } as never;
    const handle = scheduleOfGenerations(generations, { ...bench.services, log });
    await handle({ kind: 'minute' }, contextWith());
    expect(warned).toEqual([expect.stringContaining('agent-provisioner push')]);
    expect(bench.rung).toEqual([]);
  });

  it('looks after the tenants of the configuration that is active', async () => {
    const bench = provisionBench();
    const tended: string[][] = [];
    const tend: TendSources = async ({ tenants }) => void tended.push(Object.keys(tenants));
    let tenants: object = { demo: bench.provisioning.tenant };
    const generations = { current: async () => ({ number: 1, configuration: { tenants } }) } as never;
    const handle = scheduleOfGenerations(generations, bench.services, { tend });
    await handle({ kind: 'minute' }, contextWith());
    tenants = { other: bench.provisioning.tenant };
    await handle({ kind: 'minute' }, contextWith());
    expect(bench.rung).toEqual(['demo', 'other']);
    expect(tended).toEqual([['demo'], ['other']]);
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
