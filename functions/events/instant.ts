/** Above it a number counts milliseconds: as seconds it would be the year 5138. */
const SECONDS_END = 1e11;

/**
 * A provider's time as ISO 8601: text with a date in it (a day alone is its beginning in UTC; without a zone it counts as
 * UTC), or a number of seconds or milliseconds since the epoch. Undefined for anything else.
 */
export function isoOf(value: unknown): string | undefined {
  if (typeof value === 'number') return fromEpoch(value);
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (/^\d{10,16}$/.test(text)) return fromEpoch(Number(text));
  const parts = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d)(\.\d+)?\s*(Z|UTC|[+-]\d\d:?\d\d)?)?$/i.exec(text);
  if (parts === null) return undefined;
  const [, day = '', time = '00:00:00', fraction = '', zone = 'Z'] = parts;
  const offset = /^(z|utc)$/i.test(zone) ? 'Z' : zone.replace(/^([+-]\d\d):?(\d\d)$/, '$1:$2');
  const at = Date.parse(`${day}T${time}${fraction.slice(0, 4)}${offset}`);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

const DAY_MS = 86_400_000;

/** When a day ends, in UTC: a last day is one on which the person still works. Undefined for what has no day in it. */
export function endOfDay(value: string | undefined): string | undefined {
  const begin = isoOf(value?.trim().slice(0, 10));
  return begin === undefined ? undefined : new Date(Date.parse(begin) + DAY_MS).toISOString();
}

function fromEpoch(number: number): string | undefined {
  const milliseconds = Math.abs(number) < SECONDS_END ? number * 1_000 : number;
  return Number.isFinite(milliseconds) && Math.abs(milliseconds) < 8e15
    ? new Date(milliseconds).toISOString()
    : undefined;
}
