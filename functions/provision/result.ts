import type { ReasonCode } from '../directory/people/listed.ts';
import type { Hold, LastError } from '../directory/record.ts';
import type { MappingProblem } from '../mapping/desired/desired-agent.ts';
import { compact } from '../runtime/compact.ts';

/** What provisioning one record came to. `lifecycle.ts` says what state each leads to. */
export type Result =
  /** The agent has the desired payload. */
  | {
      readonly kind: 'applied';
      readonly did: 'created' | 'adopted' | 'updated' | 'resumed' | 'unchanged';
      readonly hash: string;
      readonly agentId: string | undefined;
      /** The address that the agent has. */
      readonly emailId: string;
      /** The agent has another address than it was sent. */
      readonly isAddressKept?: true;
      /** The fields that an update changed. */
      readonly changed: readonly string[];
    }
  /** The agent is in the Unassigned group. */
  | {
      readonly kind: 'suspended';
      readonly agentId: string | undefined;
      readonly did: 'suspended' | 'unchanged';
    }
  /** The agent is gone from SmartAssist. */
  | {
      readonly kind: 'removed';
      /** What was to go as well and is still there, and why. */
      readonly remains?: string;
      /** SmartAssist had no such agent any more. */
      readonly wasGone?: true;
    }
  /** Nobody wants an agent, and there is none. */
  | { readonly kind: 'nothing' }
  /** Nobody wants an agent any more, but the tenant leaves it as it is. */
  | { readonly kind: 'kept'; readonly found?: AgentFacts }
  /** The person can't become an agent as things are. */
  | {
      readonly kind: 'invalid';
      readonly problems: readonly MappingProblem[];
      readonly found?: AgentFacts;
    }
  /** SmartAssist won't have it. */
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly message: string;
      /** An agent of which the record doesn't know may be there. */
      readonly unknown: boolean;
    }
  /** Too many would leave service, or be changed, at once. */
  | { readonly kind: 'held'; readonly hold: Hold }
  /** All seats of the tenant are taken, and no call was made that needs one. */
  | { readonly kind: 'no-seat'; readonly seats: number; readonly found?: 'none' }
  /** What the person is to have is another person's: says whose. */
  | { readonly kind: 'taken'; readonly message: string; readonly found?: AgentFacts }
  /** Not now: an unusable answer, no answer, no catalogue, no credentials. */
  | {
      readonly kind: 'postponed';
      readonly code: string;
      readonly message: string;
      /** ISO 8601 since when the agent that stands in the way is looked for. */
      readonly lookedForSince?: string;
      /** The address that the agent has got meanwhile. */
      readonly emailId?: string;
      readonly found?: AgentFacts;
      /** A change may have been applied. */
      readonly unknown: boolean;
    }
  /** No call was free, or SmartAssist throttles: no failure. */
  | { readonly kind: 'no-slot'; readonly waitMs: number; readonly unknown: boolean };

/**
 * What was found out of an agent before it was left as it is, where an earlier call had an unknown outcome: that there is
 * none, or which address it has.
 */
export type AgentFacts = 'none' | { readonly emailId?: string };

/** Of an attempt that failed: why, in which fields and by which rules, as lists of failures group it. */
export function failureOf(
  result: Extract<Result, { kind: 'invalid' | 'refused' | 'taken' }>,
): Pick<LastError, 'reason' | 'fields' | 'rules'> {
  if (result.kind === 'taken') return { reason: 'uniqueness', fields: ['emailId'] };
  if (result.kind === 'refused') return { reason: result.status === 409 ? 'agent-exists' : 'refused' };
  const { problems } = result;
  const reasons = problems.map(({ kind = 'unusable-value' }) => kind);
  const rules = distinct(problems.flatMap(({ rule }) => rule ?? []));
  return {
    // A name is mended once for all who have it: where there are several problems, it is the one to begin with.
    reason: FIRST.find((each) => reasons.includes(each)) ?? 'unusable-value',
    fields: distinct(problems.map(({ field }) => field)),
    ...compact({ rules: rules.length === 0 ? undefined : rules }),
  };
}

const FIRST: readonly ReasonCode[] = ['unknown-name', 'ambiguous-name'];

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)];
}
