import type { AgentState, PersonRecord, State } from '../directory/record.ts';
import { type Random, timestamp } from '../runtime/clock.ts';
import { compact } from '../runtime/compact.ts';
import { correlationId } from '../runtime/correlation.ts';
import { listed } from './listed.ts';
import { type AgentFacts, failureOf, type Result } from './result.ts';
import type { ServedGeneration } from './services.ts';

/**
 * The life of a record, every transition of it:
 *
 *   due → provisioned → (person, mapping or catalogue changed) due → … → suspended → removed
 *   due → failed       refused; due again when person, mapping or catalogue change
 *   due → waiting      not to be an agent, held by the brake, or no seat is free
 *   due → due          not now; later
 *
 * Functions here take a record as it is and give it as it is to be written. None does I/O, and nothing else in the
 * product writes `state`.
 */
const LEADS_TO: { readonly [Kind in Result['kind']]: State } = {
  applied: 'provisioned',
  suspended: 'suspended',
  removed: 'removed',
  nothing: 'waiting',
  kept: 'waiting',
  invalid: 'failed',
  refused: 'failed',
  taken: 'failed',
  held: 'waiting',
  'no-seat': 'waiting',
  postponed: 'due',
  'no-slot': 'due',
};

const BACKOFF = { firstMs: 2_000, maxMs: 15 * 60_000, minMs: 250 };

export interface AttemptTerms {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly random: Random;
  readonly retentionDays: number;
  /** The SmartAssist account that agents belong to. */
  readonly account: string;
  /** ISO 8601: when the mapping of the person changes by itself. */
  readonly changesAt?: string | undefined;
}

/** The record after an attempt: without lease, with what the attempt found out. */
export function afterAttempt(record: PersonRecord, result: Result, terms: AttemptTerms): PersonRecord {
  const { lease: _lease, dueAt: _dueAt, changesAt: _changesAt, ...leaseless } = record;
  const { dueSince, held: _held, hold: _hold, released, ...rest } = leaseless;
  const state = LEADS_TO[result.kind];
  const at = timestamp(terms.now);
  const after: PersonRecord = {
    ...rest,
    ...compact({ changesAt: terms.changesAt }),
    version: record.version + 1,
    state,
    agent: agentAfter(record.agent, result, at, terms.account),
    attempts: attemptsAfter(record, result, at),
    ...(state === 'due' ? { dueAt: dueAtAfter(record, result, terms), dueSince: dueSince ?? at } : {}),
    ...(result.kind === 'held' ? { held: 'brake' as const, hold: result.hold } : {}),
    // What was released stays so until it is done.
    ...(state === 'due' ? compact({ released }) : {}),
  };
  const whole =
    after.deletedAt !== undefined && isAtRest(after)
      ? { ...after, eraseAt: eraseAtOf(after, after.deletedAt, terms) }
      : after;
  // Who waits for a seat has done so since the agent was wanted: it is the order in which seats are given.
  return listed(whole, terms.now, result.kind === 'no-seat' ? dueSince : undefined);
}

/**
 * What an attempt found out, written onto a record that was changed meanwhile: the facts about the agent hold, the
 * lease ends, and the change makes it due again. Where the lease has passed to another holder, that one stays, and
 * whose facts are the later ones isn't known: the next attempt looks.
 */
export function afterRace(
  current: PersonRecord,
  attempted: PersonRecord,
  result: Result,
  { now, account }: Pick<AttemptTerms, 'now' | 'account'>,
): PersonRecord {
  const { lease, ...rest } = current;
  const isOurs = lease !== undefined && lease.holder === attempted.lease?.holder;
  const at = timestamp(now);
  const unknown = attemptsAfter(current, result, at).unknown || !isOurs;
  return listed(
    {
      ...rest,
      ...(isOurs || lease === undefined ? {} : { lease }),
      version: current.version + 1,
      state: 'due',
      dueAt: current.dueAt ?? at,
      dueSince: current.dueSince ?? at,
      agent: agentAfter(current.agent, result, at, account),
      attempts: { ...current.attempts, unknown },
    },
    now,
  );
}

/**
 * Work on the record begins: no other function writes it meanwhile. Found under an older lease, its holder died midway. The
 * generation is stored with the lease, before the agent is touched: see `isMappedByNewer`.
 */
export function leased(
  record: PersonRecord,
  holder: string,
  until: number,
  generation?: ServedGeneration,
): PersonRecord {
  return {
    ...record,
    ...compact({ generation: generation?.number }),
    version: record.version + 1,
    lease: { holder, until },
    attempts: { ...record.attempts, unknown: record.attempts.unknown || record.lease !== undefined },
  };
}

/** Something that the record depends on has changed: it is due from `now` on, and what was refused counts no more. */
export function due(record: PersonRecord, now: number, priority = record.priority): PersonRecord {
  const { held: _held, hold: _hold, released: _released, ...undecided } = record;
  const { discarded: _discarded, eraseAt: _eraseAt, ...rest } = undecided;
  const at = timestamp(now);
  const correlation = correlationId();
  return listed(
    {
      ...rest,
      version: record.version + 1,
      state: 'due',
      dueAt: at,
      dueSince: record.dueSince ?? at,
      ...compact({ correlationId: correlation }),
      priority,
      attempts: { count: 0, unknown: record.attempts.unknown },
    },
    now,
  );
}

/** A create with this address is about to be sent: should its outcome never be learned, the agent is looked for by it. */
export function addressSent(record: PersonRecord, emailId: string, isKeyed: boolean): PersonRecord {
  const { isKeyed: _, ...known } = record.agent;
  return { ...record, agent: { ...known, emailId, ...(isKeyed ? {} : { isKeyed: false as const }) } };
}

/** The agent is this person's, whatever else is known of it. */
export function agentHeld(record: PersonRecord, agentId: string, account: string): PersonRecord {
  return { ...record, version: record.version + 1, agent: { ...record.agent, agentId, account } };
}

/** The agent turned out to be another person's. To be made `due`, so that the person gets its own or is refused. */
export function agentGivenUp(record: PersonRecord): PersonRecord {
  const { appliedHash: _hash, ...known } = record.agent;
  return {
    ...record,
    agent: { ...withoutAgent(known), presence: 'none' },
    attempts: { ...record.attempts, unknown: true },
  };
}

/** Without an id that turned out to be another person's agent. */
export function withoutAgentId(record: PersonRecord): PersonRecord {
  const { agentId: _id, account: _account, ...known } = record.agent;
  return { ...record, agent: known };
}

/** What SmartAssist has is not what was applied: with `none` the agent itself is gone. To be made `due`. */
export function agentLost(record: PersonRecord, presence: AgentState['presence']): PersonRecord {
  const { appliedHash: _hash, createdAt, ...known } = record.agent;
  // The id stays: an agent that a list didn't show is looked up by it before another is made.
  const there = presence === 'none' || createdAt === undefined ? {} : { createdAt };
  // A suspended agent that was put back in service by hand counts as active, so that it is suspended again.
  return {
    ...record,
    agent: { ...known, ...there, presence: presence === 'suspended' ? 'active' : presence },
    // A list that is read page by page can miss one that is there: look before there are two.
    attempts: { ...record.attempts, unknown: true },
  };
}

/** An operator decided that this agent stays as it is. */
export function discarded(record: PersonRecord, now: number): PersonRecord {
  const { held: _held, hold, ...rest } = record;
  return listed({ ...rest, version: record.version + 1, discarded: hold?.hash ?? true }, now);
}

/** An operator lets what the brake holds pass: due, and not counted any more. */
export function releasedByOperator(record: PersonRecord, now: number): PersonRecord {
  return { ...due(record, now), released: true };
}

/**
 * A newer generation of the configuration has mapped the record already, or has begun to: an older one never overwrites
 * what that came to. A lease is written under the condition that the record is as it was read, so the two never cross.
 */
export function isMappedByNewer(
  { generation: of = 0 }: Pick<PersonRecord, 'generation'>,
  generation: ServedGeneration | undefined,
): boolean {
  return generation !== undefined && of > generation.number;
}

/** An attempt holds the record at this moment. */
export function isLeased(record: PersonRecord, now: number): boolean {
  return record.lease !== undefined && record.lease.until > now;
}

/**
 * Whether what the record holds may still be taken back: the sender waits for SmartAssist's answer, and a refusal
 * puts back what stood there. A caller that accepts the same from another sender stores it once more, so that it stays.
 */
export function isProvisional(record: PersonRecord): boolean {
  return record.lease !== undefined;
}

/** Retention begins with the deletion, or with what was done to the agent after it: a look that changes nothing adds nothing. */
function eraseAtOf({ agent }: PersonRecord, deletedAt: string, { retentionDays }: AttemptTerms): string {
  const begins = Math.max(Date.parse(deletedAt), Date.parse(agent.appliedAt ?? '') || 0);
  return new Date(begins + retentionDays * 86_400_000).toISOString();
}

function isAtRest({ state, held }: PersonRecord): boolean {
  return state !== 'due' && state !== 'failed' && held === undefined;
}

function agentAfter(agent: AgentState, result: Result, at: string, account: string): AgentState {
  const { appliedHash: _hash, appliedAt: _at, ...known } = agent;
  switch (result.kind) {
    case 'applied': {
      const { agentId: _id, account: _account, ...others } = known;
      const { agentId } = result;
      return {
        // A new agent has a new id, told or not. Any other was claimed before it was changed.
        ...(result.did === 'created' ? { ...others, createdAt: at } : known),
        ...(result.did === 'created' && agentId !== undefined ? { agentId, account } : {}),
        emailId: result.emailId,
        presence: 'active',
        appliedHash: result.hash,
        appliedAt: result.did === 'unchanged' ? (agent.appliedAt ?? at) : at,
      };
    }
    case 'suspended':
      return {
        ...known,
        presence: 'suspended',
        appliedAt: result.did === 'unchanged' ? (agent.appliedAt ?? at) : at,
      };
    case 'removed':
      return { ...withoutAgent(known), presence: 'removed', appliedAt: at };
    case 'nothing':
      return { ...withoutAgent(known), presence: agent.presence === 'removed' ? 'removed' : 'none' };
    case 'postponed':
      // Under another address the agent isn't what was applied any more.
      return result.emailId === undefined
        ? agentFound(agent, result.found)
        : { ...known, ...compact({ appliedAt: agent.appliedAt }), emailId: result.emailId };
    case 'taken':
    case 'invalid':
    case 'kept':
    case 'no-seat':
      return agentFound(agent, result.found);
    default:
      return agent;
  }
}

/** What is known of the agent after it was looked for. Whether one that is there is in service isn't said: it counts as so. */
function agentFound(agent: AgentState, found: AgentFacts | undefined): AgentState {
  if (found === undefined) return agent;
  const { appliedHash: _hash, ...known } = agent;
  return found === 'none'
    ? { ...withoutAgent(known), presence: agent.presence === 'removed' ? 'removed' : 'none' }
    : { ...known, ...found, presence: 'active' };
}

/** Without what is known of one agent, which isn't there or isn't this person's. */
function withoutAgent<Known extends Omit<AgentState, 'presence'>>(known: Known) {
  const {
    agentId: _id,
    account: _account,
    createdAt: _created,
    emailId: _email,
    isKeyed: _keyed,
    ...rest
  } = known;
  return rest;
}

const noSeatText = (seats: number) =>
  `all ${seats} seats are taken (seats in the configuration); the agent is in service once one is free`;

const ADDRESS_KEPT =
  'emailId: SmartAssist took the update and kept the former address. An administrator of SmartAssist has to change it, ' +
  'or to delete the agent, so that it is made anew.';

function attemptsAfter({ attempts }: PersonRecord, result: Result, at: string): PersonRecord['attempts'] {
  const isSettled = 'found' in result && result.found !== undefined;
  const isUnknown = attempts.unknown && !isSettled;
  switch (result.kind) {
    case 'applied': {
      const lastError = { code: 'address-kept', message: ADDRESS_KEPT, at };
      return { count: 0, unknown: false, ...(result.isAddressKept ? { lastError } : {}) };
    }
    case 'postponed':
      return {
        count: attempts.count + 1,
        unknown: isUnknown || result.unknown,
        ...compact({ lookedForSince: result.lookedForSince }),
        lastError: { code: result.code, message: result.message, at },
      };
    case 'refused':
      return {
        count: attempts.count + 1,
        unknown: result.unknown,
        lastError: {
          code: 'refused',
          message: `SmartAssist refused (${result.status}): ${result.message}`,
          at,
          ...failureOf(result),
        },
      };
    case 'taken':
      return {
        count: attempts.count + 1,
        unknown: isUnknown,
        lastError: { code: 'uniqueness', message: result.message, at, ...failureOf(result) },
      };
    case 'invalid': {
      const message = result.problems.map((problem) => problem.message).join('; ');
      return {
        count: attempts.count + 1,
        unknown: isUnknown,
        lastError: { code: 'invalid', message, at, ...failureOf(result) },
      };
    }
    case 'no-slot':
      return { ...attempts, unknown: attempts.unknown || result.unknown };
    case 'held':
      // Waiting is no failure: what an older attempt said is over.
      return { count: attempts.count, unknown: attempts.unknown };
    case 'no-seat':
      return {
        count: 0,
        unknown: isUnknown,
        lastError: { code: 'no-seat', message: noSeatText(result.seats), at },
      };
    case 'kept':
      return { count: 0, unknown: isUnknown };
    case 'removed': {
      const { remains } = result;
      const lastError = remains === undefined ? undefined : { code: 'user-remains', message: remains, at };
      return { count: 0, unknown: false, ...compact({ lastError }) };
    }
    default:
      return { count: 0, unknown: false };
  }
}

/** Full jitter, growing, bounded. A record that found no free call keeps its place in the queue. */
function dueAtAfter(record: PersonRecord, result: Result, { now, random }: AttemptTerms): string {
  if (result.kind === 'no-slot') return record.dueAt ?? timestamp(now);
  const ceiling = Math.min(BACKOFF.maxMs, BACKOFF.firstMs * 2 ** Math.min(record.attempts.count, 20));
  return new Date(now + Math.max(BACKOFF.minMs, random() * ceiling)).toISOString();
}
