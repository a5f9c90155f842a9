import { applyEvent } from '../events/apply.ts';
import type { Item } from '../events/event.ts';
import type { Services } from '../provision/services.ts';

/** What a trigger or a bus brought, read. What brought it is proven by AWS: its policy, or the name of the bus. */
export interface Arriving {
  readonly tenant: string;
  readonly source: string;
  readonly item: Item;
  /** Whether a person can be read from the source. */
  readonly canFetch: boolean;
}

const SEEN_SECONDS = 30 * 86_400;

/**
 * Applies what arrived, once.
 *
 * @throws when the directory fails
 */
export async function takeArriving(
  { tenant, source, item, canFetch }: Arriving,
  services: Services,
): Promise<void> {
  const { directory, log, metrics } = services;
  const misunderstood = (reason: string) => {
    log.warn('an event was not understood', { tenant, source, reason });
    metrics.count('Rejected', { tenant, reason: 'bad-item' });
  };
  if (item.kind === 'bad') misunderstood(item.reason);
  if (item.kind !== 'event') return;
  const { event } = item;
  const scope = `${tenant}#hooks#${source}`;
  if (event.key !== undefined && (await directory.wasSeen(scope, event.key))) return;
  const applied = await applyEvent({ services, tenant, canFetch }, { ...event, source, trust: 'signed' });
  if (applied.outcome === 'invalid') {
    misunderstood(applied.reason);
    return;
  }
  if (event.key !== undefined) await directory.markSeen(scope, event.key, SEEN_SECONDS);
  log.info('an event was taken', { tenant, source, type: event.type, outcome: applied.outcome });
}
