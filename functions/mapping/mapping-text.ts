import { stringify } from 'yaml';
import { printableLines } from '../runtime/printable.ts';
import { didYouMean } from '../scim-core/nearest.ts';
import { isObject } from '../scim-core/resource/resource.ts';
import {
  MAPPING_KEYS,
  type MappingPart,
  mappingSchema,
  type TenantConfiguration,
} from '../tenant/configuration.ts';
import { problemsOf } from '../tenant/issue.ts';
import { knownKeys } from '../tenant/known-keys.ts';
import type { Problem } from '../tenant/problem.ts';
import { byPlace, readYamlValue } from '../tenant/yaml.ts';
import { tenantProblems } from './load.ts';

/** The mapping of a tenant as a text that an operator changes: YAML of those of its keys that make the mapping. */
export function mappingText(tenant: TenantConfiguration): string {
  const { agent, ...rest } = mappingPartOf(tenant);
  const part = { ...rest, agent: asWritten(agent) };
  const keys = MAPPING_KEYS.filter((key) => part[key] !== undefined);
  const value = Object.fromEntries(keys.map((key) => [key, part[key]]));
  const text = stringify(value, { lineWidth: LINE });
  if (printableLines(text) === text) return text;
  // In double quotes YAML has the same escapes, so that what a browser would obey stands there and means itself.
  const quoted = { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'QUOTE_DOUBLE' } as const;
  return printableLines(stringify(value, { ...quoted, lineWidth: 0 }));
}

const LINE = 110;

/** Those keys of a tenant that make its mapping; one that isn't there is undefined. */
export function mappingPartOf(tenant: MappingPart): MappingPart {
  return Object.fromEntries(MAPPING_KEYS.map((key) => [key, tenant[key]])) as MappingPart;
}

/** The tenant with another mapping, as it is stored: without keys that have no value. */
export function withMapping(tenant: TenantConfiguration, part: MappingPart): TenantConfiguration {
  return JSON.parse(JSON.stringify({ ...tenant, ...mappingPartOf(part) }));
}

/** A path that nothing is made of is written as a text alone. */
function asWritten(values: object): unknown {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => {
      if (!isObject(value)) return [key, value];
      const isPath = typeof value.from === 'string';
      return [key, isPath ? (Object.keys(value).length === 1 ? value.from : value) : asWritten(value)];
    }),
  );
}

/** A changed mapping: the tenant with it, or each problem with line and column. */
export interface ReadMapping {
  readonly tenant?: TenantConfiguration;
  readonly problems: readonly Problem[];
  /** Adds line and column to a problem whose path begins below the tenant. */
  locate(problem: Problem): Problem;
}

const ELSEWHERE =
  'is changed by push, with rights on AWS: secrets, hosts, accounts, sources, authority and roles are not changed here';

/**
 * Reads what `mappingText` wrote and an operator has changed.
 *
 * @param tenant as it is: everything that the text can't change is taken from it
 */
export function readMapping(text: string, tenant: TenantConfiguration): ReadMapping {
  const { found, problems, locate, told } = readYamlValue(text);
  const failed = (list: readonly Problem[]): ReadMapping => ({
    problems: list.map(locate).toSorted(byPlace),
    locate,
  });
  if (found === undefined) return { problems, locate };
  const { value } = found;
  if (!isObject(value)) {
    return failed([
      { path: [], message: `must be the keys ${MAPPING_KEYS.join(', ')}, each with its value` },
    ]);
  }
  const foreign = Object.keys(value).filter((key) => !MAPPING_KEYS.some((known) => known === key));
  if (foreign.length > 0) return failed(foreign.map((key) => ({ path: [key], message: foreignText(key) })));
  const checked = mappingSchema.safeParse(value, { reportInput: true });
  if (!checked.success) {
    const issues = checked.error.issues.flatMap((issue) => problemsOf(issue, ['tenants', 'tenant']));
    const below = issues.map((problem) => ({ ...problem, path: problem.path.slice(2) }));
    return { problems: told(below), locate };
  }
  const next = withMapping(tenant, checked.data);
  const wrong = tenantProblems(next);
  return wrong.length > 0 ? failed(wrong) : { tenant: next, problems: [], locate };
}

function foreignText(key: string): string {
  if (key === 'tenants') return 'is not written here: the keys of this tenant stand alone, without its name';
  if (knownKeys(['tenants', 'tenant']).includes(key)) return ELSEWHERE;
  return `is not a known key.${didYouMean(key, MAPPING_KEYS) || ` Known here are: ${MAPPING_KEYS.join(', ')}.`}`;
}
