/** Days, which begin and end in a time zone. */

const MINUTE_MS = 60_000;
/** No zone is further from UTC. */
const FURTHEST_MINUTES = 15 * 60;

/** The first moment of a day in a time zone, in epoch milliseconds. */
export function beginningOf(day: string, timeZone: string): number {
  const midnight = Date.parse(`${day}T00:00:00Z`) / MINUTE_MS;
  const dayAt = dayIn(timeZone);
  // Not by adding an offset: where the clock is put forward at midnight, the day begins at one.
  let [before, from] = [midnight - FURTHEST_MINUTES, midnight + FURTHEST_MINUTES];
  while (from - before > 1) {
    const middle = Math.floor((before + from) / 2);
    if (dayAt(middle * MINUTE_MS) >= day) from = middle;
    else before = middle;
  }
  return from * MINUTE_MS;
}

/** The end of a day in a time zone: the first moment of the next one. */
export function endOf(day: string, timeZone: string): number {
  const next = new Date(Date.parse(`${day}T00:00:00Z`));
  next.setUTCDate(next.getUTCDate() + 1);
  return beginningOf(next.toISOString().slice(0, 10), timeZone);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Which day it is in a time zone. */
function dayIn(timeZone: string): (at: number) => string {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-US', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  formats.set(timeZone, format);
  return (at) => {
    const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
    return `${parts.year?.padStart(4, '0')}-${parts.month}-${parts.day}`;
  };
}
