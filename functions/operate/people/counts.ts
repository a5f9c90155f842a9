import { COUNTED_STATES, type CountedState } from '../../directory/people/places.ts';
import type { Services } from '../../provision/services.ts';

/** How many people there are, by where their agents stand. */
export interface PeopleCounts {
  readonly persons: number;
  /** Agents in service. */
  readonly agents: number;
  readonly states: { readonly [State in CountedState]: number };
  /** How many records are due; at `most` there may be more. */
  readonly due: { readonly count: number; readonly most: number };
}

/** Who is due is counted by looking at the queue, and no further. */
const MOST_DUE = 1_000;

export async function countPeople(
  { directory }: Pick<Services, 'directory'>,
  tenant: string,
): Promise<PeopleCounts> {
  const [persons, agents, due, ...counts] = await Promise.all([
    directory.countPersons(tenant),
    directory.countActiveAgents(tenant),
    directory.queuedPersons(tenant, { limit: MOST_DUE }),
    ...COUNTED_STATES.map((state) => directory.countListed(tenant, state)),
  ]);
  const states = Object.fromEntries(COUNTED_STATES.map((state, i) => [state, counts[i] ?? 0]));
  return {
    persons,
    agents,
    states: states as PeopleCounts['states'],
    due: { count: due.persons.length, most: MOST_DUE },
  };
}
