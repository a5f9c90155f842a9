import type { Services } from '../../provision/services.ts';
import type { AuthenticatedEvent } from '../event.ts';
import { openRefusals, type Refusals } from '../refusals.ts';

const opened = new WeakMap<Services['directory'], Refusals>();

/**
 * Counts what a source said of a person whom nobody here knows by its id, and keeps it beside the source's refusals: where
 * many ids fit nobody, people were brought under other ids than the source's.
 */
export async function noteUnmatched(
  services: Services,
  tenant: string,
  { source, type, subject }: AuthenticatedEvent,
): Promise<void> {
  const { directory, metrics } = services;
  let refusals = opened.get(directory);
  if (refusals === undefined) {
    refusals = openRefusals(services);
    opened.set(directory, refusals);
  }
  metrics.count('Unmatched', { tenant });
  const { id, userName, email, externalId } = subject;
  const name = (id ?? externalId ?? userName ?? email ?? '').slice(0, 80);
  const message = `${type.slice(0, 60)}: no person here is known by ${name}`;
  await refusals.keep(tenant, source, { code: 'unmatched', message }, true);
}
