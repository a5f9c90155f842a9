import { describe, expect, it } from 'vitest';
import type { PersonRecord } from '../../functions/directory/record.ts';
import type { IncomingPerson } from '../../functions/provision/accept-inline.ts';
import { writeProbe } from '../../functions/provision/agent/probe-record.ts';
import { forecast } from '../../functions/provision/forecast.ts';
import { addressSent, leased } from '../../functions/provision/lifecycle.ts';
import { markDue } from '../../functions/provision/mark-due.ts';
import { reconcile } from '../../functions/reconcile/reconciliation.ts';
import type { Person } from '../../functions/scim-core/person.ts';
import type { BehaviourInput } from '../../local/simulator/behaviour.ts';
import { type ProvisionBench, person, provisionBench } from './bench.ts';

/** Longer than the demo tenant's `undoWithin`. */
const UNDO_MS = 86_400_000;

const later = { inline: undefined } as unknown as Partial<IncomingPerson>;

/** A person whose userName is no address. */
const at = (name: string, address: string): Person =>
  person(name, {
    userName: name,
    emails: [{ value: `${address}@example.com`, type: 'work', primary: true }],
  });

/** Persons with agents, each under an address of the same name. */
async function provisioned(names: readonly string[], behaviour: BehaviourInput = {}) {
  const bench = provisionBench({ behaviour });
  const records = new Map<string, PersonRecord>();
  for (const name of names) records.set(name, await bench.stored(at(name, name)));
  const record = async (name: string) => {
    const known = records.get(name);
    if (known === undefined) throw new Error(`there is no ${name}`);
    return bench.read(known);
  };
  const change = async (name: string, address: string, changes: Partial<IncomingPerson> = {}) =>
    bench.arrive(at(name, address), { before: await record(name), ...changes });
  return { bench, record, change };
}

/** The address of each person's agent. */
async function addresses(
  { simulator }: ProvisionBench,
  names: readonly string[],
  record: (name: string) => Promise<PersonRecord>,
) {
  const entries = names.map(async (name) => {
    const { agent } = await record(name);
    const found = simulator.agents().find(({ customId }) => customId === agent.customId);
    return [name, found?.emailId.split('@')[0]] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

describe('another e-mail address', () => {
  it('that is free is given to the agent, and the former one is free for a joiner', async () => {
    const { bench, record, change } = await provisioned(['ada']);
    expect(await change('ada', 'ada.king')).toMatchObject({ outcome: 'stored' });
    expect(await addresses(bench, ['ada'], record)).toEqual({ ada: 'ada.king' });
    expect(await bench.arrive(at('joiner', 'ada'))).toMatchObject({
      outcome: 'stored',
      record: { state: 'provisioned' },
    });
  });

  it('that was another person’s is given to the one who waits once no agent has it', async () => {
    const { bench, record } = await provisioned(['ada']);
    const eve = await bench.stored(at('eve', 'ada'), later);
    await bench.settled();
    expect(await bench.read(eve)).toMatchObject({ state: 'failed' });
    const reconciled = async () => {
      const { provisioning, services, clock } = bench;
      expect(await reconcile(provisioning, services, clock.now() + 3_600_000, true)).toMatchObject({
        outcome: 'done',
      });
      await bench.settled();
      return bench.read(eve);
    };
    const calls = bench.agentCalls();
    const { version } = await bench.read(eve);
    expect(await reconciled()).toMatchObject({ state: 'failed', version });
    expect(bench.agentCalls()).toMatchObject(calls);
    bench.clock.advance(UNDO_MS);
    await bench.stored(at('ada', 'ada'), { ...later, before: await record('ada'), deleted: true });
    await bench.settled();
    // A leaver whose agent stays has the address still.
    expect(await record('ada')).toMatchObject({ agent: { presence: 'suspended' } });
    expect(await reconciled()).toMatchObject({ state: 'failed' });
    const { agentId = '' } = (await record('ada')).agent;
    await bench.provisioning.client.deleteAgent(agentId, {
      urgency: 'interactive',
      deadline: bench.clock.now() + 10_000,
    });
    bench.clock.advance(86_400_000);
    expect(await reconciled()).toMatchObject({ state: 'provisioned' });
  });

  it.each([
    ['has another one', 'ada.king', false],
    // Within the time in which the agent of a person who is deleted is deleted, too.
    ['is deleted', 'ada', true],
  ])('that was refused is given at once when its holder’s agent %s', async (_, address, deleted) => {
    const { bench, record } = await provisioned(['ada', 'kim']);
    const eve = await bench.stored(at('eve', 'ada'), later);
    const zoe = await bench.stored(at('zoe', 'kim'), later);
    await bench.settled();
    for (const refused of [eve, zoe]) expect(await bench.read(refused)).toMatchObject({ state: 'failed' });

    await bench.stored(at('ada', address), { ...later, before: await record('ada'), deleted });
    await bench.settled();
    expect(await bench.read(eve)).toMatchObject({
      state: 'provisioned',
      agent: { emailId: 'ada@example.com' },
    });
    expect(await bench.read(zoe)).toMatchObject({ state: 'failed' });
  });

  it('that SmartAssist refuses is a refusal with what helps, and no second agent', async () => {
    const { bench, record, change } = await provisioned(['ada'], { emailChange: 'refused' });
    expect(await change('ada', 'ada.king')).toMatchObject({
      outcome: 'refused',
      message: expect.stringMatching(/emailId: can not be changed.*have the agent deleted/),
    });
    expect(await addresses(bench, ['ada'], record)).toEqual({ ada: 'ada' });
    expect(bench.simulator.agents()).toHaveLength(1);
  });

  it('that SmartAssist passes over is said, and is no drift', async () => {
    const { bench, record, change } = await provisioned(['ada'], { emailChange: 'ignored' });
    await change('ada', 'ada.king');
    expect(await record('ada')).toMatchObject({
      state: 'provisioned',
      agent: { emailId: 'ada@example.com' },
      attempts: { lastError: { code: 'address-kept', message: expect.stringContaining('emailId') } },
    });
    const { clock, provisioning, services } = bench;
    clock.advance(3_600_000);
    expect(await reconcile(provisioning, services, clock.now() + 3_600_000, true)).toMatchObject({
      outcome: 'done',
      reconciliation: { drifted: 0, missed: 0, foreigners: 0 },
    });
    expect(await bench.arrive(at('joiner', 'ada'))).toMatchObject({
      outcome: 'taken',
      message: expect.stringContaining('is the address of the agent of "ada"'),
    });
    expect(await bench.arrive(at('joiner', 'ada.king'))).toMatchObject({
      outcome: 'taken',
      message: expect.stringContaining('is to be the address of the agent of "ada"'),
    });
  });

  it('that SmartAssist passes over is remembered as such by an attempt with nothing to do', async () => {
    const { bench, record, change } = await provisioned(['ada'], { emailChange: 'ignored' });
    await change('ada', 'ada.king');
    await markDue(bench.services, await record('ada'));
    await bench.settled();
    expect(await record('ada')).toMatchObject({
      state: 'provisioned',
      agent: { emailId: 'ada@example.com' },
      attempts: { lastError: { code: 'address-kept' } },
    });
    expect(await bench.arrive(at('joiner', 'ada'))).toMatchObject({ outcome: 'taken' });
  });

  it('that is about to become that of an agent which is being made is refused to an older person', async () => {
    const { bench, record, change } = await provisioned(['ada']);
    const joiner = await bench.stored(at('joiner', 'desk'), later);
    // As a function has it that is about to send the create.
    const making = leased(
      addressSent(joiner, 'desk@example.com', true),
      'another function',
      bench.clock.now() + 60_000,
    );
    expect((await bench.directory.updatePerson(joiner, making)).ok).toBe(true);
    expect(await change('ada', 'desk')).toMatchObject({
      outcome: 'taken',
      message: expect.stringContaining('"joiner"'),
    });
    await change('ada', 'desk', later);
    await bench.drained(11_000);
    expect(await record('ada')).toMatchObject({
      state: 'due',
      attempts: { lastError: { code: 'address-awaited' } },
    });
    await bench.settled();
    expect(await addresses(bench, ['ada'], record)).toEqual({ ada: 'ada' });
    expect(await bench.read(joiner)).toMatchObject({ state: 'provisioned' });
    expect((await record('ada')).state).toBe('failed');
  });

  it("that is a leaver's is refused, at the door and by the drain", async () => {
    const { bench, record, change } = await provisioned(['ada', 'eve']);
    await bench.stored({ ...at('eve', 'eve'), active: false }, { before: await record('eve') });
    expect(await change('ada', 'eve')).toMatchObject({
      outcome: 'taken',
      message: expect.stringContaining('"eve"'),
    });
    await change('ada', 'eve', later);
    const before = bench.simulator.calls().total;
    await bench.settled();
    expect(await record('ada')).toMatchObject({
      state: 'failed',
      attempts: { lastError: { code: 'uniqueness', message: expect.stringContaining('"eve"') } },
    });
    expect(bench.simulator.calls().total).toBe(before);
  });

  it("that is another person's fails in a plan", async () => {
    const { bench, change } = await provisioned(['ada', 'eve']);
    await change('ada', 'eve', later);
    const foreseen = [];
    for await (const one of forecast(bench.directory, 'demo', bench.provisioning.planner, undefined)) {
      foreseen.push(one);
    }
    expect(foreseen).toMatchObject([
      { userName: 'ada', effect: 'fail', problems: [expect.stringContaining('"eve"')] },
      { userName: 'eve', effect: 'untouched' },
    ]);
  });

  it('that its holder is about to leave is waited for, and costs no refused call', async () => {
    const { bench, record, change } = await provisioned(['ada', 'eve']);
    await change('ada', 'eve', later);
    await change('eve', 'eve.new', later);
    await bench.settled();
    expect(await addresses(bench, ['ada', 'eve'], record)).toEqual({ ada: 'eve', eve: 'eve.new' });
    expect(bench.simulator.calls()['PUT /agents/{agentId}']).toBe(2);
  });

  it('that two are about to get becomes that of one of them', async () => {
    const { bench, record, change } = await provisioned(['ada', 'eve']);
    await change('ada', 'desk', later);
    await change('eve', 'desk', later);
    await bench.settled();
    expect(await addresses(bench, ['ada', 'eve'], record)).toEqual({ ada: 'desk', eve: 'eve' });
    expect((await record('eve')).attempts.lastError?.message).toContain('"ada"');
  });
});

describe('an exchange of addresses', () => {
  it('that is taken back midway gives each agent its own again', async () => {
    const { bench, record, change } = await provisioned(['ada', 'eve']);
    await writeProbe(bench.directory, bench.provisioning.account, { at: 'now', emailChange: 'taken' });
    await change('ada', 'eve', later);
    await change('eve', 'ada', later);
    bench.betweenGetAndPut(() => bench.clock.advance(50_000));
    await bench.drained(58_000);
    expect((await addresses(bench, ['ada'], record)).ada).toMatch(/^ada\+/);
    await change('ada', 'ada', later);
    await change('eve', 'eve', later);
    await bench.settled();
    expect(await addresses(bench, ['ada', 'eve'], record)).toEqual({ ada: 'ada', eve: 'eve' });
  });

  it('is refused at the door, naming the holder and the steps', async () => {
    const { change } = await provisioned(['ada', 'eve']);
    expect(await change('ada', 'eve')).toMatchObject({
      outcome: 'taken',
      message: expect.stringContaining('"eve"'),
    });
  });

  it.each([{}, { duplicateEmail: { isRefused: false } }])(
    'ends failed in the drain where nobody knows whether SmartAssist takes changes: %j',
    async (behaviour) => {
      const { bench, record, change } = await provisioned(['ada', 'eve'], behaviour);
      await change('ada', 'eve', later);
      await change('eve', 'ada', later);
      await bench.settled();
      expect(await addresses(bench, ['ada', 'eve'], record)).toEqual({ ada: 'ada', eve: 'eve' });
      expect(await record('ada')).toMatchObject({
        state: 'failed',
        attempts: { lastError: { message: expect.stringMatching(/"eve".*doctor --probe/) } },
      });
      expect((await record('eve')).state).toBe('failed');
    },
  );

  it.each([[['ada', 'eve']], [['ada', 'eve', 'kim']]])(
    'is done in two steps where a probe has found that changes are taken: %j',
    async (persons) => {
      const { bench, record, change } = await provisioned(persons);
      await writeProbe(bench.directory, bench.provisioning.account, { at: 'now', emailChange: 'taken' });
      const next = (name: string) => persons[(persons.indexOf(name) + 1) % persons.length] ?? name;
      for (const name of persons) await change(name, next(name), later);
      await bench.settled();
      expect(await addresses(bench, persons, record)).toEqual(
        Object.fromEntries(persons.map((name) => [name, next(name)])),
      );
      expect(bench.simulator.agents()).toHaveLength(persons.length);
      expect(bench.simulator.calls()['PUT /agents/{agentId}']).toBe(persons.length + 1);
    },
  );

  it('is not begun where the address that is made free would go to a third one first', async () => {
    const { bench, record, change } = await provisioned(['ada', 'eve', 'kim']);
    await writeProbe(bench.directory, bench.provisioning.account, { at: 'now', emailChange: 'taken' });
    await change('ada', 'eve', later);
    await change('eve', 'kim', later);
    await change('kim', 'eve', later);
    await bench.settled();
    const names = ['ada', 'eve', 'kim'];
    expect(await addresses(bench, names, record)).toEqual({ ada: 'ada', eve: 'eve', kim: 'kim' });
    for (const name of names) {
      expect(await record(name)).toMatchObject({
        state: 'failed',
        attempts: { lastError: { code: 'uniqueness' } },
      });
    }
  });

  it('of two is done although a third one, who came later, is to have the address of one of them', async () => {
    const { bench, record, change } = await provisioned(['eve', 'kim', 'zoe']);
    await writeProbe(bench.directory, bench.provisioning.account, { at: 'now', emailChange: 'taken' });
    await change('zoe', 'eve', later);
    await change('eve', 'kim', later);
    await change('kim', 'eve', later);
    await bench.settled();
    const names = ['eve', 'kim', 'zoe'];
    expect(await addresses(bench, names, record)).toEqual({ eve: 'kim', kim: 'eve', zoe: 'zoe' });
    expect(await record('zoe')).toMatchObject({ state: 'failed' });
  });

  it.each(['refused', 'ignored'] as const)(
    'is not begun where a probe has found that they are %s',
    async (emailChange) => {
      const { bench, record, change } = await provisioned(['ada', 'eve'], { emailChange });
      await writeProbe(bench.directory, bench.provisioning.account, { at: 'now', emailChange });
      await change('ada', 'eve', later);
      await change('eve', 'ada', later);
      await bench.settled();
      expect(await addresses(bench, ['ada', 'eve'], record)).toEqual({ ada: 'ada', eve: 'eve' });
      expect(bench.simulator.calls()['PUT /agents/{agentId}'] ?? 0).toBe(0);
    },
  );
});
