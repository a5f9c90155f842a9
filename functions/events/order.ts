import type { LinkState, Mark } from '../directory/record.ts';
import { compact } from '../runtime/compact.ts';
import type { AuthenticatedEvent } from './event.ts';

/** When an event was said, as marks are kept. */
export function markOf({ occurredAt, sequence }: Pick<AuthenticatedEvent, 'occurredAt' | 'sequence'>): Mark {
  return compact({ at: occurredAt, sequence });
}

/**
 * Whether something was said later than a mark, or at the same time: by the source's own count where both have one, else
 * by its clock. What has no time of its own is as new as its arrival.
 */
export function isNewer(mark: Mark, than: Mark | undefined): boolean {
  if (than === undefined) return true;
  if (mark.sequence !== undefined && than.sequence !== undefined) return mark.sequence >= than.sequence;
  if (mark.at === undefined || than.at === undefined || than.at === '') return true;
  return Date.parse(mark.at) >= Date.parse(than.at);
}

/** When attributes were last said as a whole. */
export function profileMark({ profileAt, profileSequence, sequence }: LinkState): Mark | undefined {
  const count = profileSequence ?? (profileAt === undefined ? undefined : sequence);
  return profileAt === undefined && count === undefined
    ? undefined
    : compact({ at: profileAt, sequence: count });
}

/** When it was last said whether the source's scope has the person. */
export function scopeMark({ scopeAt, scopeSequence }: LinkState): Mark | undefined {
  return scopeAt === undefined && scopeSequence === undefined
    ? undefined
    : compact({ at: scopeAt, sequence: scopeSequence });
}

/** When something was last said about being in or out of service. */
export function statusMark({ statusAt, statusSequence, sequence }: LinkState): Mark | undefined {
  const count = statusSequence ?? (statusAt === undefined ? undefined : sequence);
  return statusAt === undefined && count === undefined
    ? undefined
    : compact({ at: statusAt, sequence: count });
}
