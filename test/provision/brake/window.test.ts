import { describe, expect, it } from 'vitest';
import {
  counted,
  type Limit,
  live,
  roomIn,
  type Slice,
  total,
} from '../../../functions/provision/brake/window.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A full hour, at which a slice of each window begins. */
const TEN = Date.parse('2026-11-23T10:00:00.000Z');
const hourly = (percent: number, atLeast = 1): Limit => ({ percent, atLeast, within: 3_600 });

/** People counted one after the other, each at a time and with so many agents in service. */
const countedAt = (limit: Limit, ...times: readonly (readonly [at: number, active: number])[]): Slice[] =>
  times.reduce<Slice[]>((slices, [at, active]) => counted(slices, limit, at, active), []);

describe('a window of the brake', () => {
  it.each([
    ['a tenth of sixty', hourly(10), 60, 6],
    ['a share that is no whole number, rounded down', hourly(10), 69, 6],
    ['a share that is large enough, though the least says less', hourly(10, 5), 50, 5],
    ['one less than the least, where the share is smaller', hourly(10, 5), 49, 4],
    ['one less than the least, where nobody is in service', hourly(10, 5), 0, 4],
    ['all agents', hourly(100), 60, 60],
    ['nobody at all', hourly(0), 60, 0],
  ])('lets pass: %s', (_, limit, active, most) => {
    expect(roomIn([], limit, TEN, active)).toEqual({ left: most, most });
  });

  it('takes the share of the agents in service when it began, whatever has become of them since', () => {
    const slices = countedAt(hourly(10), [TEN, 60], [TEN + 10 * MINUTE, 59]);
    expect(roomIn(slices, hourly(10), TEN + 20 * MINUTE, 30)).toEqual({ left: 4, most: 6 });
  });

  it('has room for nobody, and never for less, when more were counted than it lets pass by now', () => {
    const slices = countedAt(hourly(50), [TEN, 10], [TEN, 10], [TEN, 10], [TEN, 10]);
    expect(roomIn(slices, hourly(20), TEN, 10)).toEqual({ left: 0, most: 2 });
  });

  it('keeps those of one minute of an hour as one number, with the agents when the first of them came', () => {
    const slices = countedAt(
      hourly(10),
      [TEN, 60],
      [TEN + MINUTE - 1, 59],
      [TEN + MINUTE, 58],
      [TEN + MINUTE + 1, 57],
    );
    expect(slices).toEqual([
      { at: TEN, count: 2, active: 60 },
      { at: TEN + MINUTE, count: 2, active: 58 },
    ]);
    expect(total(slices)).toBe(4);
  });

  it('forgets a minute once the whole of it lies an hour back, and not before', () => {
    const slices = countedAt(hourly(10), [TEN, 60], [TEN + MINUTE, 60]);
    const [, second] = slices;
    expect(live(slices, hourly(10), TEN + HOUR + MINUTE - 1)).toEqual(slices);
    expect(live(slices, hourly(10), TEN + HOUR + MINUTE)).toEqual([second]);
    expect(live(slices, hourly(10), TEN + HOUR + 2 * MINUTE)).toEqual([]);
  });

  it('drops what it forgets when the next person is counted, and has room for as many again', () => {
    const full = countedAt(hourly(10), [TEN, 10]);
    expect(roomIn(full, hourly(10), TEN + HOUR, 10).left).toBe(0);
    const later = TEN + HOUR + MINUTE;
    expect(roomIn(full, hourly(10), later, 20)).toEqual({ left: 2, most: 2 });
    expect(counted(full, hourly(10), later, 20)).toEqual([{ at: later, count: 1, active: 20 }]);
  });

  it.each([
    ['a second', 1],
    ['a minute', 60],
    ['an hour and a second', 3_601],
    ['a week', 604_800],
  ])('of %s stays small, however many are counted in it', (_, within) => {
    const limit = { percent: 100, atLeast: 1, within };
    let slices: Slice[] = [];
    for (let each = 0; each < 400; each += 1)
      slices = counted(slices, limit, TEN + (each * within * 1_000) / 200, 60);
    expect(slices.length).toBeLessThanOrEqual(61);
    // None is forgotten within the window: half of the four hundred came in its time.
    expect(total(slices)).toBeGreaterThanOrEqual(200);
  });
});
