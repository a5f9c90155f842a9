import type { ReasonCode } from '../../directory/people/listed.ts';
import { COUNTED_STATES, type CountedState } from '../../directory/people/places.ts';
import type { PersonRecord } from '../../directory/record.ts';
import { PRIORITY } from '../../directory/record.ts';
import { listAwaitingConfirmation } from '../../events/confirm.ts';
import { openStates, type SourceState } from '../../events/source-state.ts';
import { type BrakeState, readBrake } from '../../provision/brake/brake.ts';
import { type Pause, readPause } from '../../provision/drain/pause.ts';
import { reasonCodeOf } from '../../provision/listed.ts';
import { readUnseated, type Unseated } from '../../provision/seats/unseated.ts';
import type { Services } from '../../provision/services.ts';
import type { TenantProvisioning } from '../../provision/tenant.ts';
import { type Reconciliation, readReconciliation } from '../../reconcile/report.ts';
import { compact } from '../../runtime/compact.ts';

/** How a tenant stands at a moment, from few small reads whatever its size. */
export interface Overview {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly persons: number;
  /** Agents in service. */
  readonly agents: number;
  readonly states: { readonly [State in CountedState]: number };
  readonly queue: Queue;
  /** Each reason for which people have failed. */
  readonly failed: readonly Failed[];
  readonly brake: BrakeState;
  /** Who waits for a seat; absent where nobody does. */
  readonly unseated?: Unseated;
  readonly pause?: Pause;
  readonly reconciliation?: Reconciliation;
  readonly sources: readonly {
    readonly name: string;
    readonly preset: string;
    readonly state: SourceState;
  }[];
  /** Events that an operator has to confirm; at `most` there may be more. */
  readonly unconfirmed: { readonly count: number; readonly most: number };
  /** Percent of the calls of the last minute that are used. */
  readonly budgetUse: number;
}

/** What waits for a call to SmartAssist. */
export interface Queue {
  /** At `most` there may be more. */
  readonly count: number;
  readonly most: number;
  /** Milliseconds that each of the first has waited: of people who join, and of back-fill. */
  readonly joiners: readonly number[];
  readonly backfill: readonly number[];
  /** What the last attempts came to that SmartAssist or its credentials did not let end well. */
  readonly trouble?: { readonly reason: ReasonCode; readonly words: string; readonly at: string };
}

/** People who failed for one reason. */
export interface Failed {
  readonly reason: ReasonCode;
  /** At `most` there may be more. */
  readonly count: number;
  readonly most: number;
  /** ISO 8601: of those who failed first. */
  readonly since: string;
  /** What was said of the first. */
  readonly words: string;
}

/** Of lists no more is looked at: a page that says how things are is to be there at once. */
const MOST_QUEUED = 50;
const MOST_FAILED = 20;
const MOST_UNCONFIRMED = 100;
/** Reasons for which people fail; for all others they wait. */
const FAILED_FOR: readonly ReasonCode[] = [
  'unknown-name',
  'ambiguous-name',
  'unusable-value',
  'invalid',
  'uniqueness',
  'agent-exists',
  'refused',
];
const TROUBLE: readonly ReasonCode[] = [
  'credentials',
  'unreachable',
  'no-answer',
  'names-unreadable',
  'no-organization',
];

export async function readOverview(
  { name, tenant, budget }: Pick<TenantProvisioning, 'name' | 'tenant' | 'budget'>,
  services: Services,
): Promise<Overview> {
  const { directory, clock } = services;
  const now = clock.now();
  const states = openStates(services);
  const counts = new Map(COUNTED_STATES.map((state) => [state, directory.countListed(name, state)]));
  const sources = Object.entries(tenant.sources).map(async ([source, { preset }]) => ({
    name: source,
    preset,
    state: await states.get(name, source),
  }));
  const [
    persons,
    agents,
    counted,
    queue,
    failed,
    brake,
    pause,
    reconciliation,
    heard,
    awaiting,
    budgetUse,
    unseated,
  ] = await Promise.all([
    directory.countPersons(name),
    directory.countActiveAgents(name),
    Promise.all(counts.values()),
    readQueue(services, name, now),
    readFailed(services, name, counts.get('failed')),
    readBrake(services, name),
    readPause(directory, name),
    readReconciliation(services, name),
    Promise.all(sources),
    listAwaitingConfirmation(services, name, { limit: MOST_UNCONFIRMED }),
    budget.use(),
    readUnseated(services, name, tenant.seats),
  ]);
  return {
    at: now,
    persons,
    agents,
    states: Object.fromEntries(
      COUNTED_STATES.map((state, i) => [state, counted[i] ?? 0]),
    ) as Overview['states'],
    queue,
    failed,
    brake,
    ...compact({ pause, reconciliation, unseated }),
    sources: heard,
    unconfirmed: { count: awaiting.events.length, most: MOST_UNCONFIRMED },
    budgetUse,
  };
}

async function readQueue({ directory }: Services, tenant: string, now: number): Promise<Queue> {
  const { persons } = await directory.queuedPersons(tenant, { limit: MOST_QUEUED });
  const waited = (record: PersonRecord) =>
    Math.max(0, now - Date.parse(record.dueSince ?? record.dueAt ?? record.updatedAt));
  const isJoiner = ({ priority }: PersonRecord) => priority === PRIORITY.interactive;
  const troubled = persons.find((record) => TROUBLE.includes(reasonCodeOf(record)));
  const lastError = troubled?.attempts.lastError;
  return {
    count: persons.length,
    most: MOST_QUEUED,
    joiners: persons.filter(isJoiner).map(waited),
    backfill: persons.filter((record) => !isJoiner(record)).map(waited),
    ...(troubled === undefined || lastError === undefined
      ? {}
      : { trouble: { reason: reasonCodeOf(troubled), words: lastError.message, at: lastError.at } }),
  };
}

/** The first of each reason: the index has them in the order in which they failed. */
async function readFailed(
  { directory }: Services,
  tenant: string,
  all: Promise<number> | undefined,
): Promise<Failed[]> {
  if ((await all) === 0) return [];
  const found = await Promise.all(
    FAILED_FOR.map(async (reason): Promise<Failed[]> => {
      const page = await directory.listedPersons(tenant, 'failed', { reason, limit: MOST_FAILED });
      const [first] = page.persons;
      if (first === undefined) return [];
      const { lastError } = first.attempts;
      return [
        {
          reason,
          count: page.persons.length,
          most: MOST_FAILED,
          since: first.listed?.since ?? lastError?.at ?? first.updatedAt,
          words: lastError?.message ?? '',
        },
      ];
    }),
  );
  return found.flat();
}
