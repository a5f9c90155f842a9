import type { Item } from '../events/event.ts';
import { type JsonView, jsonView } from '../events/json-view.ts';
import type { Configuration } from '../tenant/configuration.ts';
import type { SourcePreset, SourceSettings } from '../tenant/sources.ts';
import type { IncomingItem } from './deliver-item.ts';

/** Reads what a partner puts into the `detail` of an event. */
export type ReadPartnerEvent = (detail: JsonView, settings: SourceSettings) => Item;

/** The providers as this room sees them; the entry point hands them in. */
export interface PartnerProviders {
  /** Resolves to undefined for a provider that is no partner of EventBridge. */
  partner(preset: SourcePreset): Promise<ReadPartnerEvent | undefined>;
}

/**
 * An event of a partner's bus: Auth0's event streams, Okta's log streaming. There is no signature; what proves it is the
 * name of the partner event source, which only the partner can write to.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-saas.html
 */
export async function readPartnerEvent(
  event: unknown,
  { tenants }: Configuration,
  providers: PartnerProviders,
): Promise<IncomingItem | undefined> {
  const payload = jsonView(event);
  const name = payload.text('source');
  if (name === undefined || !name.startsWith('aws.partner/')) return undefined;
  for (const [tenant, configuration] of Object.entries(tenants)) {
    for (const [source, settings] of Object.entries(configuration.sources)) {
      if (settings.eventSource !== name) continue;
      const read = await providers.partner(settings.preset);
      if (read === undefined) continue;
      return {
        tenant,
        configuration,
        source,
        item: read(payload.at('detail'), settings),
        canFetch: settings.fetch !== undefined,
      };
    }
  }
  return undefined;
}
