import { describe, expect, it } from 'vitest';
import { reconcile } from '../../functions/reconcile/reconciliation.ts';
import type { AgentRecord } from '../../local/simulator/agents/record.ts';
import type { BehaviourInput } from '../../local/simulator/behaviour.ts';
import { demoTenant } from '../mapping/demo.ts';
import { type ProvisionBench, person, provisionBench } from './bench.ts';

const HOUR_MS = 3_600_000;
const named = (name: string, familyName: string) => person(name, { name: { givenName: name, familyName } });
const group = (bench: ProvisionBench, name: string) =>
  bench.simulator.catalogue.agentGroups.find((each) => each.name === name)?.id ?? '';
const skill = (bench: ProvisionBench, name: string) =>
  bench.simulator.catalogue.skillGroups.flatMap(({ skills }) => skills).find((each) => each.name === name)
    ?.id ?? '';

function only({ simulator }: ProvisionBench): AgentRecord {
  const [agent, ...others] = simulator.agents();
  if (agent === undefined || others.length > 0) throw new Error(`there are ${others.length + 1} agents`);
  return agent;
}

async function census(bench: ProvisionBench) {
  bench.clock.advance(HOUR_MS);
  const outcome = await reconcile(bench.provisioning, bench.services, bench.clock.now() + HOUR_MS, true);
  if (outcome.outcome !== 'done') throw new Error(JSON.stringify(outcome));
  return outcome.reconciliation;
}

/** Ada, agent of one group and manager of two others, as a supervisor made her that. */
async function manager(options: Parameters<typeof provisionBench>[0] = {}) {
  const bench = provisionBench(options);
  const before = await bench.stored(person('ada'));
  bench.simulator.editAgent(only(bench).id, {
    agentGroups: [
      { groupId: group(bench, 'Billing'), role: 'manager', accessLevel: 'full' },
      { groupId: group(bench, 'Sales'), role: 'manager', accessLevel: 'view' },
      { groupId: only(bench).agentGroupId, role: 'agent' },
    ],
  });
  return { bench, before };
}

describe('a leaver who manages two groups', () => {
  it.each([
    ['agentGroups', 'emptied'],
    ['agentGroupId', 'emptied'],
    ['agentGroups', 'kept'],
    ['agentGroupId', 'kept'],
  ] as const)(
    'ends as an agent of Unassigned and of no other group, %s counting and absent fields %s',
    async (decidingGroup, absentInUpdate) => {
      const { bench, before } = await manager({ behaviour: { decidingGroup, absentInUpdate } });
      const left = await bench.stored(person('ada', { active: false }), { before });
      expect(left.state).toBe('suspended');
      const groupId = group(bench, 'Unassigned');
      expect(only(bench).agentGroups).toEqual([{ groupId, role: 'agent', name: 'Unassigned' }]);
      expect(only(bench).agentGroupId).toBe(groupId);
    },
  );

  it('is no manager of Unassigned either', async () => {
    const { bench, before } = await manager();
    bench.simulator.editAgent(only(bench).id, {
      agentGroups: [
        { groupId: group(bench, 'Unassigned'), role: 'manager', accessLevel: 'full' },
        { groupId: group(bench, 'Sales'), role: 'agent' },
      ],
    });
    await bench.stored(person('ada', { active: false }), { before });
    expect(only(bench).agentGroups).toMatchObject([{ name: 'Unassigned', role: 'agent' }]);
  });

  it('is taken out again where a second group was given back by hand', async () => {
    const lifecycle = { ...demoTenant().lifecycle, drift: 'repair' as const };
    const { bench, before } = await manager({ tenant: { lifecycle } });
    const left = await bench.stored(person('ada', { active: false }), { before });
    await census(bench);
    bench.simulator.editAgent(only(bench).id, {
      agentGroups: [
        { groupId: group(bench, 'Unassigned'), role: 'agent' },
        { groupId: group(bench, 'Sales'), role: 'manager', accessLevel: 'full' },
      ],
    });
    await census(bench);
    await bench.settled();
    expect((await bench.read(left)).state).toBe('suspended');
    expect(only(bench).agentGroups.map(({ name }) => name)).toEqual(['Unassigned']);
  });
});

describe('an unrelated change', () => {
  it('keeps opt-outs, presence, groups that the mapping does not give, and fields that it never sent', async () => {
    const rules = [
      ...demoTenant().rules,
      {
        name: 'work',
        add: { skills: [{ skill: 'Hardware', proficiency: 'good' as const }], queues: [{ queue: 'VIP' }] },
      },
    ];
    const { bench, before } = await manager({
      tenant: { rules },
      behaviour: { optOut: { field: 'isOptedOut' } },
    });
    const { id, skills, queues } = only(bench);
    bench.simulator.editAgent(id, {
      skills: skills.map((entry) => ({ ...entry, isOptedOut: true })),
      queues: queues.map((entry) => ({ ...entry, isOptedOut: true })),
      onlineStatus: 'Lunch',
      onlineStatusType: 'AWAY',
      maxChatSupport: 12,
      markedAutoAway: true,
    });
    const had = only(bench);
    expect(had.skills.length * had.queues.length).toBeGreaterThan(0);
    await bench.stored(named('ada', 'Byron'), { before });
    const has = only(bench);
    expect(has).toMatchObject({ lastName: 'Byron', agentGroups: had.agentGroups });
    for (const entry of [...has.skills, ...has.queues]) expect(entry).toMatchObject({ isOptedOut: true });
    for (const field of ['onlineStatus', 'onlineStatusType', 'maxChatSupport', 'markedAutoAway'] as const)
      expect(has[field as keyof AgentRecord]).toEqual(had[field as keyof AgentRecord]);
  });

  it('is the same where SmartAssist stores whatever is sent: a stale presence never is', async () => {
    const { bench, before } = await manager({ behaviour: { unlistedFields: 'taken' } });
    // Offline since the record was read: the transport changes the agent between the reading and the writing.
    const { id } = only(bench);
    bench.simulator.editAgent(id, { onlineStatus: 'Available', onlineStatusType: 'AVAILABLE' });
    bench.betweenGetAndPut(() =>
      bench.simulator.editAgent(id, { onlineStatus: 'Offline', onlineStatusType: 'OFFLINE' }),
    );
    await bench.stored(named('ada', 'Byron'), { before });
    expect(only(bench)).toMatchObject({ lastName: 'Byron', onlineStatusType: 'OFFLINE' });
  });

  it.each(['as-updated', 'as-listed'] as const)(
    'is no drift afterwards, queues and preferences being there, entries of a record %s',
    async (recordEntries) => {
      const rules = [
        ...demoTenant().rules,
        { name: 'work', add: { queues: [{ queue: 'VIP', preferred: true }, { queue: 'Sales' }] } },
      ];
      const { bench, before } = await manager({ tenant: { rules }, behaviour: { recordEntries } });
      await bench.stored(named('ada', 'Byron'), { before });
      expect(only(bench).queues).toContainEqual(
        expect.objectContaining({ name: 'VIP', isPreferredAgent: true }),
      );
      expect(await census(bench)).toMatchObject({ drifted: 0, missed: 0 });
    },
  );
});

describe('an agent from before, with a Custom ID of its own', () => {
  it.each(['generated', 'none', 'employeeNumber'])(
    'keeps it when it is adopted, with customId: %s',
    async (from) => {
      const bench = provisionBench({ tenant: { agent: { ...demoTenant().agent, customId: { from } } } });
      bench.simulator.seedAgent({ emailId: 'ada@example.com', customId: '1111' });
      await bench.stored(person('first', { employeeNumber: '7' }));
      await census(bench);
      const ada = await bench.stored(person('ada', { employeeNumber: '4711' }));
      expect(ada.state).toBe('provisioned');
      const mine = () => bench.simulator.agents().find(({ emailId }) => emailId === 'ada@example.com');
      expect(mine()).toMatchObject({ customId: '1111', firstName: 'ada' });
      const left = await bench.stored(person('ada', { active: false }), { before: ada });
      expect(left.state).toBe('suspended');
      expect(mine()).toMatchObject({ customId: '1111', agentGroups: [{ name: 'Unassigned' }] });
      expect(bench.simulator.agents()).toHaveLength(2);
    },
  );
});

describe('strip', () => {
  const lifecycle = { ...demoTenant().lifecycle, onDeactivate: 'strip' as const };
  const rules = [
    ...demoTenant().rules,
    {
      name: 'work',
      add: { skills: [{ skill: 'Hardware', proficiency: 'good' as const }], queues: [{ queue: 'VIP' }] },
    },
  ];

  it.each([true, false])(
    'takes skills and queues, and channels as far as SmartAssist lets it (a channel needed: %s), and gives them back',
    async (needsChannel) => {
      const bench = provisionBench({ tenant: { lifecycle, rules }, behaviour: { needsChannel } });
      const joined = await bench.stored(person('ada'));
      const had = only(bench);
      expect(had.skills.map(({ skillId }) => skillId)).toContain(skill(bench, 'Hardware'));
      const left = await bench.stored(person('ada', { active: false }), { before: joined });
      expect(left.state).toBe('suspended');
      expect(only(bench)).toMatchObject({
        skills: [],
        queues: [],
        agentGroups: [{ name: 'Unassigned' }],
        canSupportChat: needsChannel ? had.canSupportChat : false,
      });
      const back = await bench.stored(person('ada'), { before: left });
      expect(back.state).toBe('provisioned');
      const ids = ({ skills, queues }: AgentRecord) => [
        ...skills.map(({ skillId }) => skillId),
        ...queues.map(({ id }) => id),
      ];
      expect(ids(only(bench))).toEqual(ids(had));
      expect(only(bench)).toMatchObject({ canSupportChat: had.canSupportChat, agentGroups: had.agentGroups });
    },
  );
});

describe('customId: none', () => {
  const tenant = { agent: { ...demoTenant().agent, customId: { from: 'none' } } };
  const among = async (others: number, behaviour: BehaviourInput = {}) => {
    const bench = provisionBench({ tenant, behaviour });
    for (let index = 0; index < others; index += 1) bench.simulator.seedAgent({});
    return bench;
  };
  const ours = ({ simulator }: ProvisionBench) =>
    simulator.agents().filter(({ emailId }) => emailId === 'ada@example.com');

  it('makes an agent without one, and finds it among others to change and to suspend it', async () => {
    const bench = await among(25);
    const joined = await bench.stored(person('ada'));
    expect(joined.state).toBe('provisioned');
    expect(ours(bench)[0]?.customId ?? '').toBe('');
    for (let index = 0; index < 12; index += 1) bench.simulator.seedAgent({});
    const others = () => bench.simulator.agents().filter(({ emailId }) => emailId !== 'ada@example.com');
    const untouched = others();
    const changed = await bench.stored(named('ada', 'Byron'), { before: joined });
    expect(changed).toMatchObject({ state: 'provisioned', agent: { agentId: ours(bench)[0]?.id } });
    expect(ours(bench)).toMatchObject([{ lastName: 'Byron' }]);
    const left = await bench.stored(person('ada', { active: false }), { before: changed });
    expect(left.state).toBe('suspended');
    expect(ours(bench)).toMatchObject([{ agentGroups: [{ name: 'Unassigned' }] }]);
    expect(others()).toEqual(untouched);
  });

  it('suspends a leaver whose address comes from elsewhere than the e-mail addresses', async () => {
    const agent = { ...tenant.agent, emailId: { from: '{externalId}@desk.example.com' } };
    const bench = provisionBench({ tenant: { agent } });
    for (let index = 0; index < 12; index += 1) bench.simulator.seedAgent({});
    const joined = await bench.stored(person('ada', { externalId: 'ada-7' }));
    const left = await bench.stored(person('ada', { externalId: 'ada-7', active: false }), {
      before: joined,
    });
    expect(left.state).toBe('suspended');
    const agents = bench.simulator.agents().filter(({ emailId }) => emailId === 'ada-7@desk.example.com');
    expect(agents).toMatchObject([{ agentGroups: [{ name: 'Unassigned' }] }]);
  });

  it.each([
    ['drop-after', true],
    ['hang-after', true],
    ['garbage', true],
    ['drop-after', false],
    ['drop-before', false],
  ] as const)('makes no second agent after %s, addresses being unique: %s', async (kind, isRefused) => {
    const bench = await among(45, {
      duplicateEmail: { isRefused },
      faults: [{ on: 'POST /agents', kind, times: 1 }],
    });
    const record = await bench.stored(person('ada'), { inline: undefined } as never);
    await bench.settled();
    expect((await bench.read(record)).state).toBe('provisioned');
    expect(ours(bench)).toHaveLength(1);
  });

  it.each(['true', 'contradicting', 'missing'] as const)(
    'makes no second agent where the page facts of the list are %s',
    async (listFacts) => {
      const bench = await among(45, {
        listFacts,
        duplicateEmail: { isRefused: false },
        faults: [{ on: 'POST /agents', kind: 'drop-after', times: 1 }],
      });
      await bench.stored(person('ada'), { inline: undefined } as never);
      await bench.settled();
      expect(ours(bench)).toHaveLength(1);
      expect(bench.simulator.calls()).toMatchObject({ 'POST /agents': 1 });
    },
  );

  it('reads a long list once, however many attempts that takes, and agents added meanwhile', async () => {
    const LIST = 'GET /organizations/{orgId}/agents';
    const bench = await among(1_200, {
      duplicateEmail: { isRefused: false },
      faults: [{ on: 'POST /agents', kind: 'drop-before', times: 1 }],
    });
    const record = await bench.stored(person('ada'), { inline: undefined } as never);
    const read = () => bench.simulator.calls()[LIST] ?? 0;
    for (let round = 0; round < 30 && read() <= 10; round += 1) {
      await bench.drained(30_000);
      bench.clock.advance(5_000);
    }
    expect(read()).toBeGreaterThan(10);
    expect((await bench.read(record)).attempts.unknown).toBe(true);
    expect(read()).toBeLessThan(120);
    // As a create would that was under way all the time.
    bench.simulator.seedAgent({ emailId: 'ada@example.com' });
    await bench.settled();
    expect((await bench.read(record)).state).toBe('provisioned');
    expect(ours(bench)).toMatchObject([{ firstName: 'ada' }]);
    const { [LIST]: pages = 0, 'POST /agents': creates } = bench.simulator.calls();
    expect(creates).toBe(1);
    expect(pages).toBeLessThan(130);
  });
});
