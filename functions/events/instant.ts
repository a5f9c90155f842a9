/** Above it a number counts milliseconds: as seconds it would be the year 5138. */
const SECONDS_END = 1e11;
/** How much of a text that is no time is shown. */
const SHOWN = 40;

/** A point in time, or a day that begins and ends in a time zone. */
export type Time =
  | { readonly is: 'instant'; readonly at: number }
  /** `2027-03-01`. */
  | { readonly is: 'day'; readonly day: string };

/**
 * Reads a provider's time: ISO 8601, without a zone in UTC; a day alone; or a number of seconds or milliseconds since
 * the epoch. Undefined for anything else, and for days that there are none of.
 */
export function readTime(value: unknown): Time | undefined {
  if (typeof value === 'number') return fromEpoch(value);
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (/^\d{10,16}$/.test(text)) return fromEpoch(Number(text));
  const parts = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?([.,]\d+)?\s*(Z|UTC|[+-]\d\d:?\d\d)?)?$/i.exec(
    text,
  );
  if (parts === null) return undefined;
  const [, day = '', minutes, seconds = ':00', fraction = '', zone = 'Z'] = parts;
  if (!isDay(day)) return undefined;
  if (minutes === undefined) return { is: 'day', day };
  const offset = /^(z|utc)$/i.test(zone) ? 'Z' : zone.replace(/^([+-]\d\d):?(\d\d)$/, '$1:$2');
  return instant(Date.parse(`${day}T${minutes}${seconds}${fraction.replace(',', '.').slice(0, 4)}${offset}`));
}

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

function isDay(day: string): boolean {
  const at = Date.parse(`${day}T00:00:00Z`);
  // Date rolls 30 February over into March.
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day);
}

function fromEpoch(number: number): Time | undefined {
  return instant(Math.abs(number) < SECONDS_END ? number * 1_000 : number);
}

function instant(at: number): Time | undefined {
  return Number.isFinite(at) && Math.abs(at) < 8e15 ? { is: 'instant', at } : undefined;
}
