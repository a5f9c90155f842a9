import { describe, expect, it } from 'vitest';
import { accept, type IncomingPerson, nextRecord } from '../../functions/provision/accept.ts';
import { acceptInline } from '../../functions/provision/accept-inline.ts';
import { customIdOf } from '../../functions/provision/custom-id.ts';
import { PAUSE_DOCUMENT } from '../../functions/provision/drain/pause.ts';
import { leased } from '../../functions/provision/lifecycle.ts';
import type { ServedGeneration } from '../../functions/provision/services.ts';
import { aPerson } from '../contract/directory.ts';
import { person, provisionBench } from './bench.ts';

const LONG_BEFORE = '2026-01-01T00:00:00.000Z';
const incoming = (more: Partial<IncomingPerson> = {}): IncomingPerson => ({
  person: person('ada'),
  source: 'okta',
  priority: 1,
  ...more,
});

/** A bench on which `accept` is what is called. */
function open() {
  const bench = provisionBench();
  const now = new Date(bench.clock.now()).toISOString();
  return {
    ...bench,
    now,
    accept: (more: Partial<IncomingPerson> = {}) => accept('demo', bench.services, incoming(more)),
    next: (more: Partial<IncomingPerson> = {}) => nextRecord('demo', bench.services, incoming(more)),
  };
}

describe('a person who is accepted', () => {
  it('is new, due from now on, with a key of its own and no agent yet', () => {
    const { next, now } = open();
    const links = { okta: { id: '7' } };
    const record = next({ links, origins: { title: 'hr' } });
    expect(record).toMatchObject({
      tenant: 'demo',
      version: 1,
      personVersion: 1,
      createdAt: now,
      updatedAt: now,
      source: 'okta',
      links,
      origins: { title: 'hr' },
      person: person('ada'),
      state: 'due',
      dueAt: now,
      priority: 1,
      agent: { customId: customIdOf('demo', record.id), presence: 'none' },
      attempts: { count: 0, unknown: false },
    });
    expect(next().id).not.toBe(record.id);
    for (const absent of ['links', 'origins', 'deletedAt']) expect(next()).not.toHaveProperty(absent);
  });

  it('is the next version of one who is there, who keeps agent, links and origins', () => {
    const { next, now } = open();
    const known = { links: { okta: { id: '7' } }, origins: { title: 'hr' } };
    const before = aPerson('demo', 'ada', { createdAt: LONG_BEFORE, personVersion: 4, ...known });
    expect(next({ before })).toMatchObject({
      id: 'ada',
      version: 2,
      personVersion: 5,
      createdAt: LONG_BEFORE,
      updatedAt: now,
      source: 'okta',
      priority: 1,
      state: 'due',
      agent: before.agent,
      ...known,
    });
    const links = { hr: { id: '9' } };
    expect(next({ before, links })).toMatchObject({ links, origins: known.origins });
  });

  it('was deleted once, however often that is said, and comes back as new', () => {
    const { next, now } = open();
    const before = aPerson('demo', 'ada', { createdAt: LONG_BEFORE });
    const deleted = next({ before, deleted: true });
    expect(deleted).toMatchObject({ createdAt: LONG_BEFORE, deletedAt: now });
    const gone = { ...deleted, deletedAt: '2026-10-01T00:00:00.000Z' };
    expect(next({ before: gone, deleted: true })).toMatchObject({
      createdAt: LONG_BEFORE,
      deletedAt: gone.deletedAt,
    });
    const back = next({ before: gone });
    expect(back).toMatchObject({ id: 'ada', createdAt: now });
    expect(back).not.toHaveProperty('deletedAt');
  });

  it('is stored, counted and rung for', async () => {
    const { accept: take, directory, numbers, rung } = open();
    const accepted = await take();
    if (accepted.outcome !== 'stored') throw new Error(accepted.outcome);
    expect(await directory.readPerson('demo', accepted.record.id)).toEqual(accepted.record);
    expect([numbers.of('Accepted'), rung]).toEqual([{ '': 1 }, ['demo']]);
  });

  it('is not stored under the name of another one, nor over what another writer stored', async () => {
    const { accept: take, numbers, rung } = open();
    const first = await take();
    if (first.outcome !== 'stored') throw new Error(first.outcome);
    expect(await take()).toEqual({ outcome: 'userName-taken', id: first.record.id });
    await take({ before: first.record });
    expect(await take({ before: first.record })).toEqual({ outcome: 'changed' });
    expect([numbers.of('Accepted'), rung]).toEqual([{ '': 2 }, ['demo', 'demo']]);
  });
});

describe('a person whose sender waits', () => {
  const calls = (bench: ReturnType<typeof provisionBench>) => bench.simulator.calls().total;

  it('is stored and left to the drain while an operator has stopped the calls', async () => {
    const bench = provisionBench();
    await bench.directory.writeDocument('demo', PAUSE_DOCUMENT.name, {
      pause: { since: LONG_BEFORE, by: 'anna' },
    });
    expect(await bench.stored(person('ada'))).toMatchObject({ state: 'due' });
    expect([calls(bench), bench.rung]).toEqual([0, ['demo']]);
    // For who is no agent there is no call to stop.
    expect(await bench.stored(person('bob', { active: false }))).toMatchObject({ state: 'waiting' });
    expect(bench.rung).toEqual(['demo']);
  });

  it('is stored beside the function that is at work on it, and left to that one', async () => {
    const bench = provisionBench();
    const made = await bench.stored(person('ada'), { inline: undefined } as never);
    const before = leased(made, 'another', bench.clock.now() + 5_000);
    await bench.directory.updatePerson(made, before);
    const { lease } = before;
    expect(await bench.stored(person('ada', { title: 'Dr' }), { before })).toMatchObject({
      state: 'due',
      lease,
    });
    expect(calls(bench)).toBe(0);
  });

  it('is stored and left to the drain where no call is free', async () => {
    const bench = provisionBench();
    await bench.stored(person('ada'));
    while ((await bench.provisioning.budget.take('interactive')).granted);
    const spent = calls(bench);
    const record = await bench.stored(person('bob'));
    expect(record).toMatchObject({ version: 1, state: 'due', attempts: { count: 0 } });
    expect(record).not.toHaveProperty('lease');
    expect([calls(bench), bench.rung]).toEqual([spent, ['demo']]);
  });

  it('is stored with what came of it in one write, where that takes no call', async () => {
    const bench = provisionBench();
    const waiting = await bench.stored(person('bob', { active: false }));
    expect(waiting).toMatchObject({ version: 1, state: 'waiting' });
    const before = await bench.stored(person('ada'));
    const after = await bench.stored(person('ada', { title: 'Dr' }), { before });
    expect(after).toMatchObject({ version: before.version + 1, state: 'provisioned' });
    expect(await bench.read(before)).toEqual(after);
  });

  it('is under a lease that outlives the sender, and never only the past', async () => {
    const leases: (number | undefined)[] = [];
    const bench = provisionBench({
      directory: (directory) => ({
        ...directory,
        createPerson: (record) => {
          leases.push(record.lease?.until);
          return directory.createPerson(record);
        },
      }),
    });
    const now = bench.clock.now();
    const until = (deadline: number) => ({ inline: { urgency: 'interactive', deadline } as const });
    await bench.stored(person('ada'), until(now + 8_000));
    await bench.arrive(person('bob'), until(now - 60_000));
    expect(leases).toEqual([now + 13_000, bench.clock.now() + 5_000]);
  });

  it('and whose agent SmartAssist does not let go is counted as failed: what was accepted stays', async () => {
    const bench = provisionBench();
    const before = await bench.stored(person('ada'));
    bench.simulator.setBehaviour({ faults: [{ on: 'PUT /agents/{agentId}', kind: 'status', status: 400 }] });
    expect(await bench.stored(person('ada', { active: false }), { before })).toMatchObject({
      state: 'failed',
    });
    expect(bench.numbers.of('Failed')).toEqual({ refused: 1 });
  });

  it('is stored and left to the newer generation that has mapped it already', async () => {
    const bench = provisionBench();
    const asked: unknown[] = [];
    const generation: ServedGeneration = {
      number: 3,
      digest: 'd',
      isActive: true,
      isOutdated: async (anew) => {
        asked.push(anew);
        return true;
      },
    };
    const made = await bench.stored(person('ada'));
    const before = { ...made, version: made.version + 1, generation: 4 };
    await bench.directory.updatePerson(made, before);
    const spent = calls(bench);
    const renamed = person('ada', { name: { givenName: 'Augusta', familyName: 'King' } });
    const provisioning = { ...bench.provisioning, generation };
    const inline = { urgency: 'interactive', deadline: bench.clock.now() + 8_000 } as const;
    const accepted = await acceptInline(provisioning, bench.services, {
      ...incoming({ before }),
      person: renamed,
      inline,
    });
    expect(accepted).toMatchObject({ outcome: 'stored', record: { state: 'due', generation: 4 } });
    // The next request is served with the newer one.
    expect([calls(bench), asked, bench.rung]).toEqual([spent, ['anew'], ['demo']]);
  });

  it('is told of another writer, and of the name of another one, before any agent is made', async () => {
    const bench = provisionBench();
    const before = await bench.stored(person('ada'), { inline: undefined } as never);
    await bench.stored(person('ada', { title: 'Dr' }), { before, inline: undefined } as never);
    expect(await bench.arrive(person('ada'), { before })).toEqual({ outcome: 'changed' });
    const emails = [{ value: 'other@example.com' }];
    expect(await bench.arrive(person('ada', { emails }))).toEqual({
      outcome: 'userName-taken',
      id: before.id,
    });
    expect(bench.agentCalls()).toEqual({});
  });

  it('is rung for only as long as something is left to do', async () => {
    const bench = provisionBench({
      behaviour: { faults: [{ on: 'POST /agents', kind: 'status', status: 503, times: 1 }] },
    });
    expect(await bench.stored(person('ada'))).toMatchObject({ state: 'due' });
    expect(bench.rung).toEqual(['demo']);
    expect(await bench.stored(person('bob'))).toMatchObject({ state: 'provisioned' });
    expect(bench.rung).toEqual(['demo']);
  });

  it('keeps what a refused change found out about the agent, and no more of it', async () => {
    const bench = provisionBench();
    const before = await bench.stored(person('ada'));
    bench.simulator.setBehaviour({ faults: [{ on: 'PUT /agents/{agentId}', kind: 'status', status: 400 }] });
    const renamed = person('ada', { name: { givenName: 'Augusta', familyName: 'King' } });
    expect(await bench.arrive(renamed, { before })).toMatchObject({ outcome: 'refused', status: 400 });
    const record = await bench.read(before);
    const { id: agentId } = bench.simulator.agents()[0] ?? {};
    expect(record).toMatchObject({
      person: before.person,
      personVersion: before.personVersion,
      state: 'provisioned',
      agent: { agentId, presence: 'active' },
      attempts: { count: 0, unknown: false },
    });
    expect(record).not.toHaveProperty('lease');
    // It can be sent again at once.
    bench.simulator.setBehaviour({});
    expect(await bench.arrive(renamed, { before: record })).toMatchObject({
      record: { state: 'provisioned' },
    });
  });

  it('and was refused stays with the generation that has begun to map it', async () => {
    const bench = provisionBench();
    const before = await bench.stored(person('ada'));
    bench.simulator.setBehaviour({ faults: [{ on: 'PUT /agents/{agentId}', kind: 'status', status: 400 }] });
    const generation = { number: 3, digest: 'd', isActive: true, isOutdated: async () => false };
    const inline = { urgency: 'interactive', deadline: bench.clock.now() + 8_000 } as const;
    const renamed = person('ada', { name: { givenName: 'Augusta', familyName: 'King' } });
    const change = { ...incoming({ before }), person: renamed, inline };
    const accepted = await acceptInline({ ...bench.provisioning, generation }, bench.services, change);
    expect(accepted.outcome).toBe('refused');
    expect(await bench.read(before)).toMatchObject({ generation: 3, person: before.person });
  });
});

describe('the address of another person', () => {
  const withAddress = (name: string, address: string) =>
    person(name, { emails: [{ value: `${address}@example.com` }] });

  it('keeps nobody from being deleted', async () => {
    const bench = provisionBench();
    await bench.stored(person('ada'));
    const before = await bench.stored(withAddress('eve', 'ada'), { inline: undefined } as never);
    await bench.settled();
    const failed = await bench.read(before);
    expect([failed.state, bench.numbers.of('Failed')]).toEqual(['failed', { taken: expect.any(Number) }]);
    const deleted = await bench.arrive(withAddress('eve', 'ada'), { before: failed, deleted: true });
    expect(deleted).toMatchObject({ outcome: 'stored', record: { state: 'waiting' } });
  });

  it('is told with the steps of an exchange only where that other one waits for one’s own', async () => {
    const bench = provisionBench();
    const [ada, eve] = [await bench.stored(person('ada')), await bench.stored(person('eve'))];
    const taken = () => bench.arrive(withAddress('ada', 'eve'), { before: ada });
    const message = (text: unknown) => ({ outcome: 'taken', message: text });
    expect(await taken()).toMatchObject(message(expect.not.stringContaining('exchange')));
    await bench.stored(withAddress('eve', 'ada'), { before: eve, inline: undefined } as never);
    expect(await taken()).toMatchObject(message(expect.stringContaining('exchange')));
  });
});
