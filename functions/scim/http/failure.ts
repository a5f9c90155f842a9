import type { Services } from '../../provision/services.ts';
import { correlationId } from '../../runtime/correlation.ts';
import { errorTrace } from '../../runtime/error-text.ts';
import { type ScimError, toScimError } from './error.ts';

/**
 * The SCIM Error for whatever was thrown. What is our own fault goes to the log, under the id that the caller is told; what
 * is the caller's is counted.
 */
export function failureOf(
  error: unknown,
  { log, metrics }: Pick<Services, 'log' | 'metrics'>,
  tenant: string,
): ScimError {
  const failure = toScimError(error, correlationId() ?? 'none');
  if (failure.status >= 500 && failure !== error) {
    log.error('request failed', { tenant, reason: describe(error) });
  }
  if (isRejection(failure)) metrics.count('Rejected', { tenant, reason: reasonOf(failure) });
  return failure;
}

/** What went wrong, and where; never a request's content. A secret's error says all in its message. */
function describe(error: unknown): string {
  return error instanceof Error && error.name === 'SecretError' ? error.message : errorTrace(error);
}

/** A look for a person who isn't there is no refusal: that is how identity providers ask. What is limited is counted so. */
function isRejection({ status }: ScimError): boolean {
  return status >= 400 && status < 500 && status !== 404 && status !== 429;
}

/** SCIM's own word for it, or the status. */
function reasonOf({ scimType, status }: ScimError): string {
  return scimType ?? `http-${status}`;
}
