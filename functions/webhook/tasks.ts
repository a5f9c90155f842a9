import type { Task } from '../directory/tasks.ts';
import type { World } from '../provision/provisioner.ts';
import { type AdmittedEvent, isLeaver } from './event.ts';
import { subjectKey } from './subject.ts';

/** What waits to be done for a source. */
export interface TaskBody {
  readonly do: 'fetch' | 'apply' | 'confirm';
  readonly event: AdmittedEvent;
  /** How often it was tried. */
  readonly attempts: number;
  /** ISO 8601. */
  readonly since: string;
  /** Why the last try failed. */
  readonly lastError?: string;
}

/** Reads a task as this room wrote it. */
export function bodyOf(task: Task): TaskBody {
  return task.body as unknown as TaskBody;
}

/**
 * Has a person read from the source soon. Several events about one person are one reading; that somebody of them said
 * the person is gone stays known, since then the source's "not found" is an answer.
 */
export async function storeFetch(
  { directory, clock, ring }: World,
  tenant: string,
  event: AdmittedEvent,
): Promise<void> {
  const at = new Date(clock.now()).toISOString();
  const body = (wanted: AdmittedEvent) => ({ do: 'fetch', event: wanted, attempts: 0, since: at });
  await directory.putTask(
    { tenant, id: `fetch:${subjectKey(event)}`, dueAt: at, body: body(event) },
    (before) => {
      const earlier = bodyOf(before).event;
      return {
        dueAt: at,
        body: body(isLeaver(earlier) && !isLeaver(event) && event.kind !== 'resume' ? earlier : event),
      };
    },
  );
  await ring(tenant).catch(() => undefined);
}

/** Keeps an event until it holds; a newer date takes the place of the one before. */
export async function storeLater(
  { directory, ring }: World,
  tenant: string,
  event: AdmittedEvent,
): Promise<void> {
  const { effectiveAt = '', ...now } = event;
  const dueAt = new Date(effectiveAt).toISOString();
  const body = { do: 'apply', event: { ...now, occurredAt: dueAt }, attempts: 0, since: event.occurredAt };
  await directory.putTask({ tenant, id: laterId(event), dueAt, body });
  // Who sleeps until the next thing is due has to know of this one.
  await ring(tenant).catch(() => undefined);
}

/** What somebody says now stands over what was to hold later: who is back doesn't leave, who has left doesn't join. */
export async function cancelLater({ directory }: World, tenant: string, event: AdmittedEvent): Promise<void> {
  const key = subjectKey(event);
  for (const id of [`later:leave:${key}`, ...(isLeaver(event) ? [`later:join:${key}`] : [])]) {
    const task = await directory.readTask(tenant, id);
    if (task !== undefined) await directory.eraseTask(task);
  }
}

/** Keeps a leaver until a person's hand confirms it. */
export async function storeConfirmation(world: World, tenant: string, event: AdmittedEvent): Promise<void> {
  const { directory, clock, log } = world;
  const since = new Date(clock.now()).toISOString();
  const body = { do: 'confirm', event, attempts: 0, since };
  await directory.putTask({ tenant, id: `confirm:${subjectKey(event)}`, body });
  log.warn('a leaver waits to be confirmed', { tenant, source: event.source, type: event.type });
}

function laterId(event: AdmittedEvent): string {
  return `later:${isLeaver(event) ? 'leave' : 'join'}:${subjectKey(event)}`;
}
