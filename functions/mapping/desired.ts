import type { AgentLists, AgentValues, PathField } from '../tenant/configuration.ts';

type Languages = NonNullable<AgentLists['chat']>['languages'];
type Chat = NonNullable<AgentValues['chat']>;

/** What the mapping says about a person, in names. Keys are SmartAssist's own where it has a field of that meaning. */
export interface DesiredAgent {
  emailId?: string;
  firstName?: string;
  lastName?: string;
  nickName?: string;
  phoneNumber?: string;
  profImage?: string;
  callRegion?: string;
  agentGroup?: string;
  role?: string;
  skills?: NonNullable<AgentValues['skills']>;
  queues?: NonNullable<AgentValues['queues']>;
  'chat.enabled'?: boolean;
  'chat.languages'?: Languages;
  'chat.capacity'?: NonNullable<Chat['capacity']>;
  'chat.digitalCapacity'?: NonNullable<Chat['digitalCapacity']>;
  'chat.emailCapacity'?: NonNullable<Chat['emailCapacity']>;
  'chat.messagingCapacity'?: NonNullable<Chat['messagingCapacity']>;
  'voice.enabled'?: boolean;
  'voice.languages'?: Languages;
  desktopLayouts?: NonNullable<AgentValues['desktopLayouts']>;
  createDefaultLayoutAndAssign?: boolean;
  attachmentsEnabled?: boolean;
  emojisEnabled?: boolean;
  agentAffinity?: boolean;
}

export type AgentField = keyof DesiredAgent;

/** Why a field has its value: the path or the rules that gave it, in order. */
export type Origin =
  | { readonly from: 'path'; readonly path: string }
  | { readonly from: 'rule'; readonly rule: string; readonly how: 'set' | 'add' };

/** The mapping's answer for one person. */
export interface Mapped {
  readonly agent: DesiredAgent;
  readonly origins: { readonly [Field in AgentField]?: readonly Origin[] };
}

/**
 * Something about a person that can't become an agent. The message is whole: it names the attribute or the rule, the
 * value and what would be right, and fits an error of the identity provider's log.
 */
export interface MappingProblem {
  readonly field: AgentField | PathField | 'agent';
  readonly message: string;
}
