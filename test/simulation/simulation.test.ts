import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { live } from './course.ts';
import { withoutLease, withoutLookUp } from './sabotage.ts';
import { firstFailure } from './seeds.ts';
import { Simulation } from './simulation.ts';
import { withSynchronousHmac } from './synchronous-hmac.ts';
import type { Variety } from './variety.ts';
import { assertWorld, WORLD } from './world.ts';

describe('a seed', { timeout: 120_000 }, () => {
  let restore: () => void;
  beforeAll(() => {
    restore = withSynchronousHmac();
  });
  afterAll(() => restore());

  const traceOf = async (seed: number) => {
    const vary = (variety: Variety): Variety => ({ ...variety, persons: Math.min(variety.persons, 12) });
    const simulation = new Simulation({ seed, traced: true, vary });
    await live(simulation);
    simulation.close();
    // Where an error came through follows from what is loaded by then.
    return simulation.trace.lines.map((line) => line.replaceAll(/(?:\\n {4}at [^\\]*)+/g, ''));
  };

  test.each([2, 11, 52])('passes in the same way each time: %i', async (seed) => {
    const first = await traceOf(seed);
    expect(first.length).toBeGreaterThan(200);
    expect(await traceOf(seed)).toEqual(first);
  });

  test('of another world is refused by its number', () => {
    expect(() => assertWorld(String(WORLD - 1))).toThrow(`world ${WORLD - 1}, and this is world ${WORLD}`);
    expect(() => assertWorld(String(WORLD))).not.toThrow();
    expect(() => assertWorld(undefined)).not.toThrow();
  });

  test('passes in another way than the next one', async () => {
    expect(await traceOf(11)).not.toEqual(await traceOf(1));
  });
});

describe('a mistake that is made on purpose is noticed within 300 days:', () => {
  test('not looking an agent up after an unknown outcome', { timeout: 600_000 }, async () => {
    expect(await firstFailure(1, 300, { sabotage: withoutLookUp })).toBeDefined();
  });

  test('not minding that a record is in the hands of another', { timeout: 600_000 }, async () => {
    expect(await firstFailure(1, 300, { sabotage: withoutLease })).toBeDefined();
  });
});
