import { expect, test } from 'vitest';
import { withoutGeneration } from '../sabotage.ts';
import { firstFailure } from '../seeds.ts';
import type { Variety } from '../variety.ts';
import type { Push } from './releases.ts';
import type { Rollout } from './rollout.ts';

const HOUR_MS = 60 * 60_000;

/** Two versions work for hours, and only the later one knows what is pushed meanwhile. */
const rollout: Rollout = {
  from: 'this',
  to: 'next',
  begins: { scim: 0, webhook: 0, sync: 0, drain: HOUR_MS, schedule: HOUR_MS, operator: 0 },
  lasts: 8 * HOUR_MS,
  share: 0.5,
  isTakenBack: false,
  isPushedEarly: true,
};

/** Small days with many pushes. */
const busy = (variety: Variety): Variety => {
  const push = (what: Push['what'], beside: number): Push => ({ what, beside, isContested: false });
  const pushes = [push('rules', 0.1), push('rules', 0.3), push('rollback', 0.6), push('rules', 0.8)];
  return { ...variety, persons: 20, isOneMachine: false, disaster: false, releases: { pushes, rollout } };
};

test('not minding that a newer generation has mapped a record is noticed within 20 days', {
  timeout: 600_000,
}, async () => {
  expect(await firstFailure(1, 20, { vary: busy, sabotage: withoutGeneration })).toBeDefined();
});
