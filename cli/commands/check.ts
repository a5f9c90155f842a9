import { checkNames } from '../../functions/mapping/check-names.ts';
import { checkConfiguration } from '../../functions/mapping/load.ts';
import { type Problem, pathText } from '../../functions/tenant/problem.ts';
import { EXIT_FINDINGS } from '../failure.ts';
import { findCatalogue, type NameSource } from '../names.ts';
import type { Output } from '../output.ts';
import { openProvisioning, openSettingDirectory, readText, type Setting } from '../setting.ts';

/**
 * `check`: the configuration against its grammar and the meaning of every expression, and with `--live` or `--catalogue`
 * every name against SmartAssist's.
 *
 * @returns the exit code: 1 when there is a problem
 */
export async function check(setting: Setting, names: NameSource, output: Output): Promise<number> {
  const file = setting.configuration;
  const { configuration, problems, locate } = checkConfiguration(readText(file));
  const found: Problem[] = [...problems];
  if (
    configuration !== undefined &&
    problems.length === 0 &&
    (names.live === true || names.catalogue !== undefined)
  ) {
    const chosen = Object.entries(configuration.tenants).filter(
      ([name]) => setting.tenant === undefined || name === setting.tenant,
    );
    for (const [name, tenant] of chosen) {
      const catalogue = await catalogueOf(setting, { name, configuration: tenant }, names);
      for (const problem of catalogue === undefined ? [] : checkNames(tenant, catalogue)) {
        found.push(locate({ ...problem, path: ['tenants', name, ...problem.path] }));
      }
    }
  }
  output.data({ file, problems: found.map((problem) => ({ ...problem, path: pathText(problem.path) })) });
  for (const { path, message, line, column, expression } of found) {
    output.line(
      `${output.paint('bold', `${file}:${line ?? 1}:${column ?? 1}`)}: ${path.length === 0 ? '' : `${pathText(path)}: `}${message}`,
    );
    if (expression !== undefined) {
      output.line(`    ${expression.text}`);
      output.line(`    ${' '.repeat(expression.position)}${output.paint('red', '^')}`);
    }
  }
  if (found.length === 0) output.line(output.paint('green', `${file} is right.`));
  else output.line(`${found.length} ${found.length === 1 ? 'problem' : 'problems'}.`);
  return found.length > 0 ? EXIT_FINDINGS : 0;
}

async function catalogueOf(
  setting: Setting,
  tenant: Parameters<typeof openProvisioning>[1],
  names: NameSource,
) {
  if (names.catalogue !== undefined) return findCatalogue(names, undefined, undefined);
  const { directory, close } = await openSettingDirectory(setting);
  try {
    const { provisioning } = await openProvisioning(setting, tenant, directory);
    return await findCatalogue(names, provisioning, directory);
  } finally {
    close();
  }
}
