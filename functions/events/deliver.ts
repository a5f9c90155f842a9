import type { Applied } from './applied.ts';
import { type ApplyContext, applyEvent } from './apply.ts';
import type { AuthenticatedEvent } from './event.ts';

/** What came of one delivery of an event. */
export type Delivered =
  | Applied
  /** An earlier delivery of it was applied. */
  | { readonly outcome: 'repeated' };

/** As long as the longest schedule of retries that any provider has. */
const SEEN_SECONDS = 30 * 86_400;

/**
 * Applies an event once, however often its source delivers it. The event is remembered after it is stored, not before: a
 * crash in between costs a repetition, never an event. An event that is invalid is not remembered, so that it can be
 * delivered again when the configuration or the person has changed.
 *
 * @throws when the directory fails
 */
export async function deliver(context: ApplyContext, event: AuthenticatedEvent): Promise<Delivered> {
  const { services, tenant } = context;
  const { directory, log } = services;
  const { key, source, type } = event;
  const scope = `${tenant}#hooks#${source}`;
  if (key !== undefined && (await directory.wasSeen(scope, key))) return { outcome: 'repeated' };
  const applied = await applyEvent(context, event);
  if (key !== undefined && applied.outcome !== 'invalid') await directory.markSeen(scope, key, SEEN_SECONDS);
  log.info('an event was delivered', { tenant, source, type, outcome: applied.outcome });
  return applied;
}
