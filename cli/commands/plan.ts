import { setImmediate } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Directory } from '../../functions/directory/directory.ts';
import { formerHolders } from '../../functions/events/person/former-source.ts';
import { readBrake } from '../../functions/provision/brake/brake.ts';
import { mappingInForce } from '../../functions/provision/drain/remap.ts';
import {
  count,
  type Foreseen,
  forecast,
  noEffects,
  type Outlook,
  outlookOf,
} from '../../functions/provision/forecast.ts';
import { openPlanner, type Planner } from '../../functions/provision/plan.ts';
import { type Catalogue, fixedCatalogue } from '../../functions/smartassist/catalogue.ts';
import { isSetAtCreationOnly, rowOfKey } from '../../functions/smartassist/fields.ts';
import type { TenantConfiguration } from '../../functions/tenant/configuration.ts';
import {
  type CommandContext,
  chooseTenant,
  mappingOf,
  readConfiguration,
  type Tenant,
  withTenant,
} from '../command-context.ts';
import { EXIT_FINDINGS } from '../failure.ts';
import { type NameSource, needCatalogue } from '../names.ts';
import { counted, type Output, table, valueText } from '../output.ts';
import { startProgress } from '../progress.ts';

/** People see as many persons as these a kind; programs get all. */
const SHOWN = 20;
const TURN_EVERY = 100;

/**
 * `plan`: what the configuration would do to all persons in the directory, the calls and minutes that it takes, and what
 * the brake would say. Changes nothing.
 *
 * @returns the exit code: 1 when a person would fail, or the brake would hold
 */
export async function plan(context: CommandContext, names: NameSource, output: Output): Promise<number> {
  const tenant = chooseTenant(context, readConfiguration(context));
  return withTenant(context, tenant, async ({ directory, provisioning, services }) => {
    const catalogue = await needCatalogue(names, provisioning, directory);
    const held = new Map<string, string[]>();
    const remembering = rememberingGroups(directory);
    const noting = notingHeld(directory, tenant.configuration, held);
    const planner = planWith(tenant.configuration, catalogue, remembering);
    const before = await plannerInForce(tenant, catalogue, remembering);
    const progress = startProgress('Looking at', { total: await directory.countPersons(tenant.name) });
    const effects = noEffects();
    const shown = new Map<string, number>();
    let looked = 0;
    for await (const foreseen of forecast(noting, tenant.name, planner, before)) {
      progress.advance();
      count(effects, foreseen);
      looked += 1;
      // A local directory answers without waiting: what was used is freed, and Ctrl-C heard, only in between.
      if (looked % TURN_EVERY === 0) await setImmediate();
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
    showHeld(held, output);
    const active = await directory.countActiveAgents(tenant.name);
    const outlook = outlookOf(effects, tenant.configuration, active, await readBrake(services, tenant.name));
    output.row({ outlook });
    const { within } = tenant.configuration.lifecycle.brake;
    summarise(outlook, { shown, isBeforeUnknown: before === undefined, within }, output);
    const { engages, engaged } = outlook.brake;
    return effects.fail > 0 || engages || engaged ? EXIT_FINDINGS : 0;
  });
}

/** Who changes is planned twice, with the configuration and with the one in force: the groups are looked up once. */
function rememberingGroups(directory: Directory): Directory {
  let last: { readonly of: string; readonly groups: ReturnType<Directory['groupsOf']> } | undefined;
  return {
    ...directory,
    groupsOf: (tenant, id) => {
      if (last?.of !== id) last = { of: id, groups: directory.groupsOf(tenant, id) };
      return last.groups;
    },
  };
}

/** Notes, of the persons who are looked at, whom sources hold out of service that are no longer configured. */
function notingHeld(
  directory: Directory,
  configuration: TenantConfiguration,
  held: Map<string, string[]>,
): Directory {
  return {
    ...directory,
    listPersons: async (tenant, page) => {
      const found = await directory.listPersons(tenant, page);
      for (const record of found.persons) {
        for (const source of formerHolders(record, configuration)) {
          held.set(source, [...(held.get(source) ?? []), record.person.userName]);
        }
      }
      return found;
    },
  };
}

function showHeld(held: ReadonlyMap<string, readonly string[]>, output: Output): void {
  if (held.size === 0) return;
  output.row({ held: Object.fromEntries(held) });
  for (const [source, names] of held) {
    const more = names.length > SHOWN ? `, and ${names.length - SHOWN} more (--json shows all)` : '';
    output.line(
      output.paint(
        'yellow',
        `${source} is no longer configured and holds ${counted(names.length, 'person')} out:`,
      ),
    );
    output.line(`         ${names.slice(0, SHOWN).join(', ')}${more}`);
    output.line(`         sources --drop ${source}   lets come back whom nothing else holds`);
  }
}

function planWith(tenant: TenantConfiguration, catalogue: Catalogue, directory: Directory): Planner {
  return openPlanner({
    tenant,
    mapping: mappingOf(tenant),
    catalogue: fixedCatalogue(catalogue),
    directory,
    now: Date.now,
  });
}

/** Plans with the mapping that is in force, so that changes can be shown by field; undefined when it is not known. */
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

function show(
  { effect, userName, fields = {}, problems = [], warnings = [] }: Foreseen,
  output: Output,
): void {
  const styles = {
    create: 'green',
    change: 'yellow',
    resume: 'green',
    suspend: 'magenta',
    remove: 'red',
    fail: 'red',
  } as const;
  const style = styles[effect as keyof typeof styles];
  output.line(output.paint(style, effect.padEnd(8)), ` ${userName}`);
  for (const [field, { from, to }] of Object.entries(fields)) {
    output.line(
      `         ${field}: ${changeText(from, to)}${isFixed(field) ? '; set at creation only' : ''}`,
    );
  }
  if (effect === 'change' && Object.keys(fields).length === 0)
    output.line('         (in what, is not known)');
  for (const problem of problems) output.line(`         ${problem}`);
  for (const warning of warnings) output.line(`         Warning: ${warning}`);
}

function isFixed(field: string): boolean {
  const row = rowOfKey(field);
  return row !== undefined && isSetAtCreationOnly(row);
}

/** What becomes of a field; of a list only the entries that go and come. */
function changeText(from: unknown, to: unknown): string {
  if (!Array.isArray(from) || !Array.isArray(to)) return `${valueText(from)} → ${valueText(to)}`;
  const without = (list: unknown[], others: unknown[]) =>
    list.filter((entry) => !others.some((other) => isDeepStrictEqual(entry, other))).map(valueText);
  const parts = [
    ...without(from, to).map((entry) => `− ${entry}`),
    ...without(to, from).map((entry) => `+ ${entry}`),
  ];
  return parts.length === 0 ? 'in another order' : parts.join(', ');
}

function summarise(
  { persons, effects, calls, minutes, brake }: Outlook,
  seen: {
    readonly shown: ReadonlyMap<string, number>;
    readonly isBeforeUnknown: boolean;
    /** Over how many seconds the brake counts. */
    readonly within: number;
  },
  output: Output,
): void {
  for (const [effect, number] of seen.shown) {
    if (number > SHOWN) output.line(`… and ${number - SHOWN} more to ${effect} (--json shows all)`);
  }
  if (seen.shown.size > 0) output.line();
  const rows = Object.entries(effects).map(([effect, number]) => [effect, String(number)]);
  for (const line of table(['effect', 'persons'], rows)) output.line(line);
  output.line();
  if (seen.isBeforeUnknown && effects.change > 0) {
    output.line(
      'Changes are not shown by field: the configuration in force is noted once provisioning has run.',
    );
  }
  output.line(
    `${counted(persons, 'person')}, ${counted(calls, 'call')} at the most, about ${counted(minutes, 'minute')}.`,
  );
  const leaving = `${brake.leaving} would leave service, ${brake.lets} may within ${counted(Math.round(seen.within / 60), 'minute')}`;
  if (brake.engaged) {
    output.line(output.paint('red', 'The brake holds already: leavers wait until somebody decides.'));
  } else if (brake.engages) output.line(output.paint('red', `The brake would hold: ${leaving}.`));
  else output.line(`The brake lets it through: ${leaving}.`);
}
