import { live } from './course.ts';
import { Simulation, type SimulationOptions } from './simulation.ts';
import { withSynchronousHmac } from './synchronous-hmac.ts';

export interface Failure {
  readonly seed: number;
  readonly wrongs: readonly string[];
}

/** Runs seeds one after the other until one fails; undefined when none does. */
export async function firstFailure(
  from: number,
  to: number,
  options: Omit<SimulationOptions, 'seed'> = {},
): Promise<Failure | undefined> {
  const restore = withSynchronousHmac();
  try {
    for (let seed = from; seed <= to; seed += 1) {
      const simulation = new Simulation({ seed, ...options });
      const wrongs = await live(simulation);
      simulation.close();
      if (wrongs.length > 0) return { seed, wrongs };
      // The runner has something to say now and then.
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    return undefined;
  } finally {
    restore();
  }
}
