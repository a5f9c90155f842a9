import type { Services } from '../provision/services.ts';
import type { AuthenticatedEvent } from './event.ts';
import { subjectKey } from './subject.ts';

/** As long as a provider may repeat or delay an event. */
const KEPT_SECONDS = 30 * 86_400;

/** Notes that a source said of somebody unknown that they are gone: news of them that is older comes too late. */
export async function markGone(
  { directory, clock }: Services,
  tenant: string,
  event: AuthenticatedEvent,
): Promise<void> {
  const expiresAt = Math.ceil(clock.now() / 1000) + KEPT_SECONDS;
  const body = { at: event.occurredAt ?? '' };
  await directory.writeDocument(ownerOf(tenant, event), 'gone', body, undefined, expiresAt);
}

/** Whether the source has said, later than this event, that the person is gone. */
export async function isGoneSince(
  { directory }: Services,
  tenant: string,
  event: AuthenticatedEvent,
): Promise<boolean> {
  const gone = await directory.readDocument(ownerOf(tenant, event), 'gone');
  const at = gone?.body.at;
  return (
    typeof at === 'string' && event.occurredAt !== undefined && Date.parse(event.occurredAt) < Date.parse(at)
  );
}

/** A partition of its own for each person, so that an import of thousands doesn't meet in one. */
function ownerOf(tenant: string, event: AuthenticatedEvent): string {
  return `${tenant}#gone#${subjectKey(event).slice(0, 300)}`;
}
