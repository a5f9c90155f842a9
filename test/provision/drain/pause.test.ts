import { describe, expect, it } from 'vitest';
import { type Pause, pauseText, readPause } from '../../../functions/provision/drain/pause.ts';
import { person, provisionBench } from '../bench.ts';

const SINCE = '2026-11-23T10:00:00.000Z';

describe('a pause', () => {
  it.each<[string, Partial<Pause>, string]>([
    ['without a reason', {}, `Paused since ${SINCE} by grace.`],
    ['with one', { reason: 'maintenance' }, `Paused since ${SINCE} by grace: maintenance.`],
    ['with a sentence of its own', { reason: 'Wait!' }, `Paused since ${SINCE} by grace: Wait!`],
    ['with a question', { reason: 'Who knows?' }, `Paused since ${SINCE} by grace: Who knows?`],
    ['with a full stop in it', { reason: 'v1.2 comes' }, `Paused since ${SINCE} by grace: v1.2 comes.`],
    ['on several lines', { by: 'gr\nace', reason: 'one\ntwo' }, `Paused since ${SINCE} by gr ace: one two.`],
  ])('is said in one sentence: %s', (_, pause, text) => {
    expect(pauseText({ since: SINCE, by: 'grace', ...pause })).toBe(text);
  });

  it('is read as it was stored, and is none before it was', async () => {
    const { directory } = provisionBench();
    expect(await readPause(directory, 'demo')).toBeUndefined();
    const store = (pause: object) => directory.writeDocument('demo', 'pause', { pause });
    await store({ since: SINCE, by: 'grace', reason: 'maintenance' });
    expect(await readPause(directory, 'demo')).toEqual({ since: SINCE, by: 'grace', reason: 'maintenance' });
    expect(await readPause(directory, 'other')).toBeUndefined();
    await store({ since: SINCE });
    expect(await readPause(directory, 'demo')).toEqual({ since: SINCE, by: '' });
    await directory.writeDocument('demo', 'pause', {});
    expect(await readPause(directory, 'demo')).toBeUndefined();
    await store({ since: 7, by: 'grace' });
    expect(await readPause(directory, 'demo')).toBeUndefined();
  });

  it('keeps a drain from every call, which looks again a minute later', async () => {
    const bench = provisionBench();
    const record = await bench.stored(person('ada'), { inline: undefined } as never);
    await bench.directory.writeDocument('demo', 'pause', { pause: { since: SINCE, by: 'grace' } });
    const now = bench.clock.now();
    expect(await bench.drained()).toEqual({ outcome: 'idle', nextAt: now + 60_000 });
    expect(bench.simulator.calls()).toMatchObject({ total: 0 });
    expect((await bench.read(record)).state).toBe('due');
    await bench.directory.writeDocument('demo', 'pause', {});
    await bench.settled();
    expect((await bench.read(record)).state).toBe('provisioned');
  });

  it('stops a drain that is at work within seconds', async () => {
    const bench = provisionBench();
    for (let index = 0; index < 60; index += 1)
      await bench.stored(person(`p-${index}`), { inline: undefined } as never);
    const { sleep } = bench.clock;
    let pausedAt = 0;
    let made = 0;
    bench.clock.sleep = async (milliseconds) => {
      await sleep.call(bench.clock, milliseconds);
      if (pausedAt !== 0) return;
      pausedAt = bench.clock.now();
      made = bench.simulator.agents().length;
      await bench.directory.writeDocument('demo', 'pause', { pause: { since: SINCE, by: 'grace' } });
    };
    const drained = await bench.drained(600_000);
    expect(drained).toEqual({ outcome: 'idle', nextAt: bench.clock.now() + 60_000 });
    expect(bench.clock.now() - pausedAt).toBeLessThanOrEqual(6_000);
    expect(bench.simulator.agents().length - made).toBeLessThan(10);
  });
});
