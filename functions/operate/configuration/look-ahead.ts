import type { Directory } from '../../directory/directory.ts';
import { compileMapping } from '../../mapping/compile.ts';
import { mappingInForce } from '../../provision/drain/mapping-seen.ts';
import { openPlanner, type Planner } from '../../provision/plan.ts';
import { type Catalogue, fixedCatalogue } from '../../smartassist/catalogue.ts';
import type { TenantConfiguration } from '../../tenant/configuration.ts';
import { ConfigurationError } from '../../tenant/problem.ts';

/** What plans people with a configuration, and with the one that is in force. */
export interface Planners {
  readonly planner: Planner;
  /** Absent where nothing has noted yet which mapping is in force: changes are then not known by field. */
  readonly before: Planner | undefined;
}

/** A tenant that is looked ahead for. */
export interface LookedAheadFor {
  readonly name: string;
  /** As it would be. */
  readonly configuration: TenantConfiguration;
  /** As the active generation has it: in force where nothing has noted yet which mapping is. */
  readonly active?: TenantConfiguration;
}

export async function openPlanners(
  directory: Directory,
  { name, configuration, active }: LookedAheadFor,
  catalogue: Catalogue,
): Promise<Planners> {
  const inForce = await plannerInForce(name, configuration, catalogue, directory);
  return {
    planner: planWith(name, configuration, catalogue, directory),
    before: inForce ?? (active && planWith(name, active, catalogue, directory)),
  };
}

function planWith(
  name: string,
  tenant: TenantConfiguration,
  catalogue: Catalogue,
  directory: Directory,
): Planner {
  const compiled = compileMapping(tenant);
  if (!('mapping' in compiled)) throw new ConfigurationError(`tenant ${name}`, compiled.problems);
  const { mapping } = compiled;
  return openPlanner({ tenant, mapping, catalogue: fixedCatalogue(catalogue), directory, now: Date.now });
}

async function plannerInForce(
  name: string,
  tenant: TenantConfiguration,
  catalogue: Catalogue,
  directory: Directory,
): Promise<Planner | undefined> {
  const mapping = await mappingInForce(directory, name);
  if (typeof mapping !== 'object') return undefined;
  try {
    return planWith(name, { ...tenant, ...mapping }, catalogue, directory);
  } catch {
    // Written by another version of the product: then changes are shown without their fields.
    return undefined;
  }
}
