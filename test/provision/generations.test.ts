import { describe, expect, it } from 'vitest';
import type { PersonRecord } from '../../functions/directory/record.ts';
import { acceptInline, type IncomingPerson } from '../../functions/provision/accept-inline.ts';
import { drain } from '../../functions/provision/drain/drain.ts';
import { MAPPING_SEEN } from '../../functions/provision/drain/mapping-seen.ts';
import { nextRemapJob } from '../../functions/provision/remap-jobs.ts';
import { openServed } from '../../functions/provision/served.ts';
import type { Services } from '../../functions/provision/services.ts';
import { openTenants, type TenantProvisioning } from '../../functions/provision/tenant.ts';
import type { Person } from '../../functions/scim-core/person.ts';
import { groupsOf } from '../../functions/smartassist/agent.ts';
import type { TenantConfiguration } from '../../functions/tenant/configuration.ts';
import { openGenerations } from '../../functions/tenant/generation/current.ts';
import { activate, readActive } from '../../functions/tenant/generation/store.ts';
import { demoCatalogue, demoTenant } from '../mapping/demo.ts';
import { type ProvisionBench, person, provisionBench } from './bench.ts';

const MINUTE_MS = 60_000;
const PEOPLE = 30;

/** A function as it is between two deployments: what it has read of the configuration it keeps. */
interface Deployed {
  /** A drain, as after a ring. */
  drains(): Promise<void>;
  /** A create over SCIM. */
  takes(person: Person, changes?: Partial<IncomingPerson>): Promise<PersonRecord>;
}

/** @param form the newest form of generations that its code knows */
function deploy(bench: ProvisionBench, form?: number): Deployed {
  const { directory, clock, services } = bench;
  const generations = openGenerations({ directory, clock, ...(form === undefined ? {} : { form }) });
  const served = openServed(generations, services, (configuration, its) => ({
    tenants: openTenants(configuration, its),
    its,
  }));
  return functionOf(bench, async () => {
    const { tenants, its } = (await served()) ?? {};
    const provisioning = tenants?.('demo');
    if (its === undefined || provisioning === undefined) throw new Error('nothing is active');
    return { provisioning, its };
  });
}

/** A function with the configuration in its code, as 0.1.0 had them. */
const bundled = (bench: ProvisionBench, tenant: TenantConfiguration): Deployed =>
  functionOf(bench, async () => ({ provisioning: bench.reconfigure(tenant), its: bench.services }));

function functionOf(
  { clock }: ProvisionBench,
  open: () => Promise<{ provisioning: TenantProvisioning; its: Services }>,
): Deployed {
  return {
    drains: async () => {
      const { provisioning, its } = await open();
      await drain(provisioning, its, clock.now() + MINUTE_MS);
    },
    takes: async (person, changes = {}) => {
      const { provisioning, its } = await open();
      const inline = { urgency: 'interactive', deadline: clock.now() + 8_000 } as const;
      const incoming = { person, source: 'test', priority: 0, inline, ...changes } as const;
      const accepted = await acceptInline(provisioning, its, incoming);
      if (accepted.outcome !== 'stored') throw new Error(accepted.outcome);
      return accepted.record;
    },
  };
}

/** Everybody gets this group by the last rule. */
function grouped(agentGroup: string): TenantConfiguration {
  const tenant = demoTenant();
  return { ...tenant, rules: [...tenant.rules, { name: 'all', stop: false, set: { agentGroup } }] };
}

async function push(bench: ProvisionBench, tenant: TenantConfiguration, form?: number): Promise<void> {
  const { directory, clock } = bench;
  const after = await readActive(directory);
  const terms = { after, now: clock.now(), by: 'anna', isDeployment: false };
  const { outcome, entry } = await activate(directory, { tenants: { demo: tenant } }, terms);
  expect(outcome).toBe('activated');
  if (form === undefined) return;
  const version = (after?.version ?? 0) + 1;
  await directory.writeDocument('configuration:', 'active', { ...entry, form }, { version });
}

async function staffed(bench: ProvisionBench, door: Deployed, count = PEOPLE): Promise<PersonRecord[]> {
  const records: PersonRecord[] = [];
  for (let index = 0; index < count; index += 1) {
    records.push(await door.takes(person(`person-${index}`)));
    bench.clock.advance(2_000);
  }
  await door.drains();
  return records;
}

const updates = ({ agentCalls }: ProvisionBench) => agentCalls()['PUT /agents/{agentId}'] ?? 0;

/** Both versions serve for so long, in turn. */
async function alternate(bench: ProvisionBench, minutes: number, ...functions: Deployed[]): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    await functions[minute % functions.length]?.drains();
    bench.clock.advance(20_000);
  }
}

/** How many agents are in which group, by its name. */
function inGroups({ simulator }: ProvisionBench): Record<string, number> {
  const nameOf = (id: string) => demoCatalogue.agentGroups.find((group) => group.id === id)?.name ?? id;
  const names = simulator.agents().map((agent) =>
    groupsOf({ ...agent })
      .map(({ groupId }) => nameOf(groupId))
      .join(),
  );
  return Object.fromEntries([...Map.groupBy(names, (name) => name)].map(([name, all]) => [name, all.length]));
}

/** A generation of which one of two functions has heard, which has gone through everybody. */
async function halfHeard() {
  const bench = provisionBench();
  await push(bench, calmly('Billing'));
  const [before, after] = [deploy(bench), deploy(bench)];
  await staffed(bench, before, 2);
  await push(bench, calmly('Sales'));
  // It has looked within the last 30 seconds; the other one goes through everybody at once.
  await before.drains();
  await after.drains();
  return { bench, before, after };
}

describe('a release', () => {
  it('flips agents for as long as it takes, where the configuration is part of the code', async () => {
    const bench = provisionBench();
    const [before, after] = [bundled(bench, calmly('Billing')), bundled(bench, calmly('Sales'))];
    await staffed(bench, before);
    await alternate(bench, 8, before, after);
    expect(updates(bench)).toBeGreaterThan(3 * PEOPLE);
  });

  it('changes no agent while two versions serve, and each once when a generation is activated', async () => {
    const bench = provisionBench();
    await push(bench, calmly('Billing'));
    const [before, after] = [deploy(bench), deploy(bench)];
    await staffed(bench, before);
    await alternate(bench, 180, before, after);
    expect(updates(bench)).toBe(0);
    await push(bench, calmly('Sales'));
    await alternate(bench, 180, before, after);
    expect(updates(bench)).toBe(PEOPLE);
    expect(inGroups(bench)).toEqual({ Sales: PEOPLE });
  });

  it('leaves no agent with a generation that was taken back before a drain had seen it', async () => {
    const bench = provisionBench();
    await push(bench, calmly('Billing'));
    const [drain, door] = [deploy(bench), deploy(bench)];
    await staffed(bench, door, 3);
    await drain.drains();
    await push(bench, calmly('Sales'));
    bench.clock.advance(MINUTE_MS);
    await door.takes(person('joiner'));
    expect(inGroups(bench)).toEqual({ Billing: 3, Sales: 1 });
    await push(bench, calmly('Billing'));
    await alternate(bench, 30, drain, door);
    expect(inGroups(bench)).toEqual({ Billing: 4 });
  });

  it('leaves no agent with the first generations, where a version without any went through everybody', async () => {
    const bench = provisionBench();
    await staffed(bench, bundled(bench, calmly('Billing')), 3);
    await push(bench, calmly('Sales'));
    const [door, drain] = [deploy(bench), deploy(bench)];
    await door.takes(person('joiner'));
    await push(bench, calmly('Billing'));
    await alternate(bench, 30, drain, door);
    expect(inGroups(bench)).toEqual({ Billing: 4 });
    expect(updates(bench)).toBe(1);
  });

  it('changes each agent once more when a generation is rolled back', async () => {
    const bench = provisionBench();
    await push(bench, calmly('Billing'));
    const [before, after] = [deploy(bench), deploy(bench)];
    await staffed(bench, before);
    await push(bench, calmly('Sales'));
    await alternate(bench, 30, before, after);
    await push(bench, calmly('Billing'));
    await alternate(bench, 60, before, after);
    expect(updates(bench)).toBe(2 * PEOPLE);
    expect(inGroups(bench)).toEqual({ Billing: PEOPLE });
  });

  it('leads whoever was taken in by a function that had not heard yet to the active rules', async () => {
    const { bench, before, after } = await halfHeard();
    const late = await before.takes(person('late'));
    expect(late).toMatchObject({ state: 'provisioned', generation: 1 });
    await alternate(bench, 10, before, after);
    expect(await bench.read(late)).toMatchObject({ state: 'provisioned', generation: 2 });
    expect(inGroups(bench)).toEqual({ Sales: 3 });
    expect(updates(bench)).toBe(3);
  });
});

describe('a generation', () => {
  it('stays the one that was seen, whatever a function does that has not heard of it', async () => {
    const { bench, before } = await halfHeard();
    const seen = await bench.directory.readDocument('demo', MAPPING_SEEN.name);
    expect(seen?.body).toMatchObject({ generation: 2 });
    await before.drains();
    expect(await bench.directory.readDocument('demo', MAPPING_SEEN.name)).toEqual(seen);
    expect(await nextRemapJob(bench.directory, 'demo', bench.clock.now())).toBeUndefined();
  });

  it('with an equal mapping makes nobody due', async () => {
    const bench = provisionBench();
    await push(bench, calmly('Billing'));
    const door = deploy(bench);
    await staffed(bench, door);
    const { smartassist, ...rest } = calmly('Billing');
    await push(bench, { ...rest, smartassist: { ...smartassist, callsPerMinute: 30 } });
    bench.clock.advance(MINUTE_MS);
    await door.drains();
    expect(await nextRemapJob(bench.directory, 'demo', bench.clock.now() + 60 * MINUTE_MS)).toBeUndefined();
    expect(await bench.directory.duePersons('demo', bench.clock.now(), 1)).toEqual([]);
    expect(updates(bench)).toBe(0);
  });

  it('never overwrites what a newer one mapped: the record stays due for functions that know that one', async () => {
    const bench = provisionBench();
    await push(bench, calmly('Billing'));
    const [old, young] = [deploy(bench, 1), deploy(bench, 2)];
    const [first] = await staffed(bench, young);
    if (first === undefined) throw new Error('nobody is there');
    await push(bench, calmly('Sales'), 2);
    bench.clock.advance(MINUTE_MS);
    await alternate(bench, 4, young);
    expect(inGroups(bench)).toEqual({ Sales: PEOPLE });
    const before = await bench.read(first);
    expect(before).toMatchObject({ generation: 2 });
    // The old code takes a change of the person; it knows nothing newer than generation 1.
    await old.takes({ ...before.person, displayName: 'Changed' }, { before });
    await old.drains();
    expect(await bench.read(first)).toMatchObject({ state: 'due', generation: 2 });
    expect(updates(bench)).toBe(PEOPLE);
    await young.drains();
    expect(await bench.read(first)).toMatchObject({ state: 'provisioned' });
    expect(inGroups(bench)).toEqual({ Sales: PEOPLE });
  });

  it('of a form that the code does not know leaves it the newest that it knows, and is made up for', async () => {
    const bench = provisionBench();
    await push(bench, calmly('Billing'));
    const [old, young] = [deploy(bench, 1), deploy(bench, 2)];
    await staffed(bench, young);
    await push(bench, calmly('Sales'), 2);
    bench.clock.advance(MINUTE_MS);
    await alternate(bench, 60, old, young);
    const late = await old.takes(person('late'));
    expect(late).toMatchObject({ state: 'provisioned', generation: 1 });
    await alternate(bench, 60, old, young);
    expect(await bench.read(late)).toMatchObject({ state: 'provisioned', generation: 2 });
    expect(inGroups(bench)).toEqual({ Sales: PEOPLE + 1 });
    expect(updates(bench)).toBe(PEOPLE + 1);
  });
});

const calmly = (agentGroup: string) => ({ ...grouped(agentGroup), lifecycle: calm() });

/** Without a brake in the way. */
function calm(): TenantConfiguration['lifecycle'] {
  const { lifecycle } = demoTenant();
  const wide = { percent: 100, atLeast: 1_000, within: 60 };
  return { ...lifecycle, brake: { ...wide, long: wide, changes: wide } };
}
