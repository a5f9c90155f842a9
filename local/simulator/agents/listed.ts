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
    lastOnlineAt: record.lastOnlineAt,
    id: record.id,
    emailId: record.emailId,
    firstName: record.firstName,
    lastName: record.lastName,
    nickName: record.nickName,
    profImage: record.profImage,
    role: record.role,
    phoneNumber: record.phoneNumber,
    ...(record.isAccountOwner ? { isAccountOwner: true } : {}),
    canSupportChat: record.canSupportChat,
    canSupportVoice: record.canSupportVoice,
    attachmentsEnabled: record.attachmentsEnabled,
    emojisEnabled: record.emojisEnabled,
    maxChatSupport: record.maxChatSupport ?? 5,
    agentGroups: agentGroups.map(({ name, ...group }) => ({ ...group, groupName: name })),
    chatLanguageSupport: record.chatLanguageSupport,
    voiceLanguageSupport: record.voiceLanguageSupport,
    desktopLayouts: desktopLayouts.map(({ id, isDefault }) => ({ id, isDefault })),
    skills: skills.map((skill) => ({
      userId: record.userId,
      skillId: skill.skillId,
      proficiencyLevel: skill.proficiencyLevel,
      name: skill.name,
      skillGroupId: catalogue.skillGroups.find((group) => group.skills.some(({ id }) => id === skill.skillId))
        ?.id,
      skillGroupName: skill.skillGroupName,
      skillGroupColor: skill.skillGroupColor,
      id: skill.skillId,
    })),
    ...(includeQueues
      ? {
          queues: queues.map(({ id, name, isPreferredAgent = false }) => ({
            id,
            name,
            agents: [{ isPreferredAgent, userId: record.userId }],
          })),
        }
      : {}),
  };
}
