import { describe, expect, it, test } from 'vitest';
import { mostCalls } from './account.ts';
import { withoutAddress } from './sabotage.ts';
import { firstFailure } from './seeds.ts';

describe('the calls that sixty seconds may hold', () => {
  const begun = Date.parse('2026-11-23T08:00:00Z');
  const at = (time: string) => Date.parse(`2026-11-23T${time}Z`);

  it.each([
    [55, '09:00:00', 55],
    ['auto', '08:00:30', 50],
    ['auto', '08:02:00', 56],
    ['auto', '09:00:00', 60],
    [{ auto: '20:00-06:00' }, '19:59:59', 50],
    [{ auto: '20:00-06:00' }, '23:00:00', 60],
    // The sixty seconds began within the hours.
    [{ auto: '09:00-10:00' }, '10:00:59', 60],
    [{ auto: '09:00-10:00' }, '10:01:01', 50],
  ] as const)('with callsPerMinute %j at %s are %i', (rate, time, most) => {
    expect(mostCalls(rate, at(time), begun)).toBe(most);
  });
});

test('an address that is believed to be changed and was kept is noticed', { timeout: 600_000 }, async () => {
  const failure = await firstFailure(1, 60, {
    sabotage: withoutAddress,
    vary: (variety) => ({
      ...variety,
      emailChanges: { emailChange: 'ignored', isProbed: false },
      behaviour: { ...variety.behaviour, emailChange: 'ignored' },
    }),
  });
  expect(failure?.wrongs.join()).toContain('email:');
});
