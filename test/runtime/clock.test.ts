import { describe, expect, it } from 'vitest';
import { respelled, timestamp } from '../../functions/runtime/clock.ts';

describe('a moment', () => {
  it('is written in ISO 8601, whichever was written before', () => {
    const moments = [
      0, 1_764_158_400_007, 1_764_158_400_907, 1, 999.9, 999, 1_000, -1, -1_000, 253_402_300_800_000,
    ];
    expect(moments.map(timestamp)).toEqual(moments.map((at) => new Date(at).toISOString()));
    expect(() => timestamp(Number.NaN)).toThrow(RangeError);
  });

  it.each([
    ['2026-11-26T12:00:00.000Z', '2026-11-26T12:00:00.000Z'],
    ['2026-11-26T12:00:00Z', '2026-11-26T12:00:00.000Z'],
    ['2026-11-26T13:00:00.25+01:00', '2026-11-26T12:00:00.250Z'],
    ['2026-11-26', '2026-11-26T00:00:00.000Z'],
  ])('%s sorts as %s', (written, spelling) => {
    expect(respelled(written)).toBe(spelling);
  });

  it('that is none is refused', () => {
    expect(() => respelled('soon')).toThrow(RangeError);
  });
});
