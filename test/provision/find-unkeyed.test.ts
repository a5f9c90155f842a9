import { describe, expect, it } from 'vitest';
import type { IncomingPerson } from '../../functions/provision/accept-inline.ts';
import { drain } from '../../functions/provision/drain/drain.ts';
import { reconcile } from '../../functions/reconcile/reconciliation.ts';
import { type ProvisionBench, person, provisionBench } from './bench.ts';

const later = { inline: undefined } as unknown as Partial<IncomingPerson>;
const LIST = 'GET /organizations/{orgId}/agents';

it.each([
  ['true', 1],
  ['contradicting', 5],
  ['missing', 5],
] as const)(
  'an agent without our key is found on the last of four pages whose facts are %s, after an unknown create',
  async (listFacts, mostPages) => {
    const made = provisionBench();
    const bench = provisionBench({
      behaviour: { listFacts, duplicateEmail: { isRefused: false } },
      tenant: { agent: { ...made.provisioning.tenant.agent, customId: { from: 'none' } } },
    });
    for (let count = 0; count < 35; count += 1)
      bench.simulator.seedAgent({ emailId: `old-${count}@example.com` });
    await bench.stored(person('first'), later);
    await bench.settled();
    bench.simulator.setBehaviour({
      ...bench.simulator.behaviour(),
      faults: [{ on: 'POST /agents', kind: 'drop-after', times: 1 }],
    });
    const ada = await bench.stored(person('ada'), later);
    const before = bench.simulator.calls()[LIST] ?? 0;
    await bench.settled();
    bench.clock.advance(3_600_000);
    await bench.settled();
    const agents = bench.simulator.agents().filter(({ emailId }) => emailId === 'ada@example.com');
    expect(agents).toHaveLength(1);
    expect(await bench.read(ada)).toMatchObject({
      state: 'provisioned',
      agent: { agentId: agents[0]?.id, presence: 'active' },
    });
    expect((bench.simulator.calls()[LIST] ?? 0) - before).toBeLessThanOrEqual(mostPages + 1);
  },
);

it.each([
  [[], 2, 1],
  [['WFM Integration'], 1, 60],
] as const)(
  'an agent in the middle of a long list is found by names and addresses, and without the scope %j by all pages',
  async (withoutScopes, workforceCalls, mostPages) => {
    const made = provisionBench();
    const { provisioning, simulator, services, clock, ...bench } = provisionBench({
      behaviour: { duplicateEmail: { isRefused: false }, withoutScopes: [...withoutScopes] },
      tenant: { agent: { ...made.provisioning.tenant.agent, customId: { from: 'none' } } },
    });
    const seed = (count: number) => {
      for (let number = 0; number < count; number += 1) simulator.seedAgent({ lastName: `Old ${number}` });
    };
    seed(300);
    simulator.seedAgent({ emailId: 'namesake@example.com', firstName: 'ada', lastName: 'Example' });
    await provisioning.organization.learn(simulator.orgId);
    simulator.setBehaviour({
      ...simulator.behaviour(),
      faults: [{ on: 'POST /agents', kind: 'drop-after', times: 1 }],
    });
    const ada = await bench.stored(person('ada'), later);
    await drain(provisioning, services, clock.now() + 11_000);
    seed(200);
    await bench.settled();
    const found = simulator.agents().filter(({ emailId }) => emailId === 'ada@example.com');
    expect(found).toHaveLength(1);
    expect((await bench.read(ada)).agent.agentId).toBe(found[0]?.id);
    expect(simulator.calls()['GET /analytics/account/{accountId}/agents']).toBe(workforceCalls);
    expect(simulator.calls()[LIST]).toBeLessThanOrEqual(mostPages);
  },
);

it.each(['true', 'contradicting', 'missing'] as const)(
  'an agent is found although it moves to a page that was read when another is deleted; facts of pages: %s',
  async (listFacts) => {
    const made = provisionBench();
    const { provisioning, simulator, services, clock, ...bench } = provisionBench({
      behaviour: { listFacts, duplicateEmail: { isRefused: false } },
      tenant: { agent: { ...made.provisioning.tenant.agent, customId: { from: 'none' } } },
    });
    const [oldest] = Array.from({ length: 10 }, () => simulator.seedAgent({}));
    await provisioning.organization.learn(simulator.orgId);
    simulator.setBehaviour({
      ...simulator.behaviour(),
      faults: [{ on: 'POST /agents', kind: 'drop-after', times: 1 }],
    });
    const ada = await bench.stored(person('ada'), later);
    await bench.drained(11_000);
    for (let count = 0; count < 20; count += 1) simulator.seedAgent({});
    bench.afterPage(1, () =>
      provisioning.client.deleteAgent(oldest?.id ?? '', {
        urgency: 'interactive',
        deadline: clock.now() + 10_000,
      }),
    );
    await bench.settled();
    const found = simulator.agents().filter(({ emailId }) => emailId === 'ada@example.com');
    expect(found).toHaveLength(1);
    expect((await bench.read(ada)).agent.agentId).toBe(found[0]?.id);
    expect(simulator.agents()).toHaveLength(30);
  },
);

describe('an agent without our key whose id was never told, when the person gets another address', () => {
  const withAddress = (name: string) =>
    person('ada', {
      userName: 'E1001',
      emails: [{ value: `${name}@example.com`, type: 'work', primary: true }],
    });
  const before = withAddress('ada');
  const renamed = withAddress('ada.king');
  const without = () => {
    const made = provisionBench();
    return provisionBench({
      behaviour: { duplicateEmail: { isRefused: false } },
      tenant: { agent: { ...made.provisioning.tenant.agent, customId: { from: 'none' } } },
    });
  };
  const settled = async (bench: ProvisionBench) => {
    await bench.settled();
    bench.clock.advance(3_600_000);
    await bench.settled();
  };

  it('is found by the address that was sent, and gets the new one', async () => {
    const bench = without();
    const ada = await bench.stored(before, later);
    await settled(bench);
    expect((await bench.read(ada)).agent).not.toHaveProperty('agentId');
    await bench.stored(renamed, { ...later, before: await bench.read(ada) });
    await settled(bench);
    expect(bench.simulator.agents()).toMatchObject([{ emailId: 'ada.king@example.com' }]);
    expect(await bench.read(ada)).toMatchObject({
      state: 'provisioned',
      agent: { agentId: bench.simulator.agents()[0]?.id },
    });
  });

  it('is put out of service when the person leaves at the same time', async () => {
    const bench = without();
    const ada = await bench.stored(before, later);
    await settled(bench);
    await bench.stored({ ...renamed, active: false }, { ...later, before: await bench.read(ada) });
    await settled(bench);
    expect(bench.simulator.agents()).toMatchObject([{ emailId: 'ada@example.com' }]);
    expect((await bench.read(ada)).state).toBe('suspended');
  });

  it('is found after a create of which nobody knows the outcome', async () => {
    const bench = without();
    await bench.stored(person('first'), later);
    await settled(bench);
    bench.simulator.setBehaviour({
      ...bench.simulator.behaviour(),
      faults: [{ on: 'POST /agents', kind: 'drop-after', times: 1 }],
    });
    const ada = await bench.stored(before, later);
    await bench.drained(11_000);
    await bench.stored(renamed, { ...later, before: await bench.read(ada) });
    await settled(bench);
    const agents = bench.simulator.agents().filter(({ firstName }) => firstName === 'ada');
    expect(agents).toMatchObject([{ emailId: 'ada.king@example.com' }]);
    expect((await bench.read(ada)).agent.agentId).toBe(agents[0]?.id);
  });

  it('is found by a reconciliation that reads the list before the change is done', async () => {
    const bench = without();
    const ada = await bench.stored(before, later);
    await settled(bench);
    await bench.stored(renamed, { ...later, before: await bench.read(ada) });
    const { clock, provisioning, services } = bench;
    const end = await reconcile(provisioning, services, clock.now() + 3_600_000, true);
    expect(end).toMatchObject({ outcome: 'done', reconciliation: { learned: 1, foreigners: 0 } });
    await settled(bench);
    expect(bench.simulator.agents()).toMatchObject([{ emailId: 'ada.king@example.com' }]);
  });

  it('keeps its address from a joiner until it has the new one', async () => {
    const bench = without();
    const ada = await bench.stored(before, later);
    await settled(bench);
    await bench.stored(renamed, { ...later, before: await bench.read(ada) });
    const joiner = { ...person('joiner'), emails: before.emails ?? [] };
    expect(await bench.arrive(joiner)).toMatchObject({
      outcome: 'taken',
      message: expect.stringContaining('"E1001"'),
    });
    await settled(bench);
    await bench.stored(joiner);
    expect(bench.simulator.agents()).toHaveLength(2);
  });

  it('is looked for on all pages although a search for an earlier agent of the person was never ended', async () => {
    const made = provisionBench();
    const { agent, lifecycle } = made.provisioning.tenant;
    const bench = provisionBench({
      behaviour: { duplicateEmail: { isRefused: false } },
      tenant: {
        agent: { ...agent, customId: { from: 'none' } },
        lifecycle: { ...lifecycle, onDelete: 'remove' },
      },
    });
    const { simulator, provisioning, clock } = bench;
    const seed = (count: number) => Array.from({ length: count }, () => simulator.seedAgent({}));
    const oldest = seed(12);
    await provisioning.organization.learn(simulator.orgId);
    const { faults, ...behaviour } = simulator.behaviour();
    const fails = (...list: typeof faults) => simulator.setBehaviour({ ...behaviour, faults: list });
    fails({ on: 'POST /agents', kind: 'drop-after', times: 1 });
    const ada = await bench.stored(before, later);
    await bench.drained(11_000);
    seed(25);
    // Of four pages the first, the fourth and the third are read at first. The agent is on the second: it is taken, and
    // reading it breaks off.
    bench.afterPage(3, async () =>
      fails(
        { on: LIST, kind: 'drop-before', times: 1 },
        { on: 'GET /agents/{agentId}', kind: 'drop-before', times: 1 },
      ),
    );
    clock.advance(900_000);
    await bench.settled();
    expect((await bench.read(ada)).agent).toHaveProperty('agentId');
    const leaves = async () => {
      await bench.stored(before, { ...later, before: await bench.read(ada), deleted: true });
      await bench.settled();
    };
    await leaves();
    for (const { id } of oldest.slice(0, 10)) {
      clock.advance(60_000);
      await provisioning.client.deleteAgent(id, { urgency: 'interactive', deadline: clock.now() + 10_000 });
    }
    expect(simulator.agents()).toHaveLength(27);
    await bench.stored(before, { ...later, before: await bench.read(ada) });
    await settled(bench);
    expect(simulator.agents()).toHaveLength(28);
    await leaves();
    expect((await bench.read(ada)).state).toBe('removed');
    expect(simulator.agents()).toHaveLength(27);
  });

  it('is found although the tenant has begun to give agents our key', async () => {
    const bench = without();
    const ada = await bench.stored(before, later);
    await settled(bench);
    await bench.stored(renamed, { ...later, before: await bench.read(ada) });
    const { agent } = bench.provisioning.tenant;
    const keyed = bench.reconfigure({ agent: { ...agent, customId: { from: 'generated' } } });
    await drain(keyed, bench.services, bench.clock.now() + 120_000);
    expect(bench.simulator.agents()).toMatchObject([{ emailId: 'ada.king@example.com' }]);
  });
});
