import { describe, expect, it } from 'vitest';
import { isAuto } from '../../functions/smartassist/call-rate.ts';
import { START } from '../local/simulator-bench.ts';
import { type Made, peakOf, throttledShare, underLimit } from './rate-world.ts';

const HOURS = 10;
const HOUR_MS = 3_600_000;
const gapsUnder = (made: readonly Made[], milliseconds: number) =>
  made.filter(({ at }, index) => index > 0 && at - (made[index - 1]?.at ?? 0) < milliseconds).length;

describe('callsPerMinute: auto', () => {
  it('uses 98 % of the 60 calls where nobody else is there, and none is turned away', async () => {
    const { ours, begun } = await underLimit({ callsPerMinute: 'auto', hours: HOURS });
    expect(ours.length).toBeGreaterThanOrEqual(0.98 * 60 * 60 * HOURS);
    expect(peakOf(ours)).toBeLessThanOrEqual(60);
    expect(throttledShare(ours, begun)).toBe(0);
  });

  it('leaves another integration its 20 a minute after a quarter of an hour', async () => {
    const { ours, foreign, begun } = await underLimit({
      callsPerMinute: 'auto',
      hours: HOURS,
      foreign: () => 20,
    });
    expect(throttledShare(ours, begun, 15)).toBeLessThanOrEqual(0.01);
    expect(throttledShare(foreign, begun, 15)).toBeLessThanOrEqual(0.02);
    // And doesn't starve itself: of the 40 that are left most are used.
    expect(ours.length).toBeGreaterThanOrEqual(0.75 * 40 * 60 * HOURS);
    expect(peakOf(ours)).toBeLessThanOrEqual(60);
  });

  it('recovers when the other integration is gone', async () => {
    const { ours, begun } = await underLimit({
      callsPerMinute: 'auto',
      hours: 4,
      foreign: (minute) => (minute < 60 ? 40 : 0),
    });
    const lastHour = ours.filter(({ at }) => at >= begun + 3 * HOUR_MS);
    expect(lastHour.length).toBeGreaterThanOrEqual(0.95 * 60 * 60);
  });

  it('tries with one call at a time after a breach, and sends no burst', async () => {
    // The other integration takes everything for five minutes in each twenty.
    const { ours } = await underLimit({
      callsPerMinute: 'auto',
      hours: 2,
      foreign: (minute) => (minute % 20 < 5 ? 120 : 0),
    });
    const throttled = ours.filter(({ isThrottled }) => isThrottled);
    expect(throttled.length).toBeGreaterThan(0);
    expect(gapsUnder(throttled, 15_000)).toBe(0);
    expect(gapsUnder(ours, 500)).toBe(0);
    expect(ours.length).toBeGreaterThan(5 * 120);
  });
});

describe('callsPerMinute: { auto: hours }', () => {
  it.each([
    ['20:00-06:00', 'Etc/UTC', '2026-07-01T19:59:59Z', false],
    ['20:00-06:00', 'Etc/UTC', '2026-07-01T20:00:00Z', true],
    ['20:00-06:00', 'Etc/UTC', '2026-07-02T05:59:59Z', true],
    ['20:00-06:00', 'Etc/UTC', '2026-07-02T06:00:00Z', false],
    ['20:00-06:00', 'Europe/Berlin', '2026-07-01T18:00:00Z', true],
    ['20:00-06:00', 'Europe/Berlin', '2026-12-01T18:30:00Z', false],
    ['20:00-06:00', 'Asia/Kolkata', '2026-07-01T14:30:00Z', true],
    ['00:30-04:00', 'Etc/UTC', '2026-07-01T00:29:00Z', false],
    ['00:30-04:00', 'Etc/UTC', '2026-07-01T00:30:00Z', true],
  ])('%s in %s at %s: %s', (auto, timeZone, at, expected) => {
    expect(isAuto({ auto }, Date.parse(at), timeZone)).toBe(expected);
  });

  it('makes 50 calls a minute outside of the hours, and up to 60 in them', async () => {
    const timeOfDay = (at: number) => new Date(at).toISOString().slice(11, 16);
    const auto = `${timeOfDay(START + HOUR_MS)}-${timeOfDay(START + 2 * HOUR_MS)}`;
    const { ours, begun } = await underLimit({ callsPerMinute: { auto }, hours: 3 });
    const counts = [0, 1, 2].map(
      (hour) =>
        ours.filter(({ at }) => at >= begun + hour * HOUR_MS && at < begun + (hour + 1) * HOUR_MS).length,
    );
    expect(counts[0]).toBeLessThanOrEqual(50 * 60);
    expect(counts[1]).toBeGreaterThanOrEqual(0.95 * 60 * 60);
    expect(counts[2]).toBeLessThanOrEqual(50 * 60 + 10);
    expect(peakOf(ours)).toBeLessThanOrEqual(60);
  });
});
