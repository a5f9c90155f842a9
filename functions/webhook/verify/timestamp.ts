import { Rejection } from '../rejection.ts';
import type { WebhookRequest } from '../request.ts';

/** Where a provider writes when it signed, and how far that may be from now. */
export interface TimestampRule {
  /** Exactly one of the two. */
  readonly header?: string | undefined;
  readonly kvKey?: string | undefined;
  readonly unit: 's' | 'ms' | 'iso8601' | 'auto';
  /** Seconds, both ways; null: no window, because the stamp is that of the first attempt. */
  readonly toleranceSec: number | null;
  readonly semantics: 'attempt' | 'first-attempt' | 'unknown';
  /** false: outside the window is noted and let in, where nobody knows what the provider stamps on a retry. */
  readonly enforce?: boolean | undefined;
}

/** The stamp as it was received, since that is what is signed; undefined when it is missing, doubled or malformed. */
export function stampOf(
  rule: TimestampRule | undefined,
  request: WebhookRequest,
  fromSignature: string | undefined,
): string | undefined {
  if (rule === undefined) return undefined;
  const stamp =
    rule.header === undefined ? fromSignature : request.headers[rule.header.toLowerCase()]?.trim();
  return stamp === undefined || millisecondsOf(stamp, rule.unit) === undefined ? undefined : stamp;
}

/** Why the stamp is not of these minutes; undefined when it is, or when there is nothing to hold it to. */
export function windowOf(
  rule: TimestampRule | undefined,
  stamp: string | undefined,
  now: number,
): Rejection | undefined {
  if (rule === undefined || stamp === undefined || rule.toleranceSec === null) return undefined;
  const seconds = ((millisecondsOf(stamp, rule.unit) ?? 0) - now) / 1000;
  if (Math.abs(seconds) <= rule.toleranceSec) return undefined;
  const [code, how] = seconds < 0 ? (['too-old', 'old'] as const) : (['too-new', 'in the future'] as const);
  return new Rejection(
    code,
    `The time stamp is ${Math.round(Math.abs(seconds))} seconds ${how}; ${rule.toleranceSec} are allowed. Is a clock wrong?`,
  );
}

const DIGITS = /^\d{1,16}$/;
const ISO_8601 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)$/;
/** Above it a number counts milliseconds: as seconds it would be the year 5138. */
const SECONDS_END = 1e11;

function millisecondsOf(stamp: string, unit: TimestampRule['unit']): number | undefined {
  if (unit === 'iso8601' || (unit === 'auto' && !DIGITS.test(stamp))) {
    const time = ISO_8601.test(stamp) ? Date.parse(stamp.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')) : Number.NaN;
    return Number.isNaN(time) ? undefined : time;
  }
  if (!DIGITS.test(stamp)) return undefined;
  const number = Number(stamp);
  const isMilliseconds = unit === 'ms' || (unit === 'auto' && number >= SECONDS_END);
  return isMilliseconds ? number : number * 1000;
}
