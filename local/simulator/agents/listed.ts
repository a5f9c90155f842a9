import { compact } from '../../../functions/runtime/compact.ts';
import type { CatalogueSeed } from '../catalogue.ts';
import type { AgentRecord } from './record.ts';

/**
 * An agent as the list of all agents shows it ("List all agents", table and ten sample records): no customId, no
 * agentGroupId, no call region and no capacity but that of chat; queues only where they are asked for, with the agent's
 * preference one level deeper than elsewhere; the name of a group is called otherwise than in a single record.
 */
export function listed(record: AgentRecord, catalogue: CatalogueSeed, includeQueues: boolean): unknown {
  const { skills, queues, agentGroups, desktopLayouts } = record;
  return {
    status: record.status,
    userId: record.userId,
    orgId: record.orgId,
    accountId: record.accountId,
    createdBy: record.createdBy,
    onlineStatus: record.onlineStatus,
    onlineStatusType: record.onlineStatusType,
    roleId: record.roleId,
    createdAt: record.createdAt,
    updatedAt: record.updatedAt,
    lastOnlineAt: record.lastOnlineAt ?? '',
    id: record.id,
    emailId: record.emailId,
    firstName: record.firstName,
    lastName: record.lastName,
    nickName: record.nickName ?? '',
    profImage: record.profImage ?? 'no-avatar',
    role: record.role,
    phoneNumber: record.phoneNumber,
    ...compact({ isAccountOwner: record.isAccountOwner || undefined }),
    canSupportChat: record.canSupportChat ?? false,
    canSupportVoice: record.canSupportVoice ?? false,
    attachmentsEnabled: record.attachmentsEnabled ?? false,
    emojisEnabled: record.emojisEnabled ?? false,
    maxChatSupport: record.maxChatSupport ?? 5,
    agentGroups: agentGroups.map(({ name, ...group }) => ({ ...group, groupName: name })),
    chatLanguageSupport: record.chatLanguageSupport,
    voiceLanguageSupport: record.voiceLanguageSupport,
    desktopLayouts: desktopLayouts.map(({ id, isDefault = false }) => ({ id, isDefault })),
    skills: skills.map((skill) => listedSkill(skill, record, catalogue)),
    ...compact({ queues: includeQueues ? queues.map((queue) => listedQueue(queue, record)) : undefined }),
  };
}

/** Here an entry's `id` is the skill's, and not the assignment's. */
export function listedSkill(
  skill: AgentRecord['skills'][number],
  { userId, createdBy: _creator }: AgentRecord,
  { skillGroups }: CatalogueSeed,
): object {
  const group = skillGroups.find(({ skills }) => skills.some(({ id }) => id === skill.skillId));
  const { createdBy, accountId, orgId, createdAt, updatedAt, ...shown } = skill as typeof skill &
    Readonly<Record<string, unknown>>;
  return { ...shown, userId, skillGroupId: group?.id, id: skill.skillId };
}

export function listedQueue(
  { isPreferredAgent = false, ...queue }: AgentRecord['queues'][number],
  { userId }: AgentRecord,
): object {
  return { ...queue, agents: [{ isPreferredAgent, userId }] };
}
