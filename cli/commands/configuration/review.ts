import { checkNames } from '../../../functions/mapping/payload/check-names.ts';
import { changedTenants } from '../../../functions/operate/configuration/push.ts';
import type { Services } from '../../../functions/provision/services.ts';
import type { Configuration } from '../../../functions/tenant/configuration.ts';
import { type Problem, pathText } from '../../../functions/tenant/problem.ts';
import {
  type CommandContext,
  type OpenDirectory,
  openProvisioning,
  type Tenant,
} from '../../command-context.ts';
import { findCatalogue, type NameSource } from '../../names.ts';
import type { Output } from '../../output.ts';
import { type LookedAhead, lookAhead } from './look-ahead.ts';
import { PlanText } from './plan-text.ts';

export type OpenedDirectory = Pick<OpenDirectory, 'directory' | 'directoryAt'>;

/** Says each problem on a line of its own; false when there are none. */
export function complainOf(problems: readonly Problem[], output: Output): boolean {
  for (const { path, message } of problems) output.line(output.paint('bold', pathText(path)), `: ${message}`);
  return problems.length > 0;
}

/** Services for what concerns all tenants: any of them opens the same. */
export async function openServicesFor(
  context: CommandContext,
  { tenants }: Configuration,
  opened: OpenedDirectory,
): Promise<Services> {
  const [[name, configuration] = []] = Object.entries(tenants);
  if (name === undefined || configuration === undefined) throw new Error('a configuration has no tenant');
  return (await openProvisioning(context, { name, configuration }, opened)).services;
}

/** What looking at a tenant that changes came to. */
export interface Review {
  /** Undefined where nobody can be planned: SmartAssist's names are not known yet. */
  readonly ahead: LookedAhead | undefined;
  /** Names that SmartAssist doesn't have. */
  readonly problems: readonly Problem[];
}

/** Looks the tenant's names up and plans everybody; shows both. */
export async function review(
  context: CommandContext,
  opened: OpenedDirectory,
  tenant: Tenant,
  names: NameSource,
  output: Output,
): Promise<Review> {
  const { name, configuration } = tenant;
  output.line(output.paint('bold', name));
  const { directory } = opened;
  const { provisioning, services } = await openProvisioning(context, tenant, opened);
  const catalogue = await findCatalogue(names, provisioning, directory);
  if (catalogue === undefined) {
    if ((await directory.countPersons(name)) > 0) {
      output.line('Not planned: the names of SmartAssist are not known here yet; --live asks for them.');
    }
    return { ahead: undefined, problems: [] };
  }
  const problems = checkNames(configuration, catalogue).map((problem) => ({
    ...problem,
    path: ['tenants', name, ...problem.path],
  }));
  complainOf(problems, output);
  // A caller that asks for JSON gets one value in the end.
  const text = new PlanText({ ...output, row: () => {} });
  const ahead = await lookAhead({ directory, services }, tenant, catalogue, {
    each: text.each,
    isKept: true,
  });
  text.end(ahead, configuration.lifecycle.brake.within);
  return { ahead, problems };
}

/** The tenants that the configuration changes. */
export function tenantsChanged(before: Configuration | undefined, configuration: Configuration): Tenant[] {
  return changedTenants(before, configuration).flatMap((name): Tenant[] => {
    const tenant = configuration.tenants[name];
    return tenant === undefined ? [] : [{ name, configuration: tenant }];
  });
}
