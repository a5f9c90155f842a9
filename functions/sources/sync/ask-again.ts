import { pendingBodyOf } from '../../events/pending.ts';
import type { ListedSource } from './source.ts';

/** So many a reading: what still can't be read costs its calls again each time. */
const MOST = 100;

/**
 * Has the persons read who wait for an operator because the source could not be asked for them: it answers again, and the
 * log of a delta has no news of an event that was delivered once. What was read and can't be applied goes on waiting.
 */
export async function askAgain({ services, tenant, name }: ListedSource): Promise<void> {
  const { directory, clock, ring } = services;
  const dueAt = new Date(clock.now()).toISOString();
  let asked = 0;
  let after: string | undefined;
  do {
    const page = await directory.unscheduledPendingEvents(tenant, {
      limit: MOST,
      ...(after === undefined ? {} : { after }),
    });
    for (const pending of page.events) {
      const body = pendingBodyOf(pending);
      if (body.do !== 'fetch' || body.event.source !== name || body.isRefused === true) continue;
      await directory.postponePendingEvent(pending, { dueAt, body: { ...body, attempts: 0 } });
      asked += 1;
      if (asked === MOST) break;
    }
    after = asked === MOST ? undefined : page.next;
  } while (after !== undefined);
  if (asked > 0) await ring(tenant);
}
