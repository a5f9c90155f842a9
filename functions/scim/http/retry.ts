import type { Services } from '../../provision/services.ts';
import { ScimError } from './error.ts';

const TRIES = 40;
const FIRST_MS = 4;
const LONGEST_MS = 250;

/**
 * Runs a race until it is won. The pauses between two tries have full jitter: writers that met would meet again if
 * they all waited alike.
 *
 * @param attempt resolves to `undefined` when another writer was faster
 * @throws ScimError 503 when another writer always was
 */
export async function retrying<T>(
  { clock, random }: Pick<Services, 'clock' | 'random'>,
  attempt: () => Promise<T | undefined>,
): Promise<T> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (tries > 0) await clock.sleep(random() * Math.min(LONGEST_MS, FIRST_MS * 2 ** tries));
    const result = await attempt();
    if (result !== undefined) return result;
  }
  throw new ScimError(503, 'Others are changing the same resource all the time; send the request again.', {
    headers: { 'retry-after': '1' },
  });
}
