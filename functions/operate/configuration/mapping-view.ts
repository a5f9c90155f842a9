import { isDeepStrictEqual } from 'node:util';
import type { Directory } from '../../directory/directory.ts';
import { checkNames } from '../../mapping/payload/check-names.ts';
import type { Services } from '../../provision/services.ts';
import type { TenantProvisioning } from '../../provision/tenant.ts';
import { compact } from '../../runtime/compact.ts';
import type { TenantConfiguration } from '../../tenant/configuration.ts';
import {
  FORM,
  type GenerationEntry,
  readActive,
  readContent,
  readGeneration,
} from '../../tenant/generation/store.ts';
import type { Problem } from '../../tenant/problem.ts';
import { countRules, type RulesView } from '../people/rules.ts';

/** The mapping in force, and how it stands beside the directory and SmartAssist. */
export interface MappingView {
  /** The generation that is active; absent before the first. */
  readonly active?: GenerationEntry;
  /** The tenant as the active generation has it, or else as the function works with it. */
  readonly tenant: TenantConfiguration;
  /** For how many people each rule is; absent before everybody has been looked at once. */
  readonly rules?: RulesView;
  /** Names that SmartAssist doesn't have. */
  readonly names: readonly Problem[];
  /** Epoch milliseconds when the names were read; absent while they never were. */
  readonly namesReadAt?: number;
}

export async function viewMapping(
  services: Pick<Services, 'directory'>,
  { name, tenant: served, catalogue }: Pick<TenantProvisioning, 'name' | 'tenant' | 'catalogue'>,
): Promise<MappingView> {
  const { directory } = services;
  const active = (await readActive(directory))?.entry;
  const content =
    active === undefined || active.form > FORM ? undefined : await readContent(directory, active);
  const tenant = content?.tenants[name] ?? served;
  const [rules, known] = await Promise.all([countRules(services, name, tenant), catalogue.known()]);
  return {
    tenant,
    names: known === undefined ? [] : checkNames(tenant, known),
    ...compact({ active, rules, namesReadAt: known?.readAt }),
  };
}

/** A generation in which something of the tenant changed: which keys of it. */
export interface MappingGeneration {
  readonly entry: GenerationEntry;
  readonly changed: readonly string[];
}

export interface MappingHistory {
  readonly generations: readonly MappingGeneration[];
  /** The number to go on before. */
  readonly next?: number;
}

/** Each generation is read whole, so a page looks at so many. */
const LOOKED_AT = 20;

/**
 * The generations in which something of this tenant changed, the newest first. Those that changed other tenants alone are
 * left out: what is said in them is not for this tenant's operators.
 */
export async function listMappingGenerations(
  directory: Directory,
  name: string,
  before?: number,
): Promise<MappingHistory> {
  const active = (await readActive(directory))?.entry;
  if (active === undefined) return { generations: [] };
  const tenantIn = async (entry: GenerationEntry | undefined) =>
    entry === undefined || entry.form > FORM
      ? undefined
      : (await readContent(directory, entry)).tenants[name];
  const newest = Math.min(active.number, (before ?? Number.POSITIVE_INFINITY) - 1);
  const oldest = Math.max(1, newest - LOOKED_AT + 1);
  const generations: MappingGeneration[] = [];
  let entry = await readGeneration(directory, active, newest);
  let tenant = await tenantIn(entry);
  for (let number = newest; number >= oldest; number -= 1) {
    const earlier = number > 1 ? await readGeneration(directory, active, number - 1) : undefined;
    const isSame = earlier !== undefined && earlier.digest === entry?.digest;
    const had = isSame ? tenant : await tenantIn(earlier);
    const changed = isSame ? [] : changedKeys(had, tenant);
    if (entry !== undefined && changed.length > 0) generations.push({ entry, changed });
    [entry, tenant] = [earlier, had];
  }
  return { generations, ...compact({ next: oldest > 1 ? oldest : undefined }) };
}

function changedKeys(had: TenantConfiguration | undefined, has: TenantConfiguration | undefined): string[] {
  const [before, after] = [had ?? {}, has ?? {}] as Record<string, unknown>[];
  return [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])].filter(
    (key) => !isDeepStrictEqual(before?.[key], after?.[key]),
  );
}
