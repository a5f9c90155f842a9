import type { PersonRecord } from '../../functions/directory/record.ts';
import { customIdOf } from '../../functions/provision/custom-id.ts';
import { type AgentView, differing, isSuspended } from './agent-view.ts';
import type { Expectation } from './expectation.ts';
import { GROUPS, type GroupName, type PersonModel, profileOf } from './person-model.ts';
import { TENANT } from './scim-call.ts';
import type { Simulation } from './simulation.ts';

/** What is wrong once everything should be right, each in one sentence. */
export async function verdictOf(
  { directory, witness }: Simulation,
  models: readonly PersonModel[],
  expectation: Expectation,
): Promise<string[]> {
  const agents = new Map<string, { readonly id: string; readonly view: AgentView }>();
  const wrongs: string[] = [];
  const taken = new Set<string>();
  const holders = new Map<string, string>();
  const { persons } = await directory.listRecords(TENANT, { limit: 1_000 });
  for (const { id, agent } of persons) {
    if (agent.agentId === undefined) continue;
    const other = holders.get(agent.agentId);
    if (other !== undefined) wrongs.push(`${other} and ${id} both name the agent ${agent.agentId}`);
    holders.set(agent.agentId, id);
  }
  for (const [id, agent] of witness.agents) {
    if (agent.customId === '') {
      taken.add(agent.email);
      continue;
    }
    if (agents.has(agent.customId)) wrongs.push(`${agent.customId} has a second agent ${id}`);
    agents.set(agent.customId, { id, view: agent });
  }
  for (const model of models) {
    const [record] = await directory.findPerson(TENANT, { attribute: 'userName', value: model.userName });
    const memberships = record === undefined ? [] : await directory.groupsOf(TENANT, record.id);
    const groups = new Set(memberships.map(({ display }) => display as GroupName));
    const agent = record && agents.get(customIdOf(TENANT, record.id));
    if (record !== undefined) agents.delete(customIdOf(TENANT, record.id));
    const said = [
      ...forgotten(model, record, groups),
      ...(record === undefined
        ? []
        : mistaken(record, agent?.view, groups, {
            expectation,
            taken,
            capacity: witness.capacityOf(agent?.id),
          })),
    ];
    wrongs.push(...said.map((text) => `${model.userName} (${record?.id}): ${text}`));
  }
  for (const customId of agents.keys()) wrongs.push(`agent ${customId} belongs to nobody`);
  return wrongs;
}

/** What the directory holds of somebody and can't hold, after all that was sent and answered. */
function forgotten(
  model: PersonModel,
  record: PersonRecord | undefined,
  groups: ReadonlySet<GroupName>,
): string[] {
  const isThere = record !== undefined && record.deletedAt === undefined;
  if (!model.mayBe('isThere', isThere)) {
    return [isThere ? 'is there, though deleted' : 'is not there, though accepted'];
  }
  if (!isThere) return [];
  const said: string[] = [];
  for (const [thing, value] of Object.entries(profileOf(record.person))) {
    const name = thing as Parameters<typeof model.mayBe>[0];
    if (!model.mayBe(name, value)) {
      said.push(
        `${thing} is ${String(value)}, which was not the last that was accepted (${model.mayHold(name)})`,
      );
    }
  }
  for (const group of GROUPS) {
    if (!model.mayBe(group, groups.has(group))) {
      said.push(`${groups.has(group) ? 'is' : 'is not'} in ${group}, though the opposite was accepted`);
    }
  }
  return said;
}

interface Terms {
  readonly expectation: Expectation;
  /**
   * Addresses of agents that were there before the product. Who has an agent and then gets such an address can't have
   * both: the update is refused, and waits for an administrator.
   */
  readonly taken: ReadonlySet<string>;
  /** What the agent's chat capacity has to be, whatever the rules say today: no update takes one. */
  readonly capacity: string | undefined;
}

/** In what somebody's agent isn't what it should be. */
function mistaken(
  record: PersonRecord,
  agent: AgentView | undefined,
  groups: ReadonlySet<GroupName>,
  { expectation, taken, capacity = '' }: Terms,
): string[] {
  const { person, id, state } = record;
  const expected =
    record.deletedAt === undefined
      ? expectation.of(person.userName, id, profileOf(person), groups)
      : { agent: undefined };
  const said =
    state === 'due' || state === 'failed' ? [`is ${state}: ${record.attempts.lastError?.message}`] : [];
  if (expected.agent === undefined) {
    return agent === undefined || isSuspended(agent)
      ? said
      : [...said, 'has left, and the agent is in service'];
  }
  if (agent === undefined) return [...said, `has no agent (${state})`];
  if (state === 'failed' && agent.email !== expected.agent.email && taken.has(expected.agent.email))
    return [];
  const wrong = differing({ ...expected.agent, capacity }, agent);
  return wrong.length === 0 ? said : [...said, `has a wrong agent (${state}): ${wrong.join('; ')}`];
}
