/**
 * What became of a call. Told apart by what the caller may conclude:
 *
 * - `ok`: it was applied, and the answer reads as documented
 * - `refused`: it was not applied and won't be as it stands; `message` is in SmartAssist's own words
 * - `not-found`: the thing that the call names isn't there
 * - `unauthorized`: SmartAssist doesn't take the credentials, not even fetched anew
 * - `throttled`: SmartAssist's own limit; it was not applied
 * - `no-slot`: the call budget had none free; nothing was sent
 * - `unreachable`: no connection was made; nothing was sent
 * - `unknown`: it may or may not have been applied: time-out, cut connection, 5xx, an answer that doesn't read
 */
export type Outcome<T> =
  | { readonly outcome: 'ok'; readonly value: T }
  | { readonly outcome: 'refused'; readonly status: number; readonly message: string }
  | { readonly outcome: 'not-found' }
  | { readonly outcome: 'unauthorized'; readonly message: string }
  | { readonly outcome: 'throttled'; readonly waitMs: number }
  | { readonly outcome: 'no-slot'; readonly waitMs: number }
  | { readonly outcome: 'unreachable'; readonly message: string }
  | { readonly outcome: 'unknown'; readonly message: string };

export type Failure = Exclude<Outcome<never>, { outcome: 'ok' }>;

/** One sentence about a failure, fit for a log, a record and an administrator. */
export function describeFailure(failure: Failure): string {
  switch (failure.outcome) {
    case 'refused':
      return `SmartAssist refused (${failure.status}): ${failure.message}`;
    case 'not-found':
      return 'SmartAssist does not have it (404)';
    case 'unauthorized':
      return `SmartAssist did not take the credentials: ${failure.message}`;
    case 'throttled':
      return 'SmartAssist is throttling the account';
    case 'no-slot':
      return 'all calls of this minute are used';
    case 'unreachable':
      return `SmartAssist could not be reached: ${failure.message}`;
    case 'unknown':
      return `SmartAssist gave no usable answer: ${failure.message}`;
  }
}
