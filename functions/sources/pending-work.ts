import type { PendingEvent } from '../directory/pending-events.ts';
import type { Applied } from '../events/applied.ts';
import { type ApplyContext, applyEvent } from '../events/apply.ts';
import { type AuthenticatedEvent, isLeaver } from '../events/event.ts';
import { type PendingBody, pendingBodyOf } from '../events/pending.ts';
import { findSubject } from '../events/subject.ts';
import { effectiveFrom } from '../events/time.ts';
import { noteUnmatched } from '../events/waiting/unmatched.ts';
import type { Services } from '../provision/services.ts';
import type { TenantProvisioning } from '../provision/tenant.ts';
import { compact } from '../runtime/compact.ts';
import { errorText } from '../runtime/error-text.ts';
import { readTime } from '../runtime/time.ts';
import { sourceNamed } from '../tenant/look-up.ts';
import type { SourceSettings } from '../tenant/sources.ts';
import { FetchError, type Fetched } from './fetcher.ts';
import type { SourceProviders } from './provider.ts';
import { openFetching } from './provider-call.ts';
import { unknownStatusText } from './status.ts';
import { noteUnread } from './unread.ts';

/** How far a round of pending events came. */
export interface Worked {
  /** How many were dealt with. */
  readonly done: number;
  /** Epoch milliseconds when the next one is due, if there is one within a day. */
  readonly nextAt?: number;
}

const BATCH = 20;
/** The index of due events is a moment behind. */
const RACE_MS = 50;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** "Not found yet" is said for a moment after an event; what fails for longer needs an operator. */
const BACKOFF_MS = [
  2_000,
  10_000,
  60_000,
  5 * 60_000,
  15 * 60_000,
  60 * 60_000,
  4 * 3_600_000,
  12 * 3_600_000,
];
/** What is not found after so many tries (a minute or so) is taken for what the provider says: not there. */
const NOT_FOUND_TRIES = 3;
/** What only an operator can mend is tried once more: what this function knew of the secret may have been old. */
const PERMANENT_TRIES = 2;

/**
 * Does the pending events of a tenant's sources that are due: reads persons whom events only named, confirms leavers,
 * applies what begins to hold today. Called by the drain; one that fails is put off and stops no other.
 *
 * @param until epoch milliseconds after which none is begun
 * @param signal ends it early, between two events
 */
export async function workPendingEvents(
  providers: SourceProviders,
  provisioning: TenantProvisioning,
  services: Services,
  until: number,
  signal?: AbortSignal,
): Promise<Worked> {
  const { name } = provisioning;
  const { directory, clock, log } = services;
  let done = 0;
  const goesOn = () => clock.now() < until && signal?.aborted !== true;
  while (goesOn()) {
    const due = await directory.duePendingEvents(name, clock.now(), BATCH);
    if (due.length === 0) break;
    const before = done;
    for (const pending of due) {
      if (!goesOn()) break;
      const now = await directory.readPendingEvent(name, pending.id);
      if (now?.version !== pending.version) continue;
      try {
        await workTask(providers, provisioning, services, now);
      } catch (error) {
        log.warn('a pending event of a source failed', {
          tenant: name,
          work: pendingBodyOf(pending).do,
          reason: errorText(error),
        });
        const failure = error instanceof FetchError ? error : new FetchError(errorText(error));
        // The next try has what is in the secret then.
        if (failure.isPermanent) await services.secrets.refresh('door', provisioning);
        await putOff(services, now, failure);
      }
      done += 1;
    }
    if (done === before) await clock.sleep(RACE_MS);
  }
  const [next] = await directory.duePendingEvents(name, clock.now() + DAY_MS, 1);
  return { done, ...(next?.dueAt === undefined ? {} : { nextAt: Date.parse(next.dueAt) }) };
}

async function workTask(
  providers: SourceProviders,
  provisioning: TenantProvisioning,
  services: Services,
  pending: PendingEvent,
): Promise<void> {
  const body = pendingBodyOf(pending);
  const { directory } = services;
  const { event } = body;
  const settings = sourceNamed(provisioning.tenant, event.source);
  // A source that is no longer configured has nothing to say.
  if (settings === undefined) return void (await directory.erasePendingEvent(pending));
  const context: ApplyContext = {
    services,
    tenant: provisioning.name,
    configuration: provisioning.tenant,
    canFetch: providers.canRead(settings),
  };
  if (body.do === 'apply') {
    await applyOrFail({ ...context, waited: pending }, event);
    return void (await directory.erasePendingEvent(pending));
  }
  if (event.isOfGroup === true) {
    await workGroupTask(providers, provisioning, context, settings, body);
    return void (await directory.erasePendingEvent(pending));
  }
  const fetcher = await providers.reader(settings);
  if (fetcher === undefined) {
    throw new FetchError('how to read from this source is no longer configured (fetch)', {
      isPermanent: true,
    });
  }
  const fetching = await openFetching(provisioning, services, event.source, settings);
  const askedAt = new Date(services.clock.now()).toISOString();
  const fetched = await fetcher(event.subject, fetching);
  if (fetched.outcome === 'not-found' && body.attempts + 1 < NOT_FOUND_TRIES) {
    throw new FetchError('the provider does not know the person, yet or any more');
  }
  await applyFetched(context, body, fetched, askedAt);
  await directory.erasePendingEvent(pending);
}

/** What the source says about a group now; where it can't be asked, the event as far as it is believed. */
async function workGroupTask(
  providers: SourceProviders,
  provisioning: TenantProvisioning,
  context: ApplyContext,
  settings: SourceSettings,
  { event, attempts }: PendingBody,
): Promise<void> {
  const { services } = context;
  const here: ApplyContext = { ...context, canFetch: false };
  const read = await providers.groupReader(settings);
  if (read === undefined || event.group === undefined) return void (await applyOrFail(here, event));
  const { id } = event.group;
  const askedAt = new Date(services.clock.now()).toISOString();
  const fetched = await read(id, await openFetching(provisioning, services, event.source, settings));
  if (fetched.outcome === 'not-found' && attempts + 1 < NOT_FOUND_TRIES) {
    throw new FetchError('the provider does not know the group, yet or any more');
  }
  const isThere = fetched.outcome === 'found';
  await applyOrFail(here, {
    ...event,
    kind: isThere ? 'upsert' : 'remove',
    trust: 'signed',
    occurredAt: askedAt,
    group: isThere ? { id, display: fetched.display } : { id },
  });
}

/** Its sender was told that the event is taken, so what can't be applied waits for an operator. */
async function applyOrFail(context: ApplyContext, event: AuthenticatedEvent): Promise<Applied> {
  const applied = await applyEvent(context, event);
  if (applied.outcome === 'invalid') throw new ReadingRefused(applied);
  return applied;
}

/** What was read can't be applied. */
export class ReadingRefused extends FetchError {
  readonly isTwo: boolean;
  /** Ids under which the source has the same person in service, as far as is known. */
  readonly others: readonly string[];

  constructor({ reason, isTwo, others = [] }: Extract<Applied, { outcome: 'invalid' }>) {
    super(reason, { isPermanent: true });
    this.isTwo = isTwo === true;
    this.others = others;
  }
}

/**
 * Applies what the provider says now: news, whatever the event said, and from the provider itself.
 *
 * @param askedAt ISO 8601: when the provider was asked
 * @returns what came of the person
 * @throws ReadingRefused
 */
export async function applyFetched(
  context: ApplyContext,
  { event, also = [] }: Pick<PendingBody, 'event' | 'also'>,
  fetched: Fetched,
  askedAt: string,
): Promise<Applied> {
  const {
    group: _group,
    person: _person,
    guess: _guess,
    operations: _operations,
    groups: _groups,
    groupsAmong: _among,
    effectiveAt: _at,
    ...rest
  } = event;
  const { sequence: _sequence, ...timed } = rest;
  const read: AuthenticatedEvent = {
    ...timed,
    kind: 'upsert',
    completeness: 'full',
    occurredAt: askedAt,
    trust: 'signed',
  };
  const here: ApplyContext = { ...context, canFetch: false, isReading: true };
  if (fetched.outcome === 'not-found') return applyNotFound(here, event, read);
  const { id, groups, groupsAmong, organizationalUnit, isGuest, joinsAt, leavesAt } = fetched;
  await noteUnread(context.services, context.tenant, event.source, fetched);
  const { unknownStatus } = fetched;
  // Of a leaver the event's own word stands; of all others nothing is applied until the status is known.
  if (unknownStatus !== undefined && !isLeaver(event)) {
    throw new FetchError(unknownStatusText(unknownStatus), { isPermanent: true });
  }
  const isAssigned = event.kind === 'assign' && event.group === undefined ? true : undefined;
  const { isInScope = isAssigned } = fetched;
  const subject = id === undefined ? event.subject : { ...event.subject, id };
  const { timezone } = fetched.person;
  const leaver: AuthenticatedEvent = { ...read, subject, kind: 'suspend', guess: compact({ timezone }) };
  // A last day that has passed is that of an earlier employment, or is in the status.
  const leaves = leavesAt !== undefined && (await isAhead(here, leaver, leavesAt));
  const person =
    leaves && fetched.isOutAfterLastDay === true ? { ...fetched.person, active: true } : fetched.person;
  const facts = compact({ groups, groupsAmong, organizationalUnit, isGuest, isInScope });
  const joiner: AuthenticatedEvent = { ...read, subject, person, ...facts };
  // Out of service is at once; in service begins with the first day.
  const waits =
    joinsAt !== undefined &&
    person.active !== false &&
    (await isAhead(here, joiner, joinsAt)) &&
    !(await isInService(here, joiner, joinsAt));
  const applied = await applyOrFail(here, { ...joiner, ...(waits ? { effectiveAt: joinsAt } : {}) });
  if (leaves) await applyOrFail(here, { ...leaver, effectiveAt: leavesAt });
  // A status that can't be read is no status: what the event said of it stands.
  if (isLeaver(event) && person.active === undefined) {
    const kind = event.kind === 'unassign' ? event.kind : 'suspend';
    await applyOrFail(here, { ...read, subject, kind, trust: event.trust });
  }
  if (groups !== undefined) return applied;
  // What a reading doesn't tell is believed as far as the event itself was.
  for (const each of [...also, event]) {
    if (each.group !== undefined)
      await applyOrFail(here, { ...each, subject: { ...each.subject, ...subject } });
  }
  return applied;
}

/** Whether a day is still to come. One that can't be read is taken for it, and waits for a person's word. */
async function isAhead(context: ApplyContext, event: AuthenticatedEvent, day: string): Promise<boolean> {
  const from = await effectiveFrom(context, event, day);
  return from === undefined || from > context.services.clock.now();
}

/** Whether a first day that can't be read is that of a person in service already: nothing is to be waited for. */
async function isInService(
  context: ApplyContext,
  event: AuthenticatedEvent,
  joinsAt: string,
): Promise<boolean> {
  if (readTime(joinsAt) !== undefined) return false;
  const found = await findSubject(context.services, context.tenant, event, undefined);
  if (found.is !== 'known' || found.record.deletedAt !== undefined) return false;
  return found.record.person.active !== false;
}

/**
 * The provider doesn't know the id. That says something of the person who is linked to it, whatever the event was, and
 * of nobody who only has the same name.
 */
async function applyNotFound(
  context: ApplyContext,
  event: AuthenticatedEvent,
  read: AuthenticatedEvent,
): Promise<Applied> {
  const { services, tenant } = context;
  const { id, ...names } = event.subject;
  const subject = id === undefined ? names : { id };
  const found = await findSubject(services, tenant, { ...event, subject, person: {} }, undefined);
  const isLinked = found.is === 'known' && found.record.links?.[event.source] !== undefined;
  if (id === undefined ? !isLinked : !isLinked && !isLeaver(event)) {
    services.log.warn('a person was not found at the source', { source: event.source });
    await noteUnmatched(services, tenant, event);
    return { outcome: 'nobody' };
  }
  // Out of the application, and not out of the world.
  const isSaid = event.kind === 'remove' || (event.kind === 'unassign' && event.group === undefined);
  return applyOrFail(context, { ...read, subject, kind: isSaid ? event.kind : 'suspend' });
}

/** A provider that throttles is asked for as long as it takes, but not again and again within a minute. */
function waitAfter({ retryAfterMs }: FetchError, attempts: number): number | undefined {
  if (retryAfterMs === undefined) return BACKOFF_MS[attempts];
  return Math.max(retryAfterMs, Math.min(BACKOFF_MS[attempts] ?? MINUTE_MS, MINUTE_MS));
}

/** Later, and later each time; in the end it waits for an operator and is shown. */
async function putOff(services: Services, pending: PendingEvent, error: FetchError): Promise<void> {
  const { directory, clock, log, metrics } = services;
  const body = pendingBodyOf(pending);
  const wait = waitAfter(error, body.attempts);
  const { isRefused: _, ...before } = body;
  const refused = error instanceof ReadingRefused ? { isRefused: true } : {};
  const after = { ...before, attempts: body.attempts + 1, lastError: error.message, ...refused };
  if (wait === undefined || (error.isPermanent && body.attempts >= PERMANENT_TRIES - 1)) {
    const { tenant } = pending;
    log.error('what a source said can not be done', {
      tenant,
      source: body.event.source,
      reason: error.message,
    });
    metrics.count('SourceFailed', { tenant, reason: 'fetch' });
    await directory.postponePendingEvent(pending, { body: after });
    return;
  }
  await directory.postponePendingEvent(pending, {
    dueAt: new Date(clock.now() + wait).toISOString(),
    body: after,
  });
}
