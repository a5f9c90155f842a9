import { describe, expect, it } from 'vitest';
import { digestOf, eraseExpired } from '../../functions/reconcile/erase.ts';
import { readIgnored, writeIgnored } from '../../functions/reconcile/ignored.ts';
import { reconcile } from '../../functions/reconcile/reconciliation.ts';
import { readReconciliation } from '../../functions/reconcile/report.ts';
import type { TenantConfiguration } from '../../functions/tenant/configuration.ts';
import { type ProvisionBench, person, provisionBench } from '../provision/bench.ts';

const LIST = 'GET /organizations/{orgId}/agents';
const later = { inline: undefined } as never;

async function staffed(count: number, tenant?: Partial<TenantConfiguration>): Promise<ProvisionBench> {
  const bench = provisionBench(tenant === undefined ? {} : { tenant });
  for (let index = 0; index < count; index += 1) await bench.stored(person(`p-${index}`), later);
  await bench.settled();
  bench.clock.advance(60 * 60_000);
  return bench;
}

async function census(bench: ProvisionBench) {
  const outcome = await reconcile(bench.provisioning, bench.services, bench.clock.now() + 60 * 60_000, true);
  if (outcome.outcome !== 'done') throw new Error(JSON.stringify(outcome));
  return outcome.reconciliation;
}

const agentNamed = ({ simulator }: ProvisionBench, name: string) => {
  const agent = simulator.agents().find(({ firstName }) => firstName === name);
  if (agent === undefined) throw new Error('no such agent');
  return agent;
};
const repair = (bench: ProvisionBench) => ({
  lifecycle: { ...bench.provisioning.tenant.lifecycle, drift: 'repair' as const },
});

describe('a census', () => {
  it('reads ten agents a call and learns their ids', async () => {
    const bench = await staffed(25);
    const result = await census(bench);
    expect(result).toMatchObject({ agents: 25, pages: 3, learned: 25, drifted: 0, missed: 0, foreigners: 0 });
    expect(bench.simulator.calls()).toMatchObject({ [LIST]: 3 });
    const [record] = await bench.directory.findPerson('demo', {
      attribute: 'userName',
      value: 'p-7@example.com',
    });
    expect(record?.agent.agentId).toBe(agentNamed(bench, 'p-7').id);
  });

  it('begins before an agent has been seen: groups and queues name the organization', async () => {
    const bench = provisionBench();
    expect(await census(bench)).toMatchObject({ agents: 0, missed: 0, foreigners: 0 });
  });

  it('can not begin while nothing has told the organization', async () => {
    const faults = [{ kind: 'status', status: 503 }] as const;
    const bench = provisionBench({ behaviour: { faults: [...faults] } });
    expect(await reconcile(bench.provisioning, bench.services, bench.clock.now() + 60_000, true)).toEqual({
      outcome: 'no-organization',
    });
  });

  it('ends when its time is up and goes on where it was', async () => {
    const bench = await staffed(60);
    const first = await reconcile(bench.provisioning, bench.services, bench.clock.now() + 2_000, true);
    expect(first.outcome).toBe('more');
    const under = await readReconciliation(bench.services, 'demo');
    expect(under?.page).toBeGreaterThan(1);
    expect(under).not.toHaveProperty('lease');
    const second = await reconcile(
      bench.provisioning,
      bench.services,
      bench.clock.now() + 60 * 60_000,
      false,
    );
    expect(second).toMatchObject({ outcome: 'done', reconciliation: { agents: 60 } });
    expect(bench.simulator.calls()).toMatchObject({ [LIST]: 6 });
  });

  it('goes on after a page that could not be read', async () => {
    const bench = await staffed(15);
    bench.simulator.setBehaviour({ faults: [{ on: LIST, kind: 'garbage', times: 1 }] });
    const until = bench.clock.now() + 60 * 60_000;
    expect(await reconcile(bench.provisioning, bench.services, until, true)).toMatchObject({
      outcome: 'more',
    });
    expect(await reconcile(bench.provisioning, bench.services, until, false)).toMatchObject({
      outcome: 'done',
    });
  });

  it('is taken by one function at a time', async () => {
    const bench = await staffed(15);
    const until = bench.clock.now() + 60 * 60_000;
    const outcomes = await Promise.all([
      reconcile(bench.provisioning, bench.services, until, true),
      reconcile(bench.provisioning, bench.services, until, true),
    ]);
    expect(outcomes.map(({ outcome }) => outcome).toSorted()).toEqual(['done', 'more']);
  });
});

describe('drift', () => {
  it('is not what was done since the page of the list was asked for', async () => {
    const { lifecycle } = provisionBench().provisioning.tenant;
    const bench = await staffed(3, { lifecycle: { ...lifecycle, drift: 'repair' } });
    bench.afterPage(1, async () => {
      const [before] = await bench.directory.findPerson('demo', {
        attribute: 'userName',
        value: 'p-1@example.com',
      });
      if (before === undefined) throw new Error('nobody');
      bench.clock.advance(1_000);
      const left = await bench.stored(person('p-1', { active: false }), { before } as never);
      expect(left.agent.presence).toBe('suspended');
    });
    expect(await census(bench)).toMatchObject({ agents: 3, drifted: 0, missed: 0 });
    const { persons } = await bench.directory.listPersons('demo', { limit: 10 });
    expect(persons.map(({ agent }) => agent.presence).toSorted()).toEqual(['active', 'active', 'suspended']);
  });

  it('is reported with its fields and left as it is', async () => {
    const bench = await staffed(3);
    const agent = agentNamed(bench, 'p-1');
    bench.simulator.editAgent(agent.id, { lastName: 'By Hand', nickName: 'not managed' });
    const result = await census(bench);
    expect(result).toMatchObject({ drifted: 1, drift: [{ fields: ['lastName'] }] });
    await bench.settled();
    expect(agentNamed(bench, 'p-1').lastName).toBe('By Hand');
    const { entries } = await bench.directory.listHistory('demo', result.drift[0]?.personId ?? '', {
      limit: 1,
    });
    expect(entries).toMatchObject([{ what: 'drift', source: 'census', changed: ['lastName'] }]);
    expect(entries[0]?.values).toEqual([{ field: 'lastName', ours: 'Example', theirs: 'By Hand' }]);
  });

  it('is kept with both values in names, cut, and without a telephone number or anything else of the record', async () => {
    const bench = provisionBench();
    const phoneNumbers = [{ type: 'work', value: '+49 30 7654321' }];
    await bench.stored({ ...person('p-0'), phoneNumbers }, later);
    await bench.settled();
    bench.clock.advance(60 * 60_000);
    const agent = agentNamed(bench, 'p-0');
    bench.simulator.editAgent(agent.id, {
      firstName: `Call +49 (0)30 12 34 56 78 ${'x'.repeat(500)}`,
      phoneNumber: '49301234567899',
      skills: [],
      iceServers: [{ credential: 'turn-secret' }],
    });
    const { drift } = await census(bench);
    const { entries } = await bench.directory.listHistory('demo', drift[0]?.personId ?? '', { limit: 1 });
    const text = JSON.stringify(entries);
    expect(text.length).toBeLessThan(1_500);
    expect(text).not.toMatch(/turn-secret|12 34 56|1234567|7654321/);
    const values = entries[0]?.values as { field: string; ours: string; theirs: string }[];
    const of = (field: string) => values.find((each) => each.field === field);
    expect(of('firstName')).toMatchObject({ ours: 'p-0' });
    expect(of('firstName')?.theirs).toMatch(/^Call \(13 digits, …78\) x+…$/);
    expect(of('phoneNumber')).toMatchObject({ ours: '(11 digits, …21)', theirs: '(14 digits, …99)' });
  });

  it('is repaired where the tenant says so, and what is not managed stays', async () => {
    const bench = await staffed(3);
    const agent = agentNamed(bench, 'p-1');
    bench.simulator.editAgent(agent.id, { lastName: 'By Hand', nickName: 'not managed' });
    const provisioning = bench.reconfigure(repair(bench));
    await reconcile(provisioning, bench.services, bench.clock.now() + 60 * 60_000, true);
    await bench.settled();
    expect(agentNamed(bench, 'p-1')).toMatchObject({ lastName: 'Example', nickName: 'not managed' });
  });

  it('of a leaver whom somebody put back in service is repaired by suspending again', async () => {
    const bench = await staffed(3);
    const [before] = await bench.directory.findPerson('demo', {
      attribute: 'userName',
      value: 'p-1@example.com',
    });
    if (before === undefined) throw new Error('nobody');
    await bench.stored(person('p-1', { active: false }), { before, ...(later as object) });
    await bench.settled();
    bench.clock.advance(60_000);
    const { agentGroups } = bench.simulator.catalogue;
    const [normal, unassigned] = [
      agentGroups.find(({ isDefault }) => isDefault)?.id ?? '',
      agentGroups.find(({ isUnassigned }) => isUnassigned)?.id ?? '',
    ];
    expect(agentNamed(bench, 'p-1').agentGroupId).toBe(unassigned);
    bench.simulator.editAgent(agentNamed(bench, 'p-1').id, { agentGroupId: normal });
    const provisioning = bench.reconfigure(repair(bench));
    await reconcile(provisioning, bench.services, bench.clock.now() + 60 * 60_000, true);
    await bench.settled();
    expect(agentNamed(bench, 'p-1').agentGroupId).toBe(unassigned);
  });
});

describe('an agent that is held against the person', () => {
  it('of two persons with its address is neither’s', async () => {
    const bench = await staffed(1);
    const [first] = await bench.directory.findPerson('demo', {
      attribute: 'userName',
      value: 'p-0@example.com',
    });
    if (first === undefined) throw new Error('nobody');
    const { agentId: _, account: __, ...agent } = first.agent;
    const twin = {
      ...first,
      id: 'twin',
      version: 1,
      person: { ...first.person, userName: 'twin@example.com' },
    };
    await bench.directory.createPerson({ ...twin, agent });
    const one = await bench.directory.updatePerson(first, { ...first, version: first.version + 1, agent });
    expect(one.ok).toBe(true);
    // It is there, whichever of the two has it.
    expect(await census(bench)).toMatchObject({ learned: 0, missed: 0, foreigners: 0 });
    for (const id of [first.id, 'twin']) {
      expect((await bench.directory.readPerson('demo', id))?.agent.agentId).toBeUndefined();
    }
  });

  it('of another tenant of the account is compared there alone', async () => {
    const bench = await staffed(2);
    await census(bench);
    const agent = agentNamed(bench, 'p-1');
    const holder = await bench.directory.agentHolder(bench.provisioning.account, agent.id);
    const record = await bench.directory.readPerson('demo', holder?.id ?? '');
    if (record === undefined) throw new Error('nobody');
    bench.simulator.editAgent(agent.id, { lastName: 'By Hand' });
    const other = { ...bench.provisioning, name: 'other' };
    const outcome = await reconcile(other, bench.services, bench.clock.now() + 60 * 60_000, true);
    expect(outcome).toMatchObject({ outcome: 'done', reconciliation: { drifted: 0 } });
  });

  it('is no drift while the person is about to be provisioned', async () => {
    const bench = await staffed(2);
    await census(bench);
    const value = 'p-1@example.com';
    const [before] = await bench.directory.findPerson('demo', { attribute: 'userName', value });
    if (before === undefined) throw new Error('nobody');
    bench.simulator.editAgent(agentNamed(bench, 'p-1').id, { lastName: 'By Hand' });
    await bench.stored(before.person, { before, ...(later as object) });
    expect(await census(bench)).toMatchObject({ drifted: 0 });
  });
});

describe('agents and persons without each other', () => {
  it('an agent that is gone is made anew', async () => {
    const bench = await staffed(3);
    await census(bench);
    const [first, ...others] = bench.simulator.agents();
    bench.simulator.reset();
    for (const agent of others) bench.simulator.seedAgent(structuredClone(agent) as never);
    bench.clock.advance(24 * 60 * 60_000);
    expect(await census(bench)).toMatchObject({ agents: 2, missed: 1 });
    await bench.settled();
    expect(bench.simulator.agents().map(({ emailId }) => emailId)).toContain(first?.emailId);
    expect(bench.simulator.agents()).toHaveLength(3);
  });

  it('an agent of nobody is reported and left alone', async () => {
    const bench = await staffed(2);
    const foreign = bench.simulator.seedAgent({ emailId: 'somebody@else.example' });
    expect(await census(bench)).toMatchObject({ foreigners: 1, foreign: [foreign.id] });
    expect(bench.simulator.agents()).toHaveLength(3);
  });

  it('an agent of a probe is passed over', async () => {
    const bench = await staffed(2);
    bench.simulator.seedAgent({ emailId: 'it+agent-provisioner-probe+1@example.com' });
    expect(await census(bench)).toMatchObject({ foreigners: 0, foreign: [] });
  });

  it('an agent that was there before is adopted by its address', async () => {
    const bench = await staffed(2);
    bench.simulator.seedAgent({ emailId: 'Ada@Example.com', nickName: 'Countess' });
    const record = await bench.stored(person('ada'), later);
    await bench.drained();
    expect((await bench.read(record)).state).toBe('due');
    expect(await census(bench)).toMatchObject({ adopted: 1 });
    await bench.settled();
    expect((await bench.read(record)).state).toBe('provisioned');
    const adopted = bench.simulator
      .agents()
      .filter(({ emailId }) => emailId.toLowerCase() === 'ada@example.com');
    expect(adopted).toMatchObject([
      { firstName: 'ada', nickName: 'Countess', customId: record.agent.customId },
    ]);
  });

  it('a person who arrives after the census is adopted at once', async () => {
    const bench = await staffed(2);
    bench.simulator.seedAgent({ emailId: 'ada@example.com' });
    await census(bench);
    const record = await bench.stored(person('ada'));
    expect(record.state).toBe('provisioned');
    expect(bench.simulator.agents()).toHaveLength(3);
  });
});

describe('erasing', () => {
  it('takes a deleted person out after the retention, with everything that leads to it', async () => {
    const bench = provisionBench();
    const before = await bench.stored(person('ada'));
    await bench.stored(person('ada'), { before, deleted: true });
    bench.clock.advance(29 * 86_400_000);
    expect(await eraseExpired(bench.services, 'demo')).toBe(0);
    bench.clock.advance(2 * 86_400_000);
    expect(await eraseExpired(bench.services, 'demo')).toBe(1);
    expect(await bench.directory.readPerson('demo', before.id)).toBeUndefined();
    expect(
      await bench.directory.findPerson('demo', { attribute: 'userName', value: 'ada@example.com' }),
    ).toEqual([]);
    expect(await bench.directory.readDocument('demo#erased', digestOf(before))).toBeDefined();
  });

  it('leaves of a person a proof without a name, and no decision of an operator about the agent', async () => {
    const bench = provisionBench();
    const { directory, clock } = bench;
    const before = await bench.stored(person('ada'));
    const decision = { by: 'eve', at: new Date(clock.now()).toISOString(), reason: 'her wish' };
    await writeIgnored(directory, 'demo', { person: before.id }, decision);
    const { deletedAt } = await bench.stored(person('ada'), { before, deleted: true });
    clock.advance(31 * 86_400_000);
    await eraseExpired(bench.services, 'demo');
    expect(await readIgnored(directory, 'demo', { person: before.id })).toBeUndefined();
    const proof = await directory.readDocument('demo#erased', digestOf(before));
    expect(proof?.body).toEqual({ deletedAt, at: clock.now() });
  });

  it('proves each person apart, and those of two tenants too', () => {
    const digests = [
      digestOf({ tenant: 'demo', id: 'p-1' }),
      digestOf({ tenant: 'demo', id: 'p-2' }),
      digestOf({ tenant: 'other', id: 'p-1' }),
    ];
    expect(new Set(digests).size).toBe(3);
    expect(digests[0]).toMatch(/^[0-9a-f]{64}$/);
  });

  it('spares somebody who came back', async () => {
    const bench = provisionBench();
    const joined = await bench.stored(person('ada'));
    const before = await bench.stored(person('ada'), { before: joined, deleted: true });
    await bench.stored(person('ada'), { before });
    bench.clock.advance(60 * 86_400_000);
    expect(await eraseExpired(bench.services, 'demo')).toBe(0);
    expect(bench.simulator.agents()).toHaveLength(1);
  });
});
