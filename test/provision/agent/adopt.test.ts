import { describe, expect, it } from 'vitest';
import type { PersonRecord } from '../../../functions/directory/record.ts';
import { findByAddress, findByOwnCustomId, takenAddress } from '../../../functions/provision/agent/adopt.ts';
import { noteFormer } from '../../../functions/provision/agent/former.ts';
import { claimAgent, writeKeyPass } from '../../../functions/provision/agent/holders.ts';
import type { Ports } from '../../../functions/provision/agent/ports.ts';
import { rememberAgent } from '../../../functions/provision/agent-index.ts';
import { START } from '../../local/simulator-bench.ts';
import { beginAttempt, loseLease, recordOf, store, unkeyed, withAgent } from './attempt.ts';

const ADA = 'ada@example.com';
const BY_KEY = 'GET /agents/customId/{customId}';
const BY_ID = 'GET /agents/{agentId}';

/** An attempt at ada, whose address an agent has that the last reconciliation saw. */
async function adopting(options: { readonly isSeen?: boolean; readonly areKnown?: boolean } = {}) {
  const begun = await beginAttempt(recordOf('ada'), { tenant: unkeyed() });
  const { bench, ports, terms } = begun;
  const { account } = bench.provisioning;
  const seeded = bench.simulator.seedAgent({ emailId: 'Ada@Example.com', customId: 'E1001' });
  if (options.isSeen ?? true) {
    const seen = { agentId: seeded.id, census: new Date(START).toISOString(), email: seeded.emailId };
    await rememberAgent(bench.directory, 'demo', seen, START);
  }
  if (options.areKnown ?? true) await writeKeyPass(bench.directory, 'demo', { account, isDone: true });
  return {
    ...begun,
    seeded,
    find: (through: Ports = ports) => findByAddress(through, ADA, terms),
    takes: async (record: PersonRecord) =>
      expect(await claimAgent(bench.directory, account, record, seeded.id)).toMatchObject({
        outcome: 'claimed',
      }),
    stored: () => bench.read(begun.holding.record),
    calls: (operation: typeof BY_ID | typeof BY_KEY) => bench.simulator.calls()[operation] ?? 0,
    fails: (on: typeof BY_ID | typeof BY_KEY, status: number) =>
      bench.simulator.setBehaviour({ faults: [{ on, kind: 'status', status, times: 1 }] }),
  };
}

describe('an agent that a reconciliation saw with the person’s address', () => {
  it('is the person’s from then on', async () => {
    const { find, seeded, stored } = await adopting();
    expect(await find()).toMatchObject({ outcome: 'found', agent: { id: seeded.id, customId: 'E1001' } });
    expect((await stored()).agent.agentId).toBe(seeded.id);
  });

  it.each([{ isSeen: false }, { areKnown: false }])(
    'is not adopted, at no call, where it is not known or whose it is isn’t: %j',
    async (options) => {
      const { find, stored, calls } = await adopting(options);
      expect(await find()).toEqual({ outcome: 'none' });
      expect((await stored()).agent).not.toHaveProperty('agentId');
      expect(calls(BY_ID)).toBe(0);
    },
  );

  it.each([true, false])('is another person’s who holds it, whoever else is known: %j', async (areKnown) => {
    const { find, takes, bench, calls } = await adopting({ areKnown });
    await takes(await store(bench, withAgent('eve')));
    expect(await find()).toEqual({
      outcome: 'held',
      message: expect.stringContaining('"eve@example.com"'),
    });
    expect(calls(BY_ID)).toBe(0);
  });

  it('is another person’s of another tenant with the same id', async () => {
    const { find, takes, bench } = await adopting();
    await takes(await store(bench, withAgent('ada', {}, { tenant: 'second' })));
    expect(await find()).toMatchObject({
      outcome: 'held',
      message: expect.stringContaining('another tenant'),
    });
  });

  it('is the person’s who holds it already', async () => {
    const { find, ports, seeded } = await adopting();
    expect(await ports.claim(seeded.id)).toBe('ours');
    expect(await find()).toMatchObject({ outcome: 'found', agent: { id: seeded.id } });
  });

  it.each([true, false])('is another person’s who was faster, and holds it still: %j', async (holdsStill) => {
    const { find, takes, bench, ports } = await adopting();
    const eve = await store(bench, withAgent('eve'));
    bench.betweenGetAndPut(() => {});
    let asked = 0;
    const found = await find({
      ...ports,
      claim: async (id) => {
        await takes(eve);
        return ports.claim(id);
      },
      heldByAnother: async (...given) => {
        asked += 1;
        return asked === 1 || holdsStill ? ports.heldByAnother(...given) : undefined;
      },
    });
    const message = holdsStill
      ? expect.stringContaining('"eve@example.com"')
      : expect.stringMatching(/another/);
    expect(found).toEqual({ outcome: 'held', message });
  });

  it('is none where it is gone by now', async () => {
    const { find, bench, seeded, terms } = await adopting();
    await bench.provisioning.client.deleteAgent(seeded.id, terms);
    expect(await find()).toEqual({ outcome: 'none' });
  });

  it('is none where it has another address by now', async () => {
    const { find, bench, seeded, stored } = await adopting();
    bench.simulator.editAgent(seeded.id, { emailId: 'desk@example.com' });
    expect(await find()).toEqual({ outcome: 'none' });
    expect((await stored()).agent).not.toHaveProperty('agentId');
  });

  it('is left for now where it can not be read: nothing of ours is out there', async () => {
    const { find, fails } = await adopting();
    fails(BY_ID, 500);
    expect(await find()).toMatchObject({ outcome: 'failed', result: { kind: 'postponed', unknown: false } });
  });

  it('is left where another function has the lease by now', async () => {
    const { find, bench, holding } = await adopting();
    await loseLease(bench, holding.record);
    expect(await find()).toMatchObject({ outcome: 'failed', result: { kind: 'postponed', unknown: true } });
  });
});

describe('an agent of an erased person, with the Custom ID that a returner brings', () => {
  /** An attempt of a tenant that has erased persons with agents. */
  async function returning(customId: string | undefined = 'E1001', hasErased = true) {
    const begun = await adopting();
    if (hasErased) await noteFormer(begun.bench.directory, withAgent('former'));
    return { ...begun, findOwn: (ports = begun.ports) => findByOwnCustomId(ports, customId, begun.terms) };
  }

  it('is the returner’s from then on', async () => {
    const { findOwn, seeded, stored } = await returning();
    expect(await findOwn()).toMatchObject({ outcome: 'found', agent: { id: seeded.id }, isPartial: true });
    expect((await stored()).agent.agentId).toBe(seeded.id);
  });

  it('is not looked for where no person with an agent was erased', async () => {
    const { findOwn, bench, calls } = await returning('E1001', false);
    await noteFormer(bench.directory, recordOf('without-agent'));
    await noteFormer(bench.directory, withAgent('elsewhere', {}, { tenant: 'second' }));
    expect(await findOwn()).toEqual({ outcome: 'none' });
    expect(calls(BY_KEY)).toBe(0);
  });

  it('is not looked for where the person brings none, or where agents carry our key', async () => {
    const begun = await returning();
    expect(await findByOwnCustomId(begun.ports, undefined, begun.terms)).toEqual({ outcome: 'none' });
    expect(await begun.findOwn({ ...begun.ports, isKeyed: () => true })).toEqual({ outcome: 'none' });
    expect(begun.calls(BY_KEY)).toBe(0);
  });

  it('is none where no agent has it, or another person has that agent', async () => {
    const { findOwn } = await returning('E9999');
    expect(await findOwn()).toEqual({ outcome: 'none' });
    const held = await returning();
    await held.takes(await store(held.bench, withAgent('eve')));
    expect(await held.findOwn()).toEqual({ outcome: 'none' });
  });

  it('is left for now where it can not be looked up: nothing of ours is out there', async () => {
    const { findOwn, fails } = await returning();
    fails(BY_KEY, 500);
    expect(await findOwn()).toMatchObject({
      outcome: 'failed',
      result: { kind: 'postponed', unknown: false },
    });
  });
});

describe('a new address that SmartAssist refuses', () => {
  const current = (id: string, emailId = 'ada.former@example.com') => ({ id, emailId });

  it('is taken where another person’s agent has it, who is named', async () => {
    const { ports, bench, takes } = await adopting();
    await takes(await store(bench, withAgent('eve')));
    expect(await takenAddress(ports, current('a-1'), ADA)).toEqual({
      kind: 'taken',
      message: expect.stringContaining('"eve@example.com"'),
    });
  });

  it('is not why, where the agent has it already, in whatever spelling', async () => {
    const { ports, bench, takes } = await adopting();
    await takes(await store(bench, withAgent('eve')));
    expect(await takenAddress(ports, current('a-1', 'ADA@example.com'), ADA)).toBeUndefined();
  });

  it('is not taken by an agent that no person has, by this very one, or by none', async () => {
    const { ports, bench, seeded, takes } = await adopting();
    expect(await takenAddress(ports, current('a-1'), ADA)).toBeUndefined();
    expect(await takenAddress(ports, current('a-1'), 'nobody@example.com')).toBeUndefined();
    await takes(await store(bench, withAgent('eve')));
    expect(await takenAddress(ports, current(seeded.id), ADA)).toBeUndefined();
    expect(await takenAddress(ports, { id: 'a-1' }, ADA)).toMatchObject({ kind: 'taken' });
  });
});
