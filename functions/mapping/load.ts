import type { Configuration } from '../tenant/configuration.ts';
import { ConfigurationError, type Problem } from '../tenant/problem.ts';
import { readYaml } from '../tenant/yaml.ts';
import { compileMapping } from './compile.ts';

/**
 * Reads a configuration file as a whole: its grammar, then the meaning of every path, filter and rule.
 *
 * @param file the name that problems carry
 * @throws ConfigurationError with every problem, each with line, column and path
 */
export function loadConfiguration(text: string, file: string): Configuration {
  const { configuration, problems, locate } = readYaml(text);
  if (configuration === undefined) throw new ConfigurationError(file, problems);
  const found = Object.entries(configuration.tenants).flatMap(([name, tenant]): Problem[] =>
    compileMapping(tenant).problems.map((problem) => ({
      ...problem,
      path: ['tenants', name, ...problem.path],
    })),
  );
  if (found.length > 0) throw new ConfigurationError(file, found.map(locate));
  return configuration;
}
