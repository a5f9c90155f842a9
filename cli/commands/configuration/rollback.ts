import { compileMapping } from '../../../functions/mapping/compile.ts';
import {
  readConfigurationOf,
  readGenerations,
} from '../../../functions/operate/configuration/generations.ts';
import { infrastructureChanges } from '../../../functions/operate/configuration/infrastructure.ts';
import { changedTenants, pushConfiguration } from '../../../functions/operate/configuration/push.ts';
import type { Configuration } from '../../../functions/tenant/configuration.ts';
import { readGeneration } from '../../../functions/tenant/generation/store.ts';
import type { Problem } from '../../../functions/tenant/problem.ts';
import { type CommandContext, openCommandDirectory } from '../../command-context.ts';
import { CommandFailure, EXIT_FINDINGS } from '../../failure.ts';
import type { NameSource } from '../../names.ts';
import { type ActorOptions, actorOf } from '../../operator/actor.ts';
import { counted, type Output } from '../../output.ts';
import { refused, said } from './push.ts';
import { complainOf, openServicesFor, review } from './review.ts';

export interface RollbackOptions extends NameSource, ActorOptions {
  /** Although SmartAssist no longer has all the names. */
  readonly anyway?: true;
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
    const missing: Problem[] = [];
    for (const name of changedTenants(before, configuration)) {
      const tenant = configuration.tenants[name];
      if (tenant === undefined) continue;
      missing.push(
        ...(await review(context, opened, { name, configuration: tenant }, options, output)).problems,
      );
    }
    if (missing.length > 0 && options.anyway === undefined) {
      output.data({ outcome: 'refused', problems: missing });
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
    return said(activated, output);
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
