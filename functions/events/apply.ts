import { MAX_RACES } from '../directory/errors.ts';
import type { PendingEvent } from '../directory/pending-events.ts';
import { type PersonRecord, PRIORITY, type Priority } from '../directory/record.ts';
import { accept } from '../provision/accept.ts';
import { isProvisional } from '../provision/lifecycle.ts';
import type { Services } from '../provision/services.ts';
import { compact } from '../runtime/compact.ts';
import { ScimInputError } from '../scim-core/error.ts';
import { sameValue } from '../scim-core/resource/resource.ts';
import type { TenantConfiguration } from '../tenant/configuration.ts';
import { sourceNamed } from '../tenant/look-up.ts';
import type { Applied } from './applied.ts';
import { authorityOf } from './authority.ts';
import { type Early, forgetEarly, readEarly, rememberEarly, statusSince } from './early.ts';
import { type AuthenticatedEvent, isLeaver } from './event.ts';
import { applyGroupChange } from './groups/change.ts';
import { type ChangedGroup, scopeByGroups, whyToAskOfGroup } from './groups/membership.ts';
import { settleGroups } from './groups/of-person.ts';
import { isoOf } from './instant.ts';
import { idsOf, sourceStatusOf } from './links.ts';
import { joinGroup, leaveGroup } from './memberships.ts';
import { cancelLater, storeConfirmation, storeFetch, storeLater } from './pending.ts';
import { whyToAsk } from './person/ask.ts';
import { firstOf, type Next, nextOf } from './person/next.ts';
import { scoped } from './person/scope.ts';
import { type Found, findSubject } from './subject.ts';
import { effectiveFrom } from './time.ts';
import { hasRoom, MAX_WAITING } from './waiting/sign-ups.ts';
import { noteUnmatched } from './waiting/unmatched.ts';

/** Where events of one source are applied. */
export interface ApplyContext {
  readonly services: Services;
  readonly tenant: string;
  /** Of the tenant; without it every source may say who is in service. */
  readonly configuration?: TenantConfiguration | undefined;
  /** Whether a person can be read from the source. */
  readonly canFetch: boolean;
  /** The pending event as which the event waited for its day. */
  readonly waited?: PendingEvent;
  /** The event is what the source answered when it was asked. */
  readonly isReading?: true;
  /** The event is a row of a list: a second account in service that has the e-mail address of another is left alone. */
  readonly isListed?: true;
  /** Where a person who joins by the event waits; without it among those for whom an operator waits. */
  readonly priority?: Priority;
  /** An operator has confirmed the event: the person whom it names is meant. */
  readonly isConfirmed?: true;
}

/** What has come of an event that was applied, and not put off or refused. */
const APPLIED: ReadonlySet<Applied['outcome']> = new Set(['stored', 'unchanged', 'nobody']);

/**
 * Applies an event to the directory: at once, or as a pending event where it holds from later on, has to be confirmed, or
 * says only that something changed. Nothing here waits for a provider or for SmartAssist.
 */
export async function applyEvent(context: ApplyContext, given: AuthenticatedEvent): Promise<Applied> {
  const { services, tenant, isConfirmed } = context;
  const { effectiveAt, ...event } = stamped(services, tenant, given);
  if (event.isOfGroup === true) {
    return applyGroupChange(context, event, (record, changing) =>
      followScope(context, event, record, changing),
    );
  }
  if (effectiveAt !== undefined) {
    const from = await effectiveFrom(context, event, effectiveAt);
    if (from === undefined && isConfirmed !== true) {
      const why = `from when on it holds can not be read: ${effectiveAt} is neither a day (2027-03-01) nor a time (2027-03-01T08:00:00Z)`;
      await storeConfirmation(services, tenant, { ...event, effectiveAt }, why);
      return { outcome: 'held' };
    }
    if (from !== undefined && from > services.clock.now()) {
      await storeLater(services, tenant, event, new Date(from).toISOString());
      return { outcome: 'later' };
    }
  }
  const applied = await applyNow(context, event);
  // After it is stored and not before: a crash in between costs a repetition, never what waits.
  if (isWhole(event) && APPLIED.has(applied.outcome))
    await cancelLater(services, tenant, event, context.waited);
  return applied;
}

function applyNow(context: ApplyContext, event: AuthenticatedEvent): Promise<Applied> {
  const { configuration } = context;
  const settings = configuration === undefined ? undefined : sourceNamed(configuration, event.source);
  return applyScoped(context, scoped(event, settings));
}

async function applyScoped(context: ApplyContext, event: AuthenticatedEvent): Promise<Applied> {
  const { services, tenant, canFetch, configuration, isConfirmed } = context;
  if (event.completeness === 'thin') {
    if (canFetch) return fetching(context, event);
    if (event.kind === 'upsert') return { outcome: 'invalid', reason: cannotKnow(context, event) };
  }
  const isDecided = isConfirmed === true || configuration === undefined;
  const settings = isDecided ? undefined : sourceNamed(configuration, event.source);
  try {
    for (let race = 0; race < MAX_RACES; race += 1) {
      const found = await findSubject(services, tenant, event, settings);
      const applied = await applyToFound(context, event, found);
      if (applied !== 'raced') return applied;
    }
  } catch (error) {
    if (error instanceof ScimInputError) return { outcome: 'invalid', reason: error.message };
    throw error;
  }
  throw new Error('a record changes all the time');
}

function applyToFound(
  context: ApplyContext,
  event: AuthenticatedEvent,
  found: Found,
): Promise<Applied | 'raced'> {
  switch (found.is) {
    case 'known':
      return applyTo(context, event, found.record);
    case 'nobody':
      return applyToNobody(context, event);
    case 'unsure':
      return applyToUnsure(context, event, found);
  }
}

/** Says whether a person is in service, now and from now on. */
function isWhole(event: AuthenticatedEvent): boolean {
  const { kind, completeness } = event;
  return kind === 'resume' || isLeaver(event) || (kind === 'upsert' && completeness === 'full');
}

/**
 * An event without a time that can be read happened when it arrived. A clock that is ahead must not make everything that
 * follows old.
 */
function stamped({ clock, log }: Services, tenant: string, event: AuthenticatedEvent): AuthenticatedEvent {
  const now = clock.now();
  const said = isoOf(event.occurredAt);
  if (event.occurredAt !== undefined && said === undefined) {
    const { source, type } = event;
    log.warn('when an event happened can not be read; its arrival counts', { tenant, source, type });
  }
  const at = said === undefined ? now : Math.min(Date.parse(said), now);
  return { ...event, occurredAt: new Date(at).toISOString() };
}

async function fetching({ services, tenant }: ApplyContext, event: AuthenticatedEvent): Promise<Applied> {
  await storeFetch(services, tenant, event);
  return { outcome: 'fetching' };
}

/** What must not be done on a word that any caller may have said: read from the source, or kept for an operator. */
async function fetchedOrHeld(
  context: ApplyContext,
  event: AuthenticatedEvent,
  why: string,
): Promise<Applied> {
  if (context.canFetch) return fetching(context, event);
  await storeConfirmation(context.services, context.tenant, event, why);
  return { outcome: 'held' };
}

async function applyToUnsure(
  context: ApplyContext,
  event: AuthenticatedEvent,
  { why, isTwo }: Extract<Found, { is: 'unsure' }>,
): Promise<Applied> {
  if (isTwo === true && context.isReading === true) return { outcome: 'invalid', reason: why, isTwo };
  const { services, tenant } = context;
  if (isTwo === true) {
    await storeConfirmation(services, tenant, event, why);
    return { outcome: 'held' };
  }
  if (!(await hasRoom(services, tenant, event))) {
    const reason = `${why}, and ${MAX_WAITING} sign-ups of ${event.source} wait for an operator already.`;
    return { outcome: 'invalid', reason };
  }
  await storeConfirmation(services, tenant, event, why, true);
  return { outcome: 'held' };
}

async function applyToNobody(context: ApplyContext, event: AuthenticatedEvent): Promise<Applied | 'raced'> {
  const { services, tenant, canFetch, configuration } = context;
  const { kind, group, completeness } = event;
  // Who is out of service and unknown is nobody who could leave.
  if (context.isListed === true && isLeaver(event)) return { outcome: 'nobody' };
  if (isLeaver(event) && kind !== 'upsert') {
    // An older event that says the contrary may still be on its way.
    await rememberEarly(services, tenant, event);
    await noteUnmatched(services, tenant, event);
    return { outcome: 'nobody' };
  }
  if (group !== undefined && kind === 'unassign') {
    await rememberEarly(services, tenant, event);
    return { outcome: 'nobody' };
  }
  const early = await readEarly(services, tenant, event);
  const since = statusSince(early, event);
  if (since !== undefined && (canFetch || since.kind === 'remove')) {
    return canFetch ? fetching(context, event) : { outcome: 'stale' };
  }
  if (completeness === 'partial' && canFetch) return fetching(context, event);
  if (event.operations !== undefined || !saysEnough(event)) {
    if (canFetch) return fetching(context, event);
    await rememberEarly(services, tenant, event);
    // A group has members who are no persons here.
    return group === undefined
      ? { outcome: 'invalid', reason: cannotKnow(context, event) }
      : { outcome: 'nobody' };
  }
  const { person, links } = firstOf(event, since, authorityOf(configuration));
  const accepted = await accept(tenant, services, {
    person,
    source: event.source,
    priority: priorityOf(context, event),
    links,
  });
  if (accepted.outcome !== 'stored') return 'raced';
  if (group !== undefined) {
    await joinGroup(services, tenant, event, group, accepted.record);
    await followScope(context, event, accepted.record);
  }
  await settleGroups(services, tenant, event, accepted.record);
  await applyEarly(context, event, early);
  return accepted;
}

/** What the source said of the person before it was known whose person that is. */
async function applyEarly(
  context: ApplyContext,
  event: AuthenticatedEvent,
  { events }: Early,
): Promise<void> {
  if (events.length === 0) return;
  for (const each of events) await applyNow(context, each);
  await forgetEarly(context.services, context.tenant, event);
}

function cannotKnow({ isReading }: ApplyContext, { type }: AuthenticatedEvent): string {
  if (isReading === true) return 'the source says neither a userName nor an e-mail address of the person';
  return `${type.slice(0, 60)} does not say who the person is, and reading from this source is not configured (fetch).`;
}

/** An id alone names no person whom an operator could recognise. */
function saysEnough({ subject, person }: AuthenticatedEvent): boolean {
  return subject.userName !== undefined || subject.email !== undefined || person?.userName !== undefined;
}

async function applyTo(
  context: ApplyContext,
  event: AuthenticatedEvent,
  before: PersonRecord,
): Promise<Applied | 'raced'> {
  const { canFetch, configuration } = context;
  if (event.group !== undefined) return applyToGroup(context, event, before);
  const next = nextOf(before, event, authorityOf(configuration));
  if (!next.saysNew) return canFetch ? fetching(context, event) : { outcome: 'stale' };
  if (event.trust !== 'signed') {
    const why = await whyToAsk(context, event, before, next);
    if (why !== undefined) return fetchedOrHeld(context, event, why);
  }
  if (event.completeness === 'partial' && !isLeaver(event) && canFetch) return fetching(context, event);
  const second = context.isListed === true ? secondAccount(event, before) : undefined;
  if (second !== undefined) return { outcome: 'invalid', isTwo: true, ...second };
  const written = await write(context, event, before, next);
  if (written === 'raced' || written.outcome === 'invalid') return written;
  const { services, tenant } = context;
  const record = written.outcome === 'stored' ? written.record : before;
  const isMoved = await settleGroups(services, tenant, event, record);
  if (!isLinkedAs(before, event)) await applyEarly(context, event, await readEarly(services, tenant, event));
  return isMoved ? { outcome: 'stored', record } : written;
}

/** Whether the person was known to the source by the id of the event: what was said of another id before counts from now on. */
function isLinkedAs({ links = {} }: PersonRecord, { source, subject: { id } }: AuthenticatedEvent): boolean {
  const link = links[source];
  return link !== undefined && (id === undefined || idsOf(link).includes(id));
}

/** Who leaves, or is due already as a joiner, never waits behind a back-fill. */
function priorityOf(
  { priority = PRIORITY.interactive }: ApplyContext,
  event: AuthenticatedEvent,
  before?: PersonRecord,
): Priority {
  if (isLeaver(event)) return PRIORITY.interactive;
  return before?.state === 'due' ? (Math.min(before.priority, priority) as Priority) : priority;
}

/** Why a row is about two accounts of a source that are both in service, and so maybe about two persons. */
function secondAccount(event: AuthenticatedEvent, { links = {}, person }: PersonRecord) {
  const link = links[event.source];
  const { id } = event.subject;
  if (link === undefined || id === undefined || isLeaver(event)) return undefined;
  const others = idsOf(link);
  const isOther = others.length > 0 && !others.includes(id) && sourceStatusOf(link).is === 'in';
  if (!isOther) return undefined;
  const reason = `${person.userName} is the person of ${others.join(', ')} already, who is in service as well`;
  return { reason, others };
}

async function write(
  context: ApplyContext,
  event: AuthenticatedEvent,
  before: PersonRecord,
  { person, links, origins, service }: Next,
): Promise<Applied | 'raced'> {
  const { services, tenant } = context;
  const { source } = event;
  const isSame =
    !isProvisional(before) &&
    sameValue(person, before.person) &&
    (before.deletedAt !== undefined) === service.isDeleted;
  if (isSame) {
    const after = { ...before, version: before.version + 1, links, ...compact({ origins }) };
    if (sameValue(links, before.links) && sameValue(after.origins, before.origins))
      return { outcome: 'unchanged' };
    return (await services.directory.updatePerson(before, after)).ok ? { outcome: 'unchanged' } : 'raced';
  }
  const accepted = await accept(tenant, services, {
    person,
    source,
    priority: priorityOf(context, event, before),
    before,
    links,
    ...compact({ origins, deleted: service.isDeleted ? true : undefined }),
  });
  switch (accepted.outcome) {
    case 'stored':
      return accepted;
    case 'changed':
      return 'raced';
    case 'userName-taken':
      return { outcome: 'invalid', reason: 'Another person has the userName that this one is to get.' };
  }
}

async function applyToGroup(
  context: ApplyContext,
  event: AuthenticatedEvent,
  record: PersonRecord,
): Promise<Applied> {
  const { services, tenant } = context;
  const { group, kind } = event;
  if (group === undefined || record.deletedAt !== undefined) return { outcome: 'nobody' };
  const why = await whyToAskOfGroup(context, event, group, record);
  if (why !== undefined) return fetchedOrHeld(context, event, why);
  const change = kind === 'unassign' ? leaveGroup : joinGroup;
  const applied = await change(services, tenant, event, group, record);
  return applied.outcome === 'stale' ? applied : ((await followScope(context, event, record)) ?? applied);
}

/** The scope of the source may be made of groups: then it has the person by a membership, or not any more. */
async function followScope(
  context: ApplyContext,
  event: AuthenticatedEvent,
  record: PersonRecord,
  changing?: ChangedGroup,
): Promise<Applied | undefined> {
  const word = await scopeByGroups(context, event, record, changing);
  return word === undefined ? undefined : applyScoped(context, word);
}
