import { customIdRuleOf } from '../../functions/mapping/desired/custom-id.ts';
import { checkConfiguration } from '../../functions/mapping/load.ts';
import { checkNames } from '../../functions/mapping/payload/check-names.ts';
import { compact } from '../../functions/runtime/compact.ts';
import type { Catalogue } from '../../functions/smartassist/catalogue.ts';
import type { Configuration, TenantConfiguration } from '../../functions/tenant/configuration.ts';
import { hintsOf } from '../../functions/tenant/hints.ts';
import { type Problem, pathText, problemText } from '../../functions/tenant/problem.ts';
import { type CommandContext, chooseTenant, readText, type Tenant, withTenant } from '../command-context.ts';
import { CommandFailure, EXIT_FINDINGS } from '../failure.ts';
import { besideFiles, writeOut } from '../file-output.ts';
import { type NameSource, needCatalogue } from '../names.ts';
import { counted, type Output } from '../output.ts';
import { trustLines, trustOf } from './check-defaults.ts';

export interface CheckOptions extends NameSource {
  /** Where the names go that `--live` has read, for `--catalogue`. */
  readonly save?: string;
}

/**
 * `check`: the configuration against its grammar and the meaning of every expression, and with `--live` or `--catalogue`
 * every name against SmartAssist's.
 *
 * @returns the exit code: 1 when there is a problem
 */
export async function check(context: CommandContext, options: CheckOptions, answer: Output): Promise<number> {
  const output = besideFiles(answer, options.save);
  const file = context.configuration;
  if (options.save !== undefined && options.live !== true) {
    throw new CommandFailure('--save writes what --live has read; give both');
  }
  const { configuration, problems, locate } = checkConfiguration(readText(file));
  const found: Problem[] = [...problems];
  const tenants =
    configuration === undefined || problems.length > 0 ? [] : tenantsFor(context, options, configuration);
  const areNamesChecked = options.live === true || options.catalogue !== undefined;
  for (const tenant of areNamesChecked ? tenants : []) {
    const catalogue = await catalogueOf(context, tenant, options);
    if (options.save !== undefined) writeOut(options.save, `${JSON.stringify(catalogue, null, 2)}\n`);
    for (const problem of checkNames(tenant.configuration, catalogue)) {
      found.push(locate({ ...problem, path: ['tenants', tenant.name, ...problem.path] }));
    }
  }
  const hints = configuration === undefined ? [] : hintsOf(configuration).map(locate);
  const trust = configuration === undefined || found.length > 0 ? [] : trustOf(configuration);
  output.data({
    file,
    problems: found.map((problem) => ({ ...problem, path: pathText(problem.path) })),
    ...compact({
      hints: hints.length === 0 ? undefined : hints.map((hint) => ({ ...hint, path: pathText(hint.path) })),
      trust: trust.length === 0 ? undefined : trust,
    }),
  });
  for (const problem of found) {
    const place = `${file}:${problem.line ?? 1}:${problem.column ?? 1}`;
    const text = problemText(file, { line: 1, column: 1, ...problem });
    // A condition that can't be read has lines of its own, the last with a caret.
    const [first = '', ...further] = text.slice(place.length).split('\n');
    output.line(output.paint('bold', place), first);
    for (const line of further) output.line(line);
  }
  for (const hint of hints) output.line(`${problemText(file, hint)} (no mistake)`);
  if (found.length > 0) output.line(`${counted(found.length, 'problem')}.`);
  else {
    const names = areNamesChecked ? ', and SmartAssist has every name in it' : '';
    output.line(output.paint('green', `${file} is right${names}.`));
    for (const line of Object.entries(configuration?.tenants ?? {}).flatMap(customIdLines)) output.line(line);
    for (const line of Object.entries(configuration?.tenants ?? {}).flatMap(limitLines)) output.line(line);
    for (const line of trust.flatMap(trustLines)) output.line(line);
  }
  return found.length > 0 ? EXIT_FINDINGS : 0;
}

/** How many agents a tenant may have in service. */
function limitLines([name, { seats }]: [string, TenantConfiguration]): string[] {
  if (seats === undefined) return [];
  const most = Math.ceil(seats * 0.9);
  return [
    `${name}: at most ${counted(seats, 'agent')} in service; the alarm rings from ${most} on, further ones wait for a seat`,
  ];
}

/** What the setting of customId costs in calls, of each tenant. */
function customIdLines([name, { agent, smartassist }]: [string, TenantConfiguration]): string[] {
  const rule = customIdRuleOf(agent, smartassist.profile);
  const byDefault = agent.customId === undefined ? ' (default)' : '';
  const cost =
    rule === 'generated'
      ? 'an agent whose id is not known is found again by 1 call'
      : 'an agent whose id is not known is found again by its e-mail address: a call for each ten agents in the worst case';
  return [`${name}: customId ${rule === 'person' ? 'from the person' : rule}${byDefault}: ${cost}`];
}

/** Whose names are looked up: a catalogue is one account's, so with a file the tenant has to be known. */
function tenantsFor(
  context: CommandContext,
  { catalogue, save }: CheckOptions,
  configuration: Configuration,
): Tenant[] {
  if (context.tenant !== undefined || catalogue !== undefined || save !== undefined) {
    return [chooseTenant(context, configuration)];
  }
  return Object.entries(configuration.tenants).map(([name, tenant]) => ({ name, configuration: tenant }));
}

async function catalogueOf(context: CommandContext, tenant: Tenant, names: NameSource): Promise<Catalogue> {
  if (names.catalogue !== undefined) return needCatalogue(names, undefined, undefined);
  return withTenant(context, tenant, async ({ directory, provisioning }) => {
    return await needCatalogue(names, provisioning, directory);
  });
}
