import { readTime } from '../runtime/time.ts';

/** How much of a text that is no time is shown. */
const SHOWN = 40;

/** A provider's time as ISO 8601, a day as its beginning in UTC; undefined where it is none. */
export function isoOf(value: unknown): string | undefined {
  const time = readTime(value);
  if (time === undefined) return undefined;
  return new Date(time.is === 'day' ? Date.parse(time.day) : time.at).toISOString();
}

/**
 * A provider's time as an event carries it: ISO 8601, a day as a day, and what can't be read as it is, so that it isn't
 * taken for nothing said. Undefined where there is nothing.
 */
export function timeOf(value: unknown): string | undefined {
  const time = readTime(value);
  if (time !== undefined) return time.is === 'day' ? time.day : new Date(time.at).toISOString();
  if (value === undefined || value === null || value === '') return undefined;
  return (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).slice(0, SHOWN);
}

/** The same for a field that means a day, which some providers write as midnight in UTC. */
export function dayOf(value: unknown): string | undefined {
  return timeOf(value)?.replace(/T00:00:00\.000Z$/, '');
}
