import type { Services } from '../provision/services.ts';
import type { TenantConfiguration } from '../tenant/configuration.ts';
import { sourceNamed } from '../tenant/look-up.ts';
import { isTimeZone, UTC } from '../tenant/trust/time-zone.ts';
import { type AuthenticatedEvent, isLeaver } from './event.ts';
import { readTime } from './instant.ts';
import { findSubject } from './subject.ts';

const MINUTE_MS = 60_000;
/** No zone is further from UTC. */
const FURTHEST_MINUTES = 15 * 60;

/** Where days are looked up that a source says. */
interface Where {
  readonly services: Services;
  readonly tenant: string;
  readonly configuration?: TenantConfiguration | undefined;
}

/**
 * From when on an event holds, in epoch milliseconds: a first day from its beginning where the person works, a last day
 * until its end. Undefined for a time that can't be read.
 *
 * @param effectiveAt as the source says it
 */
export async function effectiveFrom(
  where: Where,
  event: AuthenticatedEvent,
  effectiveAt: string,
): Promise<number | undefined> {
  const time = readTime(effectiveAt);
  if (time?.is !== 'day') return time?.at;
  const zone = await timeZoneOf(where, event);
  return isLeaver(event) ? endOf(time.day, zone) : beginningOf(time.day, zone);
}

/** Where the person works: as the event says, as is known, or where the tenant's people are. */
async function timeZoneOf(
  { services, tenant, configuration }: Where,
  event: AuthenticatedEvent,
): Promise<string> {
  const said = zoneIn(event.person) ?? zoneIn(event.guess);
  if (said !== undefined) return said;
  const settings = configuration === undefined ? undefined : sourceNamed(configuration, event.source);
  const found = await findSubject(services, tenant, event, settings);
  const known = found.is === 'known' ? zoneIn(found.record.person) : undefined;
  return known ?? configuration?.timeZone ?? UTC;
}

function zoneIn(person: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const zone = person?.timezone;
  return typeof zone === 'string' && isTimeZone(zone) ? zone : undefined;
}

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

/** How much later than UTC the clocks of a time zone are at a time, in milliseconds. */
export function offsetOf(timeZone: string | undefined, at: number): number {
  if (timeZone === undefined || !isTimeZone(timeZone)) return 0;
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at);
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours = '0', minutes = '0'] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
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
