import { changeDocument, type DocumentForm, readForm } from '../directory/documents.ts';
import type { Services } from '../provision/services.ts';
import { compact } from '../runtime/compact.ts';
import type { AuthenticatedEvent } from './event.ts';
import { isNewer, markOf } from './order.ts';
import { statusWordOf } from './person/status.ts';
import { subjectKey } from './subject.ts';

/** As long as a provider may repeat or delay an event. */
const KEPT_SECONDS = 30 * 86_400;
/** What one person may have had happen before being known; the oldest go first. */
const MAX_EVENTS = 20;

/** What a source said of a person who isn't known yet, in the order in which it was said. */
export interface Early {
  readonly events: readonly AuthenticatedEvent[];
  /** ISO 8601: since when the person is gone. Version 0.1.0 kept this alone. */
  readonly at?: string;
}

const DOCUMENT: DocumentForm<Early> = { name: 'gone', parse: earlyOf };

/**
 * Keeps what a source says of a person who isn't known yet: that they are gone, so that older news can't create them;
 * what changed, and which groups they are in, until it says who they are.
 */
export async function rememberEarly(
  { directory, clock }: Services,
  tenant: string,
  event: AuthenticatedEvent,
): Promise<void> {
  const expiresAt = Math.ceil(clock.now() / 1000) + KEPT_SECONDS;
  const edit = ({ events: before, at: goneAt }: Early): Early => {
    const others = before.filter((each) => JSON.stringify(each) !== JSON.stringify(event));
    const events = [...others, event].toSorted(byTime).slice(-MAX_EVENTS);
    const leaver = events.findLast((each) => ['gone', 'out'].includes(statusWordOf(each) ?? ''));
    return { ...compact({ at: leaver?.occurredAt ?? goneAt }), events };
  };
  await changeDocument(directory, ownerOf(tenant, event), DOCUMENT, edit, expiresAt);
}

export async function readEarly(
  { directory }: Services,
  tenant: string,
  event: AuthenticatedEvent,
): Promise<Early> {
  return readForm(directory, ownerOf(tenant, event), DOCUMENT);
}

/** Forgets what was said early: it is in the person's record now. */
export async function forgetEarly(
  { directory }: Services,
  tenant: string,
  event: AuthenticatedEvent,
): Promise<void> {
  await directory.eraseDocument(ownerOf(tenant, event), DOCUMENT.name);
}

/** What the source has said of being in service, later than this event: the newest of it. */
export function statusSince(early: Early, event: AuthenticatedEvent): AuthenticatedEvent | undefined {
  const said = early.events.findLast((each) => ['gone', 'out', 'in'].includes(statusWordOf(each) ?? ''));
  if (said !== undefined) return isNewer(markOf(event), markOf(said)) ? undefined : said;
  const { at: goneAt } = early;
  if (goneAt === undefined || isNewer(markOf(event), { at: goneAt })) return undefined;
  return { ...event, kind: 'remove', occurredAt: goneAt };
}

function earlyOf(stored: unknown): Early {
  const { events, at } = (stored ?? {}) as { readonly events?: unknown; readonly at?: unknown };
  return {
    events: Array.isArray(events) ? (events as AuthenticatedEvent[]) : [],
    ...compact({ at: typeof at === 'string' ? at : undefined }),
  };
}

function byTime(a: AuthenticatedEvent, b: AuthenticatedEvent): number {
  const [first, second] = [markOf(a), markOf(b)];
  if (isNewer(first, second) && isNewer(second, first)) return 0;
  return isNewer(first, second) ? 1 : -1;
}

/** A partition of its own for each person, so that an import of thousands doesn't meet in one. */
function ownerOf(tenant: string, event: AuthenticatedEvent): string {
  return `${tenant}#gone#${subjectKey(event).slice(0, 300)}`;
}
