/** Above it a number counts milliseconds: as seconds it would be the year 5138. */
const SECONDS_END = 1e11;

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
