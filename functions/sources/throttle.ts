import type { SourcePreset } from '../tenant/sources.ts';
import type { Exchange } from './fetcher.ts';

/** How a provider says "not so fast". */
interface Throttling {
  /** Statuses that mean it, beside 429 and 503. */
  readonly statuses?: readonly number[];
  /** The header that says when to ask again, in seconds since the epoch. */
  readonly reset?: string;
  /** How long it is left alone where it doesn't say; milliseconds. */
  readonly usualMs?: number;
}

const MINUTE_MS = 60_000;
const LONGEST_MS = 3_600_000;
/** Google throttles with the 403 that it forbids with; these reasons tell them apart. */
const GOOGLE_REASONS = new Set(['userRateLimitExceeded', 'rateLimitExceeded', 'quotaExceeded']);

/**
 * Providers that say it otherwise than by 429 or 503 with `Retry-After` (RFC 9110 section 10.2.3). Where each is
 * documented is in docs/sync.md.
 */
const THROTTLING: Readonly<Partial<Record<SourcePreset, Throttling>>> = {
  // No Retry-After; a Limit of 0 is too many requests at once.
  'okta-event-hook': { reset: 'x-rate-limit-reset', usualMs: MINUTE_MS },
  auth0: { reset: 'x-ratelimit-reset' },
  hibob: { reset: 'x-ratelimit-reset', usualMs: MINUTE_MS },
  // 503 until September 2026, 429 with Retry-After since.
  bamboohr: { usualMs: MINUTE_MS },
  'google-workspace': { usualMs: MINUTE_MS },
  // The Weblink API.
  paylocity: { statuses: [403], usualMs: MINUTE_MS },
};

/**
 * Milliseconds after which what a provider refused is to be asked for again; undefined where it isn't throttled, or
 * doesn't say for how long and has no usual time.
 *
 * @param isThrottled whether the caller knows by the body that it is
 */
export function retryAfterOf(
  preset: SourcePreset,
  { status, headers, body }: Exchange,
  now: number,
  isThrottled = false,
): number | undefined {
  const { statuses = [], reset, usualMs } = THROTTLING[preset] ?? {};
  const isByReason = body
    .list('error.errors')
    .some((each) => preset === 'google-workspace' && GOOGLE_REASONS.has(each.text('reason') ?? ''));
  const isSaid = status === 429 || status === 503 || statuses.includes(status) || isThrottled || isByReason;
  const after = waitIn(headers['retry-after'], now);
  if (after !== undefined) return after;
  if (!isSaid) return undefined;
  const at = reset === undefined ? Number.NaN : Number(headers[reset]) * 1_000;
  if (Number.isFinite(at) && at > now) return Math.min(at - now, LONGEST_MS);
  return usualMs ?? (isThrottled ? MINUTE_MS : undefined);
}

/** Whether a refusal that looks as if it were for good is only for now. */
export function isThrottling(preset: SourcePreset, { status, body }: Exchange): boolean {
  if (THROTTLING[preset]?.statuses?.includes(status) === true) return true;
  return (
    preset === 'google-workspace' &&
    body.list('error.errors').some((each) => GOOGLE_REASONS.has(each.text('reason') ?? ''))
  );
}

/** `Retry-After`: seconds, or a date. */
function waitIn(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(header) - now;
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, LONGEST_MS) : undefined;
}
