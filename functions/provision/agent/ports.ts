import type { UpdateTerms } from '../../smartassist/agent.ts';
import type { SmartAssistClient } from '../../smartassist/client.ts';
import { describeFailure, type Failure } from '../../smartassist/outcome.ts';
import type { Movement, Verdict } from '../brake/brake.ts';
import type { Result } from '../result.ts';

/** How far the list of agents has been read: a long one takes more calls than one attempt has. */
export interface SearchProgress {
  /** The page to be read next on the way back, 0 when that is over; absent while the last page isn't known. */
  readonly back?: number;
  /** The last page that is known. */
  readonly end: number;
}

/** What acting on a plan takes. */
export interface Ports {
  readonly client: SmartAssistClient;
  /** How updates are made of the records that they change. */
  readonly updates: UpdateTerms;
  /** Whether the person's agent carries our key as its custom id, so that it is found by it. */
  readonly isKeyed: () => boolean;
  /** The id of the organization that the list of agents asks for, once known. */
  readonly organization: () => Promise<string | undefined>;
  /** The e-mail address that the mapping gives the person's agent, whether or not the person is to have one now. */
  readonly address: () => string;
  /** How far the list of agents has been read in search of this person's one. */
  readonly search: {
    readonly progress: () => Promise<SearchProgress | undefined>;
    /** Undefined: the search is over. */
    readonly keep: (progress: SearchProgress | undefined) => Promise<void>;
  };
  /** The list for workforce management, which takes a scope of its own. */
  readonly workforce: {
    readonly mayRead: () => Promise<boolean>;
    readonly noteUnusable: () => Promise<void>;
    /** First and last name of the person's agent, folded. */
    readonly names: () => string;
  };
  /** Fields of the payload that are the mapping's when an agent is made, and SmartAssist's from then on. */
  readonly initial: ReadonlySet<string>;
  /** Whether a leaver loses skills, queues and channels as well. */
  readonly strips: boolean;
  /** The id of the agent that has this e-mail address, as the last reconciliation saw it. */
  readonly findByEmail: (email: string) => Promise<string | undefined>;
  /** Whether agents of persons who were erased may be there. */
  readonly mayBeFormer: () => Promise<boolean>;
  /** Whether the agent with this address is that of another person whose agent's id was never learned. */
  readonly isOfAnother: (email: string) => Promise<boolean>;
  /** What stands in the way of this address, which the person's agent hasn't got. */
  readonly obstacle: (emailId: string) => Promise<Stopped | undefined>;
  /** Keeps the address that a create is about to be sent with; false when another function holds its lease. */
  readonly sends: (emailId: string) => Promise<boolean>;
  /** Takes an agent for the record's person: no agent is changed before. */
  readonly claim: (agentId: string) => Promise<Claimed>;
  /** Why this person can't have the agent with this id and address, if another person holds it. */
  readonly heldByAnother: (agentId: string, email: string) => Promise<string | undefined>;
  /** Whether an agent may be adopted: it is known of each agent whether a person holds it. */
  readonly mayAdopt: () => Promise<boolean>;
  /** Looks for the agent that SmartAssist says is there: not now, or refused for good when none was found. */
  readonly lookFor: () => Promise<Result>;
  /** Takes one of the tenant's seats for this person's agent; what the attempt comes to where none is to be had. */
  readonly seat: (found?: 'none') => Promise<Result | undefined>;
  /** Asks the brake for one more agent to leave service or to be changed. */
  readonly brakeLets: (movement: Movement, of: string) => Promise<Verdict>;
}

/** What an attempt comes to whose address is another person's at present. */
export type Stopped = Extract<Result, { kind: 'taken' | 'postponed' }>;

/** Whose an agent is after it was asked for: the record's, another person's, or another function holds the lease. */
export type Claimed = 'ours' | 'held' | 'lost';

/** What a call without success means for the record. `unknown`: a change of ours may be out there. */
export function failed(failure: Failure, unknown: boolean): Result {
  switch (failure.outcome) {
    case 'refused':
      return { kind: 'refused', status: failure.status, message: failure.message, unknown };
    case 'throttled':
    case 'no-slot':
      return { kind: 'no-slot', waitMs: failure.waitMs, unknown };
    default:
      return { kind: 'postponed', code: failure.outcome, message: describeFailure(failure), unknown };
  }
}
