import { expect, test } from 'vitest';
import { withoutGeneration } from '../sabotage.ts';
import { firstFailure } from '../seeds.ts';
import type { Variety } from '../variety.ts';
import type { Push } from './releases.ts';

/** Small days with many pushes. */
const busy = (variety: Variety): Variety => {
  const push = (what: Push['what'], beside: number): Push => ({ what, beside, isContested: false });
  const pushes = [push('rules', 0.1), push('rules', 0.3), push('rollback', 0.6), push('rules', 0.8)];
  return { ...variety, persons: 20, disaster: false, releases: { pushes } };
};

test('not minding that a newer generation has mapped a record is noticed within 60 days', {
  timeout: 600_000,
}, async () => {
  expect(await firstFailure(1, 60, { vary: busy, sabotage: withoutGeneration })).toBeDefined();
});
