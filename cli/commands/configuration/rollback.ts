import { compileMapping } from '../../../functions/mapping/compile.ts';
import {
  readConfigurationOf,
  readGenerations,
} from '../../../functions/operate/configuration/generations.ts';
import { infrastructureChanges } from '../../../functions/operate/configuration/infrastructure.ts';
import { pushConfiguration } from '../../../functions/operate/configuration/push.ts';
import type { Configuration } from '../../../functions/tenant/configuration.ts';
import { readGeneration } from '../../../functions/tenant/generation/store.ts';
import type { Problem } from '../../../functions/tenant/problem.ts';
import { type CommandContext, openCommandDirectory } from '../../command-context.ts';
import { CommandFailure, EXIT_FINDINGS } from '../../failure.ts';
import type { NameSource } from '../../names.ts';
import { type ActorOptions, actorOf } from '../../operator/actor.ts';
import { counted, type Output } from '../../output.ts';
import { assertFormer, chooseDropped, type Dropping, sayUndropped } from './former-sources.ts';
import { refused, saidAndDropped } from './push.ts';
import { complainOf, openServicesFor, review, tenantsChanged } from './review.ts';

export interface RollbackOptions extends NameSource, ActorOptions {
  /** Although SmartAssist no longer has all the names. */
  readonly anyway?: true;
  /** As `push` has it: sources that the older generation doesn't know. */
  readonly drop?: readonly string[];
}

/**
 * `rollback`: makes what an older generation holds the active one again, as the next generation. Where names in it no
 * longer exist in SmartAssist, the plan is shown and nothing is activated before `--anyway` says so.
 *
 * @returns the exit code: 1 when nothing was activated
 */
export async function rollback(
  context: CommandContext,
  which: string,
  options: RollbackOptions,
  output: Output,
): Promise<number> {
  const actor = await actorOf(context, options);
  const opened = await openCommandDirectory(context);
  const { directory } = opened;
  try {
    const generations = await readGenerations(directory);
    const { after, before } = generations;
    if (after === undefined) throw new CommandFailure('there is no generation yet; push makes the first');
    const number = /^\d{1,9}$/.test(which) ? Number(which) : 0;
    const entry = await readGeneration(directory, after.entry, number);
    if (entry === undefined) {
      throw new CommandFailure(
        `there is no generation ${which}; generations lists them, up to ${after.entry.number}`,
      );
    }
    const configuration = await readConfigurationOf(directory, entry);
    const problems = [
      ...mappingProblems(configuration),
      ...infrastructureChanges(generations, configuration),
    ];
    if (complainOf(problems, output)) return refused(output, problems);
    const tenants = tenantsChanged(before, configuration);
    for (const source of options.drop ?? []) for (const tenant of tenants) assertFormer(tenant, source);
    if (tenants.length === 0) sayUndropped(options.drop, 'no tenant changes', output);
    const missing: Problem[] = [];
    const dropping: Dropping[] = [];
    for (const tenant of tenants) {
      const { ahead, problems } = await review(context, opened, tenant, options, output);
      missing.push(...problems);
      dropping.push(...(await chooseDropped(tenant, ahead, options.drop, output)));
    }
    if (missing.length > 0 && options.anyway === undefined) {
      output.row({ outcome: 'refused', problems: missing });
      output.line(
        output.paint(
          'red',
          `SmartAssist doesn't have ${counted(missing.length, 'name')} of generation ${number}.`,
        ),
      );
      output.line(
        'Nothing was activated. With --anyway it is: whoever needs such a name fails, and says so.',
      );
      return EXIT_FINDINGS;
    }
    const services = await openServicesFor(context, configuration, opened);
    const activated = await pushConfiguration(services, {
      configuration,
      after,
      before,
      actor,
      isDeployment: false,
      restores: number,
    });
    return await saidAndDropped(services, activated, dropping, actor, output);
  } finally {
    opened.close();
  }
}

/** What this version of the product can't make sense of any more. */
function mappingProblems({ tenants }: Configuration): Problem[] {
  return Object.entries(tenants).flatMap(([name, tenant]) =>
    compileMapping(tenant).problems.map((problem) => ({
      ...problem,
      path: ['tenants', name, ...problem.path],
    })),
  );
}
