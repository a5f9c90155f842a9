import { DEMO_CATALOGUE } from '../../local/simulator/catalogue.ts';

/** What is managed of an agent, in one form for payloads, records and bodies of updates. */
export interface AgentView {
  readonly email: string;
  readonly name: string;
  readonly phone: string;
  readonly customId: string;
  readonly group: string;
  /** Every membership, as `group:role`. */
  readonly groups: string;
  readonly role: string;
  readonly channels: string;
  readonly chat: string;
  readonly voice: string;
  readonly skills: string;
  readonly queues: string;
  readonly capacity: string;
}

type Entry = Readonly<Record<string, unknown>>;

/**
 * Reads an agent's managed fields from anything that has them. Written apart from the product's own comparison on
 * purpose: a field that the product forgets to compare must show here.
 */
export function viewOf(agent: Entry): AgentView {
  const text = (value: unknown) => String(value ?? '');
  const list = (value: unknown, ...keys: string[]) =>
    (Array.isArray(value) ? (value as Entry[]) : [])
      .map((entry) => keys.map((key) => text(entry[key])).join(':'))
      .sort()
      .join(' ');
  const [firstGroup] = (agent.agentGroups ?? []) as { readonly groupId?: string }[];
  return {
    email: text(agent.emailId).toLowerCase(),
    name: `${text(agent.firstName)} ${text(agent.lastName)}`,
    phone: text(agent.phoneNumber),
    customId: text(agent.customId),
    group: text(agent.agentGroupId ?? firstGroup?.groupId),
    groups: list(agent.agentGroups, 'groupId', 'role'),
    role: text(agent.roleId),
    channels: `${agent.canSupportChat === true} ${agent.canSupportVoice === true}`,
    chat: list(agent.chatLanguageSupport, 'language', 'proficiency'),
    voice: list(agent.voiceLanguageSupport, 'language', 'proficiency'),
    skills: list(agent.skills, 'skillId', 'proficiencyLevel'),
    queues: list(agent.queues, 'id'),
    capacity: text(agent.maxChatSupport),
  };
}

/** The fields in which two agents differ. */
export function differing(one: AgentView, other: AgentView): string[] {
  return (Object.keys(one) as (keyof AgentView)[])
    .filter((field) => one[field] !== other[field])
    .map((field) => `${field}: ${one[field]} ≠ ${other[field]}`);
}

export const UNASSIGNED = DEMO_CATALOGUE.agentGroups.find(({ isUnassigned }) => isUnassigned)?.id ?? '';

/** Out of service is an agent in the Unassigned group and in no other, not even as its manager. */
export function isSuspended(agent: AgentView): boolean {
  return agent.groups === `${UNASSIGNED}:agent`;
}
