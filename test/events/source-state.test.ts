import { describe, expect, it } from 'vitest';
import { storeConfirmation } from '../../functions/events/pending.ts';
import { openRejections, SCIM_DOOR } from '../../functions/events/rejections.ts';
import {
  expectSecret,
  openStates,
  pauseSource,
  resumeSource,
  wanting,
} from '../../functions/events/source-state.ts';
import { hasRoom, lapseSignUps } from '../../functions/events/waiting/sign-ups.ts';
import { noteUnmatched } from '../../functions/events/waiting/unmatched.ts';
import { correlated } from '../../functions/runtime/correlation.ts';
import { ada, event, NOON, openBench, plus } from './bench.ts';

describe('how a source fares', () => {
  function opened() {
    const bench = openBench();
    const states = openStates(bench.services);
    const stored = async () => (await bench.directory.readDocument('demo', 'source:hr'))?.body;
    return { ...bench, states, stored };
  }

  it('is nothing yet of one that was never heard', async () => {
    const { states } = opened();
    expect(await states.get('demo', 'hr')).toEqual({});
  });

  it('is noted when it is heard, once a minute, with the pauses between', async () => {
    const { states, stored, clock } = opened();
    await states.heard('demo', 'hr');
    expect(await stored()).toEqual({ heardAt: NOON, gaps: [] });
    clock.advance(59);
    await states.heard('demo', 'hr');
    expect(await stored()).toEqual({ heardAt: NOON, gaps: [] });
    clock.advance(1);
    await states.heard('demo', 'hr');
    expect(await stored()).toEqual({ heardAt: plus(60), gaps: [60_000] });
    for (let each = 1; each <= 21; each += 1) {
      clock.advance(60 + each);
      await states.heard('demo', 'hr');
    }
    const { gaps } = (await stored()) as { gaps: number[] };
    expect([gaps.length, gaps[0], gaps.at(-1)]).toEqual([20, 62_000, 81_000]);
  });

  it('is noted once where two functions hear it in the same minute', async () => {
    const { states, services, stored, clock } = opened();
    const other = openStates(services);
    await other.get('demo', 'hr');
    await states.heard('demo', 'hr');
    clock.advance(5);
    await other.heard('demo', 'hr');
    expect(await stored()).toEqual({ heardAt: NOON, gaps: [] });
  });

  it('is not silent any more when it is heard, and what was lost meanwhile is read', async () => {
    const { states, stored, clock } = opened();
    await states.heard('demo', 'hr');
    await states.change('demo', 'hr', (state) => ({ ...state, silentSince: NOON }));
    clock.advance(10);
    await states.heard('demo', 'hr');
    expect(await stored()).toEqual({
      heardAt: NOON,
      gaps: [],
      syncWanted: { kind: 'delta', reason: 'the source was silent', at: plus(10) },
    });
  });

  it('is at most ten seconds old, but for what is changed here', async () => {
    const { states, services, clock } = opened();
    const other = openStates(services);
    expect(await states.get('demo', 'hr')).toEqual({});
    await other.change('demo', 'hr', (state) => ({ ...state, heardAt: NOON }));
    expect(await other.get('demo', 'hr')).toEqual({ heardAt: NOON });
    clock.advance(9);
    expect(await states.get('demo', 'hr')).toEqual({});
    expect(await states.get('demo', 'it')).toEqual({});
    clock.advance(1);
    expect(await states.get('demo', 'hr')).toEqual({ heardAt: NOON });
  });

  it('is paused with an alarm, since the first reason, until an operator resumes it', async () => {
    const { states, services, stored, numbers, logged, clock } = opened();
    await pauseSource(states, services, 'demo', 'hr', 'the directory is gone');
    clock.advance(5);
    await pauseSource(states, services, 'demo', 'hr', 'gone again');
    expect(await stored()).toEqual({ paused: { at: NOON, reason: 'the directory is gone' } });
    expect(numbers.of('SourcePaused')).toEqual({ '': 1 });
    expect(logged[0]).toBe(
      '{"message":"a source was paused","tenant":"demo","source":"hr","reason":"the directory is gone"}',
    );
    await resumeSource(states, 'demo', 'hr');
    expect(await stored()).toEqual({
      syncWanted: { kind: 'full', reason: 'the source was paused', at: plus(5) },
    });
    const fresh = opened();
    await resumeSource(fresh.states, 'demo', 'hr');
    expect(await fresh.stored()).toEqual({});
  });

  it('may hand over a secret for a while, and one of before is forgotten', async () => {
    const { states, stored } = opened();
    await states.change('demo', 'hr', () => ({ handedOver: { at: NOON, token: 't' }, heardAt: NOON }));
    await expectSecret(states, 'demo', 'hr', Date.parse(plus(60)));
    expect(await stored()).toEqual({ heardAt: NOON, expectsUntil: plus(60) });
  });

  it('wants the stronger of two readings', async () => {
    const { states, stored } = opened();
    const now = Date.parse(NOON);
    expect(wanting({ heardAt: NOON }, now, 'x')).toEqual({
      heardAt: NOON,
      syncWanted: { kind: 'delta', reason: 'x', at: NOON },
    });
    const full = wanting({}, now, 'x', 'full');
    expect(full.syncWanted?.kind).toBe('full');
    expect(wanting(full, now, 'y').syncWanted).toEqual({ kind: 'full', reason: 'y', at: NOON });
    expect(wanting(wanting({}, now, 'x'), now, 'y', 'full').syncWanted?.kind).toBe('full');
    await states.want('demo', 'hr', 'a gap', 'full');
    expect(await stored()).toEqual({ syncWanted: { kind: 'full', reason: 'a gap', at: NOON } });
  });

  it('is refused where it is stored in no form that is known', async () => {
    const { services, directory } = opened();
    const bad = [
      { heardAt: 1 },
      { gaps: ['x'] },
      { paused: { at: NOON } },
      { paused: { reason: 'x' } },
      { silentSince: 1 },
      { unread: { at: NOON } },
      { unread: { what: 'x' } },
      { expectsUntil: 1 },
      { notice: { at: NOON, type: 'x' } },
      { notice: { at: NOON, detail: 'x' } },
      { notice: { type: 'x', detail: 'x' } },
      { syncWanted: { kind: 'odd', reason: 'x', at: NOON } },
      { syncWanted: { kind: 'full', at: NOON } },
      { syncWanted: { kind: 'full', reason: 'x' } },
      { handedOver: { at: NOON } },
      { handedOver: { token: 'x' } },
      { subscription: { id: 'x' } },
      { subscription: { expiresAt: NOON } },
      { subscription: { id: 'x', expiresAt: NOON, resourceId: 1 } },
      { subscription: { id: 'x', expiresAt: NOON, isDue: false } },
    ];
    for (const state of bad) {
      await directory.writeDocument('demo', 'source:hr', state);
      await expect(openStates(services).get('demo', 'hr'), JSON.stringify(state)).rejects.toThrow();
    }
    const good = {
      unread: { at: NOON, what: 'status' },
      notice: { at: NOON, type: 'x', detail: 'y' },
      handedOver: { at: NOON, token: 'x', more: 1 },
      subscription: { id: 'x', expiresAt: NOON, resourceId: 'r', isDue: true, more: 1 },
      syncWanted: { kind: 'delta', reason: 'x', at: NOON, more: 1 },
    };
    await directory.writeDocument('demo', 'source:hr', good);
    expect(await openStates(services).get('demo', 'hr')).toEqual(good);
  });
});

describe('a request that a door refused', () => {
  it('is kept for a week, the newest first, with the id that ties it together', async () => {
    const { services, clock, directory } = openBench();
    const rejections = openRejections(services);
    await correlated('c-1', () => rejections.keep('demo', 'hr', { code: 'bad-signature' }, true));
    clock.advance(1);
    await rejections.keep('demo', 'hr', { code: 'bad-item' }, true);
    await rejections.keep('demo', SCIM_DOOR, { code: 'other' }, true);
    const list = async () => (await rejections.list('demo', 'hr', { limit: 9 })).entries;
    expect(await list()).toEqual([
      { at: plus(1), code: 'bad-item' },
      { at: NOON, id: 'c-1', code: 'bad-signature' },
    ]);
    expect((await rejections.list('demo', SCIM_DOOR, { limit: 9 })).entries).toHaveLength(1);
    expect((await directory.listHistory('demo', 'refused/hr', { limit: 9 })).entries).toHaveLength(2);
    clock.advance(7 * 86_400 - 10);
    expect(await list()).toHaveLength(2);
    clock.advance(20);
    expect(await list()).toEqual([]);
  });

  it('is kept twenty times a minute, of strangers and of the provider apart', async () => {
    const { services, clock } = openBench();
    const rejections = openRejections(services);
    const kept = async () => (await rejections.list('demo', 'hr', { limit: 99 })).entries.length;
    for (let each = 0; each < 25; each += 1) await rejections.keep('demo', 'hr', { each }, false);
    expect(await kept()).toBe(20);
    await rejections.keep('demo', 'hr', {}, true);
    expect(await kept()).toBe(21);
    clock.advance(59);
    await rejections.keep('demo', 'hr', {}, false);
    expect(await kept()).toBe(21);
    clock.advance(1);
    await rejections.keep('demo', 'hr', {}, false);
    expect(await kept()).toBe(22);
  });

  it('that can not be kept is logged, and never fails', async () => {
    const { services, logged } = openBench({}, ({ directory }) => ({
      directory: { ...directory, appendHistory: () => Promise.reject(new Error('the table is away')) },
    }));
    await openRejections(services).keep('demo', 'hr', {}, true);
    expect(logged).toEqual([
      '{"message":"a refusal could not be kept","tenant":"demo","reason":"the table is away"}',
    ]);
  });
});

describe('an id that fits nobody here', () => {
  it('is counted and kept by the best of its names, as far as those are short', async () => {
    const { services, numbers, directory } = openBench();
    const note = async (subject: object, type = 'user.deleted') => {
      await noteUnmatched(services, 'demo', event({ subject, type }));
      const { entries } = await directory.listHistory('demo', 'refused/hr', { limit: 1 });
      return entries[0]?.message;
    };
    expect(await note({ id: '1', externalId: 'x', userName: 'u', email: 'e' })).toBe(
      'user.deleted: no person here is known by 1',
    );
    expect(await note({ externalId: 'x', userName: 'u', email: 'e' })).toMatch(/by x$/);
    expect(await note({ userName: 'u', email: 'e' })).toMatch(/by u$/);
    expect(await note({ email: 'e' })).toMatch(/by e$/);
    expect(await note({})).toMatch(/by $/);
    expect(await note({ id: 'i'.repeat(100) }, 't'.repeat(100))).toBe(
      `${'t'.repeat(60)}: no person here is known by ${'i'.repeat(80)}`,
    );
    expect(numbers.of('Unmatched')).toEqual({ '': 6 });
  });
});

it('is kept twenty times a minute beside what the source was refused, and counted each time', async () => {
  const { services, numbers, directory } = openBench();
  for (let each = 0; each < 25; each += 1) await noteUnmatched(services, 'demo', event({ kind: 'remove' }));
  const { entries } = await directory.listHistory('demo', 'refused/hr', { limit: 99 });
  expect([entries.length, entries[0]?.code]).toEqual([20, 'unmatched']);
  expect(numbers.of('Unmatched')).toEqual({ '': 25 });
  // The share is that of the source, not of strangers.
  const refused = openRejections(services);
  await refused.keep('demo', 'hr', {}, false);
  expect((await directory.listHistory('demo', 'refused/hr', { limit: 99 })).entries).toHaveLength(21);
});

describe('a sign-up that waits', () => {
  it('is one of 200 of its source, of which lapsed ones are none', async () => {
    const { services, clock, numbers, waiting } = openBench();
    const signUp = (id: number, source = 'hr') => ada({}, { source, subject: { id: `s${id}` } });
    for (let each = 0; each < 5; each += 1)
      await storeConfirmation(services, 'demo', signUp(each), 'x', true);
    clock.advance(86_400);
    for (let each = 5; each < 200; each += 1)
      await storeConfirmation(services, 'demo', signUp(each), 'x', true);
    for (let each = 0; each < 9; each += 1)
      await storeConfirmation(services, 'demo', signUp(each, 'it'), 'x', true);
    expect(await hasRoom(services, 'demo', signUp(200))).toBe(false);
    expect(numbers.of('Lapsed')).toEqual({ 'too-many': 1 });
    expect(await hasRoom(services, 'demo', signUp(7))).toBe(true);
    expect(await hasRoom(services, 'demo', signUp(200, 'it'))).toBe(true);
    clock.advance(29 * 86_400);
    expect(await hasRoom(services, 'demo', signUp(200))).toBe(true);
    expect(numbers.of('Lapsed')).toEqual({ 'too-many': 1, age: 5 });
    expect(await waiting()).toHaveLength(204);
  });

  it('lapses after 30 days, is counted and logged, and nothing else lapses', async () => {
    const { services, waiting, clock, numbers, logged } = openBench();
    for (let each = 0; each < 102; each += 1)
      await storeConfirmation(services, 'demo', ada({}, { subject: { id: `s${each}` } }), 'x', true);
    await storeConfirmation(services, 'demo', event({ kind: 'suspend', subject: { id: 'other' } }), 'x');
    clock.advance(30 * 86_400 - 1);
    await lapseSignUps(services, 'demo');
    expect(await waiting()).toHaveLength(103);
    clock.advance(1);
    logged.length = 0;
    await lapseSignUps(services, 'demo');
    expect((await waiting()).map(({ id }) => id)).toEqual(['confirm:hr/other']);
    expect(numbers.of('Lapsed')).toEqual({ age: 102 });
    expect(logged[0]).toBe(
      '{"message":"a sign-up that waited for 30 days has lapsed","tenant":"demo","source":"hr","type":"user.updated"}',
    );
  });

  it('that an operator takes at the same moment does not lapse', async () => {
    const { services, numbers, logged, clock } = openBench({}, ({ directory }) => ({
      directory: { ...directory, erasePendingEvent: async () => false },
    }));
    await storeConfirmation(services, 'demo', ada(), 'x', true);
    clock.advance(40 * 86_400);
    logged.length = 0;
    await lapseSignUps(services, 'demo');
    expect([numbers.of('Lapsed'), logged]).toEqual([{}, []]);
  });
});
