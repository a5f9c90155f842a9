import type { Services } from '../provision/services.ts';
import { beginningOf, endOf } from '../runtime/days.ts';
import { readTime } from '../runtime/time.ts';
import type { TenantConfiguration } from '../tenant/configuration.ts';
import { sourceNamed } from '../tenant/look-up.ts';
import { isTimeZone, UTC } from '../tenant/trust/time-zone.ts';
import { type AuthenticatedEvent, isLeaver } from './event.ts';
import { findSubject } from './subject.ts';

const MINUTE_MS = 60_000;

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

/** How much later than UTC the clocks of a time zone are at a time, in milliseconds. */
export function offsetOf(timeZone: string | undefined, at: number): number {
  if (timeZone === undefined || !isTimeZone(timeZone)) return 0;
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' }).formatToParts(at);
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
  const [, sign, hours = '0', minutes = '0'] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE_MS;
}
