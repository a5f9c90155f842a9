import { type CancellationReason, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { DirectoryUnavailableError } from '../errors.ts';

/** Another writer is at the same item or the table has to grow first: the same call may succeed a moment later. */
const BUSY = new Set([
  'TransactionConflictException',
  'TransactionInProgressException',
  'ThrottlingException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
]);
const BUSY_REASONS = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

/** What a call to DynamoDB answers; `undefined` when it had no time for it. */
export async function unlessBusy<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof Error && BUSY.has(error.name)) return undefined;
    if (isUnreachable(error)) {
      throw new DirectoryUnavailableError(`DynamoDB gives no answer: ${error.name}`, { cause: error });
    }
    if (!(error instanceof TransactionCanceledException)) throw error;
    // A failed condition behind a busy item isn't the answer yet: the item before it may have failed too.
    if (BUSY_REASONS.has(firstReason(error)?.reason.Code ?? '')) return undefined;
    throw error;
  }
}

/** After the SDK's own attempts: a connection that can't be made or hangs, or a failure of the service's. */
function isUnreachable(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const { code, $fault: fault } = error as { code?: unknown; $fault?: unknown };
  return (
    error.name === 'TimeoutError' ||
    fault === 'server' ||
    (typeof code === 'string' && /^E[A-Z]+$/.test(code))
  );
}

/** The first write of a transaction that stood in its way, and why. */
export function firstReason(
  error: TransactionCanceledException,
): { position: number; reason: CancellationReason } | undefined {
  for (const [position, reason] of (error.CancellationReasons ?? []).entries()) {
    if (reason.Code && reason.Code !== 'None') return { position, reason };
  }
  return undefined;
}
