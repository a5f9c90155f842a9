/** What lists and counters call a record's state: `held` is what waits because of the brake. */
export const LISTED_STATES = [
  'due',
  'failed',
  'waiting',
  'held',
  'provisioned',
  'suspended',
  'removed',
] as const;
export type ListedState = (typeof LISTED_STATES)[number];

/** Why a record is in its state. What each means and what helps is written once, in `functions/operate/reasons.ts`. */
export type ReasonCode =
  // due
  | 'queued'
  | 'credentials'
  | 'unreachable'
  | 'no-answer'
  | 'looked-for'
  | 'names-unreadable'
  | 'no-organization'
  | 'other'
  // failed
  | 'unknown-name'
  | 'ambiguous-name'
  | 'unusable-value'
  | 'invalid'
  | 'uniqueness'
  | 'agent-exists'
  | 'refused'
  // held
  | 'leaving'
  | 'change'
  // waiting, suspended, removed
  | 'inactive'
  | 'deleted'
  | 'out-of-scope'
  | 'kept'
  | 'no-seat'
  | 'decided'
  // provisioned
  | 'done';

/** In which state a record is listed and counted, for which reason, and since when (ISO 8601). */
export interface Listed {
  readonly state: ListedState;
  readonly reason: ReasonCode;
  readonly since: string;
  /** While the record is due: where it stood before, so that one that comes back there has been there all along. */
  readonly before?: Omit<Listed, 'before'>;
}
