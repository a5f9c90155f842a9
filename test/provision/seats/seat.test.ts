import { describe, expect, it } from 'vitest';
import { type Directory, openDirectory } from '../../../functions/directory/directory.ts';
import { MAX_RACES } from '../../../functions/directory/errors.ts';
import { memoryTable } from '../../../functions/directory/memory.ts';
import { type PersonRecord, PRIORITY } from '../../../functions/directory/record.ts';
import { listed } from '../../../functions/provision/listed.ts';
import { giveSeats, readSeatUse, takeSeat } from '../../../functions/provision/seats/seats.ts';
import { readUnseated } from '../../../functions/provision/seats/unseated.ts';
import type { Services } from '../../../functions/provision/services.ts';
import { aPerson } from '../../contract/directory.ts';
import { LeapingClock } from '../bench.ts';

const NO_SEAT = { code: 'no-seat', message: '', at: '' };
const DUE = { state: 'due', dueAt: '2026-11-23T10:00:00.000Z' } as const;
const WAITS = { state: 'waiting', attempts: { count: 0, unknown: false, lastError: NO_SEAT } } as const;
const IN_SERVICE = { state: 'provisioned', agent: { customId: '', presence: 'active' } } as const;
const LOST_ANSWER = { count: 1, unknown: true };

/** A tenant with so many seats, and people as they are stored. */
function open(seats: number | undefined, over: (directory: Directory) => Partial<Directory> = () => ({})) {
  const clock = new LeapingClock();
  const table = openDirectory(memoryTable(clock), clock);
  const directory = { ...table, ...over(table) };
  const services = { directory, clock } as unknown as Services;
  const tenant = { name: 'demo', tenant: { seats } } as unknown as Parameters<typeof takeSeat>[0];
  const read = async (id: string) => {
    const record = await table.readPerson('demo', id);
    if (record === undefined) throw new Error(`no ${id}`);
    return record;
  };
  return {
    clock,
    directory,
    read,
    /** Stores a person, a second after the one before. */
    is: async (id: string, state: Partial<PersonRecord>, tenantName = 'demo') => {
      clock.advance(1_000);
      const at = new Date(clock.now()).toISOString();
      const times = { createdAt: at, updatedAt: at };
      const record = aPerson(tenantName, id, { ...times, source: 'test', ...state });
      await table.createPerson(listed(record, clock.now()));
    },
    becomes: async (id: string, state: Partial<PersonRecord>) => {
      const before = await read(id);
      const { dueAt: _, ...rest } = before;
      const after = { ...rest, ...state, version: before.version + 1 };
      await table.updatePerson(before, listed(after, clock.now()));
    },
    takes: async (id: string) => takeSeat(tenant, services, { tenant: 'demo', id } as PersonRecord),
    gives: () => giveSeats(tenant, services),
    use: () => readSeatUse(tenant, services),
    kept: async () => (await table.readDocument('demo', 'seats'))?.body.taken,
    states: async (...ids: string[]) => Promise.all(ids.map(async (id) => (await read(id)).state)),
  };
}

/** Ada, bob and cyd are about to become agents. */
async function joiners(seats: number | undefined) {
  const bench = open(seats);
  for (const id of ['ada', 'bob', 'cyd']) await bench.is(id, DUE);
  return bench;
}

describe('taking a seat', () => {
  it('is possible for as many as there are, and as often as the same one asks', async () => {
    const { takes } = await joiners(2);
    expect([await takes('ada'), await takes('bob'), await takes('cyd')]).toEqual(['taken', 'taken', 'full']);
    expect([await takes('ada'), await takes('bob')]).toEqual(['taken', 'taken']);
  });

  it('is always possible where there is no limit, and keeps nothing', async () => {
    const { takes, kept } = await joiners(undefined);
    expect(await takes('ada')).toBe('taken');
    expect(await kept()).toBeUndefined();
  });

  it('leaves those who are in service theirs', async () => {
    const { is, takes } = await joiners(2);
    await is('dan', IN_SERVICE);
    expect([await takes('ada'), await takes('bob')]).toEqual(['taken', 'full']);
  });

  it.each([IN_SERVICE, { ...IN_SERVICE, ...DUE }])(
    'counts a seat once whose agent is in service by now: $state',
    async (state) => {
      const { takes, becomes } = await joiners(2);
      await takes('ada');
      await becomes('ada', state);
      expect([await takes('bob'), await takes('cyd')]).toEqual(['taken', 'full']);
    },
  );

  it.each([
    ['is due', DUE, true],
    ['has a call whose outcome was not learned', { state: 'failed', attempts: LOST_ANSWER }, true],
    ['is worked on', { state: 'waiting', lease: { holder: 'h', until: 0 } }, true],
    ['was refused', { state: 'failed' }, false],
    ['is not to be an agent any more', { state: 'waiting' }, false],
    ['was suspended', { state: 'suspended', agent: { customId: '', presence: 'suspended' } }, false],
  ] as const)('finds the seat of one who %s kept: %#', async (_, state, isKept) => {
    const { takes, becomes } = await joiners(1);
    await takes('ada');
    await becomes('ada', state as Partial<PersonRecord>);
    expect(await takes('bob')).toBe(isKept ? 'full' : 'taken');
  });

  it('finds the seat of one free whose record is gone', async () => {
    const { takes } = await joiners(1);
    await takes('nobody');
    expect(await takes('ada')).toBe('taken');
  });

  it('stands back behind those who wait for one, and behind no others who wait', async () => {
    const { takes, is } = await joiners(5);
    await is('out', { state: 'waiting' });
    await is('failed', { ...WAITS, state: 'failed' });
    expect(await takes('ada')).toBe('taken');
    await is('dan', WAITS);
    expect(await takes('bob')).toBe('full');
    expect(await takes('ada')).toBe('taken');
  });

  it('is not held up by one whom the list has a moment longer than it waits', async () => {
    const late = open(2, () => ({
      listedPersons: async () => ({ persons: [{ state: 'due', attempts: {} } as PersonRecord] }),
    }));
    await late.is('ada', DUE);
    expect(await late.takes('ada')).toBe('taken');
  });

  it('goes to one of those who take the last one at the same time', async () => {
    const { takes } = await joiners(1);
    const answers = await Promise.all([takes('ada'), takes('bob'), takes('cyd')]);
    expect(answers.toSorted()).toEqual(['full', 'full', 'taken']);
  });

  it('is to be tried again later while others take theirs all the time', async () => {
    let writes = 0;
    const crowded = open(2, () => ({
      writeDocument: async () => {
        writes += 1;
        return { ok: false };
      },
    }));
    await crowded.is('ada', DUE);
    expect(await crowded.takes('ada')).toBe('busy');
    expect(writes).toBe(MAX_RACES);
  });

  it('keeps few at a time, however many people come: those in service need none kept', async () => {
    const { is, takes, becomes, kept } = open(1_000);
    let most = 0;
    for (let index = 0; index < 60; index += 1) {
      await is(`p-${index}`, DUE);
      await takes(`p-${index}`);
      most = Math.max(most, Object.keys((await kept()) as object).length);
      await becomes(`p-${index}`, IN_SERVICE);
    }
    expect(most).toBe(25);
  });

  it('looks at no record while few seats are kept and some are free', async () => {
    let looks = 0;
    const bench = open(10, (directory) => ({
      readPersons: (...ids) => {
        looks += 1;
        return directory.readPersons(...ids);
      },
    }));
    for (const id of ['ada', 'bob', 'cyd']) {
      await bench.is(id, DUE);
      await bench.takes(id);
    }
    expect(looks).toBe(0);
  });
});

describe('free seats', () => {
  it('go to joiners first, and then in the order of waiting', async () => {
    const { is, gives, states, clock, read } = open(2);
    await is('old', { ...WAITS, priority: PRIORITY.backfill });
    for (const id of ['ada', 'bob', 'cyd']) await is(id, WAITS);
    clock.advance(60_000);
    expect(await gives()).toBe(2);
    expect(await states('ada', 'bob', 'cyd', 'old')).toEqual(['due', 'due', 'waiting', 'waiting']);
    expect((await read('ada')).dueAt).toBe(new Date(clock.now()).toISOString());
  });

  it('are kept for those to whom they were given, and others keep theirs since when they had them', async () => {
    const { is, takes, gives, kept, clock } = open(3);
    await is('ada', DUE);
    await takes('ada');
    const since = clock.now();
    await is('bob', WAITS);
    await is('cyd', WAITS);
    await is('dan', WAITS);
    expect(await gives()).toBe(2);
    expect(await kept()).toEqual({ ada: since, bob: clock.now(), cyd: clock.now() });
    expect([await takes('bob'), await takes('dan'), await gives()]).toEqual(['taken', 'full', 0]);
  });

  it('are none where all are in service or kept', async () => {
    const { is, gives, takes, states, kept } = open(2);
    await is('ada', IN_SERVICE);
    await is('bob', DUE);
    await takes('bob');
    await is('cyd', WAITS);
    const before = await kept();
    expect(await gives()).toBe(0);
    expect(await states('cyd')).toEqual(['waiting']);
    expect(await kept()).toEqual(before);
  });

  it('are none where there are fewer than agents in service', async () => {
    const { is, gives, states } = open(1);
    for (const id of ['ada', 'bob', 'cyd']) await is(id, IN_SERVICE);
    await is('dan', WAITS);
    expect([await gives(), await states('dan')]).toEqual([0, ['waiting']]);
  });

  it('write nothing where nobody waits for one, and where there is no limit', async () => {
    for (const seats of [2, undefined]) {
      const { is, gives, kept } = open(seats);
      await is('out', { state: 'waiting' });
      expect(await gives()).toBe(0);
      expect(await kept()).toBeUndefined();
    }
    const unlimited = open(undefined);
    await unlimited.is('ada', WAITS);
    expect(await unlimited.gives()).toBe(0);
  });

  it('are given by one function at a time', async () => {
    const { is, gives, states } = open(2);
    for (const id of ['ada', 'bob', 'cyd', 'dan']) await is(id, WAITS);
    const given = await Promise.all([gives(), gives(), gives()]);
    expect(given.toSorted()).toEqual([0, 0, 2]);
    expect(await states('ada', 'bob', 'cyd', 'dan')).toEqual(['due', 'due', 'waiting', 'waiting']);
  });

  it('make nobody due who does not wait any more by then', async () => {
    const bench = open(1, (directory) => ({
      writeDocument: async (...document) => {
        await bench.becomes('ada', { state: 'failed' });
        return directory.writeDocument(...document);
      },
    }));
    await bench.is('ada', WAITS);
    await bench.gives();
    expect(await bench.states('ada')).toEqual(['failed']);
  });
});

describe('how seats are used', () => {
  it('is said in whole percent, of those in service', async () => {
    const { is, use } = open(3);
    expect(await use()).toEqual({ seats: 3, inService: 0, use: 0 });
    for (const id of ['ada', 'bob']) await is(id, IN_SERVICE);
    await is('cyd', DUE);
    expect(await use()).toEqual({ seats: 3, inService: 2, use: 66 });
  });

  it('is nothing where there is no limit', async () => {
    const { is, use, directory } = open(undefined);
    await is('ada', WAITS);
    expect(await use()).toBeUndefined();
    expect(await readUnseated({ directory }, 'demo', undefined)).toBeUndefined();
  });

  it('names how many wait for one, and since when the first of them has', async () => {
    const { is, directory, clock, becomes } = open(1);
    const unseated = () => readUnseated({ directory }, 'demo', 1);
    await is('out', { state: 'waiting' });
    expect(await unseated()).toBeUndefined();
    await is('ada', WAITS);
    const since = new Date(clock.now()).toISOString();
    await is('bob', WAITS);
    await is('eve', WAITS, 'other');
    expect(await unseated()).toEqual({ seats: 1, count: 2, most: 100, since });
    await becomes('ada', { ...DUE, attempts: { count: 0, unknown: false } });
    await becomes('bob', { ...DUE, attempts: { count: 0, unknown: false } });
    expect(await unseated()).toBeUndefined();
  });
});
