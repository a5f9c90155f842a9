import { describe, expect, it } from 'vitest';
import { drain } from '../../functions/provision/drain/drain.ts';
import type { TenantConfiguration } from '../../functions/tenant/configuration.ts';
import type { BehaviourInput } from '../../local/simulator/behaviour.ts';
import { demoTenant } from '../mapping/demo.ts';
import { type ProvisionBench, person, provisionBench } from './bench.ts';

const LOOK_UP = 'GET /agents/customId/{customId}';
const GET = 'GET /agents/{agentId}';
const PUT = 'PUT /agents/{agentId}';
const later = { inline: undefined } as never;
const RENAMED = { name: { givenName: 'Augusta', familyName: 'King' } };

const groupId = ({ simulator }: ProvisionBench, name: string) =>
  simulator.catalogue.agentGroups.find((each) => each.name === name)?.id ?? '';

function lifecycleWith(changes: object): TenantConfiguration['lifecycle'] {
  return { ...demoTenant().lifecycle, ...changes };
}

/** A brake that lets nobody's agent leave or be changed. */
const shut = () => {
  const none = { percent: 0, atLeast: 1, within: 3_600 };
  return lifecycleWith({ brake: { ...none, long: none, changes: none } });
};

/** Ada, who has an agent; and the bench. */
async function provisioned(options: Parameters<typeof provisionBench>[0] = {}) {
  const bench = provisionBench(options);
  const before = await bench.stored(person('ada'));
  return { bench, before };
}

/** Ada's agent as SmartAssist has it before the product knows of it, found under our key. */
async function made(seed: object, options: Parameters<typeof provisionBench>[0] = {}) {
  const bench = provisionBench(options);
  const record = await bench.stored(person('ada'), later);
  const { customId } = record.agent;
  const agent = bench.simulator.seedAgent({ emailId: 'ada@example.com', customId, ...seed } as never);
  return { bench, record, agent };
}

const faults = (...each: NonNullable<BehaviourInput['faults']>): BehaviourInput => ({ faults: each });

describe('a change of an agent that the brake holds', () => {
  it('says which fields were to be changed, by which rules, and to what', async () => {
    const { bench, before } = await provisioned({ tenant: { lifecycle: shut() } });
    const record = await bench.stored(person('ada', RENAMED), { before });
    expect(record).toMatchObject({
      state: 'waiting',
      held: 'brake',
      hold: { movement: 'change', fields: ['firstName', 'lastName'], rules: ['everyone'] },
      listed: { state: 'held', reason: 'change' },
    });
    expect(record.hold?.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(bench.agentCalls()[PUT]).toBeUndefined();
    expect(bench.simulator.agents()).toMatchObject([{ firstName: 'ada' }]);
  });

  it('is a leaving where it takes the agent out of routing', async () => {
    const { bench, before } = await provisioned({ tenant: { lifecycle: shut() } });
    const rules = demoTenant().rules.map(({ add: _, ...rule }) => rule);
    await drain(bench.reconfigure({ rules, lifecycle: shut() }), bench.services, bench.clock.now() + 120_000);
    expect(await bench.read(before)).toMatchObject({ hold: { movement: 'leaving' } });
  });

  it('is none for one who comes back to service', async () => {
    const { bench, before } = await provisioned();
    const left = await bench.stored(person('ada', { active: false }), { before });
    const provisioning = bench.reconfigure({ lifecycle: shut() });
    await bench.stored(person('ada'), { before: left, ...(later as object) });
    await drain(provisioning, bench.services, bench.clock.now() + 120_000);
    expect(await bench.read(before)).toMatchObject({ state: 'provisioned', agent: { presence: 'active' } });
  });
});

describe('an agent that is adopted', () => {
  it('gets what the mapping gives, and keeps the rest', async () => {
    const { bench, record, agent } = await made({ nickName: 'Countess' });
    await bench.drained();
    expect(await bench.read(record)).toMatchObject({
      state: 'provisioned',
      agent: { agentId: agent.id, presence: 'active', emailId: 'ada@example.com' },
    });
    expect((await bench.read(record)).attempts).toEqual({ count: 0, unknown: false });
    expect(bench.numbers.of('Provisioned')).toEqual({ adopt: 1 });
    expect(bench.simulator.agents()).toMatchObject([{ nickName: 'Countess', firstName: 'ada' }]);
  });

  it('takes a seat where it is out of service, and none where it has one already', async () => {
    const seated = async (group?: string) => {
      const bench = provisionBench({ tenant: { seats: 1 } });
      await bench.stored(person('bob'));
      const record = await bench.stored(person('ada'), later);
      const { customId } = record.agent;
      const agentGroups = [{ groupId: groupId(bench, group ?? ''), role: 'agent' }];
      if (group !== undefined)
        bench.simulator.seedAgent({ emailId: 'ada@example.com', customId, agentGroups } as never);
      await bench.directory.updatePerson(record, {
        ...record,
        version: record.version + 1,
        attempts: { count: 1, unknown: true },
      });
      await bench.drained();
      return bench.read(record);
    };
    expect(await seated('Unassigned')).toMatchObject({
      state: 'waiting',
      attempts: { lastError: { code: 'no-seat' } },
    });
    expect(await seated('Sales')).toMatchObject({ state: 'provisioned' });
    // That there is none is known by then.
    expect(await seated()).toMatchObject({
      state: 'waiting',
      attempts: { unknown: false, lastError: { code: 'no-seat' } },
    });
  });

  it('is looked for again where the update came to nothing', async () => {
    const { bench, record } = await made({});
    bench.simulator.setBehaviour(faults({ on: PUT, kind: 'status', status: 429, times: 1 }));
    const postponed = await bench.stored(person('ada'), { before: record });
    expect(postponed).toMatchObject({ state: 'due', attempts: { unknown: true } });
    await bench.settled();
    expect(bench.simulator.agents()).toMatchObject([{ firstName: 'ada' }]);
  });

  it('stays out of service as it is made one of the person, until the mapping’s group is given', async () => {
    const ownership = { agentGroup: 'initial' } as const;
    const bench = provisionBench({ tenant: { ownership } });
    const record = await bench.stored(person('ada'), later);
    const agentGroups = [{ groupId: groupId(bench, 'Unassigned'), role: 'agent' }];
    const { customId } = record.agent;
    bench.simulator.seedAgent({ emailId: 'ada@example.com', customId, agentGroups } as never);
    await bench.drained();
    // What is SmartAssist's from creation on is still the mapping's for an agent that is in no group.
    expect(bench.simulator.agents()[0]?.agentGroups).toMatchObject([
      { groupId: groupId(bench, 'Default Group') },
    ]);
  });

  it('keeps the group that SmartAssist has, where that is its own from creation on', async () => {
    const ownership = { agentGroup: 'initial' } as const;
    const bench = provisionBench({ tenant: { ownership } });
    const record = await bench.stored(person('ada'), later);
    const agentGroups = [{ groupId: groupId(bench, 'Sales'), role: 'agent' }];
    const { customId } = record.agent;
    bench.simulator.seedAgent({ emailId: 'ada@example.com', customId, agentGroups } as never);
    await bench.drained();
    expect(bench.simulator.agents()[0]?.agentGroups).toMatchObject([{ groupId: groupId(bench, 'Sales') }]);
  });
});

describe('an update that does not succeed', () => {
  const outcomeOf = async (behaviour: BehaviourInput) => {
    const { bench, before } = await provisioned();
    // With its first change the agent's id is known.
    const known = await bench.stored(person('ada', { name: { givenName: 'A', familyName: 'B' } }), {
      before,
    });
    bench.simulator.setBehaviour(behaviour);
    const record = await bench.stored(person('ada', RENAMED), { before: known });
    return { bench, record };
  };

  it.each<[string, BehaviourInput]>([
    ['the reading is not answered', faults({ on: GET, kind: 'drop-before', times: 1 })],
    ['the reading is throttled', faults({ on: GET, kind: 'status', status: 429, times: 1 })],
    ['the update is throttled', faults({ on: PUT, kind: 'status', status: 429, times: 1 })],
  ])('is tried again, and nothing was changed: %s', async (_, behaviour) => {
    const { bench, record } = await outcomeOf(behaviour);
    expect(record).toMatchObject({ state: 'due', attempts: { unknown: false } });
    expect(bench.simulator.agents()).toMatchObject([{ firstName: 'A' }]);
    await bench.settled();
    expect(bench.simulator.agents()).toMatchObject([{ firstName: 'Augusta' }]);
  });

  it('of an agent whose id was not known comes to the same', async () => {
    const { bench, before } = await provisioned();
    bench.simulator.setBehaviour(faults({ on: GET, kind: 'drop-before', times: 1 }));
    const record = await bench.stored(person('ada', RENAMED), { before });
    expect(record).toMatchObject({
      state: 'due',
      attempts: { unknown: false, lastError: { code: 'unknown' } },
    });
    expect(bench.agentCalls()[PUT]).toBeUndefined();
  });

  it('of its address is tried again where SmartAssist throttles', async () => {
    const { bench, before } = await provisioned();
    bench.simulator.setBehaviour(faults({ on: PUT, kind: 'status', status: 429, times: 1 }));
    const moved = person('ada', { emails: [{ value: 'countess@example.com' }] });
    expect(await bench.stored(moved, { before })).toMatchObject({ state: 'due', attempts: { count: 0 } });
    await bench.settled();
    expect(bench.simulator.agents()).toMatchObject([{ emailId: 'countess@example.com' }]);
    expect((await bench.read(before)).attempts).toEqual({ count: 0, unknown: false });
  });

  it('and is none, since the agent was found as it should be, is not counted', async () => {
    const { bench, before } = await provisioned();
    const [agent] = bench.simulator.agents();
    bench.simulator.editAgent(agent?.id ?? '', { firstName: 'Augusta', lastName: 'King' });
    await bench.stored(person('ada', RENAMED), { before });
    expect(bench.numbers.of('Provisioned')).toEqual({ create: 1 });
  });

  it('may have been applied where it is not answered, so that the agent is looked at first', async () => {
    const { bench, record } = await outcomeOf(faults({ on: PUT, kind: 'drop-after', times: 1 }));
    expect(record).toMatchObject({ state: 'due', attempts: { unknown: true } });
    const puts = bench.agentCalls()[PUT];
    await bench.settled();
    expect(bench.agentCalls()[PUT]).toBe(puts);
    expect(await bench.read(record)).toMatchObject({ state: 'provisioned', attempts: { unknown: false } });
  });

  it('is refused in SmartAssist’s words, without advice on an address that was not changed', async () => {
    const { bench, before } = await provisioned();
    bench.simulator.setBehaviour(faults({ on: PUT, kind: 'status', status: 400 }));
    const refused = await bench.arrive(person('ada', RENAMED), { before });
    expect(refused).toMatchObject({ outcome: 'refused', status: 400 });
    expect(JSON.stringify(refused)).not.toContain('e-mail address');
  });
});

describe('who comes back to service', () => {
  const back = async (lifecycle: object, ownership: TenantConfiguration['ownership']) => {
    const tenant = { lifecycle: lifecycleWith(lifecycle), ownership } as Partial<TenantConfiguration>;
    const { bench, before } = await provisioned({ tenant });
    const skills = bench.simulator.agents()[0]?.skills.length;
    const left = await bench.stored(person('ada', { active: false }), { before });
    const without = bench.simulator.agents()[0]?.skills.length;
    await bench.stored(person('ada'), { before: left });
    return { had: skills, without, has: bench.simulator.agents()[0]?.skills.length };
  };

  it('gets back what leaving took, also what is SmartAssist’s from creation on', async () => {
    const { had, without, has } = await back({ onDeactivate: 'strip' }, { skills: 'initial' });
    expect(had).toBeGreaterThan(0);
    expect([without, has]).toEqual([0, had]);
  });

  it('gets the group of the mapping, where only the group was taken', async () => {
    const ownership = { agentGroup: 'initial', skills: 'initial' } as const;
    const { bench, before } = await provisioned({ tenant: { ownership } });
    const left = await bench.stored(person('ada', { active: false }), { before });
    const [agent] = bench.simulator.agents();
    bench.simulator.editAgent(agent?.id ?? '', { skills: [] });
    expect(await bench.stored(person('ada'), { before: left })).toMatchObject({ state: 'provisioned' });
    expect(bench.simulator.agents()).toMatchObject([
      { skills: [], agentGroups: [{ groupId: groupId(bench, 'Default Group') }] },
    ]);
  });
});

describe('a create that is refused', () => {
  it.each([
    [409, 'No'],
    [400, 'This e-mail already has an account'],
    [400, 'The emailId must be unique'],
    [422, 'Duplicate agent'],
    [400, 'Such an agent exists'],
  ])(
    'as SmartAssist says for an agent that is there (%i, %s) has that one looked for',
    async (status, message) => {
      const bench = provisionBench({ behaviour: { duplicateEmail: { status, message } } });
      bench.simulator.seedAgent({ emailId: 'ada@example.com' });
      expect(await bench.stored(person('ada'))).toMatchObject({
        state: 'due',
        attempts: { lastError: { code: 'looked-for' } },
      });
    },
  );

  it('and may have made the agent all the same, where that can not be looked up', async () => {
    const behaviour = faults(
      { on: 'POST /agents', kind: 'status', status: 400 },
      { on: LOOK_UP, kind: 'drop-before', times: 1 },
    );
    const bench = provisionBench({ behaviour });
    expect(await bench.stored(person('ada'))).toMatchObject({ state: 'due', attempts: { unknown: true } });
    await bench.settled();
    expect(await bench.directory.listPersons('demo', { limit: 1 })).toMatchObject({
      persons: [{ state: 'failed', attempts: { unknown: false } }],
    });
  });

  it('for another reason is refused', async () => {
    const bench = provisionBench({ behaviour: { duplicateEmail: { status: 400, message: 'Not today' } } });
    bench.simulator.seedAgent({ emailId: 'ada@example.com' });
    expect(await bench.arrive(person('ada'))).toMatchObject({ outcome: 'refused', message: 'Not today' });
    expect(bench.agentCalls()).toMatchObject({ [LOOK_UP]: 1 });
  });

  it('is tried again where SmartAssist throttles, and nothing is out there', async () => {
    const bench = provisionBench({
      behaviour: faults({ on: 'POST /agents', kind: 'status', status: 429, times: 1 }),
    });
    expect(await bench.stored(person('ada'))).toMatchObject({
      state: 'due',
      attempts: { count: 0, unknown: false },
    });
    await bench.settled();
    expect(bench.agentCalls()).toEqual({ 'POST /agents': 2 });
  });
});
