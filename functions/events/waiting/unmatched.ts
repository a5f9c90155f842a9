import type { Services } from '../../provision/services.ts';
import type { AuthenticatedEvent } from '../event.ts';
import { openRejections, type Rejections } from '../rejections.ts';

const opened = new WeakMap<Services['directory'], Rejections>();

/**
 * Counts what a source said of a person whom nobody here knows by its id, and keeps it beside the source's rejections: where
 * many ids fit nobody, people were brought under other ids than the source's.
 */
export async function noteUnmatched(
  services: Services,
  tenant: string,
  { source, type, subject }: AuthenticatedEvent,
): Promise<void> {
  const { directory, metrics } = services;
  let rejections = opened.get(directory);
  if (rejections === undefined) {
    rejections = openRejections(services);
    opened.set(directory, rejections);
  }
  metrics.count('Unmatched', { tenant });
  const { id, userName, email, externalId } = subject;
  const name = (id ?? externalId ?? userName ?? email ?? '').slice(0, 80);
  const message = `${type.slice(0, 60)}: no person here is known by ${name}`;
  await rejections.keep(tenant, source, { code: 'unmatched', message }, true);
}
