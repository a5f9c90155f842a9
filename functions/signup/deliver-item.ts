import { deliver } from '../events/deliver.ts';
import type { Item } from '../events/event.ts';
import type { Services } from '../provision/services.ts';
import type { TenantConfiguration } from '../tenant/configuration.ts';

/** What a trigger or a bus delivered, read. AWS proves where it comes from: by a policy, or by the name of the bus. */
export interface IncomingItem {
  readonly tenant: string;
  readonly configuration: TenantConfiguration;
  readonly source: string;
  readonly item: Item;
  /** Whether a person can be read from the source. */
  readonly canFetch: boolean;
}

/**
 * Delivers an item to the tenant's directory.
 *
 * @throws when the directory fails
 */
export async function deliverItem(
  { tenant, configuration, source, item, canFetch }: IncomingItem,
  services: Services,
): Promise<void> {
  const reject = (reason: string) => {
    services.log.warn('an event was not understood', { tenant, source, reason });
    services.metrics.count('Rejected', { tenant, reason: 'bad-item' });
  };
  if (item.kind === 'bad') reject(item.reason);
  if (item.kind !== 'event') return;
  const context = { services, tenant, configuration, canFetch };
  const delivered = await deliver(context, { ...item.event, source, trust: 'signed' });
  if (delivered.outcome === 'invalid') reject(delivered.reason);
}
