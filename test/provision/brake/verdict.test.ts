import { describe, expect, it } from 'vitest';
import type { PersonRecord } from '../../../functions/directory/record.ts';
import { approve, isApproved } from '../../../functions/provision/brake/approvals.ts';
import {
  brakeLets,
  engagedAt,
  type Movement,
  mayLeave,
  readBrake,
  resetBrake,
} from '../../../functions/provision/brake/brake.ts';
import type { ServedGeneration } from '../../../functions/provision/services.ts';
import { provisionBench } from '../bench.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Two may leave within an hour and four within a week, and three may be changed within half an hour. */
const BRAKE = {
  percent: 10,
  atLeast: 1,
  within: 3_600,
  long: { percent: 20, atLeast: 1, within: 7 * 86_400 },
  changes: { percent: 15, atLeast: 1, within: 1_800 },
};
const LETS = { lets: true };
const DIGEST = 'd'.repeat(64);

const record = (id: string, changes: Partial<PersonRecord> = {}) =>
  ({ tenant: 'demo', id, agent: {}, ...changes }) as PersonRecord;

/** The person was brought back to the desired state at this moment. */
const inServiceAgain = (id: string, at: number) =>
  record(id, { agent: { appliedAt: new Date(at).toISOString() } as PersonRecord['agent'] });

/** A brake before so many agents in service. */
function open(inService = 20, settings = BRAKE) {
  const { directory, services, clock, numbers, logged } = provisionBench();
  let active = inService;
  let counts = 0;
  const generation: ServedGeneration = {
    number: 1,
    digest: DIGEST,
    isActive: true,
    isOutdated: async () => false,
  };
  const countActiveAgents = async () => {
    counts += 1;
    return active;
  };
  const its = { ...services, directory: { ...directory, countActiveAgents }, generation };
  const asks = (movement: Movement, of: string) => (who: string | PersonRecord) =>
    brakeLets(its, settings, typeof who === 'string' ? record(who) : who, { movement, of });
  const leave = asks('leaving', 'leaving');
  return {
    clock,
    numbers,
    logged,
    directory,
    services: its,
    leave,
    /** As `leave`, for a person who was in service again meanwhile. */
    again: async (id: string) => {
      clock.advance(2_000);
      return leave(inServiceAgain(id, clock.now() - 1_000));
    },
    change: (who: string | PersonRecord, of = 'a payload') => asks('change', of)(who),
    /** How many of these are let go, one after the other. */
    leaving: async (...ids: string[]) => {
      const verdicts = [];
      for (const id of ids) verdicts.push(await leave(id));
      return verdicts.filter(({ lets }) => lets).length;
    },
    state: () => readBrake(its, 'demo'),
    room: async () => mayLeave(settings, await readBrake(its, 'demo'), clock.now(), active),
    nowInService: (count: number) => {
      active = count;
    },
    /** How often it was asked how many are in service. */
    counts: () => counts,
  };
}

describe('how many are in service', () => {
  it('is counted for the first of a slice, and for no other', async () => {
    const { leaving, clock, counts, state } = open(100);
    expect(await leaving('ada', 'bob', 'cyd')).toBe(3);
    expect(counts()).toBe(1);
    clock.advance(60_000);
    expect(await leaving('dan', 'eve')).toBe(2);
    expect(counts()).toBe(2);
    const { windows } = await state();
    expect(windows.within?.map(({ count, active }) => ({ count, active }))).toEqual([
      { count: 3, active: 100 },
      { count: 2, active: 100 },
    ]);
  });

  it('is not counted for who was counted in the window already, and nothing is written', async () => {
    const { change, clock, counts, state } = open(100);
    for (const id of ['ada', 'bob']) expect(await change(id, 'one')).toMatchObject(LETS);
    const before = await state();
    clock.advance(2 * 60_000);
    for (const id of ['ada', 'bob']) expect(await change(id, 'two')).toMatchObject(LETS);
    expect(counts()).toBe(1);
    expect(await state()).toEqual(before);
  });

  it('is not counted while the brake holds', async () => {
    const { leaving, counts } = open(20);
    await leaving('ada', 'bob', 'cyd');
    expect(await leaving('dan', 'eve')).toBe(0);
    expect(counts()).toBe(1);
  });
});

describe('who was let through', () => {
  it('is remembered over what another attempt has kept meanwhile', async () => {
    const { services, leave, clock, directory } = open();
    const write = services.directory.writeDocument;
    let isRaced = false;
    services.directory.writeDocument = async (owner, name, ...rest) => {
      if (name === 'leaving ada' && !isRaced) {
        isRaced = true;
        await write(owner, name, { at: 0, of: 'other' });
      }
      return write(owner, name, ...rest);
    };
    expect(await leave('ada')).toMatchObject(LETS);
    const kept = await directory.readDocument('demo#brake', 'leaving ada');
    expect(kept?.body).toMatchObject({ at: clock.now(), of: 'leaving' });
    expect(isRaced).toBe(true);
  });
});

describe('the verdict on who leaves', () => {
  it('lets as many go as the share, and holds the next one, saying by how much', async () => {
    const { leave, leaving, clock } = open();
    expect(await leaving('ada', 'bob')).toBe(2);
    const since = new Date(clock.now()).toISOString();
    expect(await leave('cyd')).toEqual({
      lets: false,
      hold: { movement: 'leaving', since, counted: 3, limit: 2, seconds: 3_600 },
    });
  });

  it('says it of everybody who comes after, as it was when the brake engaged, and engages once', async () => {
    const { leave, leaving, clock, numbers, logged } = open();
    await leaving('ada', 'bob');
    const first = await leave('cyd');
    clock.advance(30 * DAY);
    expect(await leave('dan')).toEqual(first);
    expect(numbers.of('BrakeEngaged')).toEqual({ '': 1 });
    expect(logged.filter((line) => line.includes('the brake engages'))).toHaveLength(1);
  });

  it('counts over the longer time as well, and holds for that', async () => {
    const { leave, leaving, clock } = open();
    for (const ids of [
      ['ada', 'bob'],
      ['cyd', 'dan'],
    ]) {
      expect(await leaving(...ids)).toBe(2);
      clock.advance(2 * HOUR);
    }
    expect(await leave('eve')).toMatchObject({
      lets: false,
      hold: { counted: 5, limit: 4, seconds: 7 * 86_400 },
    });
  });

  it('forgets who left longer ago than both times', async () => {
    const { leaving, clock, room } = open();
    await leaving('ada', 'bob');
    clock.advance(2 * HOUR);
    await leaving('cyd', 'dan');
    clock.advance(8 * DAY);
    expect(await room()).toBe(2);
    expect(await leaving('eve', 'fay')).toBe(2);
  });

  it('says before how many may go: none once it is engaged, and else what is left of the smaller window', async () => {
    const { leave, leaving, clock, room } = open();
    expect(await room()).toBe(2);
    await leave('ada');
    expect(await room()).toBe(1);
    clock.advance(2 * HOUR);
    await leaving('bob', 'cyd');
    clock.advance(2 * HOUR);
    // Two may go within the hour, and of the four of the week three are gone.
    expect(await room()).toBe(1);
    await leaving('dan', 'eve');
    clock.advance(30 * DAY);
    expect(await room()).toBe(0);
  });

  it('counts one person once, however often the attempt is repeated, days later too', async () => {
    const { leave, leaving, clock, room } = open();
    await leaving('ada', 'ada', 'ada');
    expect(await room()).toBe(1);
    clock.advance(3 * DAY);
    expect(await leave('ada')).toMatchObject(LETS);
    expect(await room()).toBe(2);
  });

  it('lets a repeated attempt pass while it is engaged', async () => {
    const { leave, leaving } = open();
    await leaving('ada', 'bob', 'cyd');
    expect([await leave('ada'), await leave('bob')]).toMatchObject([LETS, LETS]);
    expect(await leave('cyd')).toMatchObject({ lets: false });
  });

  it('holds who has come back to service since, and who was wanted in service again since', async () => {
    const { leave, leaving, clock } = open();
    const then = clock.now();
    await leaving('ada', 'bob', 'cyd');
    const dueSince = (at: number) => record('ada', { dueSince: new Date(at).toISOString() });
    const backSince = (at: number) => inServiceAgain('ada', at);
    for (const asWhen of [backSince, dueSince]) {
      expect(await leave(asWhen(then - 1_000))).toMatchObject(LETS);
      expect(await leave(asWhen(then))).toMatchObject(LETS);
      expect(await leave(asWhen(then + 1))).toMatchObject({ lets: false });
    }
  });

  it('counts who leaves for the second time within a window once in it', async () => {
    const { leave, again, clock, room, state } = open();
    await leave('ada');
    expect(await again('ada')).toMatchObject(LETS);
    expect(await room()).toBe(1);
    clock.advance(HOUR);
    // The hour counts anew; the week has counted already.
    expect(await again('ada')).toMatchObject(LETS);
    const { windows } = await state();
    const counts = (window: string) => windows[window]?.map(({ count }) => count);
    expect([counts('within')?.at(-1), counts('long')]).toEqual([1, [1]]);
  });

  it('lets who was counted in a window go on that is full by now', async () => {
    const { leave, again } = open();
    await leave('ada');
    await leave('bob');
    expect(await again('ada')).toMatchObject(LETS);
    expect(await leave('cyd')).toMatchObject({ lets: false });
  });

  it('takes the share of those in service when the window began', async () => {
    const { leave, leaving, nowInService } = open();
    await leave('ada');
    nowInService(200);
    expect(await leaving('bob', 'cyd')).toBe(1);
  });

  it('passes uncounted what an operator has released', async () => {
    const { leave, leaving, room } = open();
    expect(await leave(record('ada', { released: true }))).toMatchObject(LETS);
    expect(await room()).toBe(2);
    await leaving('bob', 'cyd', 'dan');
    expect(await leave(record('dan', { released: true }))).toMatchObject(LETS);
  });

  it('begins to count anew when an operator has dealt with all', async () => {
    const { leaving, services, state, room } = open();
    await leaving('ada', 'bob', 'cyd');
    await resetBrake(services, 'demo');
    expect(await state()).toEqual({ windows: {}, engaged: {} });
    expect(await room()).toBe(2);
    expect(await leaving('cyd', 'dan', 'eve')).toBe(2);
  });

  it('holds of those who ask at the same time as many as one after the other', async () => {
    const { leave } = open();
    const verdicts = await Promise.all(['ada', 'bob', 'cyd', 'dan', 'eve'].map((id) => leave(id)));
    expect(verdicts.filter(({ lets }) => lets)).toHaveLength(2);
  });
});

describe('the verdict on who is changed', () => {
  it('has a count of its own, beside that of leavers', async () => {
    const { change, leaving, leave } = open();
    await leaving('ada', 'bob', 'cyd');
    for (const id of ['ada', 'bob', 'cyd']) expect(await change(id)).toMatchObject(LETS);
    expect(await change('dan')).toMatchObject({
      lets: false,
      hold: { movement: 'change', counted: 4, limit: 3, seconds: 1_800 },
    });
    expect(await leave('dan')).toMatchObject({ lets: false, hold: { movement: 'leaving' } });
  });

  it('stops nobody from leaving', async () => {
    const { change, leaving, room } = open();
    for (const id of ['ada', 'bob', 'cyd', 'dan']) await change(id);
    expect(await room()).toBe(2);
    expect(await leaving('eve', 'fay')).toBe(2);
  });

  it('counts a person once in its time, whatever the changes', async () => {
    const { change } = open();
    for (const payload of ['one', 'another', 'a third', 'a fourth'])
      expect(await change('ada', payload)).toMatchObject(LETS);
    expect([await change('bob'), await change('cyd')]).toMatchObject([LETS, LETS]);
    expect(await change('dan')).toMatchObject({ lets: false });
  });

  it('lets the same change pass again while it is engaged, and no other one', async () => {
    const { change, clock } = open();
    for (const id of ['ada', 'bob', 'cyd', 'dan']) await change(id);
    clock.advance(DAY);
    // However often the record has been written since.
    expect(await change(inServiceAgain('ada', clock.now()))).toMatchObject(LETS);
    expect(await change('ada', 'another payload')).toMatchObject({ lets: false });
  });

  it('counts who is changed again after its time', async () => {
    const { change, clock } = open();
    for (const id of ['ada', 'bob', 'cyd']) await change(id);
    clock.advance(HOUR);
    for (const id of ['ada', 'bob', 'cyd']) expect(await change(id, 'another payload')).toMatchObject(LETS);
    expect(await change('dan')).toMatchObject({ lets: false });
  });
});

describe('the verdict on what was approved with a plan', () => {
  /** A brake that is engaged, and ada's leaving approved. */
  async function approved() {
    const bench = open();
    await bench.leaving('x', 'y', 'z');
    await approve(bench.services, 'demo', DIGEST, [{ id: 'ada', of: 'leaving' }]);
    return bench;
  }

  it('lets it pass though the brake is engaged, again where the attempt is repeated, and nobody else', async () => {
    const { leave, directory } = await approved();
    expect([await leave('ada'), await leave('ada')]).toMatchObject([LETS, LETS]);
    expect(await leave('bob')).toMatchObject({ lets: false });
    expect(await isApproved(directory, 'demo', DIGEST, { id: 'ada', of: 'leaving' })).toBe(false);
  });

  it('lets it pass once: who comes back and leaves again is held', async () => {
    const { leave, again } = await approved();
    await leave('ada');
    expect(await again('ada')).toMatchObject({ lets: false });
  });

  it('lets nothing else of the person pass', async () => {
    const { change } = await approved();
    for (const id of ['x', 'y', 'z']) await change(id);
    expect(await change('ada')).toMatchObject({ lets: false });
  });

  it('counts it nowhere', async () => {
    const { leave, services, room } = open();
    await approve(services, 'demo', DIGEST, [{ id: 'ada', of: 'leaving' }]);
    expect(await leave('ada')).toMatchObject(LETS);
    expect(await room()).toBe(2);
  });

  it('is worth nothing under another generation, or to a command, which has none', async () => {
    const { services } = await approved();
    const { generation, ...without } = services;
    const other = { ...services, generation: { ...generation, digest: 'e'.repeat(64) } };
    for (const its of [other, without]) {
      const asked = brakeLets(its, BRAKE, record('ada'), { movement: 'leaving', of: 'leaving' });
      expect(await asked).toMatchObject({ lets: false });
    }
  });

  it('still counts who was counted before in the windows that have not ended', async () => {
    const { leave, again, services, room } = open();
    await leave('ada');
    await approve(services, 'demo', DIGEST, [{ id: 'ada', of: 'leaving' }]);
    expect([await again('ada'), await again('ada')]).toMatchObject([LETS, LETS]);
    expect(await room()).toBe(1);
  });
});

describe('how the brake stands', () => {
  it('is at ease before anybody was counted', async () => {
    const { state, room } = open(0);
    expect(await state()).toEqual({ windows: {}, engaged: {} });
    expect(engagedAt(await state())).toBeUndefined();
    expect(await room()).toBe(0);
  });

  it('says since when it holds: the older of both', async () => {
    const { leaving, change, clock, state } = open();
    for (const id of ['ada', 'bob', 'cyd', 'dan']) await change(id);
    const changes = clock.now();
    expect(engagedAt(await state())).toBe(changes);
    clock.advance(HOUR);
    await leaving('eve', 'fay', 'gus');
    expect(engagedAt(await state())).toBe(changes);
    const { engaged } = await state();
    expect(engagedAt({ windows: {}, engaged: { ...engaged, change: undefined } })).toBe(clock.now());
  });

  it('holds leavers, and nobody who is changed, where version 0.1.0 held', async () => {
    const { directory, leave, change, clock, state } = open();
    const since = clock.now() - HOUR;
    await directory.writeDocument('demo', 'brake', { times: [since], engagedAt: since });
    expect(engagedAt(await state())).toBe(since);
    expect(await leave('ada')).toEqual({
      lets: false,
      hold: {
        movement: 'leaving',
        since: new Date(since).toISOString(),
        counted: 0,
        limit: 0,
        seconds: 3_600,
      },
    });
    expect(await change('ada')).toMatchObject(LETS);
  });
});
