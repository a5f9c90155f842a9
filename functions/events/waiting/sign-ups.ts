import { everyPage } from '../../directory/pages.ts';
import type { PendingEvent } from '../../directory/pending-events.ts';
import type { Services } from '../../provision/services.ts';
import type { AuthenticatedEvent } from '../event.ts';
import { confirmationId, pendingBodyOf } from '../pending.ts';

/** Sign-ups of a source that wait for an operator at most: a stranger can sign up as often as they like. */
export const MAX_WAITING = 200;
const LAPSES_MS = 30 * 86_400_000;
const PAGE = 100;

/** Whether one more sign-up of the source may wait for an operator; what has lapsed makes room. */
export async function hasRoom(
  services: Services,
  tenant: string,
  event: AuthenticatedEvent,
): Promise<boolean> {
  const own = confirmationId(event);
  let waiting = 0;
  for await (const each of signUps(services, tenant)) {
    if (each.id === own) return true;
    if (isLapsed(services, each)) await lapse(services, each);
    else if (pendingBodyOf(each).event.source === event.source) waiting += 1;
    if (waiting >= MAX_WAITING) {
      services.metrics.count('Lapsed', { tenant, reason: 'too-many' });
      return false;
    }
  }
  return true;
}

/** Lets go of sign-ups that have waited for 30 days. */
export async function lapseSignUps(services: Services, tenant: string): Promise<void> {
  for await (const each of signUps(services, tenant))
    if (isLapsed(services, each)) await lapse(services, each);
}

async function* signUps({ directory }: Services, tenant: string): AsyncGenerator<PendingEvent> {
  for await (const { events } of everyPage((from) =>
    directory.unscheduledPendingEvents(tenant, { limit: PAGE, ...from }),
  )) {
    yield* events.filter(({ body }) => body.lapses === true);
  }
}

function isLapsed({ clock }: Services, pending: PendingEvent): boolean {
  return Date.parse(pendingBodyOf(pending).since) + LAPSES_MS <= clock.now();
}

async function lapse({ directory, log, metrics }: Services, pending: PendingEvent): Promise<void> {
  if (!(await directory.erasePendingEvent(pending))) return;
  const { tenant } = pending;
  const { source, type } = pendingBodyOf(pending).event;
  log.info('a sign-up that waited for 30 days has lapsed', { tenant, source, type });
  metrics.count('Lapsed', { tenant, reason: 'age' });
}
