import { readFileSync } from 'node:fs';
import { compileMapping } from '../../functions/mapping/compile.ts';
import type { MappingConfiguration } from '../../functions/mapping/configuration.ts';
import { once } from '../../functions/runtime/once.ts';
import type { Catalogue } from '../../functions/smartassist/catalogue.ts';
import type { TenantConfiguration } from '../../functions/tenant/configuration.ts';
import { readYaml } from '../../functions/tenant/yaml.ts';
import { type CatalogueSeed, DEMO_CATALOGUE } from '../../local/simulator/catalogue.ts';

/** The shipped configuration's demo tenant. */
export function demoTenant(): TenantConfiguration {
  return structuredClone(shipped());
}

const shipped = once(() => {
  const { configuration } = readYaml(readFileSync('provisioner.yaml', 'utf8'));
  if (configuration?.tenants.demo === undefined) throw new Error('provisioner.yaml has no tenant demo');
  return configuration.tenants.demo;
});

/** A simulator's catalogue as the product reads it. */
export function asRead(seed: CatalogueSeed): Catalogue {
  return {
    agentGroups: seed.agentGroups.map(({ id, name, isDefault, isUnassigned }) => ({
      id,
      name,
      isDefault,
      isUnassigned,
    })),
    skills: seed.skillGroups.flatMap((group) =>
      group.skills.map(({ id, name }) => ({ id, name, group: group.name })),
    ),
    queues: seed.queues.map(({ id, name }) => ({ id, name })),
    roles: seed.roles.map(({ _id, role }) => ({ id: _id, name: role })),
    readAt: 0,
  };
}

export const demoCatalogue: Catalogue = asRead(DEMO_CATALOGUE);

/** A mapping of rules that a test writes down; everything else is the demo tenant's. */
export function mappingOf(changes: Partial<MappingConfiguration>) {
  const compiled = compileMapping({ ...demoTenant(), ...changes });
  if (!('mapping' in compiled)) throw new Error(JSON.stringify(compiled.problems));
  return compiled.mapping;
}
