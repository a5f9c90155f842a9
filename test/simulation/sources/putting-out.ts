import type { Story } from '../identity-provider.ts';
import { TENANT } from '../scim-call.ts';
import type { Simulation } from '../simulation.ts';

/**
 * Agents that the product has put out of service although neither SCIM nor a source that may say so had ever let the person
 * go: on an unsigned word alone, or on a list that was broken.
 */
export async function putOutWrongly(simulation: Simulation, stories: readonly Story[]): Promise<string[]> {
  const { directory, witness, sources } = simulation;
  if (sources === undefined) return [];
  const { persons } = await directory.listRecords(TENANT, { limit: 1_000 });
  const userNames = new Map(persons.map(({ agent, person }) => [agent.agentId, person.userName]));
  const wrongs: string[] = [];
  for (const { id, at } of witness.putOut) {
    const story = stories.find(({ userName }) => userName === userNames.get(id));
    if (story === undefined || hasLeftBy(story, at) || sources.haveLetGo(story.userName, at)) continue;
    const when = new Date(at).toISOString();
    wrongs.push(
      `${story.userName}: agent ${id} was put out of service at ${when}, and no source had said so`,
    );
  }
  return wrongs;
}

function hasLeftBy({ changes }: Story, moment: number): boolean {
  return changes.some(({ at, change }) => {
    if (at > moment || change.kind === 'member') return false;
    if (change.kind === 'delete') return true;
    return change.kind === 'activate' ? !change.active : !change.profile.active;
  });
}
