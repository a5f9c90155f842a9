import { readMapping } from '../../mapping/mapping-text.ts';
import { checkNames } from '../../mapping/payload/check-names.ts';
import type { Catalogue } from '../../smartassist/catalogue.ts';
import type { Configuration, TenantConfiguration } from '../../tenant/configuration.ts';
import type { Problem } from '../../tenant/problem.ts';
import { infrastructureChanges } from './infrastructure.ts';

/** A changed mapping that was checked: the tenant with it, or what is wrong, with line and column. */
export type CheckedMapping =
  | { readonly tenant: TenantConfiguration; readonly problems: readonly [] }
  | { readonly tenant?: never; readonly problems: readonly Problem[] };

/**
 * Checks a mapping that an operator has changed as `push` checks a configuration: grammar, meaning, names in SmartAssist,
 * and what needs a deployment.
 *
 * @param active what the active generation holds; what the text can't change is taken from it
 */
export function checkMappingText(
  text: string,
  {
    name,
    active,
    deployed,
    catalogue,
  }: {
    readonly name: string;
    readonly active: Configuration;
    readonly deployed: Configuration | undefined;
    readonly catalogue: Catalogue;
  },
): CheckedMapping {
  const before = active.tenants[name];
  if (before === undefined) return { problems: [{ path: [], message: `there is no tenant ${name}` }] };
  const { tenant, problems, locate } = readMapping(text, before);
  if (tenant === undefined) return { problems };
  const next = { tenants: { ...active.tenants, [name]: tenant } };
  const found = [
    ...checkNames(tenant, catalogue),
    ...infrastructureChanges({ deployed }, next).map((problem) => ({
      ...problem,
      path: problem.path.slice(2),
    })),
  ];
  return found.length > 0 ? { problems: found.map(locate) } : { tenant, problems: [] };
}
