import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareInstants, parseInstant } from '../../functions/scim-core/instant.ts';

const compare = (a: string, b: string) => {
  const [x, y] = [parseInstant(a), parseInstant(b)];
  if (x === undefined || y === undefined) throw new Error('not a time');
  return Math.sign(compareInstants(x, y));
};

describe('parseInstant', () => {
  it.each([
    ['1970-01-01T00:00:00Z', 0, 0],
    ['1970-01-01T00:00:01.5Z', 1, 500_000_000],
    ['1970-01-01T00:00:00.1234567Z', 0, 123_456_700],
    ['1970-01-01T00:00:00.1234567891Z', 0, 123_456_789],
    ['1970-01-01T01:02:03', 3723, 0],
    ['1970-01-01t00:00:00z', 0, 0],
    ['1970-01-01T01:30:00+01:30', 0, 0],
    ['1969-12-31T22:30:00-01:30', 0, 0],
    ['2026-05-13T04:42:34Z', Date.UTC(2026, 4, 13, 4, 42, 34) / 1000, 0],
    ['2024-02-29T23:59:59Z', Date.UTC(2024, 1, 29, 23, 59, 59) / 1000, 0],
    ['0050-01-01T00:00:00Z', new Date('0050-01-01T00:00:00Z').getTime() / 1000, 0],
  ])('reads %s', (text, seconds, nanoseconds) => {
    expect(parseInstant(text)).toEqual({ seconds, nanoseconds });
  });

  it.each([
    '',
    '2026-05-13',
    '2026-05-13 04:42:34Z',
    '2026-02-30T00:00:00Z',
    '2023-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-00-01T00:00:00Z',
    '2026-01-00T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T10:60:00Z',
    '2026-01-01T10:00:60Z',
    '2026-01-32T00:00:00Z',
    '2026-01-01T23:60:00Z',
    '2026-01-01T23:59:60Z',
    '2026-01-01T00:00:00.Z',
    '2026-01-01T00:00:00+1:00',
    ' 2026-01-01T00:00:00Z',
    '2026-01-01T00:00:00Z ',
    '20260-01-01T00:00:00Z',
  ])('does not take %j for a time', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });

  it('agrees with Date on every millisecond', () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-12-31') }), (date) => {
        const instant = parseInstant(date.toISOString());
        expect((instant?.seconds ?? 0) * 1000 + (instant?.nanoseconds ?? 0) / 1e6).toBe(date.getTime());
      }),
    );
  });
});

describe('compareInstants', () => {
  it('tells times apart that differ in the seventh digit', () => {
    expect(compare('2026-05-13T04:42:34.1234567Z', '2026-05-13T04:42:34.1234568Z')).toBe(-1);
    expect(compare('2026-05-13T04:42:34.1234568Z', '2026-05-13T04:42:34.1234567Z')).toBe(1);
  });

  it('takes the same time in other words as the same', () => {
    expect(compare('2026-05-13T04:42:34.10Z', '2026-05-13T06:42:34.1+02:00')).toBe(0);
  });

  it('puts the second before its fraction', () => {
    expect(compare('2026-05-13T04:42:34.9Z', '2026-05-13T04:42:35.1Z')).toBe(-1);
  });
});
