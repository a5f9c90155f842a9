import type { Listed, ListedState, ReasonCode } from '../directory/people/listed.ts';
import type { PersonRecord } from '../directory/record.ts';
import { timestamp } from '../runtime/clock.ts';
import { compact } from '../runtime/compact.ts';

/**
 * The record as lists and counters are to have it from now on. To be the last step of what changes a record's state; one
 * that comes back to where it was, for the same reason, has been there all along.
 *
 * @param since ISO 8601 from when on it counts, where that isn't now
 */
export function listed(record: PersonRecord, now: number, since?: string): PersonRecord {
  return { ...record, listed: listedAs(record, now, since) };
}

function listedAs(record: PersonRecord, now: number, begin?: string): Listed {
  const { listed: known, dueSince } = record;
  const state = listedStateOf(record);
  const reason = reasonCodeOf(record);
  const at = timestamp(now);
  if (state === 'due') return { state, reason, since: dueSince ?? at, ...compact({ before: restOf(known) }) };
  const rest = restOf(known);
  const isSame = rest?.state === state && rest.reason === reason;
  return { state, reason, since: isSame ? rest.since : (begin ?? at) };
}

/** Where a record stood when it last was not due. */
function restOf(known: Listed | undefined): Listed['before'] {
  return known?.state === 'due' ? known.before : known;
}

export function listedStateOf({ state, held }: PersonRecord): ListedState {
  return held === undefined ? state : 'held';
}

/** ISO 8601: since when the record is in its state; of what version 0.1.0 wrote last, as far as that is known. */
export function sinceOf({ listed: known, dueSince, hold, attempts, agent, updatedAt }: PersonRecord): string {
  return known?.since ?? dueSince ?? hold?.since ?? attempts.lastError?.at ?? agent.appliedAt ?? updatedAt;
}

/** Why the record is in its state. Of what version 0.1.0 wrote it says as much as that noted. */
export function reasonCodeOf(record: PersonRecord): ReasonCode {
  const { state, held, hold, attempts, discarded, deletedAt, person, agent } = record;
  if (held !== undefined) return hold?.movement ?? 'leaving';
  switch (state) {
    case 'due':
      return attempts.lastError === undefined ? 'queued' : postponedCode(attempts.lastError.code);
    case 'failed':
      return attempts.lastError?.reason ?? failedCode(attempts.lastError?.code);
    case 'provisioned':
      return 'done';
    default:
      if (discarded !== undefined) return 'decided';
      if (state === 'waiting' && attempts.lastError?.code === 'no-seat') return 'no-seat';
      if (deletedAt !== undefined) return 'deleted';
      if (person.active === false) return 'inactive';
      return state === 'waiting' && agent.presence === 'active' ? 'kept' : 'out-of-scope';
  }
}

const POSTPONED: Readonly<Record<string, ReasonCode>> = {
  unauthorized: 'credentials',
  'secret-missing': 'credentials',
  'secret-malformed': 'credentials',
  'secret-unreadable': 'credentials',
  unreachable: 'unreachable',
  unknown: 'no-answer',
  'looked-for': 'looked-for',
  'names-unreadable': 'names-unreadable',
  'no-organization': 'no-organization',
};

function postponedCode(code: string): ReasonCode {
  return POSTPONED[code] ?? 'other';
}

function failedCode(code: string | undefined): ReasonCode {
  return code === 'refused' || code === 'uniqueness' ? code : 'invalid';
}
