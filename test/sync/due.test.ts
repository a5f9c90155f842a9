import { describe, expect, it } from 'vitest';
import { ageOf, dueReading, slotOf, type Wanted } from '../../functions/sources/sync/due.ts';
import type { Listing } from '../../functions/sources/sync/listing.ts';
import { isSeen, nextReading, wasRead } from '../../functions/sources/sync/next.ts';
import { syncSettingsOf } from '../../functions/sources/sync/settings.ts';
import type { Finished, SyncState } from '../../functions/sources/sync/state.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const NOW = Date.parse('2027-03-01T12:00:00Z');

const iso = (at: number) => new Date(at).toISOString();
const finished = (at: number, outcome: Finished['outcome'] = 'complete'): Finished => ({
  startedAt: iso(at),
  finishedAt: iso(at),
  outcome,
  rows: 1,
  calls: 1,
  counts: {},
  findings: [],
});
const CURSOR = { value: 'c', of: 'x', at: iso(NOW) };
/** Everybody was read an hour ago, and what changed five minutes ago. */
const READ: SyncState = {
  initial: finished(NOW - 10 * DAY_MS),
  full: finished(NOW - HOUR_MS),
  delta: finished(NOW - 5 * MINUTE_MS),
  cursor: CURSOR,
};
const { cursor: _, ...PLACELESS } = READ;
const changes: Listing['changes'] = async () => ({ rows: [] });
const WANTED: Wanted = { kind: 'delta', reason: 'it was silent', at: iso(NOW) };

interface Asked {
  readonly state?: SyncState;
  readonly wanted?: Wanted;
  readonly listing?: Pick<Listing, 'changes' | 'isNotPolled'>;
  readonly sync?: { readonly delta?: number; readonly full?: number };
  readonly now?: number;
  readonly offset?: number;
}
const due = ({ state = READ, wanted, listing = { changes }, sync = {}, now = NOW, offset = 0 }: Asked) =>
  dueReading('demo/people', state, wanted, syncSettingsOf({ sync }), listing, now, offset);

describe('by the clock', () => {
  it.each<[string, Asked, ReturnType<typeof due>]>([
    ['nothing is read that nobody has had read', { state: {} }, undefined],
    [
      'nor after a first reading that was incomplete',
      { state: { initial: finished(NOW, 'incomplete') } },
      undefined,
    ],
    [
      'everybody is read for the first time once an operator wants it',
      { state: {}, wanted: { ...WANTED, isFirst: true } },
      'initial',
    ],
    ['and not for another reason', { state: {}, wanted: WANTED }, undefined],
    ['nothing is read between two deltas', {}, undefined],
    ['what changed is read after fifteen minutes', { now: NOW + 10 * MINUTE_MS }, 'delta'],
    ['and no moment before', { now: NOW + 10 * MINUTE_MS - 1 }, undefined],
    [
      'what changed counts from the last whole reading, too',
      { state: { ...READ, delta: finished(NOW - DAY_MS), full: finished(NOW - 5 * MINUTE_MS) } },
      undefined,
    ],
    [
      'what changed is not read where the provider does not tell',
      { listing: {}, now: NOW + HOUR_MS },
      undefined,
    ],
    ['nor where it is not known since when', { state: PLACELESS, now: NOW + HOUR_MS }, undefined],
    [
      'nor where the vendor asks not to be polled',
      { listing: { changes, isNotPolled: true }, now: NOW + HOUR_MS },
      undefined,
    ],
    [
      'nothing is read before the time of a pause',
      { state: { ...READ, notBefore: iso(NOW + 1) }, wanted: WANTED },
      undefined,
    ],
    ['everybody is read once a day', { state: { ...READ, full: finished(NOW - 2 * DAY_MS) } }, 'full'],
    [
      'everybody is read once a day since the first time',
      { state: { initial: finished(NOW - 2 * DAY_MS), cursor: CURSOR } },
      'full',
    ],
    ['everybody is read at once after a lost cursor', { state: { ...READ, lostAt: iso(NOW) } }, 'full'],
    ['and once for it', { state: { ...READ, lostAt: iso(NOW - HOUR_MS) } }, undefined],
    ['what is wanted is read at once', { wanted: WANTED }, 'delta'],
    ['everybody, where that is wanted', { wanted: { ...WANTED, kind: 'full' } }, 'full'],
    ['everybody, where the provider does not tell what changed', { wanted: WANTED, listing: {} }, 'full'],
    [
      'also of a vendor who asks not to be polled',
      { wanted: WANTED, listing: { changes, isNotPolled: true } },
      'delta',
    ],
  ])('%s', (_, asked, expected) => {
    expect(due(asked)).toBe(expected);
  });

  it('each source has an own time of the night, by the clock of its tenant', () => {
    const slot = slotOf('demo/people', DAY_MS, NOW);
    const since = (at: number, offset: number) => due({ state: { initial: finished(at) }, offset });
    expect([since(slot, 0), since(slot - 1, 0)]).toEqual([undefined, 'full']);
    // An hour to the east of Greenwich the night begins an hour earlier.
    const east = slot - HOUR_MS;
    expect([since(east, HOUR_MS), since(east - 1, HOUR_MS)]).toEqual([undefined, 'full']);
  });
});

describe('the time of a reading of everybody', () => {
  const names = Array.from({ length: 50 }, (_, number) => `demo/${number}`);

  it.each([DAY_MS, 2 * DAY_MS])('is in the first five hours of the day, every %s ms', (every) => {
    for (const name of names) {
      const slot = slotOf(name, every, NOW);
      expect(slot % DAY_MS).toBeLessThan(5 * HOUR_MS);
      expect(slot).toBeLessThanOrEqual(NOW);
      expect(slot + every).toBeGreaterThan(NOW);
    }
  });

  it('is any time where it is read more often than once a day', () => {
    const slots = names.map((name) => slotOf(name, 6 * HOUR_MS, NOW));
    expect(Math.max(...slots) - Math.min(...slots)).toBeGreaterThan(5 * HOUR_MS);
    for (const slot of slots) expect(NOW - slot).toBeLessThan(6 * HOUR_MS);
  });

  it('stays the same from one time to the next', () => {
    const slot = slotOf('demo/people', DAY_MS, NOW);
    expect(slotOf('demo/people', DAY_MS, slot)).toBe(slot);
    expect(slotOf('demo/people', DAY_MS, slot + DAY_MS - 1)).toBe(slot);
    expect(slotOf('demo/people', DAY_MS, slot + DAY_MS)).toBe(slot + DAY_MS);
  });
});

describe('the age of what is known of a source', () => {
  it('begins with the newest reading that came to its end', () => {
    expect(ageOf(READ, NOW)).toBe(5 * MINUTE_MS);
    expect(ageOf({ ...READ, delta: finished(NOW, 'incomplete') }, NOW)).toBe(HOUR_MS);
    expect(ageOf({ initial: finished(NOW - DAY_MS) }, NOW)).toBe(DAY_MS);
  });

  it('is not known before the first', () => {
    expect(ageOf({}, NOW)).toBeUndefined();
    expect(ageOf({ initial: finished(NOW, 'incomplete') }, NOW)).toBeUndefined();
  });
});

describe('the next reading', () => {
  it('is of everybody for the first time, then of what changed where that is known', () => {
    expect(nextReading({})).toBe('initial');
    expect(nextReading({ initial: finished(NOW, 'incomplete'), cursor: CURSOR })).toBe('initial');
    expect(nextReading({ initial: finished(NOW) })).toBe('full');
    expect(nextReading({ initial: finished(NOW), cursor: CURSOR })).toBe('delta');
    expect([wasRead({}), wasRead({ initial: finished(NOW) })]).toEqual([false, true]);
  });

  it('for the first time wants a dry run of the last seven days', () => {
    expect(isSeen({}, NOW)).toBe(false);
    expect(isSeen({ dryRunAt: iso(NOW - 7 * DAY_MS) }, NOW)).toBe(true);
    expect(isSeen({ dryRunAt: iso(NOW - 7 * DAY_MS - 1) }, NOW)).toBe(false);
  });
});
