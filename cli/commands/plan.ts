import type { Directory } from '../../functions/directory/directory.ts';
import { compileMapping } from '../../functions/mapping/compile.ts';
import { readBrake } from '../../functions/provision/brake.ts';
import {
  count,
  type Foreseen,
  forecast,
  noEffects,
  type Outlook,
  outlookOf,
} from '../../functions/provision/forecast.ts';
import { openPlanner, type Planner } from '../../functions/provision/plan.ts';
import { mappingInForce } from '../../functions/provision/reevaluate.ts';
import { type Catalogue, fixedCatalogue } from '../../functions/smartassist/catalogue.ts';
import type { TenantConfiguration } from '../../functions/tenant/configuration.ts';
import { EXIT_FINDINGS } from '../failure.ts';
import { type NameSource, needCatalogue } from '../names.ts';
import { type Output, table, valueText } from '../output.ts';
import { startProgress } from '../progress.ts';
import {
  chooseTenant,
  openProvisioning,
  openSettingDirectory,
  readConfiguration,
  type Setting,
  type Tenant,
} from '../setting.ts';

/** People see as many persons as these a kind; programs get all. */
const SHOWN = 20;

/**
 * `plan`: what the configuration would do to everybody in the directory, the calls and minutes that it takes, and what
 * the brake would say. Changes nothing.
 *
 * @returns the exit code: 1 when somebody would fail
 */
export async function plan(setting: Setting, names: NameSource, output: Output): Promise<number> {
  const tenant = chooseTenant(setting, readConfiguration(setting));
  const { directory, close } = await openSettingDirectory(setting);
  try {
    const { provisioning, world } = await openProvisioning(setting, tenant, directory);
    const catalogue = await needCatalogue(names, provisioning, directory);
    const planner = planWith(tenant.configuration, catalogue, directory);
    const before = await plannerInForce(tenant, catalogue, directory);
    const progress = startProgress('Looking at', await directory.countPersons(tenant.name));
    const effects = noEffects();
    const shown = new Map<string, number>();
    for await (const foreseen of forecast(directory, tenant.name, planner, before)) {
      progress.advance();
      count(effects, foreseen);
      if (foreseen.effect === 'untouched' || foreseen.effect === 'wait') continue;
      output.row(foreseen);
      const already = shown.get(foreseen.effect) ?? 0;
      shown.set(foreseen.effect, already + 1);
      if (already < SHOWN && !output.json) {
        progress.end();
        show(foreseen, output);
      }
    }
    progress.end();
    const active = await directory.countActiveAgents(tenant.name);
    const outlook = outlookOf(effects, tenant.configuration, active, await readBrake(world, tenant.name));
    output.row({ outlook });
    summarise(outlook, shown, output);
    return effects.fail > 0 ? EXIT_FINDINGS : 0;
  } finally {
    close();
  }
}

function planWith(tenant: TenantConfiguration, catalogue: Catalogue, directory: Directory): Planner {
  const compiled = compileMapping(tenant);
  if (!('mapping' in compiled)) throw new Error('a configuration that was checked does not compile');
  return openPlanner({
    tenant,
    mapping: compiled.mapping,
    catalogue: fixedCatalogue(catalogue),
    directory,
    now: Date.now,
  });
}

/** Plans with the mapping that is in force, so that changes can be shown by field; undefined when nobody knows it. */
async function plannerInForce(
  tenant: Tenant,
  catalogue: Catalogue,
  directory: Directory,
): Promise<Planner | undefined> {
  const mapping = await mappingInForce(directory, tenant.name);
  if (typeof mapping !== 'object') return undefined;
  try {
    return planWith({ ...tenant.configuration, ...mapping }, catalogue, directory);
  } catch {
    // Written by another version of the product: then changes are shown without their fields.
    return undefined;
  }
}

function show({ effect, userName, fields = {}, problems = [] }: Foreseen, output: Output): void {
  const styles = {
    create: 'green',
    change: 'yellow',
    resume: 'green',
    suspend: 'magenta',
    remove: 'red',
    fail: 'red',
  } as const;
  const style = styles[effect as keyof typeof styles];
  output.line(`${output.paint(style, effect.padEnd(8))} ${userName}`);
  for (const [field, { from, to }] of Object.entries(fields)) {
    output.line(`           ${field}: ${valueText(from)} → ${valueText(to)}`);
  }
  for (const problem of problems) output.line(`           ${problem}`);
}

function summarise(
  { persons, effects, calls, minutes, brake }: Outlook,
  shown: ReadonlyMap<string, number>,
  output: Output,
): void {
  for (const [effect, number] of shown) {
    if (number > SHOWN) output.line(`… and ${number - SHOWN} more to ${effect} (--json shows all)`);
  }
  output.line();
  output.line(
    table(
      ['effect', 'persons'],
      Object.entries(effects).map(([effect, number]) => [effect, String(number)]),
    ),
  );
  output.line();
  output.line(`${persons} persons, ${calls} calls at the most, about ${minutes} minutes.`);
  if (brake.engaged)
    output.line(output.paint('red', 'The brake holds already: leavers wait until somebody decides.'));
  else if (brake.engages) {
    output.line(
      output.paint(
        'red',
        `The brake would hold: ${brake.leaving} would leave service, ${brake.lets} may at once.`,
      ),
    );
  } else
    output.line(
      `The brake lets it through: ${brake.leaving} would leave service, ${brake.lets} may at once.`,
    );
}
