import * as z from 'zod/mini';
import { once } from '../runtime/once.ts';
import type { HttpResponse } from '../runtime/transport.ts';
import type { Outcome } from './outcome.ts';

/** How long to hold back when SmartAssist throttles and doesn't say for how long. */
const DEFAULT_PAUSE_MS = 15_000;
const MAX_PAUSE_MS = 5 * 60_000;

const errorEnvelope = once(() =>
  z.union([
    z.looseObject({ errors: z.array(z.looseObject({ msg: z.string() })).check(z.minLength(1)) }),
    z.looseObject({ message: z.string() }),
    z.looseObject({ error: z.string() }),
  ]),
);

/**
 * Reads an answer of SmartAssist. The documentation knows neither the statuses nor the bodies of errors, so this goes by
 * what can be concluded: a 4xx was not applied, everything that doesn't read as documented may have been.
 */
export function readAnswer<T>(response: HttpResponse, schema: z.core.$ZodType<T>, now: number): Outcome<T> {
  const { status } = response;
  const body = parseJson(response.body);
  const words = errorWords(body);
  if (status === 429 || /rate.?limit|too many requests/i.test(words ?? '')) {
    return { outcome: 'throttled', waitMs: retryAfterMs(response.headers['retry-after'], now) };
  }
  if (status >= 200 && status < 300) {
    const parsed = words === undefined ? z.safeParse(schema, body) : undefined;
    if (parsed?.success) return { outcome: 'ok', value: parsed.data };
    return { outcome: 'unknown', message: `status ${status} with ${describeBody(body, words)}` };
  }
  if (status === 401) return { outcome: 'unauthorized', message: words ?? 'status 401' };
  if (status === 404) return { outcome: 'not-found' };
  if (status >= 400 && status < 500 && status !== 408) {
    return { outcome: 'refused', status, message: words ?? 'it gave no reason' };
  }
  return { outcome: 'unknown', message: `status ${status}` };
}

/** SmartAssist's own words, as far as they can be passed on: one line, bounded, no phone number or token in them. */
function errorWords(body: unknown): string | undefined {
  const parsed = errorEnvelope().safeParse(body);
  if (!parsed.success) return undefined;
  const envelope = parsed.data;
  const words =
    'errors' in envelope && Array.isArray(envelope.errors)
      ? envelope.errors.map((error: { msg: string }) => error.msg).join('; ')
      : String('message' in envelope ? envelope.message : envelope.error);
  return redact(words.slice(0, 4_000)).slice(0, 400);
}

/** Takes out what could be a phone number (seven digits and more) or a JWT, and control characters. */
export function redact(text: string): string {
  return text
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .replace(/[\w.-]+/g, withoutToken)
    .replace(/\+?\d(?:[\s().-]{0,2}\d){6,}/g, '[number]')
    .trim();
}

/** A run of letters and dots up to the JWT in it. */
function withoutToken(run: string): string {
  if (!run.includes('eyJ')) return run;
  const parts = run.split('.');
  const index = parts.findIndex(
    (part, each) => part.slice(0, -1).includes('eyJ') && parts[each + 1] !== '' && each + 2 < parts.length,
  );
  const part = parts[index];
  if (part === undefined) return run;
  return [...parts.slice(0, index), `${part.slice(0, part.indexOf('eyJ'))}[token]`].join('.');
}

function describeBody(body: unknown, words: string | undefined): string {
  if (words !== undefined) return `an error inside: ${words}`;
  return body === undefined ? 'a body that is not JSON' : 'a body of another shape than documented';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * `Retry-After` in seconds or as a date (RFC 9110 section 10.2.3), bounded. Only what begins with the name of a day goes
 * to `Date.parse`, which takes a lone `-5` for a date.
 */
function retryAfterMs(header: string | undefined, now: number): number {
  const text = header?.trim() ?? '';
  const wait = /^\d+(\.\d+)?$/.test(text)
    ? Number(text) * 1000
    : /^(mon|tue|wed|thu|fri|sat|sun)/i.test(text)
      ? Date.parse(text) - now
      : Number.NaN;
  return Number.isNaN(wait) ? DEFAULT_PAUSE_MS : Math.min(Math.max(wait, 1000), MAX_PAUSE_MS);
}
