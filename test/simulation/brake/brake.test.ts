import { expect, test } from 'vitest';
import { withoutCounted } from '../sabotage.ts';
import { firstFailure } from '../seeds.ts';
import { onUsualDays } from './usual.ts';

test('the shipped brake holds nobody on a usual day', { timeout: 600_000 }, async () => {
  expect(await firstFailure(1, 1, { vary: onUsualDays })).toBeUndefined();
});

test('counting a repeated try as another person is noticed', { timeout: 600_000 }, async () => {
  const failure = await firstFailure(1, 20, { vary: onUsualDays, sabotage: withoutCounted });
  expect(failure?.wrongs.join()).toContain('the brake holds somebody on a normal day');
});
