import type { Clock, Random } from '../../runtime/clock.ts';
import { DirectoryBusyError } from '../errors.ts';

/** Eight tries spread over 2.5 s at most, half of that on average: less than a client of the API waits. */
const TRIES = 8;
const FIRST_MS = 20;
const LONGEST_MS = 1_000;

export interface Patience {
  readonly random: Random;
  readonly sleep: Clock['sleep'];
}

/**
 * Calls until the store has time. The pauses have full jitter: writers that collided would collide again if they all
 * waited alike.
 *
 * @param call resolves to `undefined` when it should be tried again
 * @throws DirectoryBusyError when no try came through
 */
export async function retryBusy<T>(
  { random, sleep }: Patience,
  call: () => Promise<T | undefined>,
): Promise<T> {
  for (let failures = 0; failures < TRIES; failures += 1) {
    if (failures > 0) await sleep(random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** failures));
    const answer = await call();
    if (answer !== undefined) return answer;
  }
  throw new DirectoryBusyError(`The table was busy ${TRIES} times in a row; nothing was written`);
}
