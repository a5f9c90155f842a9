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
  /** ISO 8601: since when it waits; of what holds from later on, when it was said. */
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

/** Keeps an event until it holds; what was said last takes the place of what was said before. */
export async function storeLater(
  { directory, ring }: World,
  tenant: string,
  event: AdmittedEvent,
): Promise<void> {
  const { effectiveAt = '', ...now } = event;
  const dueAt = new Date(effectiveAt).toISOString();
  const body = { do: 'apply', event: { ...now, occurredAt: dueAt }, attempts: 0, since: event.occurredAt };
  await directory.putTask({ tenant, id: laterId(event), dueAt, body }, (before) =>
    Date.parse(bodyOf(before).since) > Date.parse(event.occurredAt ?? '') ? before : { dueAt, body },
  );
  // Who sleeps until the next thing is due has to know of this one.
  await ring(tenant).catch(() => undefined);
}

/**
 * What somebody says now stands over what was to hold later: who is back doesn't leave, who has left doesn't join. What
 * was said later stays. `waited` is the task by which the event itself waited until today: what was said together with
 * it (the last day together with the first) stays as well.
 */
export async function cancelLater(
  { directory }: World,
  tenant: string,
  event: AdmittedEvent,
  waited: Task | undefined,
): Promise<void> {
  const key = subjectKey(event);
  const said = Date.parse((waited === undefined ? event.occurredAt : bodyOf(waited).since) ?? '');
  for (const id of [`later:leave:${key}`, ...(isLeaver(event) ? [`later:join:${key}`] : [])]) {
    const task = await directory.readTask(tenant, id);
    if (task === undefined || id === waited?.id) continue;
    const since = Date.parse(bodyOf(task).since);
    if (since < said || (since === said && waited === undefined)) await directory.eraseTask(task);
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
