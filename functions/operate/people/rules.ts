import { groupsAskedFor } from '../../mapping/rules/condition.ts';
import { mappingDigestOf } from '../../provision/drain/configuration-change.ts';
import { readRuleCounts } from '../../provision/drain/rule-counts.ts';
import type { Services } from '../../provision/services.ts';
import { nearest } from '../../scim-core/nearest.ts';
import type { TenantConfiguration } from '../../tenant/configuration.ts';

/** A rule that is for nobody: most often it names a group that isn't there. */
export interface EmptyRule {
  readonly name: string;
  /** ISO 8601: since when, as far as it was counted. */
  readonly since: string;
  /** Groups that it asks for and that the directory doesn't have, each with the names that are near. */
  readonly unknownGroups: readonly { readonly name: string; readonly near: readonly string[] }[];
}

/** For how many people each rule is. */
export interface RulesView {
  /** ISO 8601: when everybody had been looked at. */
  readonly at: string;
  /** Another mapping was counted than today's: it is counted anew within minutes, or by `remap`. */
  readonly isOfOtherMapping: boolean;
  readonly persons: number;
  /** How many of them are to be agents. */
  readonly wanted: number;
  readonly rules: readonly { readonly name: string; readonly count: number }[];
  readonly empty: readonly EmptyRule[];
}

/** Groups that are looked through for a name that is near. */
const CANDIDATES = 1_000;

/** For how many people each rule of the mapping was when everybody was looked at last; undefined before that. */
export async function countRules(
  { directory }: Pick<Services, 'directory'>,
  tenant: string,
  configuration: TenantConfiguration,
): Promise<RulesView | undefined> {
  const counts = await readRuleCounts(directory, tenant);
  if (counts === undefined) return undefined;
  const { at, persons, wanted, rules: counted, emptySince } = counts;
  const rules = configuration.rules.flatMap(({ name }) => {
    const isCounted = counted[name] !== undefined || emptySince[name] !== undefined;
    return isCounted ? [{ name, count: counted[name] ?? 0 }] : [];
  });
  const isEmpty = new Set(rules.filter(({ count }) => count === 0).map(({ name }) => name));
  const empty = await Promise.all(
    configuration.rules
      // Where nobody is to be an agent it says nothing of a rule.
      .filter(({ name }) => wanted > 0 && isEmpty.has(name))
      .map(async ({ name, when = '' }) => ({
        name,
        since: emptySince[name] ?? at,
        unknownGroups: when === '' ? [] : await unknownGroups(directory, tenant, groupsAskedFor(when)),
      })),
  );
  return {
    at,
    isOfOtherMapping: counts.mapping !== mappingDigestOf(configuration),
    persons,
    wanted,
    rules,
    empty,
  };
}

async function unknownGroups(
  directory: Services['directory'],
  tenant: string,
  names: readonly string[],
): Promise<EmptyRule['unknownGroups']> {
  const found = await Promise.all(
    names.map((value) => directory.findGroup(tenant, { attribute: 'displayName', value })),
  );
  const unknown = names.filter((_, index) => found[index]?.length === 0);
  if (unknown.length === 0) return [];
  const { groups } = await directory.listGroups(tenant, { limit: CANDIDATES });
  const known = groups.flatMap(({ group: { displayName } }) =>
    typeof displayName === 'string' ? [displayName] : [],
  );
  return unknown.map((name) => ({ name, near: nearest(name, known) }));
}
