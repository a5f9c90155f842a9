import type { Clock } from '../runtime/clock.ts';
import type { CallTerms } from '../smartassist/client.ts';
import type { Outcome } from '../smartassist/outcome.ts';

const NAP_MS = 1_000;

/** A call that waits for a free slot as long as there is time. */
export async function patientCall<T>(
  clock: Clock,
  terms: CallTerms,
  call: (terms: CallTerms) => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  let answer = await call(terms);
  while (answer.outcome === 'no-slot' && clock.now() + NAP_MS < terms.deadline) {
    await clock.sleep(Math.min(answer.waitMs, NAP_MS));
    answer = await call(terms);
  }
  return answer;
}
