import { live } from './course.ts';
import { Simulation, type SimulationOptions } from './simulation.ts';
import { withSynchronousHmac } from './synchronous-hmac.ts';

export interface Failure {
  readonly seed: number;
  readonly wrongs: readonly string[];
}

/** Runs seeds one after the other until one fails; undefined when none does. `lived` hears of each when it is over. */
export async function firstFailure(
  from: number,
  to: number,
  options: Omit<SimulationOptions, 'seed'> = {},
  lived: (simulation: Simulation) => void = () => {},
): Promise<Failure | undefined> {
  const restore = withSynchronousHmac();
  try {
    for (let seed = from; seed <= to; seed += 1) {
      const simulation = new Simulation({ seed, ...options });
      const wrongs = await live(simulation);
      simulation.close();
      lived(simulation);
      if (wrongs.length > 0) return { seed, wrongs };
      // The runner has something to say now and then, and the signal of an impatient Ctrl-C gets through.
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    return undefined;
  } finally {
    restore();
  }
}
