import type { Account, Agents } from './agents/agents.ts';
import type { AgentRecord } from './agents/record.ts';
import {
  type AgentGroup,
  type CatalogueSeed,
  hex24,
  type Queue,
  type SkillGroup,
  uuidOf,
} from './catalogue.ts';

const MADE_AT = '2026-01-05T08:00:00.000Z';

/** Groups, skills and queues as their pages show them: with what agents refer to them, and whole member lists. */
export function namesOf(catalogue: CatalogueSeed, { orgId, streamId, accountId }: Account, agents: Agents) {
  const createdBy = `u-${uuidOf(`creator of ${accountId}`)}`;
  const count = (isOne: (record: AgentRecord) => boolean) => every(agents).filter(isOne).length;
  return {
    agentGroups: () =>
      catalogue.agentGroups.map((group) => ({
        ...group,
        lname: group.name.toLowerCase(),
        description: '',
        iId: streamId,
        orgId,
        createdBy,
        createdByAId: null,
        createdAt: MADE_AT,
        updatedAt: MADE_AT,
        totalAgents: count(({ agentGroups }) => agentGroups.some(({ groupId }) => groupId === group.id)),
        managers: [],
      })),
    agentGroup: ({ id, name }: AgentGroup) => ({
      id,
      name,
      description: '',
      managers: every(agents).flatMap(({ firstName, lastName, emailId, skills, agentGroups }) =>
        agentGroups
          .filter(({ groupId, role }) => groupId === id && role === 'manager')
          .map(({ accessLevel = 'full' }) => ({
            firstName,
            lastName,
            emailId,
            accessLevel,
            skills: skills.map(({ skillId, proficiencyLevel }) => ({ skillId, proficiencyLevel })),
          })),
      ),
    }),
    skillGroups: () =>
      catalogue.skillGroups.map(({ id, name, color }) => ({ id, name, description: '', color })),
    skills: ({ id: skillGroupId, skills }: SkillGroup) =>
      skills.map(({ id, name }) => ({
        id,
        name,
        description: '',
        agents: count((record) => record.skills.some(({ skillId }) => skillId === id)),
        skillGroupId,
      })),
    queues: () => catalogue.queues.map((queue) => queueOf(queue, orgId, createdBy, every(agents))),
  };
}

const HOURS = { id: hex24('always open'), name: 'Always open' };

function queueOf(queue: Queue, orgId: string, createdBy: string, agents: readonly AgentRecord[]): object {
  return {
    ...queue,
    isAdvancedRoutingEnabled: false,
    description: '',
    orgId,
    createdBy,
    hoursOfOperation: HOURS,
    agents: agents.flatMap(({ userId, fullName, queues, skills }) =>
      queues
        .filter(({ id }) => id === queue.id)
        .map(({ isPreferredAgent = false }) => ({
          userId,
          name: fullName,
          isPreferredAgent,
          hoursOfOperation: { hoursOfOperationId: HOURS.id, name: HOURS.name },
          skills: skills.map(({ skillId, name }) => ({ id: skillId, name })),
        })),
    ),
    skills: [],
    agentGroups: [],
    sourceAgentGroups: [],
    advancedSettings: {
      preferredAgentTimeout: { min: 0, sec: 30 },
      isSkillMatchEnabled: true,
      isAffinityMatchEnabled: false,
    },
  };
}

function every(agents: Agents): AgentRecord[] {
  return agents.ids().map((id) => agents.get(id));
}
