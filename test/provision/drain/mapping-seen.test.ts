import { describe, expect, it } from 'vitest';
import {
  detectConfigurationChange,
  mappingDigestOf,
} from '../../../functions/provision/drain/configuration-change.ts';
import {
  MAPPING_SEEN,
  type MappingSeen,
  mappingInForce,
  nextLook,
  noteOlderGeneration,
  STRAGGLERS_MS,
} from '../../../functions/provision/drain/mapping-seen.ts';
import { nextRemapJob } from '../../../functions/provision/remap-jobs.ts';
import type { ServedGeneration } from '../../../functions/provision/services.ts';
import type { TenantProvisioning } from '../../../functions/provision/tenant.ts';
import type { TenantConfiguration } from '../../../functions/tenant/configuration.ts';
import { demoCatalogue, demoTenant } from '../../mapping/demo.ts';
import { provisionBench } from '../bench.ts';

const MINUTE = 60_000;
const generation = (number: number, isActive = true): ServedGeneration => ({
  number,
  digest: '',
  isActive,
  isOutdated: async () => false,
});
const grouped = (agentGroup: string): TenantConfiguration => ({
  ...demoTenant(),
  rules: [{ name: 'all', stop: false, set: { agentGroup } }],
});

/** Drains of one tenant look, each with the configuration and the generation that its function knows. */
function open() {
  const { directory, services, clock } = provisionBench();
  let catalogue: object | undefined = demoCatalogue;
  const provisioning = (tenant: TenantConfiguration, its?: ServedGeneration) =>
    ({
      name: 'demo',
      tenant,
      catalogue: { known: async () => catalogue },
      ...(its === undefined ? {} : { generation: its }),
    }) as unknown as TenantProvisioning;
  const document = () => directory.readDocument('demo', MAPPING_SEEN.name);
  /** The job for everybody that is stored, once: taken out by this. */
  const job = async () => {
    const found = await nextRemapJob(directory, 'demo', clock.now());
    await directory.eraseDocument('demo', 'jobs');
    return found;
  };
  const looksOnly = (tenant: TenantConfiguration, its?: ServedGeneration) =>
    detectConfigurationChange(provisioning(tenant, its), services);
  return {
    clock,
    directory,
    seen: async () => (await document())?.body as MappingSeen | undefined,
    version: async () => (await document())?.version,
    catalogueIs: (value: object | undefined) => {
      catalogue = value;
    },
    notesOlder: (its?: ServedGeneration) => noteOlderGeneration(provisioning(demoTenant(), its), services),
    looksOnly,
    /** Whether everybody is to be looked at after this look. */
    looks: async (tenant: TenantConfiguration, its?: ServedGeneration) => {
      await looksOnly(tenant, its);
      return (await job()) !== undefined;
    },
  };
}

describe('a look at whether everybody is to be mapped anew', () => {
  it('has everybody looked at the first time, and then when the mapping is another', async () => {
    const { looks } = open();
    const [billing, sales] = [grouped('Billing'), grouped('Sales')];
    const looked = [];
    for (const tenant of [billing, billing, grouped('Billing'), sales, sales, billing])
      looked.push(await looks(tenant));
    expect(looked).toEqual([true, false, false, true, false, true]);
  });

  it('keeps the mapping that is in force, so that a plan can compare', async () => {
    const { looks, directory } = open();
    expect(await mappingInForce(directory, 'demo')).toBeUndefined();
    await looks(grouped('Billing'));
    expect(await mappingInForce(directory, 'demo')).toMatchObject({ rules: grouped('Billing').rules });
  });

  it.each([
    ['agentGroups', { ...demoCatalogue, agentGroups: [] }],
    ['skills', { ...demoCatalogue, skills: [] }],
    ['queues', { ...demoCatalogue, queues: [] }],
    ['roles', { ...demoCatalogue, roles: [] }],
  ])('has everybody looked at when names of SmartAssist are others: %s', async (_, other) => {
    const { looks, catalogueIs } = open();
    const tenant = demoTenant();
    await looks(tenant);
    catalogueIs({ ...demoCatalogue, readAt: 7 });
    expect(await looks(tenant)).toBe(false);
    catalogueIs(other);
    expect([await looks(tenant), await looks(tenant)]).toEqual([true, false]);
  });

  it('says nothing while no names are known', async () => {
    const { looks, catalogueIs, seen } = open();
    catalogueIs(undefined);
    expect(await looks(demoTenant())).toBe(false);
    expect(await seen()).toBeUndefined();
  });

  it('is another look where seats, ownership or profile are others, and none where only the budget is', () => {
    const tenant = demoTenant();
    const { smartassist } = tenant;
    const digest = mappingDigestOf(tenant);
    expect(mappingDigestOf({ ...tenant })).toBe(digest);
    expect(mappingDigestOf({ ...tenant, smartassist: { ...smartassist, callsPerMinute: 7 } })).toBe(digest);
    const others = [
      { seats: 5 },
      { ownership: { nickName: 'initial' } },
      { smartassist: { ...smartassist, profile: 'another' } },
    ].map((change) => mappingDigestOf({ ...tenant, ...change } as TenantConfiguration));
    expect(new Set([digest, ...others]).size).toBe(4);
  });
});

describe('a look under generations', () => {
  it('notes a newer one with an equal mapping, and has nobody looked at', async () => {
    const { looks, seen } = open();
    await looks(grouped('Billing'), generation(1));
    expect(await looks(grouped('Billing'), generation(2))).toBe(false);
    expect(await seen()).toMatchObject({ generation: 2, mapping: {} });
  });

  it('writes nothing where nothing is new', async () => {
    const { looks, version } = open();
    await looks(grouped('Billing'), generation(1));
    const before = await version();
    await looks(grouped('Billing'), generation(1));
    expect(await version()).toBe(before);
  });

  it('has everybody looked at where it has missed one in between', async () => {
    const { looks } = open();
    await looks(grouped('Billing'), generation(1));
    expect(await looks(grouped('Billing'), generation(3))).toBe(true);
  });

  it('never leads anybody back, whatever an older one says', async () => {
    const { looks, seen } = open();
    await looks(grouped('Sales'), generation(2));
    const before = await seen();
    expect(await looks(grouped('Billing'), generation(1))).toBe(false);
    expect(await seen()).toEqual(before);
  });

  it('is left to functions that know the active one', async () => {
    const { looks, seen } = open();
    expect(await looks(grouped('Billing'), generation(1, false))).toBe(false);
    expect(await seen()).toBeUndefined();
  });

  it('gives its job to functions that know it as well, and to no older one', async () => {
    const { directory, clock, looks, looksOnly } = open();
    await looks(grouped('Billing'), generation(1));
    await looksOnly(grouped('Sales'), generation(2));
    expect(await nextRemapJob(directory, 'demo', clock.now(), 1)).toBeUndefined();
    expect(await nextRemapJob(directory, 'demo', clock.now(), 2)).toMatchObject({ kind: 'all', of: 2 });
  });

  it('has those looked at once more whom an attempt under way mapped as before: two minutes later, once', async () => {
    const { looks, clock, seen } = open();
    await looks(grouped('Billing'), generation(1));
    // The first time there was nobody to map as before.
    expect(await seen()).not.toHaveProperty('lookAgainAt');
    await looks(grouped('Sales'), generation(2));
    expect((await seen())?.lookAgainAt).toBe(clock.now() + STRAGGLERS_MS);
    clock.advance(STRAGGLERS_MS - 1);
    expect(await looks(grouped('Sales'), generation(2))).toBe(false);
    clock.advance(1);
    expect(await looks(grouped('Sales'), generation(2))).toBe(true);
    clock.advance(60 * MINUTE);
    expect(await looks(grouped('Sales'), generation(2))).toBe(false);
  });

  it('keeps the time of the look that is to come when names of SmartAssist change before it', async () => {
    const { looks, clock, seen, catalogueIs } = open();
    await looks(grouped('Billing'), generation(1));
    await looks(grouped('Sales'), generation(2));
    const at = (await seen())?.lookAgainAt;
    clock.advance(MINUTE);
    catalogueIs({ ...demoCatalogue, queues: [] });
    expect(await looks(grouped('Sales'), generation(2))).toBe(true);
    expect((await seen())?.lookAgainAt).toBe(at);
  });

  it('is none behind a configuration without generations', async () => {
    const { looks, seen } = open();
    await looks(grouped('Billing'));
    await looks(grouped('Sales'));
    expect(await seen()).not.toHaveProperty('lookAgainAt');
    expect(await seen()).not.toHaveProperty('generation');
  });
});

describe('a function that knows only an older generation', () => {
  /** Billing is in force under generation 1, and looked at. */
  async function inForce() {
    const bench = open();
    await bench.looks(grouped('Billing'), generation(1));
    return bench;
  }

  it('notes that it maps: everybody is looked at again once it is certainly done', async () => {
    const { notesOlder, looks, clock, seen } = await inForce();
    await notesOlder(generation(1, false));
    expect(await seen()).toMatchObject({
      olderUntil: clock.now() + MINUTE,
      lookAgainAt: clock.now() + MINUTE + STRAGGLERS_MS,
    });
    clock.advance(MINUTE + STRAGGLERS_MS);
    expect(await looks(grouped('Billing'), generation(1))).toBe(true);
  });

  it('notes it once a minute', async () => {
    const { notesOlder, clock, version } = await inForce();
    await notesOlder(generation(1, false));
    const first = await version();
    clock.advance(MINUTE - 1);
    await notesOlder(generation(1, false));
    expect(await version()).toBe(first);
    clock.advance(1);
    await notesOlder(generation(1, false));
    expect(await version()).not.toBe(first);
  });

  it('never puts the look off that is to come, and has one more after it', async () => {
    const { notesOlder, clock, seen, looks } = await inForce();
    await notesOlder(generation(1, false));
    const at = (await seen())?.lookAgainAt ?? 0;
    for (let minute = 0; minute < 2; minute += 1) {
      clock.advance(MINUTE);
      await notesOlder(generation(1, false));
    }
    const until = clock.now() + MINUTE;
    expect(await seen()).toMatchObject({ lookAgainAt: at, olderUntil: until });
    clock.advance(at - clock.now());
    expect(await looks(grouped('Billing'), generation(1))).toBe(true);
    expect((await seen())?.lookAgainAt).toBe(until + STRAGGLERS_MS);
  });

  it.each([
    ['knows the active one', generation(1)],
    ['has its configuration in its code', undefined],
  ])('is none that %s, which notes nothing', async (_, its) => {
    const { notesOlder, version } = await inForce();
    const before = await version();
    await notesOlder(its);
    expect(await version()).toBe(before);
  });

  it('notes nothing before anybody was mapped: the first look is at everybody', async () => {
    const { notesOlder, seen } = open();
    await notesOlder(generation(1, false));
    expect(await seen()).toBeUndefined();
  });

  it('is looked behind as long as it may have mapped, and not longer', () => {
    expect(nextLook({}, Date.parse('2026-11-23T10:00:00.000Z'))).toBeUndefined();
    expect(nextLook({ olderUntil: 1_000 }, 1_000)).toBe(1_000 + STRAGGLERS_MS);
    expect(nextLook({ olderUntil: 1_000 }, 1_000 + STRAGGLERS_MS - 1)).toBe(1_000 + STRAGGLERS_MS);
    expect(nextLook({ olderUntil: 1_000 }, 1_000 + STRAGGLERS_MS)).toBeUndefined();
  });
});
