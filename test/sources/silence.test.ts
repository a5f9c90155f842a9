import { describe, expect, it } from 'vitest';
import { openStates, type SourceState } from '../../functions/events/source-state.ts';
import { checkSilence } from '../../functions/sources/silence.ts';
import { sourceSchema } from '../../functions/tenant/sources.ts';
import { demoTenant } from '../mapping/demo.ts';
import { openNumbers } from '../runtime/numbers.ts';
import { openHooks } from '../webhook/hooks.ts';

const HOUR_MS = 3_600_000;

/** A source of which so much is known, and how many of the tenant's sources count as silent and as paused. */
async function look(known: SourceState, quietMs: number, source: object = { preset: 'auth0' }) {
  const { services, clock, logged } = openHooks();
  const states = openStates(services);
  const heardAt = new Date(clock.now() - quietMs).toISOString();
  await states.change('demo', 's', () => ({ heardAt, ...known }));
  const sources = { s: sourceSchema.parse(source) };
  const numbers = openNumbers();
  const check = () =>
    checkSilence(
      { tenants: { demo: { ...demoTenant(), sources } } },
      { ...services, metrics: numbers },
      states,
    );
  await check();
  await check();
  return {
    silent: numbers.of('SourceSilent')[''],
    paused: numbers.of('SourcePaused')[''],
    said: logged.filter((line) => line.includes('gone silent')).length,
    since: (await states.get('demo', 's')).silentSince,
  };
}

const pauses = (...hours: number[]) => hours.map((each) => each * HOUR_MS);

describe('a source counts as silent', () => {
  it.each<[string, SourceState, number, boolean]>([
    ['after three times its longest pause', { gaps: pauses(5, 8, 1, 1, 1) }, 24 * HOUR_MS + 1, true],
    ['not after three times its longest pause sharp', { gaps: pauses(5, 8, 1, 1, 1) }, 24 * HOUR_MS, false],
    [
      'not before twelve hours, however often it speaks',
      { gaps: pauses(0.1, 0.1, 0.1, 0.1, 0.1) },
      12 * HOUR_MS,
      false,
    ],
    [
      'after twelve hours if it speaks often',
      { gaps: pauses(0.1, 0.1, 0.1, 0.1, 0.1) },
      12 * HOUR_MS + 1,
      true,
    ],
    ['not before it has a habit, of five pauses', { gaps: pauses(1, 1, 1, 1) }, 1_000 * HOUR_MS, false],
    ['not where it was heard once', {}, 1_000 * HOUR_MS, false],
  ])('%s', async (_, known, quietMs, isSilent) => {
    const { silent, said, since } = await look(known, quietMs);
    expect([silent, said, since !== undefined]).toEqual(isSilent ? [1, 1, true] : [undefined, 0, false]);
  });

  it.each([
    [HOUR_MS, undefined],
    [HOUR_MS + 1, 1],
  ])('after what the configuration says, habit or not: %s ms', async (quietMs, silent) => {
    const source = { preset: 'auth0', silence: '1h' };
    expect((await look({}, quietMs, source)).silent).toBe(silent);
    expect((await look({ gaps: pauses(9, 9, 9, 9, 9) }, quietMs, source)).silent).toBe(silent);
  });

  it('until it is heard again, and is not said twice', async () => {
    const silentSince = '2026-11-20T10:00:00.000Z';
    expect(await look({ silentSince }, 0)).toEqual({
      silent: 1,
      paused: undefined,
      said: 0,
      since: silentSince,
    });
  });

  it('and not as paused, or the other way round', async () => {
    const paused = { at: '2026-11-20T10:00:00.000Z', reason: 'a test' };
    const known = { paused, gaps: pauses(1, 1, 1, 1, 1) };
    expect(await look(known, 1_000 * HOUR_MS)).toEqual({
      silent: undefined,
      paused: 1,
      said: 0,
      since: undefined,
    });
    expect((await look({ gaps: pauses(1, 1, 1, 1, 1) }, 1_000 * HOUR_MS)).paused).toBeUndefined();
  });
});
