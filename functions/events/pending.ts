import * as z from 'zod/mini';
import type { PendingEvent } from '../directory/pending-events.ts';
import type { Services } from '../provision/services.ts';
import { compact } from '../runtime/compact.ts';
import { once } from '../runtime/once.ts';
import { type AuthenticatedEvent, COMPLETENESS, EVENT_KINDS, isLeaver, TRUSTS } from './event.ts';
import { isNewer, markOf } from './order.ts';
import { subjectKey } from './subject.ts';

/** What waits to be done for a source. */
export interface PendingBody {
  readonly do: 'fetch' | 'apply' | 'confirm';
  readonly event: AuthenticatedEvent;
  /** What else was said of the person meanwhile: memberships, one by one. */
  readonly also?: readonly AuthenticatedEvent[];
  /** How often it was tried. */
  readonly attempts: number;
  /** ISO 8601: since when it waits; of what holds from later on, when it was said. */
  readonly since: string;
  /** Why it waits for an operator. */
  readonly why?: string;
  /** A sign-up that waits: for 30 days at most. */
  readonly lapses?: true;
  /** Why the last try failed. */
  readonly lastError?: string;
  /** The source was read, and what it says can't be applied: asking again changes nothing. */
  readonly isRefused?: true;
}

/** Loose: what a newer version has added stays where this one changes something else. */
const bodySchema = once(() => {
  const attributes = z.record(z.string(), z.unknown());
  const group = z.looseObject({ id: z.string(), display: z.exactOptional(z.string()) });
  const event = z.looseObject({
    source: z.string(),
    trust: z.enum(TRUSTS),
    kind: z.enum(EVENT_KINDS),
    type: z.string(),
    subject: z.looseObject({
      id: z.exactOptional(z.string()),
      userName: z.exactOptional(z.string()),
      email: z.exactOptional(z.string()),
      isEmailVerified: z.exactOptional(z.literal(true)),
      externalId: z.exactOptional(z.string()),
      application: z.exactOptional(z.string()),
    }),
    person: z.exactOptional(attributes),
    guess: z.exactOptional(attributes),
    operations: z.exactOptional(z.array(z.unknown())),
    group: z.exactOptional(group),
    groups: z.exactOptional(z.array(group)),
    groupsAmong: z.exactOptional(z.array(z.string())),
    isOfGroup: z.exactOptional(z.literal(true)),
    completeness: z.enum(COMPLETENESS),
    occurredAt: z.exactOptional(z.string()),
    sequence: z.exactOptional(z.number()),
    effectiveAt: z.exactOptional(z.string()),
    key: z.exactOptional(z.string()),
  });
  return z.looseObject({
    do: z.enum(['fetch', 'apply', 'confirm']),
    attempts: z.number(),
    since: z.string(),
    why: z.exactOptional(z.string()),
    lastError: z.exactOptional(z.string()),
    isRefused: z.exactOptional(z.literal(true)),
    lapses: z.exactOptional(z.literal(true)),
    event,
    also: z.exactOptional(z.array(event)),
  });
});

/** Reads a pending event as this room wrote it. */
export function pendingBodyOf(pending: PendingEvent): PendingBody {
  return bodySchema().parse(pending.body);
}

/** Events that one pending event holds of a person at most; the newest stay. */
const MAX_ALSO = 50;

/** What a person's pending event holds after one more event: of each group, and of the person, what was said last. */
function gathered(
  before: PendingBody,
  event: AuthenticatedEvent,
): Pick<PendingBody, 'event'> & Partial<Pick<PendingBody, 'also'>> {
  const [known, others] = [before.event, before.also ?? []];
  const all = [...others, known, event];
  const persons = all.filter(({ group }) => group === undefined);
  const groups = new Map<string, AuthenticatedEvent>();
  for (const each of all.filter(({ group }) => group !== undefined)) {
    const last = groups.get(each.group?.id ?? '');
    if (last === undefined || isNewer(markOf(each), markOf(last))) groups.set(each.group?.id ?? '', each);
  }
  const decides = persons.reduce<AuthenticatedEvent | undefined>(
    (last, each) =>
      last !== undefined && isLeaver(last) && !isLeaver(each) && each.kind !== 'resume' ? last : each,
    undefined,
  );
  const main = decides ?? groups.get(event.group?.id ?? '') ?? event;
  const also = [...groups.values()].filter((each) => each !== main).slice(-MAX_ALSO);
  const subject = Object.assign({}, ...all.map((each) => each.subject), main.subject);
  return { event: { ...main, subject }, ...compact({ also: also.length === 0 ? undefined : also }) };
}

/**
 * Has a person read from the source soon. Several events about one person are one reading; that one of them said the
 * person is gone stays known, since then the source's "not found" is an answer, and so does each membership.
 */
export async function storeFetch(
  { directory, clock, ring }: Services,
  tenant: string,
  event: AuthenticatedEvent,
): Promise<void> {
  const at = new Date(clock.now()).toISOString();
  const body = (wanted: AuthenticatedEvent) => ({ do: 'fetch', event: wanted, attempts: 0, since: at });
  await directory.putPendingEvent(
    { tenant, id: `fetch:${subjectKey(event)}`, dueAt: at, body: body(event) },
    (before) => ({ dueAt: at, body: { ...body(event), ...gathered(pendingBodyOf(before), event) } }),
  );
  await ring(tenant);
}

/** Keeps an event until it holds (`dueAt`, ISO 8601); what was said last takes the place of what was said before. */
export async function storeLater(
  { directory, ring }: Services,
  tenant: string,
  event: AuthenticatedEvent,
  dueAt: string,
): Promise<void> {
  const body = { do: 'apply', event: { ...event, occurredAt: dueAt }, attempts: 0, since: event.occurredAt };
  await directory.putPendingEvent({ tenant, id: laterId(event), dueAt, body }, (before) =>
    Date.parse(pendingBodyOf(before).since) > Date.parse(event.occurredAt ?? '') ? before : { dueAt, body },
  );
  // A drain that sleeps until the next thing is due has to know of this one.
  await ring(tenant);
}

/**
 * An event that holds now cancels what was to hold later: a person who is back doesn't leave, one who has left doesn't
 * join. What was said later stays. `waited` is the pending event as which the event itself waited until today: what was
 * said together with it (the last day together with the first) stays as well.
 */
export async function cancelLater(
  { directory }: Services,
  tenant: string,
  event: AuthenticatedEvent,
  waited: PendingEvent | undefined,
): Promise<void> {
  const key = subjectKey(event);
  const said = Date.parse((waited === undefined ? event.occurredAt : pendingBodyOf(waited).since) ?? '');
  for (const id of [`later:leave:${key}`, ...(isLeaver(event) ? [`later:join:${key}`] : [])]) {
    const pending = await directory.readPendingEvent(tenant, id);
    if (pending === undefined || id === waited?.id) continue;
    const since = Date.parse(pendingBodyOf(pending).since);
    if (since < said || (since === said && waited === undefined)) await directory.erasePendingEvent(pending);
  }
}

/** Keeps an event until a person confirms it. */
export async function storeConfirmation(
  services: Services,
  tenant: string,
  event: AuthenticatedEvent,
  why: string,
  lapses?: true,
): Promise<void> {
  const { directory, clock, log } = services;
  const since = new Date(clock.now()).toISOString();
  const body = { do: 'confirm', event, attempts: 0, since, why, ...compact({ lapses }) };
  await directory.putPendingEvent({ tenant, id: confirmationId(event), body }, (before) => ({
    body: { ...body, since: pendingBodyOf(before).since, ...gathered(pendingBodyOf(before), event) },
  }));
  log.warn('an event waits to be confirmed', { tenant, source: event.source, type: event.type });
}

/** Under which id an event waits for an operator. */
export function confirmationId(event: AuthenticatedEvent): string {
  return `confirm:${subjectKey(event)}`;
}

function laterId(event: AuthenticatedEvent): string {
  return `later:${isLeaver(event) ? 'leave' : 'join'}:${subjectKey(event)}`;
}
