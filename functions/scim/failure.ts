import { correlationId } from '../runtime/correlation.ts';
import type { Log } from '../runtime/log.ts';
import { type ScimError, toScimError } from './error.ts';

/** The SCIM Error for whatever was thrown. What is our own fault goes to the log, under the id that the caller is told. */
export function failureOf(error: unknown, log: Log, where: Readonly<Record<string, unknown>>): ScimError {
  const failure = toScimError(error, correlationId() ?? 'none');
  if (failure.status >= 500 && failure !== error) {
    log.error('request failed', { ...where, reason: describe(error) });
  }
  return failure;
}

/** Name and message, and where it came from; never a request's content. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return 'something that is no Error was thrown';
  return error.name === 'SecretError' ? error.message : `${error.name}: ${error.stack ?? error.message}`;
}
