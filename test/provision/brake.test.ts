import { describe, expect, it } from 'vitest';
import type { PersonRecord } from '../../functions/directory/record.ts';
import { listActions } from '../../functions/operate/audit.ts';
import { discardHeld, type HeldPerson, listHeld, releaseHeld } from '../../functions/operate/brake.ts';
import { rowOf } from '../../functions/operate/people/row.ts';
import { approve } from '../../functions/provision/brake/approvals.ts';
import { brakeLets, engagedAt, mayLeave, readBrake } from '../../functions/provision/brake/brake.ts';
import { drain } from '../../functions/provision/drain/drain.ts';
import { provisioningOf } from '../../functions/scim/users/provisioning.ts';
import { demoTenant } from '../mapping/demo.ts';
import { type ProvisionBench, person, provisionBench } from './bench.ts';

const UNASSIGNED = 'Unassigned';
const PUT = 'PUT /agents/{agentId}';
const OPERATOR = { by: 'grace', reason: 'checked with HR' };

/** So many agents in service. */
async function staffed(count: number): Promise<ProvisionBench> {
  const bench = provisionBench();
  for (let index = 0; index < count; index += 1) {
    await bench.stored(person(`p-${index}`), { inline: undefined } as never);
  }
  await bench.settled();
  return bench;
}

async function deactivate(bench: ProvisionBench, from: number, to: number): Promise<void> {
  for (let index = from; index < to; index += 1) await say(bench, index, { active: false });
  await bench.settled();
}

async function reactivate(bench: ProvisionBench, index: number): Promise<void> {
  await say(bench, index, {});
  await bench.settled();
}

async function say(bench: ProvisionBench, index: number, changes: { active?: boolean }): Promise<void> {
  const [before] = await bench.directory.findPerson('demo', {
    attribute: 'userName',
    value: `p-${index}@example.com`,
  });
  if (before === undefined) throw new Error('nobody');
  await bench.stored(person(`p-${index}`, changes), { before, inline: undefined } as never);
}

const outOfService = ({ simulator }: ProvisionBench): number => {
  const id = simulator.catalogue.agentGroups.find(({ name }) => name === UNASSIGNED)?.id;
  return simulator.agents().filter(({ agentGroupId }) => agentGroupId === id).length;
};
const held = async ({ directory }: ProvisionBench) =>
  (await directory.heldPersons('demo', { limit: 100 })).persons;

describe('the brake', () => {
  it('lets the leavers of a normal day through', async () => {
    const bench = await staffed(60);
    await deactivate(bench, 0, 6);
    expect(outOfService(bench)).toBe(6);
    expect(await held(bench)).toEqual([]);
  });

  it('says before how many it lets through, those counted in the window among them', async () => {
    const bench = await staffed(60);
    const { directory, clock } = bench;
    const lets = async () =>
      mayLeave(
        demoTenant().lifecycle.brake,
        await readBrake({ directory }, 'demo'),
        clock.now(),
        await directory.countActiveAgents('demo'),
      );
    expect(await lets()).toBe(6);
    await deactivate(bench, 0, 4);
    // Of the 60 when the window began, not of the 56 who are left.
    expect(await lets()).toBe(2);
    await deactivate(bench, 4, 6);
    expect([await lets(), await held(bench)]).toEqual([0, []]);
    await deactivate(bench, 6, 7);
    expect([await lets(), (await held(bench)).length]).toEqual([0, 1]);
  });

  it('lets a few through in a small contact centre, whatever their share', async () => {
    const bench = await staffed(6);
    await deactivate(bench, 0, 4);
    expect(outOfService(bench)).toBe(4);
  });

  it('holds whoever is beyond the share, and says so', async () => {
    const bench = await staffed(60);
    await deactivate(bench, 0, 40);
    expect(outOfService(bench)).toBe(6);
    expect(await held(bench)).toHaveLength(34);
    expect(engagedAt(await readBrake(bench.services, 'demo'))).toBeDefined();
    expect(bench.numbers.of('BrakeEngaged')).toEqual({ '': 1 });
    expect(bench.logged.some((line) => line.includes('the brake engages'))).toBe(true);
  });

  it('holds until somebody decides, however long it takes', async () => {
    const bench = await staffed(60);
    await deactivate(bench, 0, 40);
    bench.clock.advance(24 * 60 * 60_000);
    await deactivate(bench, 40, 41);
    expect(outOfService(bench)).toBe(6);
    expect(await held(bench)).toHaveLength(35);
  });

  it('lets joiners and movers go on', async () => {
    const bench = await staffed(60);
    await deactivate(bench, 0, 40);
    expect((await bench.stored(person('new'), { inline: undefined } as never)).state).toBe('due');
    await bench.settled();
    expect(bench.simulator.agents()).toHaveLength(61);
  });

  it('counts leavers over the time that it watches, and forgets them after', async () => {
    const bench = await staffed(60);
    await deactivate(bench, 0, 6);
    bench.clock.advance(61 * 60_000);
    await deactivate(bench, 6, 11);
    expect(outOfService(bench)).toBe(11);
  });

  it('counts as long as the window says, and in it from its first minute on', async () => {
    const bench = await staffed(60);
    await deactivate(bench, 0, 6);
    bench.clock.advance(50 * 60_000);
    await deactivate(bench, 6, 8);
    expect(outOfService(bench)).toBe(6);
  });

  it('released, lets everybody through who waits', async () => {
    const bench = await staffed(60);
    await deactivate(bench, 0, 40);
    expect(await releaseHeld(bench.services, 'demo', { all: true }, OPERATOR)).toMatchObject({
      count: 34,
      left: 0,
    });
    await bench.settled();
    expect(outOfService(bench)).toBe(40);
    expect(await held(bench)).toEqual([]);
  });

  it('discarded, leaves the agents in service until the person changes again', async () => {
    const bench = await staffed(60);
    await deactivate(bench, 0, 40);
    const [first] = await held(bench);
    expect(await discardHeld(bench.services, 'demo', { all: true }, OPERATOR)).toMatchObject({
      count: 34,
      left: 0,
    });
    await bench.settled();
    expect(outOfService(bench)).toBe(6);
    if (first === undefined) throw new Error('nobody was held');
    const before = await bench.read(first);
    expect(before.discarded).toBe(true);
    // Since the decision, and not since the agent was written last.
    const { since, updatedAt, ...provisioning } = provisioningOf(before);
    expect(provisioning).toMatchObject({ state: 'waiting', reason: expect.stringContaining('decided') });
    expect([since, updatedAt]).toEqual([rowOf(before).since, rowOf(before).since]);
    expect(Date.parse(String(since))).toBeGreaterThanOrEqual(Date.parse(first.hold?.since ?? ''));
    expect(String(since) > String(before.agent.appliedAt)).toBe(true);
    await bench.stored({ ...before.person, title: 'changed' }, { before, inline: undefined } as never);
    await bench.settled();
    expect(outOfService(bench)).toBe(7);
  });

  it('lets somebody through who comes back while being held', async () => {
    const bench = await staffed(60);
    await deactivate(bench, 0, 40);
    const [first] = await held(bench);
    if (first === undefined) throw new Error('nobody was held');
    await bench.stored({ ...first.person, active: true }, { before: first, inline: undefined } as never);
    await bench.settled();
    expect((await bench.read(first)).state).toBe('provisioned');
    expect(await held(bench)).toHaveLength(33);
  });

  it('is over for a person once what was released is done', async () => {
    const bench = await staffed(60);
    await deactivate(bench, 0, 40);
    const [first] = await held(bench);
    if (first === undefined) throw new Error('nobody was held');
    await releaseHeld(bench.services, 'demo', { persons: [first.person.userName] }, OPERATOR);
    await bench.settled();
    const gone = await bench.read(first);
    expect(gone).toMatchObject({ state: 'suspended' });
    expect(gone.released).toBeUndefined();
  });

  it('holds nobody who comes back to service, however many come at once', async () => {
    const bench = await staffed(60);
    await deactivate(bench, 0, 6);
    await deactivate(bench, 6, 40);
    await releaseHeld(bench.services, 'demo', { all: true }, OPERATOR);
    await bench.settled();
    expect(outOfService(bench)).toBe(40);
    bench.clock.advance(60_000);
    for (let index = 0; index < 40; index += 1) {
      const value = `p-${index}@example.com`;
      const [before] = await bench.directory.findPerson('demo', { attribute: 'userName', value });
      await bench.stored(person(`p-${index}`), { before, inline: undefined } as never);
    }
    await bench.settled();
    expect(outOfService(bench)).toBe(0);
    expect(await held(bench)).toEqual([]);
  });

  it('counts a person once, however often the attempt is repeated', async () => {
    for (const size of [12, 30]) {
      const bench = await staffed(size);
      bench.simulator.setBehaviour({ faults: [{ on: PUT, kind: 'status', status: 503, times: 4 }] });
      await deactivate(bench, 0, 1);
      expect(outOfService(bench)).toBe(1);
      await deactivate(bench, 1, 3);
      expect(outOfService(bench)).toBe(3);
      expect(await held(bench)).toEqual([]);
    }
  });

  it('counts a person once although the trouble lasts longer than the window', async () => {
    const bench = await staffed(30);
    await deactivate(bench, 0, 3);
    bench.simulator.setBehaviour({ faults: [{ on: PUT, kind: 'status', status: 503 }] });
    const [before] = await bench.directory.findPerson('demo', {
      attribute: 'userName',
      value: 'p-3@example.com',
    });
    if (before === undefined) throw new Error('nobody');
    await bench.stored(person('p-3', { active: false }), { before, inline: undefined } as never);
    for (let round = 0; round < 30; round += 1) {
      await bench.drained();
      bench.clock.advance(10 * 60_000);
    }
    bench.simulator.setBehaviour({});
    await bench.settled();
    expect(outOfService(bench)).toBe(4);
    await deactivate(bench, 4, 8);
    // The limit of this hour is four: none of them is the one who was repeated for five.
    expect(await held(bench)).toEqual([]);
  });

  it('counts anew in each window who leaves and comes back more often than that', async () => {
    const bench = await staffed(61);
    for (let time = 0; time < 2; time += 1) {
      await deactivate(bench, 0, 1);
      expect(outOfService(bench)).toBe(1);
      await reactivate(bench, 0);
      expect(outOfService(bench)).toBe(0);
      bench.clock.advance(40 * 60_000);
    }
    await deactivate(bench, 0, 1);
    // Six of 61 may leave within an hour, in which the first leaving is no more.
    await deactivate(bench, 1, 7);
    expect(outOfService(bench)).toBe(6);
    expect(await held(bench)).toHaveLength(1);
  });

  it('lets what was approved through again where it is tried again, of whoever has left before as well', async () => {
    const bench = await staffed(12);
    await deactivate(bench, 0, 1);
    bench.clock.advance(1_000);
    await reactivate(bench, 0);
    await deactivate(bench, 1, 12);
    expect(await readBrake(bench, 'demo')).toMatchObject({ engaged: { leaving: { window: 'within' } } });
    const [record] = await bench.directory.findPerson('demo', {
      attribute: 'userName',
      value: 'p-0@example.com',
    });
    if (record === undefined) throw new Error('nobody');
    const digest = 'd'.repeat(64);
    const generation = { number: 2, digest, isActive: true, isOutdated: async () => false };
    const services = { ...bench.services, generation };
    await approve(services, 'demo', digest, [{ id: record.id, of: 'leaving' }]);
    const leaves = () =>
      brakeLets(services, demoTenant().lifecycle.brake, record, { movement: 'leaving', of: 'leaving' });
    expect([await leaves(), await leaves()]).toEqual([{ lets: true }, { lets: true }]);
  });

  it('counts whose leaving was taken back before it was carried out when they leave', async () => {
    const bench = await staffed(60);
    bench.simulator.setBehaviour({
      faults: [{ on: 'GET /agents/customId/{customId}', kind: 'status', status: 503, times: 1 }],
    });
    const [before] = await bench.directory.findPerson('demo', {
      attribute: 'userName',
      value: 'p-0@example.com',
    });
    const leaver = await bench.stored(person('p-0', { active: false }), { before } as never);
    expect(leaver.state).toBe('due');
    const back = await bench.stored(person('p-0'), { before: leaver });
    await bench.settled();
    expect((await bench.read(back)).state).toBe('provisioned');
    bench.clock.advance(2 * 60 * 60_000);
    // Six of sixty may leave within an hour.
    await deactivate(bench, 0, 7);
    expect(outOfService(bench)).toBe(6);
    expect(await held(bench)).toHaveLength(1);
  });

  it.each(['suspend', 'remove'] as const)(
    'counts whose agent was made without an answer: %s',
    async (onDelete) => {
      const { lifecycle } = demoTenant();
      const behaviour = { faults: [{ on: 'POST /agents', kind: 'drop-after' } as const] };
      const bench = provisionBench({ behaviour, tenant: { lifecycle: { ...lifecycle, onDelete } } });
      const joined: PersonRecord[] = [];
      for (let index = 0; index < 12; index += 1) joined.push(await bench.stored(person(`p-${index}`)));
      expect(bench.simulator.agents()).toHaveLength(12);
      expect(joined.every(({ agent }) => agent.presence === 'none')).toBe(true);
      bench.clock.advance(3_600_000);
      for (const before of joined) {
        const inline = { inline: undefined } as never;
        await bench.stored(person(before.person.userName.replace('@example.com', '')), {
          before: await bench.read(before),
          deleted: true,
          ...(inline as object),
        });
      }
      await bench.settled();
      const left = onDelete === 'remove' ? 12 - bench.simulator.agents().length : outOfService(bench);
      expect(left).toBe(4);
      expect(await held(bench)).toHaveLength(8);
    },
  );

  it('notices a slow leak: a few an hour, for days', async () => {
    const bench = await staffed(60);
    for (let hour = 0; hour < 10; hour += 1) {
      await deactivate(bench, hour * 2, hour * 2 + 2);
      bench.clock.advance(3 * 60 * 60_000);
    }
    // A quarter of sixty in seven days.
    expect(outOfService(bench)).toBe(15);
    expect(await held(bench)).toHaveLength(5);
    expect((await held(bench))[0]?.hold).toMatchObject({
      movement: 'leaving',
      limit: 15,
      seconds: 7 * 86_400,
    });
  });

  it('takes the share of the agents who were there when the window began', async () => {
    const bench = await staffed(60);
    await deactivate(bench, 0, 1);
    for (let index = 60; index < 200; index += 1) {
      await bench.stored(person(`p-${index}`), { inline: undefined } as never);
    }
    await bench.drained();
    expect((await readBrake(bench.services, 'demo')).windows.within?.[0]).toMatchObject({
      active: 60,
      count: 1,
    });
  });

  it('reads what version 0.1.0 wrote', async () => {
    const bench = await staffed(12);
    const body = { times: [bench.clock.now()], engagedAt: bench.clock.now() };
    await bench.directory.writeDocument('demo', 'brake', body);
    await deactivate(bench, 0, 1);
    expect(await held(bench)).toHaveLength(1);
    expect(await releaseHeld(bench.services, 'demo', { all: true }, OPERATOR)).toMatchObject({ count: 1 });
    await bench.settled();
    expect(outOfService(bench)).toBe(1);
  });
});

describe('an operator decides', () => {
  const sources = async (bench: ProvisionBench, from: number, to: number, source: string) => {
    for (let index = from; index < to; index += 1) {
      const [before] = await bench.directory.findPerson('demo', {
        attribute: 'userName',
        value: `p-${index}@example.com`,
      });
      if (before === undefined) throw new Error('nobody');
      await bench.stored(person(`p-${index}`, { active: false }), {
        before,
        source,
        inline: undefined,
      } as never);
    }
    await bench.settled();
  };

  it('about named persons: nobody else goes, now or within the next hour', async () => {
    const bench = await staffed(60);
    await deactivate(bench, 0, 20);
    const [first, second] = await held(bench);
    if (first === undefined || second === undefined) throw new Error('nobody was held');
    const persons = [first.person.userName.toUpperCase(), second.id, 'nobody@example.com'];
    const decided = await releaseHeld(bench.services, 'demo', { persons }, OPERATOR);
    expect(decided).toEqual({ count: 2, unknown: ['nobody@example.com'], left: 12 });
    await bench.settled();
    await deactivate(bench, 20, 25);
    expect(outOfService(bench)).toBe(8);
    expect(await held(bench)).toHaveLength(17);
  });

  it('about all of one source, and about all', async () => {
    const bench = await staffed(60);
    await deactivate(bench, 0, 6);
    await sources(bench, 6, 10, 'okta');
    await sources(bench, 10, 15, 'workday');
    expect(await discardHeld(bench.services, 'demo', { source: 'okta' }, OPERATOR)).toMatchObject({
      count: 4,
      left: 5,
    });
    expect(await releaseHeld(bench.services, 'demo', { all: true }, OPERATOR)).toMatchObject({
      count: 5,
      left: 0,
    });
    await bench.settled();
    expect(outOfService(bench)).toBe(11);
    expect(engagedAt(await readBrake(bench.services, 'demo'))).toBeUndefined();
  });

  it('and who, when, what and why are kept: with the person and among operators\u2019 actions', async () => {
    const bench = await staffed(60);
    await deactivate(bench, 0, 8);
    const [first] = await held(bench);
    if (first === undefined) throw new Error('nobody was held');
    await releaseHeld(bench.services, 'demo', { persons: [first.id] }, OPERATOR);
    const { entries } = await listActions(bench.services, 'demo', { limit: 10 });
    expect(entries).toEqual([
      expect.objectContaining({
        action: 'brake release',
        by: 'grace',
        reason: 'checked with HR',
        count: 1,
        persons: [first.id],
      }),
    ]);
    const history = await bench.directory.listHistory('demo', first.id, { limit: 1 });
    expect(history.entries[0]).toMatchObject({
      what: 'brake release',
      source: 'grace',
      message: 'checked with HR',
    });
  });
});

describe('the brake for changes', () => {
  const rules = (changes: object) => ({
    rules: [...provisionBench().provisioning.tenant.rules, { name: 'new rule', ...changes } as never],
  });
  const reconfigured = async (bench: ProvisionBench, provisioning: ProvisionBench['provisioning']) => {
    for (let round = 0; round < 50; round += 1) {
      const drained = await drain(provisioning, bench.services, bench.clock.now() + 120_000);
      if (drained.outcome === 'idle' && drained.nextAt === undefined) return;
      bench.clock.advance(1_000);
    }
    throw new Error('it never settles');
  };

  it.each([
    ['the Unassigned group by a rule', { set: { agentGroup: UNASSIGNED } }],
    [
      'the last queue and skill gone',
      { remove: { queues: ['Default Queue'], skills: ['Default SkillGroup/Default Skill'] } },
    ],
  ])('counts as leaving what takes agents out of routing: %s', async (_, change) => {
    const bench = await staffed(60);
    const titles = { when: 'title eq "temp"', ...change };
    for (let index = 0; index < 20; index += 1) {
      const [before] = await bench.directory.findPerson('demo', {
        attribute: 'userName',
        value: `p-${index}@example.com`,
      });
      if (before === undefined) throw new Error('nobody');
      await bench.stored(person(`p-${index}`, { title: 'temp' }), { before, inline: undefined } as never);
    }
    await bench.settled();
    await reconfigured(bench, bench.reconfigure(rules(titles)));
    const waiting = await held(bench);
    expect(waiting).toHaveLength(14);
    expect(waiting[0]?.hold).toMatchObject({
      movement: 'leaving',
      limit: 6,
      rules: expect.arrayContaining(['new rule']),
    });
    // Looked at again and again, they wait still, and cost no more calls.
    const calls = bench.simulator.calls().total;
    await reconfigured(bench, bench.reconfigure(rules(titles)));
    expect(bench.simulator.calls().total).toBe(calls);
  });

  it('holds other changes of many agents, by rule and field, and does them when they are released', async () => {
    const bench = await staffed(60);
    const provisioning = bench.reconfigure(rules({ set: { agentGroup: 'Billing' } }));
    await reconfigured(bench, provisioning);
    const people: HeldPerson[] = [];
    for await (const each of listHeld(bench.services, 'demo')) people.push(each);
    expect(people).toHaveLength(41);
    expect(people[0]).toMatchObject({ movement: 'change', fields: ['agentGroupId'] });
    expect(people[0]?.reason).toContain('were to change (agentGroupId) within one hour, and 19 may');
    await releaseHeld(bench.services, 'demo', { rule: 'new rule' }, OPERATOR);
    await reconfigured(bench, provisioning);
    expect(await held(bench)).toEqual([]);
    const id = bench.simulator.catalogue.agentGroups.find(({ name }) => name === 'Billing')?.id;
    expect(bench.simulator.agents().filter(({ agentGroupId }) => agentGroupId === id)).toHaveLength(60);
  });

  it('leaves agents as they are whose change is discarded, and changes them when something new is said', async () => {
    const bench = await staffed(60);
    const provisioning = bench.reconfigure(rules({ set: { agentGroup: 'Billing' } }));
    await reconfigured(bench, provisioning);
    expect(await discardHeld(bench.services, 'demo', { all: true }, OPERATOR)).toMatchObject({ count: 41 });
    await reconfigured(bench, provisioning);
    const id = bench.simulator.catalogue.agentGroups.find(({ name }) => name === 'Billing')?.id;
    expect(bench.simulator.agents().filter(({ agentGroupId }) => agentGroupId === id)).toHaveLength(19);
  });

  it('lets single changes of a normal day pass', async () => {
    const bench = await staffed(60);
    for (let index = 0; index < 18; index += 1) {
      const [before] = await bench.directory.findPerson('demo', {
        attribute: 'userName',
        value: `p-${index}@example.com`,
      });
      if (before === undefined) throw new Error('nobody');
      await bench.stored(person(`p-${index}`, { name: { givenName: 'New', familyName: 'Name' } }), {
        before,
        inline: undefined,
      } as never);
    }
    await bench.settled();
    expect(await held(bench)).toEqual([]);
  });
});

describe('a connection test', () => {
  const madeAndDeleted = async (options: { undoWithin?: number; lastOnlineAt?: string }) => {
    const { lifecycle } = provisionBench().provisioning.tenant;
    const bench = provisionBench({
      tenant: { lifecycle: { ...lifecycle, undoWithin: options.undoWithin ?? 600 } },
    });
    const before = await bench.stored(person('test'));
    const [agent] = bench.simulator.agents();
    if (agent === undefined) throw new Error('no agent');
    if (options.lastOnlineAt !== undefined)
      bench.simulator.editAgent(agent.id, { lastOnlineAt: options.lastOnlineAt });
    bench.clock.advance(60_000);
    await bench.stored(person('test'), { before, deleted: true });
    await bench.settled();
    return bench;
  };

  it('leaves nothing behind', async () => {
    expect((await madeAndDeleted({})).simulator.agents()).toEqual([]);
  });

  it.each([
    ['was online', { lastOnlineAt: '2026-11-26T08:00:00.000Z' }],
    ['is older than the tenant allows', { undoWithin: 0 }],
  ])('is none where the agent %s: it is put out of service', async (_, options) => {
    const bench = await madeAndDeleted(options);
    expect(outOfService(bench)).toBe(1);
  });
});
