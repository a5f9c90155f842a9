import type { Configuration, TenantConfiguration } from '../tenant/configuration.ts';
import { ConfigurationError, type Problem } from '../tenant/problem.ts';
import { sourceProblems } from '../tenant/source-problems.ts';
import { authorityProblems, wishProblems } from '../tenant/trust/authority-problems.ts';
import { timeZoneProblems } from '../tenant/trust/time-zone-problems.ts';
import { byPlace, type Reading, readYaml } from '../tenant/yaml.ts';
import { compileMapping } from './compile.ts';

/**
 * Reads a configuration as a whole: its grammar, then the meaning of every path, filter and rule.
 *
 * @returns the configuration where its grammar is right, and every problem with line, column and path; and a way to
 * place further ones
 */
export function checkConfiguration(text: string): Reading {
  const { configuration, problems, locate } = readYaml(text);
  if (configuration === undefined) return { problems, locate };
  const found = Object.entries(configuration.tenants).flatMap(([name, tenant]): Problem[] =>
    tenantProblems(tenant).map((problem) => ({ ...problem, path: ['tenants', name, ...problem.path] })),
  );
  return { configuration, problems: found.map(locate).toSorted(byPlace), locate };
}

/** What is wrong with the meaning of a tenant whose grammar is right, each with its path below the tenant. */
export function tenantProblems(tenant: TenantConfiguration): Problem[] {
  return [
    ...compileMapping(tenant).problems,
    ...sourceProblems(tenant.sources),
    ...authorityProblems(tenant),
    ...timeZoneProblems(tenant),
    ...wishProblems(tenant),
  ];
}

/**
 * Reads a configuration that is to be used.
 *
 * @param file the name that problems carry
 * @throws ConfigurationError with every problem, each with line, column and path
 */
export function loadConfiguration(text: string, file: string): Configuration {
  const { configuration, problems } = checkConfiguration(text);
  // Stryker disable next-line ConditionalExpression: where there is no configuration, there are problems
  if (configuration === undefined || problems.length > 0) throw new ConfigurationError(file, problems);
  return configuration;
}
