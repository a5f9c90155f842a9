import type { SourceLink } from '../directory/record.ts';
import { compact } from '../runtime/compact.ts';
import { type AuthenticatedEvent, isLeaver } from './event.ts';

/** What of an event is newer than, or as new as, what its source said last. */
export interface Order {
  readonly profile: boolean;
  readonly status: boolean;
}

/** Which of a person's two sides an event speaks of. */
export function sidesOf(event: AuthenticatedEvent): Order {
  const { kind, group, person } = event;
  const saysActive = typeof person?.active === 'boolean';
  return {
    profile: event.person !== undefined || event.operations !== undefined,
    status: saysActive || (kind !== 'upsert' && group === undefined) || event.operations !== undefined,
  };
}

/**
 * Holds an event to the last one of its source. Attributes and service are ordered apart: a change of somebody's name
 * that overtakes their leaving must not make the leaving old.
 */
export function orderOf(event: AuthenticatedEvent, link: SourceLink | undefined): Order {
  const sides = sidesOf(event);
  const { occurredAt, sequence } = event;
  if (sequence !== undefined && link?.sequence !== undefined) {
    const isNew = sequence >= link.sequence;
    return { profile: sides.profile && isNew, status: sides.status && isNew };
  }
  const isNew = (last: string | undefined) =>
    last === undefined || occurredAt === undefined || Date.parse(occurredAt) >= Date.parse(last);
  return {
    profile: sides.profile && isNew(link?.profileAt),
    status: sides.status && isNew(link?.statusAt),
  };
}

/** The link as it is after an event whose newer sides were applied. */
export function linkAfter(
  link: SourceLink | undefined,
  event: AuthenticatedEvent,
  { profile, status }: Order,
): SourceLink {
  const { occurredAt, sequence, subject } = event;
  return {
    ...link,
    ...compact({ id: subject.id }),
    ...(profile && occurredAt !== undefined ? { profileAt: occurredAt } : {}),
    ...(status && occurredAt !== undefined ? { statusAt: occurredAt } : {}),
    ...(sequence !== undefined && (profile || status) ? { sequence } : {}),
  };
}

/** Whether an event needs to be confirmed before somebody is put out of service by it. */
export function needsConfirmation(event: AuthenticatedEvent): boolean {
  return event.trust !== 'signed' && isLeaver(event);
}
