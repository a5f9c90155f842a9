import { expect, test } from 'vitest';
import { withoutCounts } from '../sabotage.ts';
import { firstFailure } from '../seeds.ts';
import { withSeats } from './seats.ts';

test('no more agents are in service than there are seats, and no seat is free while people wait for one', {
  timeout: 600_000,
}, async () => {
  expect(await firstFailure(1, 2, { vary: withSeats })).toBeUndefined();
});

test('more agents than seats are noticed', { timeout: 600_000 }, async () => {
  const failure = await firstFailure(1, 3, { vary: withSeats, sabotage: withoutCounts });
  expect(failure?.wrongs.join()).toMatch(/\d+ agents are in service on \d+ seats/);
});
