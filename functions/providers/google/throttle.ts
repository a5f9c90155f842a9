import type { Exchange } from '../../sources/fetcher.ts';

const REASONS = new Set(['userRateLimitExceeded', 'rateLimitExceeded', 'quotaExceeded']);

/**
 * Google throttles with the 403 that it forbids with; the reason tells them apart.
 * @see https://developers.google.com/workspace/admin/directory/v1/limits
 */
export function isThrottled({ status, body }: Exchange): boolean {
  return status === 403 && body.list('error.errors').some((each) => REASONS.has(each.text('reason') ?? ''));
}
