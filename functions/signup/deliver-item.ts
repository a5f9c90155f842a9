import { deliver } from '../events/deliver.ts';
import { eventOfGroup, type Item } from '../events/event.ts';
import type { Services } from '../provision/services.ts';
import type { TenantConfiguration } from '../tenant/configuration.ts';

/** What a trigger or a bus delivered, read. AWS proves where it comes from: by a policy, or by the name of the bus. */
export interface IncomingItem {
  readonly tenant: string;
  readonly configuration: TenantConfiguration;
  readonly source: string;
  readonly item: Item;
  /** Another id of the person at the source, by which version 0.1.0 may have linked the person. */
  readonly formerId?: string;
  /** Whether a person can be read from the source. */
  readonly canFetch: boolean;
}

/**
 * Delivers an item to the tenant's directory.
 *
 * @returns why it can't be applied; undefined where it was, or says nothing of people
 * @throws when the directory fails
 */
export async function deliverItem(
  { tenant, configuration, source, item, canFetch, formerId }: IncomingItem,
  services: Services,
): Promise<string | undefined> {
  const reject = (reason: string) => {
    services.log.warn('an event was not understood', { tenant, source, reason });
    services.metrics.count('Rejected', { tenant, reason: 'bad-item' });
    return reason;
  };
  if (item.kind === 'bad') return reject(item.reason);
  if (item.kind !== 'event' && item.kind !== 'group') return undefined;
  const context = { services, tenant, configuration, canFetch };
  const event = item.kind === 'event' ? item.event : eventOfGroup(item.change);
  const { subject } = event;
  const isFormer =
    formerId !== undefined &&
    !(await isLinked(services, tenant, source, subject.id)) &&
    (await isLinked(services, tenant, source, formerId));
  const named = isFormer ? { ...subject, id: formerId } : subject;
  const delivered = await deliver(context, { ...event, subject: named, source, trust: 'signed' });
  return delivered.outcome === 'invalid' ? reject(delivered.reason) : undefined;
}

async function isLinked(
  { directory }: Services,
  tenant: string,
  source: string,
  id: string | undefined,
): Promise<boolean> {
  if (id === undefined) return false;
  const found = await directory.findPerson(tenant, { attribute: 'link', value: `${source}/${id}` });
  return found.length > 0;
}
