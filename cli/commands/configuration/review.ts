import type { Directory } from '../../../functions/directory/directory.ts';
import { checkNames } from '../../../functions/mapping/payload/check-names.ts';
import type { Services } from '../../../functions/provision/services.ts';
import type { Configuration } from '../../../functions/tenant/configuration.ts';
import { infrastructureProblems } from '../../../functions/tenant/generation/infrastructure.ts';
import {
  type ActiveEntry,
  FORM,
  type GenerationEntry,
  newestKnown,
  readActive,
  readContent,
  readGeneration,
} from '../../../functions/tenant/generation/store.ts';
import { type Problem, pathText } from '../../../functions/tenant/problem.ts';
import {
  type CommandContext,
  type OpenDirectory,
  openProvisioning,
  type Tenant,
} from '../../command-context.ts';
import { CommandFailure } from '../../failure.ts';
import { findCatalogue, type NameSource } from '../../names.ts';
import type { Output } from '../../output.ts';
import { type LookedAhead, lookAhead } from './look-ahead.ts';
import { PlanText } from './plan-text.ts';

export type OpenedDirectory = Pick<OpenDirectory, 'directory' | 'directoryAt'>;

/** The generation that is active, and what infrastructure was deployed with. */
export interface Generations {
  readonly after: ActiveEntry | undefined;
  readonly before: Configuration | undefined;
  readonly deployed: Configuration | undefined;
}

/**
 * @param isDeployment code that was taken back is deployed with its configuration: what a later version has activated since
 * is followed by it, and the newest generation that this code knows is what was before
 * @throws CommandFailure where the active generation is one of a later version of the product, and nothing is deployed
 */
export async function readGenerations(directory: Directory, isDeployment = false): Promise<Generations> {
  const after = await readActive(directory);
  if (after === undefined) return { after, before: undefined, deployed: undefined };
  if (isDeployment && after.entry.form > FORM) {
    const known = await newestKnown(directory, after.entry, FORM);
    return { after, before: known && (await readContent(directory, known)), deployed: undefined };
  }
  const before = await readConfigurationOf(directory, after.entry);
  const entry = await readGeneration(directory, after.entry, after.entry.deployed);
  const isSame = entry === undefined || entry.digest === after.entry.digest;
  return { after, before, deployed: isSame ? before : await readConfigurationOf(directory, entry) };
}

/** @throws CommandFailure for a generation of a later version of the product */
export async function readConfigurationOf(
  directory: Directory,
  entry: GenerationEntry,
): Promise<Configuration> {
  if (entry.form > FORM) {
    throw new CommandFailure(
      `generation ${entry.number} was written by a later version (form ${entry.form}, this one knows ${FORM}); use that version`,
    );
  }
  return readContent(directory, entry);
}

/** Says each problem on a line of its own; false when there are none. */
export function complainOf(problems: readonly Problem[], output: Output): boolean {
  for (const { path, message } of problems) output.line(output.paint('bold', pathText(path)), `: ${message}`);
  return problems.length > 0;
}

/** What differs from what was deployed, where no deployment goes with it. */
export function infrastructureChanges(
  { deployed }: Generations,
  configuration: Configuration,
): readonly Problem[] {
  return deployed === undefined ? [] : infrastructureProblems(deployed, configuration);
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
  const ahead = await lookAhead({ directory, services }, tenant, catalogue, text.each);
  text.end(ahead, configuration.lifecycle.brake.within);
  return { ahead, problems };
}
