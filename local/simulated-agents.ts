import * as z from 'zod';
import type { Conversation } from './conversation.ts';
import { DEMO_CATALOGUE } from './simulator/catalogue.ts';

/** What the simulator holds, in names. */
export interface SimulatedAgents {
  readonly agents: Conversation['agent'][];
  /** SmartAssist's ids of the agents, in the same order. */
  readonly ids: string[];
  readonly calls: number;
  readonly created: number;
}

const language = z.object({ language: z.string(), proficiency: z.string() });
const answerSchema = z.object({
  agents: z.array(
    z.object({
      id: z.string(),
      emailId: z.string(),
      firstName: z.string(),
      lastName: z.string(),
      agentGroupId: z.string(),
      roleId: z.string(),
      skills: z.array(
        z.object({ name: z.string(), skillGroupName: z.string(), proficiencyLevel: z.string() }),
      ),
      queues: z.array(z.object({ name: z.string() })),
      chatLanguageSupport: z.array(language),
    }),
  ),
  calls: z.record(z.string(), z.number()),
});

/** Asks the simulator what it holds. */
export async function simulatedAgents(simulatorUrl: string | undefined): Promise<SimulatedAgents> {
  const response = await fetch(`${simulatorUrl}/_simulator/agents`);
  const { agents, calls } = answerSchema.parse(await response.json());
  const nameOf = (list: readonly { id: string; name: string }[], id: string) =>
    list.find((entry) => entry.id === id)?.name ?? id;
  return {
    agents: agents.map((agent) => ({
      emailId: agent.emailId,
      name: `${agent.firstName} ${agent.lastName}`,
      agentGroup: nameOf(DEMO_CATALOGUE.agentGroups, agent.agentGroupId),
      role: DEMO_CATALOGUE.roles.find(({ _id }) => _id === agent.roleId)?.role ?? agent.roleId,
      skills: agent.skills.map((skill) => `${skill.skillGroupName}/${skill.name} ${skill.proficiencyLevel}`),
      languages: agent.chatLanguageSupport.map(({ language: code, proficiency }) => `${code} ${proficiency}`),
      queues: agent.queues.map(({ name }) => name),
    })),
    ids: agents.map(({ id }) => id),
    calls: calls.total ?? 0,
    created: calls['POST /agents'] ?? 0,
  };
}
