import type { AgentFields } from '../../smartassist/fields.ts';
import type {
  AgentPaths,
  CustomValue,
  Proficiency,
  RequestedEntitlement,
} from '../../tenant/configuration.ts';
import type { Dated } from '../rules/when.ts';

export interface DesiredSkill {
  readonly skill: string;
  readonly proficiency: Proficiency;
}

export interface DesiredLanguage {
  readonly language: string;
  readonly proficiency: Proficiency;
  readonly isActive?: boolean | undefined;
}

export interface DesiredQueue {
  readonly queue: string;
  readonly preferred?: boolean | undefined;
}

export interface DesiredLayout {
  readonly id: string;
  readonly isDefault?: boolean | undefined;
}

/** What values look like in names. */
interface DesiredValues {
  email: string;
  name: string;
  text: string;
  digits: string;
  region: string;
  agentGroup: string;
  role: string;
  skills: readonly DesiredSkill[];
  queues: readonly DesiredQueue[];
  channel: boolean;
  languages: readonly DesiredLanguage[];
  layouts: readonly DesiredLayout[];
  defaultLayout: boolean;
  capacity: number;
  flag: boolean;
  active: 'ACTIVE';
  customId: string;
}

/** One property a field of the table, under the name that configuration has for it. */
type DesiredFields = {
  [F in keyof AgentFields as AgentFields[F] extends { key: infer Key extends string }
    ? Key
    : never]?: DesiredValues[AgentFields[F]['kind']];
};

/** What the mapping says about a person, in names. Keys are SmartAssist's own where it has a field of that meaning. */
export interface DesiredAgent extends DesiredFields {
  /** A field of the tenant's own, sent as it is. */
  [custom: `custom.${string}`]: CustomValue;
}

export type AgentField = keyof DesiredAgent;

/** Why a field has its value: the attribute, the rules and the wish that gave it, in order. */
export type Origin =
  | {
      readonly from: 'path';
      /** The path or template that gave the value. */
      readonly path: string;
      /** What was made of the value: `digits`, `trim, map`, `otherwise`. */
      readonly as?: string;
    }
  | {
      readonly from: 'rule';
      readonly rule: string;
      readonly how: 'set' | 'add' | 'remove';
      /** Where the rule took its value from the person. */
      readonly path?: string;
      /** For a list: what the rule gave or took away. */
      readonly entries?: readonly unknown[];
    }
  | {
      readonly from: 'wish';
      readonly wish: RequestedEntitlement;
      readonly how: 'set' | 'add';
      /** Where it came from, if not from the agent extension. */
      readonly attribute?: 'entitlements' | 'roles';
      readonly entries?: readonly unknown[];
    };

/** A value that a field had before something replaced it. */
export interface Replaced {
  readonly value: unknown;
  readonly origins: readonly Origin[];
}

/** The mapping's answer for one person. */
export interface Mapped {
  readonly agent: DesiredAgent;
  readonly origins: { readonly [Field in AgentField]?: readonly Origin[] };
  /** What fields had before, oldest first. Absent where nothing was replaced. */
  readonly replaced?: { readonly [Field in AgentField]?: readonly Replaced[] };
  /** What could not be made out about the person; `toPayload` reports it with everything else. */
  readonly problems?: readonly MappingProblem[];
  /** Values of the person that were left out because they can't be used, as `otherwise: null` wants it. */
  readonly warnings?: readonly MappingProblem[];
  /** The names of the rules that were for this person, in order. */
  readonly rules?: readonly string[];
  /** What of the rules begins or ends for this person, and when. */
  readonly dates?: readonly Dated[];
  /** The rule whose `stop` ended it. */
  readonly stoppedBy?: string;
  /** Requested entitlements that the tenant doesn't allow. */
  readonly ignoredWishes?: readonly RequestedEntitlement[];
  /** Values of `entitlements` of which nothing says what they are of. */
  readonly ignoredEntitlements?: readonly string[];
}

/**
 * Something about a person that can't become an agent. The message is whole: it names the attribute or the rule, the
 * value and what would be right, and fits an error of the identity provider's log.
 */
export interface MappingProblem {
  readonly field: AgentField | 'agent';
  readonly message: string;
  /** Of a name that can't be turned into an id: what is wrong with it. */
  readonly kind?: 'unknown-name' | 'ambiguous-name';
  /** The rule that gave the value. */
  readonly rule?: string;
}

/** Where fields come from in the person, for messages about those that have no value. */
export type Paths = AgentPaths;
