import type { Services } from '../../provision/services.ts';
import { FetchError } from '../fetcher.ts';

/** A page that fails is asked for again after these times, in milliseconds. */
const AGAIN_MS = [1_000, 5_000, 20_000];
/** How long a provider that throttles without saying for how long is left alone. */
const THROTTLED_MS = 60_000;
const NAP_MS = 30_000;

/** The provider can't be asked now. */
export class NotNow extends Error {
  override readonly name = 'NotNow';
  /** Epoch milliseconds from when on it can be asked. */
  readonly from: number;

  constructor(message: string, from: number) {
    super(message);
    this.from = from;
  }
}

/**
 * Asks a provider with patience: waits as long as it wants, and tries again what failed by chance.
 *
 * @param until epoch milliseconds after which nothing is waited for
 * @param meanwhile called now and then while it waits
 * @throws NotNow when the provider wants a longer pause; FetchError for what fails again and again, or for good
 */
export async function patiently<Answer>(
  { clock, log }: Services,
  ask: () => Promise<Answer>,
  until: number,
  meanwhile: () => Promise<void>,
): Promise<Answer> {
  for (let failed = 0; ; ) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof FetchError) || error.isPermanent) throw error;
      const isThrottled = error.retryAfterMs !== undefined || error.status === 429;
      const wait = isThrottled ? (error.retryAfterMs ?? THROTTLED_MS) : AGAIN_MS[failed];
      if (!isThrottled) failed += 1;
      if (wait === undefined || isRefusal(error)) throw error;
      const from = clock.now() + wait;
      if (from >= until) throw new NotNow(error.message, from);
      log.info('a provider is asked again later', { reason: error.message, milliseconds: wait });
      while (clock.now() < from) {
        await clock.sleep(Math.min(NAP_MS, from - clock.now()));
        await meanwhile();
      }
    }
  }
}

/** Asking for the same again gives the same answer. */
function isRefusal({ status, retryAfterMs }: FetchError): boolean {
  return (
    status !== undefined && status >= 400 && status < 500 && status !== 429 && retryAfterMs === undefined
  );
}
