import { beforeEach, describe, expect, it } from 'vitest';
import type { PersonRecord } from '../../functions/directory/record.ts';
import type { TenantProvisioning } from '../../functions/provision/tenant.ts';
import { compare } from '../../functions/reconcile/compare.ts';
import { eraseIgnored, writeIgnored } from '../../functions/reconcile/ignored.ts';
import { LIST_LIMIT, newReconciliation, type Reconciliation } from '../../functions/reconcile/report.ts';
import type { AgentRecord } from '../../functions/smartassist/agent.ts';
import { type ProvisionBench, person, provisionBench } from '../provision/bench.ts';

const later = { inline: undefined } as object;
const MINUTE_MS = 60_000;

let bench: ProvisionBench;
beforeEach(() => {
  bench = provisionBench();
});

const at = () => new Date(bench.clock.now()).toISOString();
const terms = () => ({ urgency: 'backfill', deadline: bench.clock.now() + MINUTE_MS }) as const;

/** The agents as the list shows them now. */
async function listed(): Promise<readonly AgentRecord[]> {
  // A call is free by then.
  bench.clock.advance(MINUTE_MS);
  const page = await bench.provisioning.client.listAgents(bench.simulator.orgId, 1, terms());
  if (page.outcome !== 'ok') throw new Error(page.outcome);
  return page.value.results;
}

/** What comes of a list of agents, one after the other. */
async function compared(
  agents: readonly AgentRecord[],
  {
    from = newReconciliation(at()),
    provisioning = bench.provisioning,
    askedAt = at(),
  }: { from?: Reconciliation; provisioning?: TenantProvisioning; askedAt?: string } = {},
): Promise<Reconciliation> {
  let found = from;
  for (const agent of agents) {
    found = await compare(provisioning, bench.services, found, { agent, askedAt }, terms());
  }
  return found;
}

/** A person whose agent is there, a minute ago. */
async function withAgent(name: string): Promise<PersonRecord> {
  const record = await bench.stored(person(name));
  bench.clock.advance(MINUTE_MS);
  return record;
}

/** As `withAgent`, and out of service since a minute ago. */
async function leaver(name: string): Promise<PersonRecord> {
  const before = await withAgent(name);
  const left = await bench.stored(person(name, { active: false }), { before });
  expect(left.state).toBe('suspended');
  bench.clock.advance(MINUTE_MS);
  return left;
}

/** The only agent as the list shows it, with these changes. */
async function shown(changes: object = {}): Promise<AgentRecord> {
  const [agent] = await listed();
  if (agent === undefined) throw new Error('there is no agent');
  return { ...agent, ...changes };
}

/** What SmartAssist refuses once. */
const refusing = (on: 'POST /agents' | 'PUT /agents/{agentId}') =>
  bench.simulator.setBehaviour({ faults: [{ on, kind: 'status', status: 400, times: 1 }] });

const groupOf = (name: string) => {
  const group = bench.simulator.catalogue.agentGroups.find((each) => each.name === name);
  if (group === undefined) throw new Error(`there is no group ${name}`);
  return group.id;
};
const inGroups = (...names: string[]) => ({
  agentGroups: names.map((name) => ({ groupId: groupOf(name), role: 'agent' })),
});

describe('an agent that belongs to no person', () => {
  it('is counted, and listed with its address as far as it shows one', async () => {
    const found = await compared([
      { id: 'a-1', emailId: 'one@else.example' },
      { id: 'a-2', emailId: '' },
      { id: 'a-3' },
      { id: 'a-4', emailId: 'four@else.example' },
    ]);
    expect(found).toMatchObject({ foreigners: 4, foreign: ['a-1', 'a-2', 'a-3', 'a-4'] });
    expect(found.foreignAddresses).toEqual({ 'a-1': 'one@else.example', 'a-4': 'four@else.example' });
  });

  it('is counted once, although the list shows it on two pages because it shifted meanwhile', async () => {
    const agent = { id: 'a-1', emailId: 'one@else.example' };
    expect(await compared([agent, agent])).toMatchObject({ foreigners: 1, foreign: ['a-1'] });
  });

  it('is counted beyond 500, where the list of them is cut', async () => {
    const known = Array.from({ length: LIST_LIMIT - 1 }, (_, index) => `a-${index}`);
    const from = { ...newReconciliation(at()), foreign: known, foreigners: known.length };
    const agents = ['last', 'beyond'].map((id) => ({ id, emailId: `${id}@else.example` }));
    const found = await compared(agents, { from });
    expect(found.foreigners).toBe(LIST_LIMIT + 1);
    expect(found.foreign).toEqual([...known, 'last']);
    expect(found.foreignAddresses).toEqual({ last: 'last@else.example' });
  });

  it('is passed over and counted apart once an operator ignores it, until that is taken back', async () => {
    const [robot, other] = ['a-1', 'a-2'].map((id) => ({ id, emailId: `${id}@else.example` }));
    if (robot === undefined || other === undefined) throw new Error('there are two');
    for (const { id: agent } of [robot, other])
      await writeIgnored(bench.directory, 'demo', { agent }, { by: 'ada', at: at() });
    const found = await compared([robot, other]);
    expect(found).toMatchObject({ foreigners: 0, foreign: [], ignoredForeigners: 2 });
    await eraseIgnored(bench.directory, 'demo', { agent: robot.id });
    expect(await compared([robot, other])).toMatchObject({ foreign: [robot.id], ignoredForeigners: 1 });
  });

  it('is none while a person with its address is about to get an agent', async () => {
    await bench.stored(person('ada'), later);
    const found = await compared([{ id: 'a-1', emailId: 'ada@example.com' }]);
    expect(found).toMatchObject({ foreigners: 0, foreign: [], adopted: 0, learned: 0 });
  });

  it('is one although it has the address of a person that is to be no agent', async () => {
    const ada = await bench.stored(person('ada', { active: false }));
    const found = await compared([{ id: 'a-1', emailId: 'ada@example.com' }]);
    expect(found).toMatchObject({ foreign: ['a-1'], adopted: 0, learned: 0 });
    expect(await bench.read(ada)).toEqual(ada);
  });

  it('is one although it has the address of a person whose agent is another one', async () => {
    const ada = await withAgent('ada');
    const [own] = await listed();
    if (own === undefined) throw new Error('there is no agent');
    await compared([own]);
    const found = await compared([{ id: 'a-second', emailId: 'ada@example.com' }]);
    expect(found).toMatchObject({ foreign: ['a-second'], learned: 0 });
    expect((await bench.read(ada)).agent.agentId).toBe(own.id);
  });

  it('is not adopted for a refused person with an agent already', async () => {
    const ada = await withAgent('ada');
    await compared(await listed());
    refusing('PUT /agents/{agentId}');
    await bench.stored(person('ada', addressOf('new')), { before: await bench.read(ada), ...later });
    await bench.settled();
    const failed = await bench.read(ada);
    expect(failed.state).toBe('failed');
    const found = await compared([{ id: 'a-second', emailId: 'new@example.com' }]);
    expect(found).toMatchObject({ foreign: ['a-second'], adopted: 0 });
    expect(await bench.read(failed)).toEqual(failed);
  });

  it('is adopted for a person that was refused because of it: due at once', async () => {
    refusing('POST /agents');
    const ada = await bench.stored(person('ada'), later);
    await bench.settled();
    expect((await bench.read(ada)).state).toBe('failed');
    bench.clock.advance(MINUTE_MS);
    const found = await compared([{ id: 'a-1', emailId: 'Ada@Example.com' }]);
    expect(found).toMatchObject({ adopted: 1, foreigners: 0 });
    expect(await bench.read(ada)).toMatchObject({ state: 'due', dueAt: at() });
  });
});

const addressOf = (name: string) => ({
  emails: [{ value: `${name}@example.com`, type: 'work', primary: true }],
});

describe('an agent that was made for a person, and whose id was never told', () => {
  it('is the person’s from now on', async () => {
    const ada = await withAgent('ada');
    const agent = await shown();
    expect(await compared([agent])).toMatchObject({ learned: 1, drifted: 0, foreigners: 0 });
    expect((await bench.read(ada)).agent.agentId).toBe(agent.id);
    expect(await compared([agent])).toMatchObject({ learned: 0, drifted: 0, foreigners: 0 });
  });

  it('is left to the next reconciliation where the person is changed at this very moment', async () => {
    bench = provisionBench({
      directory: (directory) => ({
        ...directory,
        updatePerson: async (before, after) =>
          after.agent.agentId === undefined
            ? directory.updatePerson(before, after)
            : { ok: false, reason: 'changed', current: { ...before, lease: { holder: 'other', until: 0 } } },
      }),
    });
    await withAgent('ada');
    expect(await compared([await shown({ lastName: 'By Hand' })])).toMatchObject({
      learned: 0,
      drifted: 0,
      foreigners: 0,
    });
  });
});

describe('an agent that was changed in SmartAssist', () => {
  const byHand = { lastName: 'By Hand' };

  it('is reported with its person and the fields', async () => {
    const { id } = await withAgent('ada');
    const found = await compared([await shown({ ...byHand, skills: [] })]);
    expect(found).toMatchObject({ drifted: 1, drift: [{ personId: id, fields: ['lastName', 'skills'] }] });
  });

  it('is reported once, although the list shows it on two pages because it shifted meanwhile', async () => {
    const { id } = await withAgent('ada');
    const agent = await shown(byHand);
    expect(await compared([agent, agent])).toMatchObject({ drifted: 1, drift: [{ personId: id }] });
    const { entries } = await bench.directory.listHistory('demo', id, { limit: 9 });
    expect(entries.filter(({ what }) => what === 'drift')).toHaveLength(1);
  });

  it.each([
    ['at the moment at which', 0, 0],
    ['after', -1, 0],
    ['before', 1, 1],
  ])('counts where it was written from here %s the list was asked for: %i ms, %i', async (_, ms, drifted) => {
    const { agent } = await withAgent('ada');
    const askedAt = new Date(Date.parse(agent.appliedAt ?? '') + ms).toISOString();
    expect(await compared([await shown(byHand)], { askedAt })).toMatchObject({ drifted });
  });

  it('is passed over once an operator ignores it, until these fields are changed once more', async () => {
    const [ada, ben] = [await withAgent('ada'), await withAgent('ben')];
    const agents = (await listed()).map((agent) => ({ ...agent, ...byHand }));
    const { drift } = await compared(agents);
    for (const { personId, theirs = '' } of drift)
      await writeIgnored(bench.directory, 'demo', { person: personId }, { by: 'eve', at: at(), theirs });
    expect(await compared(agents)).toMatchObject({ drifted: 0, drift: [], ignored: 2 });
    const again = agents.map((agent, index) => (index === 0 ? { ...agent, lastName: 'Once more' } : agent));
    expect(await compared(again)).toMatchObject({ drifted: 1, drift: [{ personId: ada.id }], ignored: 1 });
    await eraseIgnored(bench.directory, 'demo', { person: ben.id });
    expect(await compared(agents)).toMatchObject({ drifted: 1, drift: [{ personId: ben.id }], ignored: 1 });
  });

  it('is none where the rules make something else of the person by now: that is still to be written', async () => {
    await withAgent('ada');
    const provisioning = bench.reconfigure({ provisionWhen: 'title eq "Agent"' });
    expect(await compared([await shown(byHand)], { provisioning })).toMatchObject({ learned: 1, drifted: 0 });
  });

  it.each<[string, string, () => object, number]>([
    ['moved to another group is', 'agentGroupId', () => inGroups('Sales'), 1],
    ['that was given a further group is not', 'agentGroupId', () => inGroups('Default Group', 'Sales'), 0],
    ['whose groups are not shown is not', 'agentGroupId', () => ({ agentGroups: undefined }), 0],
    ['of no group that can be read is not', 'agentGroupId', () => ({ agentGroups: [{ name: 'x' }] }), 0],
    ['in another spelling of its address is not', 'emailId', () => ({ emailId: 'ADA@example.com' }), 0],
    ['of another address is', 'emailId', () => ({ emailId: 'ada.king@example.com' }), 1],
    ['whose address is not shown is not', 'emailId', () => ({ emailId: undefined }), 0],
    ['whose skills are not shown is not', 'skills', () => ({ skills: undefined }), 0],
  ])('in service and %s reported: %s', async (_, field, changes, drifted) => {
    await withAgent('ada');
    await compared(await listed());
    const drift = drifted === 0 ? [] : [{ fields: [field] }];
    expect(await compared([await shown(changes())])).toMatchObject({ drifted, drift });
  });

  it('is none by an address that SmartAssist kept in spite of an update', async () => {
    bench = provisionBench({ behaviour: { emailChange: 'ignored' } });
    const before = await withAgent('ada');
    await compared(await listed());
    const after = { before: await bench.read(before) };
    await bench.stored({ ...person('ada'), ...addressOf('ada.king') }, after);
    bench.clock.advance(MINUTE_MS);
    expect(await compared(await listed())).toMatchObject({ drifted: 0, foreigners: 0 });
    expect(await compared([await shown({ emailId: 'eve@example.com' })])).toMatchObject({ drifted: 1 });
  });
});

describe('the agent of a leaver', () => {
  it.each<[string, () => object, number]>([
    ['in the Unassigned group alone is out of service', () => ({}), 0],
    ['back in its group is in service', () => inGroups('Default Group'), 1],
    ['in a further group is in service', () => inGroups('Unassigned', 'Sales'), 1],
    ['twice in the Unassigned group is out of service', () => inGroups('Unassigned', 'Unassigned'), 0],
    ['whose groups are not shown is left alone', () => ({ agentGroups: undefined }), 0],
    ['whose groups can not be read is left alone', () => ({ agentGroups: [{ groupId: 7 }] }), 0],
    ['that shows one group alone is in service', () => groupAlone('Sales'), 1],
    ['that shows the Unassigned group alone is out of service', () => groupAlone('Unassigned'), 0],
    [
      'that manages the Unassigned group is in service',
      () => ({ agentGroups: [{ groupId: groupOf('Unassigned'), role: 'manager' }] }),
      1,
    ],
  ])('%s', async (_, changes, drifted) => {
    const { id } = await leaver('ada');
    const drift = drifted === 0 ? [] : [{ personId: id, fields: ['agentGroupId'] }];
    expect(await compared([await shown(changes())])).toMatchObject({ drifted, drift });
  });

  it('is shown with the groups that it is in', async () => {
    const { id } = await leaver('ada');
    await compared([await shown(inGroups('Unassigned', 'Sales'))]);
    const { entries } = await bench.directory.listHistory('demo', id, { limit: 1 });
    expect(entries).toMatchObject([
      { values: [{ field: 'agentGroupId', ours: 'Unassigned', theirs: 'Unassigned, Sales' }] },
    ]);
  });

  it('may be changed otherwise', async () => {
    await leaver('ada');
    expect(await compared([await shown({ lastName: 'By Hand', skills: [] })])).toMatchObject({ drifted: 0 });
  });

  it('is left alone where the rules want the person back by now: that is still to be written', async () => {
    await leaver('ada');
    const provisioning = bench.reconfigure({ provisionWhen: 'userName pr' });
    const agent = await shown(inGroups('Sales'));
    expect(await compared([agent], { provisioning })).toMatchObject({ drifted: 0 });
  });
});

const groupAlone = (name: string) => ({ agentGroups: undefined, agentGroupId: groupOf(name) });
