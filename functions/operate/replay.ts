import { everyPage } from '../directory/pages.ts';
import type { PendingEvent } from '../directory/pending-events.ts';
import type { AuthenticatedEvent } from '../events/event.ts';
import { idsOf } from '../events/links.ts';
import { type PendingBody, pendingBodyOf, storeFetch } from '../events/pending.ts';
import { findSubject } from '../events/subject.ts';
import type { Services } from '../provision/services.ts';
import type { TenantProvisioning } from '../provision/tenant.ts';
import { compact } from '../runtime/compact.ts';
import { type Actor, recordAction } from './audit.ts';
import { keyOf } from './confirmations.ts';
import { findExactly } from './people/list.ts';

/** What a source said, was told to be taken, and could not be done yet. */
export interface Replayable {
  readonly id: string;
  /** Stands for the id in commands and in the audit, as for what waits to be confirmed. */
  readonly key: string;
  readonly source: string;
  readonly type: string;
  /** The person or group, as far as the source or the directory names it. */
  readonly about: string;
  /** `read`: the person or group is read from the source again; `apply`: what the event itself says is done again. */
  readonly does: 'read' | 'apply';
  /** ISO 8601: since when it waits. */
  readonly since: string;
  readonly tries: number;
  /** ISO 8601: absent where it is not tried again by itself. */
  readonly nextTry?: string;
  /** Why the last try failed. */
  readonly why: string;
}

export interface ReplayFilter {
  readonly source?: string;
  /** ISO 8601: what waits from then on. */
  readonly since?: string;
}

export interface ReplayList {
  readonly events: readonly Replayable[];
  /** How many more wait for an operator's word, which `confirm` shows. */
  readonly toConfirm: number;
}

/** What fails is tried again within this time; what begins to hold later has not failed. */
const AHEAD_MS = 48 * 3_600_000;
const MOST_SCHEDULED = 1_000;
const PAGE = 100;
/** Those named in the audit; a longer list is told by its number. */
const NAMED = 100;

/** Events that failed and are kept: those that are tried again by themselves, and those that are not. The oldest first. */
export async function listReplayable(
  services: Services,
  tenant: string,
  { source, since }: ReplayFilter,
): Promise<ReplayList> {
  const { directory, clock } = services;
  const scheduled = await directory.duePendingEvents(tenant, clock.now() + AHEAD_MS, MOST_SCHEDULED);
  const found = scheduled.filter((pending) => pendingBodyOf(pending).attempts > 0);
  let toConfirm = 0;
  for await (const { events } of everyPage((from) =>
    directory.unscheduledPendingEvents(tenant, { limit: PAGE, ...from }),
  )) {
    const failed = events.filter(isFailed);
    toConfirm += events.length - failed.length;
    found.push(...failed);
  }
  const events: Replayable[] = [];
  for (const pending of found) {
    const body = pendingBodyOf(pending);
    if (source !== undefined && body.event.source !== source) continue;
    if (since !== undefined && body.since < since) continue;
    events.push(await replayableOf(services, tenant, pending, body));
  }
  return { events: events.toSorted((one, other) => (one.since < other.since ? -1 : 1)), toConfirm };
}

/** Whether what isn't scheduled failed, and doesn't wait to be confirmed. */
function isFailed(pending: PendingEvent): boolean {
  return pendingBodyOf(pending).do !== 'confirm';
}

async function replayableOf(
  services: Services,
  tenant: string,
  pending: PendingEvent,
  { do: work, event, since, attempts, lastError, why }: PendingBody,
): Promise<Replayable> {
  return {
    id: pending.id,
    key: keyOf(pending.id),
    source: event.source,
    type: event.type,
    about: await nameOf(services, tenant, event),
    does: work === 'fetch' ? 'read' : 'apply',
    since,
    tries: attempts,
    ...compact({ nextTry: pending.dueAt }),
    why: lastError ?? why ?? 'it was not tried yet',
  };
}

async function nameOf(services: Services, tenant: string, event: AuthenticatedEvent): Promise<string> {
  const { id, userName, email } = event.subject;
  const found = await findSubject(services, tenant, event, undefined);
  const known = found.is === 'nobody' ? undefined : found.record.person.userName;
  return known ?? userName ?? email ?? id ?? event.group?.display ?? event.group?.id ?? '';
}

/** `due`: done within a minute. `gone`: no longer waits, or waits to be confirmed. `changed`: is about something else by now. */
export type Replayed = 'due' | 'gone' | 'changed';

/** Has events tried again that failed, as if they came now: with all their tries. */
export async function replayEvents(
  services: Services,
  tenant: string,
  ids: readonly string[],
  actor: Actor,
): Promise<ReadonlyMap<string, Replayed>> {
  const outcomes = new Map<string, Replayed>();
  for (const id of ids) outcomes.set(id, await replayEvent(services, tenant, id));
  const keys = [...outcomes].flatMap(([id, outcome]) => (outcome === 'due' ? [keyOf(id)] : []));
  await recordAction(services, tenant, actor, 'replay', { count: keys.length, keys: keys.slice(0, NAMED) });
  if (keys.length > 0) await services.ring(tenant);
  return outcomes;
}

async function replayEvent({ directory, clock }: Services, tenant: string, id: string): Promise<Replayed> {
  const pending = await directory.readPendingEvent(tenant, id);
  if (pending === undefined) return 'gone';
  const { lastError: _, isRefused: __, ...body } = pendingBodyOf(pending);
  if (body.do === 'confirm') return 'gone';
  const dueAt = new Date(clock.now()).toISOString();
  const again = { dueAt, body: { ...body, attempts: 0 } };
  return (await directory.postponePendingEvent(pending, again)) ? 'due' : 'changed';
}

/** A person at a source, in the source's own words. */
export interface AtSource {
  /** The source's id. */
  readonly id: string;
  /** The person here, where one is linked to it. */
  readonly person?: { readonly id: string; readonly userName: string };
}

/** By which id a source knows a person who is named as here; whom it isn't linked to is taken to be named by the source's id. */
export async function personAtSource(
  services: Services,
  tenant: Pick<TenantProvisioning, 'name' | 'account'>,
  source: string,
  name: string,
): Promise<AtSource> {
  for (const record of await findExactly(services, tenant, name, true)) {
    const [id] = idsOf(record.links?.[source] ?? {});
    if (id !== undefined) return { id, person: { id: record.id, userName: record.person.userName } };
  }
  return { id: name };
}

/**
 * Has one person read from a source within a minute and what it says applied, as if the source had sent a notice: what helps
 * where the request itself was refused, of which no body is kept.
 */
export async function replayPerson(
  services: Services,
  tenant: string,
  source: string,
  { id, person }: AtSource,
  actor: Actor,
): Promise<void> {
  const occurredAt = new Date(services.clock.now()).toISOString();
  const event: AuthenticatedEvent = {
    source,
    // The source is asked itself: nothing is believed of the notice.
    trust: 'url',
    kind: 'upsert',
    type: 'replay',
    subject: { id },
    completeness: 'thin',
    occurredAt,
  };
  await storeFetch(services, tenant, event);
  // A source's id may be an address, which the audit has none of.
  const persons = person === undefined ? [] : [person.id];
  await recordAction(services, tenant, actor, 'replay', { source, count: 1, persons });
}
