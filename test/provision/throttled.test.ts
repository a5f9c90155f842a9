import { describe, expect, it } from 'vitest';
import { person, provisionBench } from './bench.ts';

describe('SmartAssist throttling the account', () => {
  it('is asked by one call at a time, and not by a burst each fifteen seconds', async () => {
    const bench = provisionBench();
    for (let index = 0; index < 40; index += 1) {
      await bench.stored(person(`p-${index}`), { inline: undefined } as never);
    }
    await bench.drained(1_000);
    bench.simulator.setBehaviour({ callsPerMinute: 0 });
    const before = bench.simulator.calls().total;
    for (let round = 0; round < 20; round += 1) await bench.drained(15_000);
    // Five minutes: the calls under way at first, then probes after 15, 30 and each 60 seconds.
    expect(bench.simulator.calls().total - before).toBeLessThanOrEqual(10);
    bench.simulator.setBehaviour({});
    await bench.settled();
    expect(bench.simulator.agents()).toHaveLength(40);
  });
});
