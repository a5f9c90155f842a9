import type { PendingEventPage } from '../directory/pending-events.ts';
import type { Services } from '../provision/services.ts';
import type { TenantConfiguration } from '../tenant/configuration.ts';
import type { Applied } from './applied.ts';
import { applyEvent } from './apply.ts';
import { isLeaver } from './event.ts';
import { pendingBodyOf } from './pending.ts';

/** What waits for an operator's decision: leavers of sources that sign nothing, and persons who can't be read. */
export function listAwaitingConfirmation(
  { directory }: Services,
  tenant: string,
  page: { limit: number; after?: string },
): Promise<PendingEventPage> {
  return directory.unscheduledPendingEvents(tenant, page);
}

/**
 * Does what waits because an operator says that it is right, which is as good as a signature. A person who could not be read is
 * read again, unless the event itself says that they are gone. What can't be done goes on waiting.
 *
 * @param configuration of the tenant; without it every source may say who is in service
 * @returns undefined when nothing waits under this id (any more)
 */
export async function confirmPending(
  services: Services,
  tenant: string,
  id: string,
  configuration?: TenantConfiguration,
): Promise<Applied | undefined> {
  const { directory, clock } = services;
  const pending = await directory.readPendingEvent(tenant, id);
  if (pending === undefined || pending.dueAt !== undefined) return undefined;
  const body = pendingBodyOf(pending);
  if (body.do === 'fetch' && !isLeaver(body.event)) {
    const again = { dueAt: new Date(clock.now()).toISOString(), body: { ...body, attempts: 0 } };
    if (!(await directory.postponePendingEvent(pending, again))) return undefined;
    await services.ring(tenant);
    return { outcome: 'fetching' };
  }
  const context = { services, tenant, configuration, canFetch: false, isConfirmed: true as const };
  const applied = await applyEvent(context, { ...body.event, trust: 'signed' });
  if (applied.outcome === 'invalid') return applied;
  for (const event of body.also ?? []) await applyEvent(context, { ...event, trust: 'signed' });
  await directory.erasePendingEvent(pending);
  return applied;
}

/** Lets go of what waits; false when nothing did. */
export async function dismissPending({ directory }: Services, tenant: string, id: string): Promise<boolean> {
  const pending = await directory.readPendingEvent(tenant, id);
  return pending !== undefined && pending.dueAt === undefined && directory.erasePendingEvent(pending);
}
