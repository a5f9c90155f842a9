interface Definition {
  /** `count`: adds up. `gauge`: how something stands now. `time`: how long each took, for percentiles. */
  readonly kind: 'count' | 'gauge' | 'time';
  /** What it is told apart by. Few, of few values, and never a person: CloudWatch bills each combination. */
  readonly dimensions: readonly ('tenant' | 'kind' | 'reason')[];
}

/** Everything that is measured. Alarms and dashboard are made from this list, so a name stands nowhere else. */
export const METRICS = {
  /** Persons that a front door has stored. */
  Accepted: { kind: 'count', dimensions: ['tenant'] },
  /** Requests and events that a front door didn't take. */
  Rejected: { kind: 'count', dimensions: ['tenant', 'reason'] },
  /** Requests that were too many: of SCIM by a tenant (scim), or of those that prove nothing (stranger). */
  Limited: { kind: 'count', dimensions: ['tenant', 'kind'] },
  /** Events of sources that are of a type which is not wanted. */
  Ignored: { kind: 'count', dimensions: ['tenant'] },
  /** Events of sources about persons whom nobody here knows by the source's id. */
  Unmatched: { kind: 'count', dimensions: ['tenant'] },
  /** Sign-ups that no longer wait for an operator: for 30 days (age), or beside too many others (too-many). */
  Lapsed: { kind: 'count', dimensions: ['tenant', 'reason'] },
  /** Agents that were brought to what they should be: create, update, suspend, resume, remove, adopt. */
  Provisioned: { kind: 'count', dimensions: ['tenant', 'kind'] },
  /** Persons who are stored and can't become an agent until the cause is mended. */
  Failed: { kind: 'count', dimensions: ['tenant', 'reason'] },
  /** Persons who are failed now. Written every minute. */
  FailedNow: { kind: 'gauge', dimensions: ['tenant'] },
  /** Seconds from when a joiner was accepted until the agent was there: what the product promises is 60 for 99 of 100. */
  JoinTime: { kind: 'time', dimensions: [] },
  /** Seconds that the joiner has waited who has waited longest. Written every minute, also where none waits. */
  OldestDueAge: { kind: 'gauge', dimensions: ['tenant'] },
  /** The same of those for whom no caller waits: imports, and all persons after a change of the mapping. */
  OldestBackfillAge: { kind: 'gauge', dimensions: ['tenant'] },
  /** Calls sent to SmartAssist. */
  Call: { kind: 'count', dimensions: ['tenant'] },
  /** Milliseconds that a call to SmartAssist took, also one that got no answer. */
  CallTime: { kind: 'time', dimensions: [] },
  /** Calls that SmartAssist turned down because it had too many. */
  CallThrottled: { kind: 'count', dimensions: ['tenant'] },
  /** Calls that got no connection, or no answer that can be used. */
  CallUnanswered: { kind: 'count', dimensions: ['tenant'] },
  /** Calls whose credentials SmartAssist didn't take. */
  CallUnauthorized: { kind: 'count', dimensions: ['tenant'] },
  /** The share of the account's calls of the last minute that is used. */
  BudgetUse: { kind: 'gauge', dimensions: ['tenant'] },
  /** Agents in service as a share of the tenant's seats. Written every minute where there is a limit. */
  SeatUse: { kind: 'gauge', dimensions: ['tenant'] },
  /** 1 for each look at a brake that holds; nothing is written while it doesn't. */
  BrakeEngaged: { kind: 'gauge', dimensions: ['tenant'] },
  /** Seconds since an operator has paused a tenant; nothing is written while none is. */
  PausedAge: { kind: 'gauge', dimensions: ['tenant'] },
  /** Seconds since the last reconciliation began, as long as none is finished that began later. */
  CensusAge: { kind: 'gauge', dimensions: ['tenant'] },
  /** What a reconciliation found: agents that are changed, missing, or held by no person (foreign). */
  CensusDrift: { kind: 'gauge', dimensions: ['tenant', 'kind'] },
  /** Sources from which nothing comes any more. Written only where there are some. */
  SourceSilent: { kind: 'gauge', dimensions: ['tenant'] },
  /** Sources that are paused until an operator resumes them. Written only where there are some. */
  SourcePaused: { kind: 'gauge', dimensions: ['tenant'] },
  /** What went wrong with a source by itself: fetch, renewal, poll, notice, sign-up. */
  SourceFailed: { kind: 'count', dimensions: ['tenant', 'reason'] },
  /** Seconds since the source that was read longest ago was last read to its end. Written only where sources are read. */
  SyncAge: { kind: 'gauge', dimensions: ['tenant'] },
  /** What the last reading of everybody found that nobody had said before: people who are new, changed or gone. */
  SyncDrift: { kind: 'gauge', dimensions: ['tenant', 'kind'] },
  /** Readings of a source (initial, delta, full) that failed or were incomplete for the third time in a row or more. */
  SyncFailed: { kind: 'count', dimensions: ['tenant', 'reason'] },
  /** Messages to the drain that the queue did not take; the schedule rings again within a minute. */
  DoorbellFailed: { kind: 'count', dimensions: ['tenant'] },
  /** Scheduled work of a tenant that failed; that of the others goes on. */
  ScheduleFailed: { kind: 'count', dimensions: ['tenant'] },
  /** 1 where the front door did not answer a request by its public name, else 0. Written every minute where that is checked. */
  FrontDoorUnanswered: { kind: 'gauge', dimensions: [] },
  /** Reads of secrets that gave nothing usable: missing, denied, malformed, unreadable; stale where the last value served. */
  SecretUnusable: { kind: 'count', dimensions: ['reason'] },
  /** Starts without the code cache that the function was deployed with: version, missing, digest or flags. */
  CodeCacheRejected: { kind: 'count', dimensions: ['reason'] },
  /** Environments of a function that were started. */
  ColdStart: { kind: 'count', dimensions: ['kind'] },
} as const satisfies Readonly<Record<string, Definition>>;

export type MetricName = keyof typeof METRICS;

/** Units as CloudWatch calls them; all else is a count of things. Apart, so that a function loads nothing but these. */
export const UNITS: Readonly<Partial<Record<MetricName, 'Percent' | 'Seconds' | 'Milliseconds'>>> = {
  JoinTime: 'Seconds',
  CallTime: 'Milliseconds',
  OldestDueAge: 'Seconds',
  OldestBackfillAge: 'Seconds',
  PausedAge: 'Seconds',
  CensusAge: 'Seconds',
  SyncAge: 'Seconds',
  BudgetUse: 'Percent',
  SeatUse: 'Percent',
};

/** Written by their dimensions alone, and not over all tenants as well: no alarm looks at them so, and each costs. */
export const APART: ReadonlySet<MetricName> = new Set<MetricName>(['Accepted', 'Call', 'FailedNow']);

type OfKind<Kind extends Definition['kind']> = {
  [Name in MetricName]: (typeof METRICS)[Name]['kind'] extends Kind ? Name : never;
}[MetricName];
/** A value for each dimension that a metric has. */
export type DimensionsOf<Name extends MetricName> = {
  readonly [Dimension in (typeof METRICS)[Name]['dimensions'][number]]: string;
};

/** The numbers by which the product is watched; handed in like the log. */
export interface Metrics {
  /** Adds to what is counted. */
  count<Name extends OfKind<'count'>>(name: Name, dimensions: DimensionsOf<Name>, by?: number): void;
  /** Says how something stands; the last word of an invocation holds. */
  gauge<Name extends OfKind<'gauge'>>(name: Name, dimensions: DimensionsOf<Name>, value: number): void;
  /** Says how long something took, in the metric's unit; each time counts. */
  time<Name extends OfKind<'time'>>(name: Name, dimensions: DimensionsOf<Name>, value: number): void;
}

/** The tenant of a request that is for none that is configured: what a stranger writes into a path is no dimension. */
export const NO_TENANT = 'none';

export const silentMetrics: Metrics = { count() {}, gauge() {}, time() {} };
