import { describe, expect, it } from 'vitest';
import { noteFormer } from '../../../functions/provision/agent/former.ts';
import { portsOf } from '../../../functions/provision/agent/open-ports.ts';
import { isReconciliationWanted } from '../../../functions/provision/agent/search.ts';
import { undoUntil } from '../../../functions/provision/agent/undo.ts';
import { START } from '../../local/simulator-bench.ts';
import { person, provisionBench } from '../bench.ts';
import { beginAttempt, loseLease, recordOf, store, unkeyed, withAgent } from './attempt.ts';

const ADA = 'ada@example.com';

/** Ada is changed by another function while an attempt is under way. */
async function changed({ bench, holding }: Awaited<ReturnType<typeof beginAttempt>>) {
  const current = await bench.read(holding.record);
  const after = { ...current, version: current.version + 1, person: person('ada', { title: 'Countess' }) };
  expect((await bench.directory.updatePerson(current, after)).ok).toBe(true);
}

describe('an attempt', () => {
  it('goes on with its record as it last wrote it: the address that is sent, and the agent that is taken', async () => {
    const { ports, holding, bench } = await beginAttempt(recordOf('ada'));
    expect(await ports.sends(ADA)).toBe(true);
    expect(await ports.claim('a-1')).toBe('ours');
    expect(holding.record.agent).toMatchObject({ emailId: ADA, agentId: 'a-1' });
    expect(await bench.read(holding.record)).toEqual(holding.record);
  });

  it('goes on with its own record where another function changed the person, so that the race is seen', async () => {
    const begun = await beginAttempt(recordOf('ada'));
    const { holding, ports, bench } = begun;
    const before = holding.record;
    await changed(begun);
    expect(await ports.sends(ADA)).toBe(true);
    expect(holding.record).toBe(before);
    expect(await ports.claim('a-1')).toBe('ours');
    expect(holding.record).toBe(before);
    expect(await bench.read(before)).toMatchObject({
      person: { title: 'Countess' },
      agent: { emailId: ADA, agentId: 'a-1' },
    });
  });

  it('sends no create and takes no agent under a lease that is lost', async () => {
    const { ports, bench, holding } = await beginAttempt(recordOf('ada'));
    await loseLease(bench, holding.record);
    expect(await ports.sends(ADA)).toBe(false);
    expect(await ports.claim('a-1')).toBe('lost');
  });

  it('makes agents with our key, or knows by the record that this one was made without it', async () => {
    const keyed = await beginAttempt(recordOf('ada'));
    expect(keyed.ports.isKeyed()).toBe(true);
    keyed.holding.record = withAgent('ada', { isKeyed: false });
    expect(keyed.ports.isKeyed()).toBe(false);
    const without = await beginAttempt(recordOf('ada'), { tenant: unkeyed() });
    expect(without.ports.isKeyed()).toBe(false);
    expect(await without.ports.sends(ADA)).toBe(true);
    expect(without.holding.record.agent.isKeyed).toBe(false);
  });

  it('knows address and names of the agent by the mapping', async () => {
    const of = person('ada', { name: { givenName: 'Ada', familyName: 'KING' } });
    const { ports, holding } = await beginAttempt(recordOf('ada', { person: of }));
    expect(ports.address()).toBe(ADA);
    expect(ports.workforce.names()).toBe('ada king');
    holding.record = { ...holding.record, person: { ...of, name: {} } };
    expect(ports.workforce.names().trim()).not.toMatch(/undefined/);
  });

  it('asks for the list of workforce management no more once that was refused', async () => {
    const { ports } = await beginAttempt(recordOf('ada'));
    expect(await ports.workforce.mayRead()).toBe(true);
    await ports.workforce.noteUnusable();
    expect(await ports.workforce.mayRead()).toBe(false);
  });

  it('knows whether an agent is another person’s, of whatever tenant', async () => {
    const { ports, bench, holding } = await beginAttempt(recordOf('ada'));
    const { account } = bench.provisioning;
    expect(await ports.heldByAnother('a-1', ADA)).toBeUndefined();
    await ports.claim('a-1');
    expect(await ports.heldByAnother('a-1', ADA)).toBeUndefined();
    await store(bench, withAgent('eve', { agentId: 'a-2', account }));
    expect(await ports.heldByAnother('a-2', ADA)).toContain('"eve@example.com"');
    await store(bench, withAgent('ada', { agentId: 'a-3', account }, { tenant: 'second' }));
    expect(await ports.heldByAnother('a-3', ADA)).toContain('another tenant');
    expect(holding.record.id).toBe('ada');
  });

  it('knows what stands in the way of an address', async () => {
    const { ports, bench } = await beginAttempt(recordOf('ada'));
    expect(await ports.obstacle('desk@example.com')).toBeUndefined();
    await store(bench, withAgent('eve', { emailId: 'desk@example.com' }));
    expect(await ports.obstacle('desk@example.com')).toMatchObject({ kind: 'taken' });
  });

  it('knows whether agents of erased persons may be there, by one who had an agent', async () => {
    const { ports, bench } = await beginAttempt(recordOf('ada'));
    await noteFormer(bench.directory, recordOf('bob'));
    expect(await ports.mayBeFormer()).toBe(false);
    await noteFormer(bench.directory, withAgent('eve', { presence: 'suspended' }));
    expect(await ports.mayBeFormer()).toBe(true);
  });
});

describe('a leaver', () => {
  it.each([
    ['strip', undefined, true],
    ['strip', '2026-11-23T10:00:00Z', false],
    ['suspend', undefined, false],
  ] as const)(
    'with onDeactivate: %s, deleted at %s, loses skills and queues as well: %j',
    async (onDeactivate, deletedAt, strips) => {
      const { lifecycle } = provisionBench().provisioning.tenant;
      const leaver = recordOf('ada', deletedAt === undefined ? {} : { deletedAt });
      const { ports } = await beginAttempt(leaver, { tenant: { lifecycle: { ...lifecycle, onDeactivate } } });
      expect(ports.strips).toBe(strips);
    },
  );
});

describe('an agent that SmartAssist says is there, and nobody knows', () => {
  it('is looked for by a reconciliation, from the first time on that it stood in the way', async () => {
    const { ports, bench, holding } = await beginAttempt(recordOf('ada'));
    const since = new Date(START).toISOString();
    const postponed = { kind: 'postponed', code: 'looked-for', lookedForSince: since, unknown: false };
    expect(await ports.lookFor()).toMatchObject(postponed);
    expect(await isReconciliationWanted(bench.services, 'demo')).toBe(true);
    bench.clock.advance(60_000);
    holding.record = { ...holding.record, attempts: { ...holding.record.attempts, lookedForSince: since } };
    expect(await ports.lookFor()).toMatchObject(postponed);
  });

  it('is a refusal once a reconciliation has not shown it', async () => {
    const { ports, bench } = await beginAttempt(recordOf('ada'));
    const startedAt = new Date(START).toISOString();
    await bench.directory.writeDocument('demo', 'census', { startedAt, phase: 'done' });
    expect(await ports.lookFor()).toEqual({
      kind: 'refused',
      status: 409,
      message: expect.stringContaining('an agent with this e-mail exists'),
      unknown: false,
    });
  });
});

describe('a seat', () => {
  const SEATS = { tenant: { seats: 1 } };

  it('is to be had where there is one, or where they are not counted', async () => {
    expect(await (await beginAttempt(recordOf('ada'))).ports.seat()).toBeUndefined();
    expect(await (await beginAttempt(recordOf('ada'), SEATS)).ports.seat()).toBeUndefined();
  });

  it.each([undefined, 'none'] as const)('is not to be had where all are taken; found: %j', async (found) => {
    const { ports, bench } = await beginAttempt(recordOf('ada'), SEATS);
    await bench.stored(person('eve'));
    expect(await ports.seat(found)).toEqual({
      kind: 'no-seat',
      seats: 1,
      ...(found === undefined ? {} : { found }),
    });
  });

  it('is asked for again at once while other functions take theirs', async () => {
    const { bench, holding } = await beginAttempt(recordOf('ada'), SEATS);
    const directory = { ...bench.directory, writeDocument: async () => ({ ok: false }) as const };
    const busy = portsOf(bench.provisioning, { ...bench.services, directory }, holding);
    const answer = await busy.seat();
    expect(answer).toMatchObject({ kind: 'no-slot', unknown: false });
    expect(answer?.kind === 'no-slot' && answer.waitMs).toBeLessThanOrEqual(1_000);
  });
});

describe('the brake', () => {
  it('counts what an attempt is about to do, leaving and changes apart, a repetition of the same once', async () => {
    const { lifecycle } = provisionBench().provisioning.tenant;
    const window = { percent: 0, atLeast: 2, within: 3_600 };
    const brake = { ...lifecycle.brake, ...window, long: window, changes: window };
    const begun = await beginAttempt(recordOf('ada'), { tenant: { lifecycle: { ...lifecycle, brake } } });
    const { bench, ports } = begun;
    const eve = portsOf(bench.provisioning, bench.services, { record: recordOf('eve') });
    expect(await ports.brakeLets('change', 'one')).toMatchObject({ lets: true });
    expect(await eve.brakeLets('change', 'two')).toMatchObject({ lets: false, hold: { movement: 'change' } });
    expect(await eve.brakeLets('leaving', 'gone')).toMatchObject({ lets: true });
    expect(await ports.brakeLets('leaving', 'gone')).toMatchObject({
      lets: false,
      hold: { movement: 'leaving' },
    });
    expect(await ports.brakeLets('change', 'one')).toMatchObject({ lets: true });
    expect(await ports.brakeLets('change', 'another')).toMatchObject({ lets: false });
  });
});

describe('the end of a connection test', () => {
  it('may be told for a while of an agent that was made for it, and never of one that was adopted', () => {
    const { lifecycle } = provisionBench().provisioning.tenant;
    const agent = { customId: 'key', presence: 'active' } as const;
    const settings = { ...lifecycle, undoWithin: 300 };
    const createdAt = new Date(START).toISOString();
    expect(undoUntil({ ...agent, createdAt }, settings)).toBe(START + 300_000);
    expect(undoUntil(agent, settings)).toBe(0);
  });
});
