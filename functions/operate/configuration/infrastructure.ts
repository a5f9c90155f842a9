import type { Configuration } from '../../tenant/configuration.ts';
import { infrastructureProblems } from '../../tenant/generation/infrastructure.ts';
import type { Problem } from '../../tenant/problem.ts';
import type { Generations } from './generations.ts';

/** What differs from what was deployed, where no deployment goes with it. */
export function infrastructureChanges(
  { deployed }: Pick<Generations, 'deployed'>,
  configuration: Configuration,
): readonly Problem[] {
  return deployed === undefined ? [] : infrastructureProblems(deployed, configuration);
}
