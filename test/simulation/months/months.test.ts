import { expect, test } from 'vitest';
import { withoutForgetting } from '../sabotage.ts';
import { firstFailure } from '../seeds.ts';
import { inMonths } from './campaign.ts';

test('months come right, in which data is erased and clocks change', { timeout: 600_000 }, async () => {
  expect(await firstFailure(1, 1, { vary: inMonths })).toBeUndefined();
});

test('what is left of an erased person is noticed', { timeout: 600_000 }, async () => {
  const failure = await firstFailure(1, 5, { vary: inMonths, sabotage: withoutForgetting });
  expect(failure?.wrongs.join()).toMatch(/was to be erased by .* and is in demo#name/);
});
