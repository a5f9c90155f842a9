import { type SavedPlan, tenantDigest } from '../../functions/operate/configuration/saved-plan.ts';
import { readActive } from '../../functions/tenant/generation/store.ts';
import { tenantNamed } from '../../functions/tenant/look-up.ts';
import {
  type CommandContext,
  chooseTenant,
  readConfiguration,
  type Tenant,
  withTenant,
} from '../command-context.ts';
import { EXIT_CHANGES, EXIT_ERROR, EXIT_FINDINGS, failureText } from '../failure.ts';
import { besideFiles, writeOut } from '../file-output.ts';
import { type NameSource, needCatalogue } from '../names.ts';
import { complain, type Output } from '../output.ts';
import { type LookedAhead, lookAhead } from './configuration/look-ahead.ts';
import { PlanText } from './configuration/plan-text.ts';

export interface PlanOptions extends NameSource {
  /** Where the plan goes, for `push --plan`. */
  readonly save?: string;
  readonly detailedExitcode?: true;
}

/**
 * `plan`: what the configuration would do to everybody in the directory, the calls and minutes that it takes, and what
 * the brake would say. Changes nothing.
 *
 * @returns the exit code: 1 when a person would fail, or the brake would hold; with `--detailed-exitcode` 2 when anything
 * would change, and 1 when the command could not do its work as well
 */
export async function plan(context: CommandContext, options: PlanOptions, output: Output): Promise<number> {
  if (options.detailedExitcode === undefined) return exitCodeOf(await planned(context, options, output));
  try {
    const ahead = await planned(context, options, output);
    return changesIn(ahead) > 0 ? EXIT_CHANGES : exitCodeOf(ahead);
  } catch (error) {
    complain(failureText(error));
    return EXIT_ERROR;
  }
}

async function planned(context: CommandContext, options: PlanOptions, answer: Output): Promise<LookedAhead> {
  const output = besideFiles(answer, options.save);
  const whole = readConfiguration(context);
  const tenant = chooseTenant(context, whole);
  return withTenant(context, tenant, async (opened) => {
    const { directory, provisioning } = opened;
    const catalogue = await needCatalogue(options, provisioning, directory);
    // Read before any person is looked at: what is activated meanwhile makes the plan an old one.
    const after = (await readActive(directory))?.entry.number ?? 0;
    const text = new PlanText(output);
    const isKept = options.save !== undefined;
    const ahead = await lookAhead(opened, tenant, catalogue, { each: text.each, isKept });
    text.end(ahead, tenant.configuration.lifecycle.brake.within);
    if (options.save !== undefined) {
      // As the file has it, which is what is pushed: the calls a minute that times are reckoned with may be others.
      const stated = tenantNamed(whole, tenant.name) ?? tenant.configuration;
      save(options.save, { name: tenant.name, configuration: stated }, after, ahead);
      output.line(`The plan is in ${options.save}: push --plan ${options.save} activates exactly this.`);
    }
    return ahead;
  });
}

function save(file: string, { name, configuration }: Tenant, after: number, { persons }: LookedAhead): void {
  const plan: SavedPlan = {
    form: 1,
    tenant: name,
    configuration: tenantDigest(name, configuration),
    after,
    at: new Date().toISOString(),
    persons,
  };
  writeOut(file, `${JSON.stringify(plan, null, 2)}\n`, 0o600);
}

/** How many agents would be made, changed or taken out of service. */
function changesIn({ outlook: { persons, effects } }: LookedAhead): number {
  return persons - effects.fail - effects.wait - effects.untouched;
}

function exitCodeOf({ outlook: { effects, brake } }: LookedAhead): number {
  return effects.fail > 0 || brake.engages || brake.engaged ? EXIT_FINDINGS : 0;
}
