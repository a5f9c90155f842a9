import type { PendingEvent } from '../directory/pending-events.ts';
import { type PersonRecord, PRIORITY, type SourceLink } from '../directory/record.ts';
import { accept } from '../provision/accept.ts';
import { isProvisional } from '../provision/lifecycle.ts';
import type { Services } from '../provision/services.ts';
import { ScimInputError } from '../scim-core/error.ts';
import { sameValue } from '../scim-core/resource/resource.ts';
import type { Applied } from './applied.ts';
import { type AuthenticatedEvent, isLeaver } from './event.ts';
import { joinGroup, leaveGroup } from './memberships.ts';
import { mergedPerson, newPerson } from './merged-person.ts';
import { linkAfter, needsConfirmation, type Order, orderOf, sidesOf } from './order.ts';
import { cancelLater, storeConfirmation, storeFetch, storeLater } from './pending.ts';
import { findSubject } from './subject.ts';
import { isGoneSince, markGone } from './tombstone.ts';

/** Where events of one source are applied. */
export interface ApplyContext {
  readonly services: Services;
  readonly tenant: string;
  /** Whether a person can be read from the source. */
  readonly canFetch: boolean;
  /** The task by which the event waited for its day. */
  readonly waited?: PendingEvent;
}

const MAX_RACES = 20;

/** What has come of an event that was applied, and not put off or refused. */
const APPLIED: ReadonlySet<Applied['outcome']> = new Set(['stored', 'unchanged', 'nobody']);

/**
 * Applies an event to the directory: at once, or as a task where it holds from later on, has to be confirmed, or says
 * only that something changed. Nothing here waits for a provider or for SmartAssist.
 */
export async function applyEvent(context: ApplyContext, given: AuthenticatedEvent): Promise<Applied> {
  const { services, tenant } = context;
  const event = stamped(given, services.clock.now());
  if (event.effectiveAt !== undefined && Date.parse(event.effectiveAt) > services.clock.now()) {
    await storeLater(services, tenant, event);
    return { outcome: 'later' };
  }
  const applied = await applyNow(context, event);
  // After it is stored and not before: a crash in between costs a repetition, never what waits.
  if (isWhole(event) && APPLIED.has(applied.outcome))
    await cancelLater(services, tenant, event, context.waited);
  return applied;
}

async function applyNow(context: ApplyContext, event: AuthenticatedEvent): Promise<Applied> {
  const { services, tenant, canFetch } = context;
  if (event.completeness === 'thin') {
    if (canFetch) return fetching(context, event);
    if (event.kind === 'upsert') return { outcome: 'invalid', reason: cannotKnow(event) };
  }
  try {
    for (let race = 0; race < MAX_RACES; race += 1) {
      const before = await findSubject(services, tenant, event);
      const applied =
        before === undefined ? await applyToNobody(context, event) : await applyTo(context, event, before);
      if (applied !== 'raced') return applied;
    }
  } catch (error) {
    if (error instanceof ScimInputError) return { outcome: 'invalid', reason: error.message };
    throw error;
  }
  throw new Error('a record changes all the time');
}

/** Says whether somebody is in service, now and from now on. */
function isWhole(event: AuthenticatedEvent): boolean {
  const { kind, completeness } = event;
  return kind === 'resume' || isLeaver(event) || (kind === 'upsert' && completeness === 'full');
}

/** A clock that is ahead must not make everything that follows old. */
function stamped(event: AuthenticatedEvent, now: number): AuthenticatedEvent {
  const at = event.occurredAt === undefined ? Number.NaN : Date.parse(event.occurredAt);
  const occurredAt = new Date(Number.isNaN(at) ? now : Math.min(at, now)).toISOString();
  return { ...event, occurredAt };
}

async function fetching({ services, tenant }: ApplyContext, event: AuthenticatedEvent): Promise<Applied> {
  await storeFetch(services, tenant, event);
  return { outcome: 'fetching' };
}

async function applyToNobody(context: ApplyContext, event: AuthenticatedEvent): Promise<Applied | 'raced'> {
  const { services, tenant, canFetch } = context;
  const { kind, group, completeness } = event;
  if (kind === 'suspend' || kind === 'remove' || kind === 'unassign') {
    // An older event that says the contrary may still be on its way.
    if (group === undefined) await markGone(services, tenant, event);
    return { outcome: 'nobody' };
  }
  if (await isGoneSince(services, tenant, event)) {
    return canFetch ? fetching(context, event) : { outcome: 'stale' };
  }
  if (completeness === 'partial' && canFetch) return fetching(context, event);
  if (event.operations !== undefined || !saysEnough(event)) {
    // A group has members whom nobody here knows.
    if (group !== undefined) return { outcome: 'nobody' };
    return canFetch ? fetching(context, event) : { outcome: 'invalid', reason: cannotKnow(event) };
  }
  const person = newPerson(event);
  const link: SourceLink = {
    ...linkAfter(undefined, event, sidesOf(event)),
    statusAt: event.occurredAt ?? '',
  };
  const accepted = await accept(tenant, services, {
    person,
    source: event.source,
    priority: PRIORITY.interactive,
    links: { [event.source]: { ...link, isMaker: true } },
  });
  if (accepted.outcome !== 'stored') return 'raced';
  if (group !== undefined) await joinGroup(services, tenant, event, group, accepted.record);
  return accepted;
}

function cannotKnow({ type }: AuthenticatedEvent): string {
  return `${type.slice(0, 60)} does not say who the person is, and reading from this source is not configured (fetch).`;
}

/** An id alone names nobody whom anybody could recognise. */
function saysEnough({ subject, person }: AuthenticatedEvent): boolean {
  return subject.userName !== undefined || subject.email !== undefined || person?.userName !== undefined;
}

async function applyTo(
  context: ApplyContext,
  event: AuthenticatedEvent,
  before: PersonRecord,
): Promise<Applied | 'raced'> {
  const { services, tenant, canFetch } = context;
  const link = before.links?.[event.source];
  if (event.group !== undefined) return applyToGroup(context, event, before);
  const order = orderOf(event, link);
  const sides = sidesOf(event);
  if ((sides.profile || sides.status) && !order.profile && !order.status) {
    return canFetch ? fetching(context, event) : { outcome: 'stale' };
  }
  const leaves = isLeaver(event) && order.status && isInService(before);
  if (leaves && needsConfirmation(event)) {
    if (canFetch) return fetching(context, event);
    await storeConfirmation(services, tenant, event);
    return { outcome: 'held' };
  }
  if (event.completeness === 'partial' && !isLeaver(event) && canFetch) return fetching(context, event);
  return write(context, event, before, order);
}

async function write(
  { services, tenant }: ApplyContext,
  event: AuthenticatedEvent,
  before: PersonRecord,
  order: Order,
): Promise<Applied | 'raced'> {
  const known = before.links?.[event.source];
  const isMaker = known?.isMaker === true && before.source === event.source;
  const { isMaker: _, ...rest } = linkAfter(known, event, order);
  const link: SourceLink = isMaker ? { ...rest, isMaker } : rest;
  const links = { ...before.links, [event.source]: link };
  const deleted = event.kind === 'remove' && order.status;
  const returns = before.deletedAt !== undefined && !deleted;
  // What is said about somebody who is gone counts only when it says that they are back.
  if (returns && !(order.status && event.kind !== 'suspend') && event.kind !== 'upsert')
    return { outcome: 'unchanged' };
  const kind = event.kind === 'assign' ? 'resume' : event.kind === 'unassign' ? 'suspend' : event.kind;
  const person = mergedPerson(before, { ...event, kind }, { ...order, owns: isMaker });
  const isSame =
    !isProvisional(before) &&
    sameValue(person, before.person) &&
    (before.deletedAt !== undefined) === deleted;
  if (isSame) {
    if (sameValue(links, before.links)) return { outcome: 'unchanged' };
    const after = { ...before, version: before.version + 1, links };
    return (await services.directory.updatePerson(before, after)).ok ? { outcome: 'unchanged' } : 'raced';
  }
  const accepted = await accept(tenant, services, {
    person,
    source: event.source,
    priority: PRIORITY.interactive,
    before,
    links,
    ...(deleted ? { deleted } : {}),
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
  { services, tenant }: ApplyContext,
  event: AuthenticatedEvent,
  record: PersonRecord,
): Promise<Applied> {
  const { group, kind } = event;
  if (group === undefined || record.deletedAt !== undefined) return { outcome: 'nobody' };
  const change = kind === 'unassign' ? leaveGroup : joinGroup;
  return change(services, tenant, event, group, record);
}

function isInService({ person, deletedAt }: PersonRecord): boolean {
  return deletedAt === undefined && person.active !== false;
}
