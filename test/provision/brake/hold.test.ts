import { describe, expect, it } from 'vitest';
import type { Hold, PersonRecord } from '../../../functions/directory/record.ts';
import { holdReason } from '../../../functions/provision/brake/brake.ts';

const SINCE = '2026-11-23T10:00:00.000Z';
const hold = (changes: Partial<Hold> = {}): Hold => ({
  movement: 'leaving',
  since: SINCE,
  counted: 7,
  limit: 6,
  seconds: 3_600,
  ...changes,
});
const reasonOf = (changes: Partial<Hold>) =>
  holdReason({ held: 'brake', hold: hold(changes) } as PersonRecord);

describe('why the brake holds a record', () => {
  it('is nothing where it does not', () => {
    expect(holdReason({ hold: hold() } as PersonRecord)).toBeUndefined();
  });

  it('is said with since when, how many, within what time and how many may', () => {
    expect(reasonOf({})).toBe(
      `The brake holds since ${SINCE}: 7 agents were to leave service within one hour, and 6 may.`,
    );
  });

  it.each([
    ['one field', { fields: ['agentGroupId'] }, 'change (agentGroupId)'],
    ['two', { fields: ['agentGroupId', 'skills'] }, 'change (agentGroupId, skills)'],
    ['fields that were not kept', {}, 'change (several fields)'],
    ['no field in particular', { fields: [] }, 'change (several fields)'],
  ])('names what would change: %s', (_, fields, what) => {
    expect(reasonOf({ movement: 'change', ...fields })).toContain(`7 agents were to ${what} within one hour`);
  });

  it.each([
    [604_800, '7 days'],
    [86_400, 'one day'],
    [90_000, '25 hours'],
    [7_200, '2 hours'],
    [5_400, '90 minutes'],
    [60, 'one minute'],
    [90, '90 seconds'],
    [1, 'one second'],
  ])('has the time in the largest unit that fits: %d seconds are %s', (seconds, words) => {
    expect(reasonOf({ seconds })).toContain(`within ${words}, and`);
  });

  it('is said of what version 0.1.0 held, which kept no numbers', () => {
    expect(holdReason({ held: 'brake' } as PersonRecord)).toMatch(/^The brake holds: too many agents/);
  });
});
