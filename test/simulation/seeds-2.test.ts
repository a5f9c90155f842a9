import { expect, test } from 'vitest';
import { firstFailure } from './seeds.ts';

test('thirty more days come right, whatever goes wrong in them', { timeout: 600_000 }, async () => {
  // `npm run simulate -- --seed <seed>` shows all that happened.
  expect(await firstFailure(151, 300)).toBeUndefined();
});
