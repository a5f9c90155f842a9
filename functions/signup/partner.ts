import type { Configuration } from '../tenant/configuration.ts';
import type { SourceSettings } from '../tenant/sources.ts';
import type { Item } from '../webhook/event.ts';
import { type Payload, payloadOf } from '../webhook/payload.ts';
import { readAuth0Event } from '../webhook/sources/auth0.ts';
import { readLogEvent } from '../webhook/sources/okta.ts';
import type { Arriving } from './take.ts';

/** Partners of EventBridge who put on a bus what they would send to a webhook. */
const PARTNERS: Readonly<Record<string, (detail: Payload, settings: SourceSettings) => Item>> = {
  auth0: readAuth0Event,
  'okta-event-hook': readLogEvent,
};

/**
 * An event of a partner's bus: Auth0's event streams, Okta's log streaming. There is no signature; what proves it is the
 * name of the partner event source, which only the partner can write to.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-saas.html
 */
export function readPartnerEvent(event: unknown, { tenants }: Configuration): Arriving | undefined {
  const payload = payloadOf(event);
  const name = payload.text('source');
  if (name === undefined || !name.startsWith('aws.partner/')) return undefined;
  for (const [tenant, { sources }] of Object.entries(tenants)) {
    for (const [source, settings] of Object.entries(sources)) {
      const read = Object.hasOwn(PARTNERS, settings.preset) ? PARTNERS[settings.preset] : undefined;
      if (read === undefined || settings.eventSource !== name) continue;
      return {
        tenant,
        source,
        item: read(payload.at('detail'), settings),
        canFetch: settings.fetch !== undefined,
      };
    }
  }
  return undefined;
}
