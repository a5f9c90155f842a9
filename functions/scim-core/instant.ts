/**
 * A point in time to the nanosecond. Not a number of milliseconds: .NET clients send seven fraction digits, and two
 * changes within one millisecond have an order.
 */
export interface Instant {
  /** Seconds since the epoch. */
  readonly seconds: number;
  /** 0 to 999,999,999. */
  readonly nanoseconds: number;
}

const DATE_TIME = /^(\d{4})-(\d\d)-(\d\d)t(\d\d):(\d\d):(\d\d)(?:\.(\d{1,20}))?(?:z|([+-])(\d\d):(\d\d))?$/i;

/**
 * Reads an xsd:dateTime (RFC 7643 section 2.3.5). Without an offset it counts as UTC; digits past the ninth are cut.
 * Answers `undefined` when the text isn't one, or names a day that doesn't exist.
 */
export function parseInstant(text: string): Instant | undefined {
  const parts = DATE_TIME.exec(text);
  if (parts === null) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  // Date rolls what is too large over into the next unit: 30 February would become 2 March.
  if (date.getUTCMonth() !== month - 1 || hour > 23 || minute > 59 || second > 59) return undefined;
  const offset = (Number(parts[9] ?? 0) * 60 + Number(parts[10] ?? 0)) * (parts[8] === '-' ? -60 : 60);
  return {
    seconds: date.getTime() / 1000 - offset,
    nanoseconds: Number((parts[7] ?? '').slice(0, 9).padEnd(9, '0')),
  };
}

/** Negative when `a` is earlier, positive when it is later, 0 when they are the same. */
export function compareInstants(a: Instant, b: Instant): number {
  return a.seconds - b.seconds || a.nanoseconds - b.nanoseconds;
}
