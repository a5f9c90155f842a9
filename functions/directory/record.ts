import type { Person } from '../scim-core/person.ts';
import type { Listed, ReasonCode } from './people/listed.ts';

/** Where a record stands between what it should be and what SmartAssist has. */
export type State =
  /** Work is left: an agent is to be created, changed, suspended, resumed or removed. */
  | 'due'
  /** The agent has the desired payload. */
  | 'provisioned'
  /** The agent is out of service: in the Unassigned group. */
  | 'suspended'
  /** Not to be an agent under today's rules, or not yet, or held back by the brake. */
  | 'waiting'
  /** Refused; tried again when person, mapping or catalogue change. */
  | 'failed'
  /** The agent was deleted in SmartAssist, as the tenant opted for. */
  | 'removed';

/** Lower goes first. */
export const PRIORITY = { interactive: 0, backfill: 1 } as const;
export type Priority = (typeof PRIORITY)[keyof typeof PRIORITY];

/** What the product knows of the agent in SmartAssist. */
export interface AgentState {
  /** Our key in SmartAssist, made from tenant and person id. */
  readonly customId: string;
  /** What is there, as far as it is known for certain: see `Attempts.unknown`. */
  readonly presence: 'none' | 'active' | 'suspended' | 'removed';
  /** `a-<uuid>`; SmartAssist doesn't return it on create, so it may be learned later. */
  readonly agentId?: string;
  /** The SmartAssist account in which the directory keeps `agentId` as this person's; absent while it keeps none. */
  readonly account?: string;
  /**
   * The e-mail address that SmartAssist was last sent for the agent, written before a create is sent. The list of agents
   * has it, so an agent is found by it that carries no key of ours and whose id was never told.
   */
  readonly emailId?: string;
  /** The agent was made without our key. */
  readonly isKeyed?: false;
  /** ISO 8601 of our own create; absent for an agent that was adopted. */
  readonly createdAt?: string;
  /** Hash of the payload last applied; absent while nothing is known to be applied. */
  readonly appliedHash?: string;
  readonly appliedAt?: string;
}

/** Tries since the last success or change. */
export interface Attempts {
  readonly count: number;
  /** A change of the agent was sent and its outcome never learned: look before anything else. */
  readonly unknown: boolean;
  /** ISO 8601 since when an agent with the person's e-mail address is looked for that SmartAssist says is there. */
  readonly lookedForSince?: string;
  readonly lastError?: LastError;
}

/** What an attempt came to that did not end as it should. */
export interface LastError {
  readonly code: string;
  readonly message: string;
  /** ISO 8601. */
  readonly at: string;
  /** Why, as lists and counters group it; absent in what version 0.1.0 wrote. */
  readonly reason?: ReasonCode;
  /** The fields of the agent that have a problem, and the names of the rules that gave them. */
  readonly fields?: readonly string[];
  readonly rules?: readonly string[];
}

/** Which function may write a record; void after `until` (epoch ms). */
export interface Lease {
  readonly holder: string;
  readonly until: number;
}

/** When something was said: by the source's clock (ISO 8601), by its own count of changes, or both. */
export interface Mark {
  readonly at?: string;
  readonly sequence?: number;
}

/** What a source has said under one of its ids, and how new that is. Times are ISO 8601, of the source's own clock. */
export interface LinkState {
  /** When the attributes were last said as a whole. */
  readonly profileAt?: string;
  readonly profileSequence?: number;
  /** Attributes that were said alone since then. */
  readonly marks?: Readonly<Record<string, Mark>>;
  /** When what was last said about being in or out of service was so. */
  readonly statusAt?: string;
  readonly statusSequence?: number;
  /** One count for both, as version 0.1.0 kept it. */
  readonly sequence?: number;
  /** Out of service by this id; `gone`: deleted at the source. */
  readonly out?: { readonly since: string; readonly gone?: true };
  /** When it was last said whether the source's scope (an application) has the person. */
  readonly scopeAt?: string;
  readonly scopeSequence?: number;
  /** Outside the source's scope: no word about the account itself brings the person back. */
  readonly unassigned?: {
    readonly since: string;
    /** By the scope in the configuration, and not by a word of the source. */
    readonly byScope?: true;
  };
  /** Digest of what the last reading said; absent once anything else was said. */
  readonly readAs?: string;
}

/** What ties a person to a source: every id that the source has for the person. */
export interface SourceLink extends LinkState {
  /** The id that was said first; what is said without an id is kept beside it. */
  readonly id?: string;
  /** The source's further ids of the person, such as that of a rehire. */
  readonly others?: Readonly<Record<string, LinkState>>;
  /** Values of the source that stand behind those of another one. */
  readonly said?: Readonly<Record<string, unknown>>;
  /** The source made the person. */
  readonly isMaker?: true;
}

/** What the brake said when it held a record back. */
export interface Hold {
  readonly movement: 'leaving' | 'change';
  /** ISO 8601: since when the brake is engaged. */
  readonly since: string;
  /** How many persons would have been counted, how many may be, and within how many seconds. */
  readonly counted: number;
  readonly limit: number;
  readonly seconds: number;
  /** Of a change: the fields of the agent, and the names of the rules that give them. */
  readonly fields?: readonly string[];
  readonly rules?: readonly string[];
  /** Of a change: the hash of the payload that waits. */
  readonly hash?: string;
}

/** The directory's entry for a person. */
export interface PersonRecord {
  readonly tenant: string;
  /** The SCIM `id`. */
  readonly id: string;
  /** Counts every write of the entry; what conditional writes compare. */
  readonly version: number;
  /** Counts the changes of the person alone: `meta.version`. */
  readonly personVersion: number;
  /** ISO 8601, `meta.created` and `meta.lastModified` of the person. */
  readonly createdAt: string;
  readonly updatedAt: string;
  /** ISO 8601; a deleted person isn't shown any more, but the agent has still to be put out of service. */
  readonly deletedAt?: string;
  /** ISO 8601 when what is left of a deleted person is erased. */
  readonly eraseAt?: string;
  /** The source that wrote the person last. */
  readonly source: string;
  /** By what each source knows the person, what it said of being in service, and how new that is. */
  readonly links?: Readonly<Record<string, SourceLink>>;
  /** The source that each attribute came from, `*` for all the others; absent while one source has said them all. */
  readonly origins?: Readonly<Record<string, string>>;
  readonly person: Person;
  /** The generation of the configuration that mapped the person last; absent before there were any. */
  readonly generation?: number;
  readonly state: State;
  /** ISO 8601: when what the mapping makes of the person changes by itself; a timer is kept for it. */
  readonly changesAt?: string;
  /** As lists and counters have the record; absent where version 0.1.0 wrote it last, which is in no list. */
  readonly listed?: Listed;
  readonly priority: Priority;
  /** ISO 8601 from when on the record is due; present exactly while `state` is `due`. */
  readonly dueAt?: string;
  /** ISO 8601 since when it has been due without a break, however often it was put off; present with `dueAt`. */
  readonly dueSince?: string;
  /** The correlation id of the request or event that made it due last: what comes of it later is logged under it. */
  readonly correlationId?: string;
  /** The brake holds the record back until an operator decides. */
  readonly held?: 'brake';
  /** Why and since when; absent for a record that version 0.1.0 held. */
  readonly hold?: Hold;
  /** An operator let what waited pass: the brake doesn't count it. Void once it is done, or at the next change. */
  readonly released?: true;
  /**
   * An operator decided that the agent stays as it is: although the person left (`true`), or instead of the change to the
   * payload of this hash. Void at the next change.
   */
  readonly discarded?: true | string;
  readonly agent: AgentState;
  readonly attempts: Attempts;
  readonly lease?: Lease;
}
