import { type FailureGroup, listFailures, type Tally } from '../../../functions/operate/people/failures.ts';
import { countRules, type RulesView } from '../../../functions/operate/people/rules.ts';
import { readUnseated } from '../../../functions/provision/seats/unseated.ts';
import { isIndexed } from '../../../functions/reconcile/people-index.ts';
import { compact } from '../../../functions/runtime/compact.ts';
import { type CommandContext, chooseTenant, readConfiguration, withTenant } from '../../command-context.ts';
import { EXIT_FINDINGS } from '../../failure.ts';
import { counted, type Output } from '../../output.ts';

/** `failures`: who failed, by reason, with what helps. Ends with 1 when there is one. */
export async function failures(context: CommandContext, output: Output): Promise<number | undefined> {
  const tenant = chooseTenant(context, readConfiguration(context));
  return withTenant(context, tenant, async ({ services }) => {
    const [found, mapped, unseated] = await Promise.all([
      listFailures(services, tenant.name),
      countRules(services, tenant.name, tenant.configuration),
      readUnseated(services, tenant.name, tenant.configuration.seats),
    ]);
    output.data({ ...found, counted: mapped ?? null, ...compact({ unseated }) });
    if (found.count === 0) output.line('Nobody has failed.');
    for (const group of found.groups) show(group, output);
    if (found.groups.length > 0) {
      output.line(
        `${counted(found.count, 'person')} failed${found.isCut ? '; of each reason the first 5000 are counted above' : ''}.`,
      );
    }
    // By reason it has been said already where there is one reason only.
    if (found.groups.length > 1 && found.rules.length > 0) output.line(`By rule: ${tallies(found.rules)}`);
    if (unseated !== undefined) {
      const { count, most, seats, since } = unseated;
      output.line(
        `${count >= most ? `${most} people or more wait` : `${counted(count, 'person')} waiting`} for one of ${seats} seats, since ${since}: people --state waiting --reason no-seat`,
      );
    }
    if (mapped !== undefined) showRules(mapped, output);
    if (!(await isIndexed(services, tenant.name))) {
      output.note('Not all people of version 0.1.0 are listed yet: the schedule does it, page by page.');
    }
    return found.count > 0 ? EXIT_FINDINGS : undefined;
  });
}

function show(group: FailureGroup, output: Output): void {
  const { reason, count, text, remedy, since, fields, rules, messages, examples } = group;
  output.line(output.paint('bold', `${reason}: ${counted(count, 'person')}, since ${since}`));
  output.line(`  ${text}`);
  if (remedy !== undefined) output.line(`  → ${remedy}`);
  if (rules.length > 0) output.line(`  by rule: ${tallies(rules)}`);
  if (fields.length > 0) output.line(`  by field: ${tallies(fields)}`);
  for (const { name, count: times } of messages) output.line(`  ${times} × ${name}`);
  for (const { userName, message } of examples) output.line(`    ${userName}: ${message}`);
  if (count > examples.length) output.line(`    … people --state failed --reason ${reason}`);
  output.line();
}

/** Rules that are for nobody, and how old that knowledge is. */
function showRules({ at, isOfOtherMapping, wanted, persons, empty }: RulesView, output: Output): void {
  const isOld = isOfOtherMapping ? " with another mapping than today's" : '';
  if (wanted === 0 && persons > 0) {
    output.line(
      `Of ${counted(persons, 'person')} provisionWhen wants none as an agent (counted at ${at}${isOld}).`,
    );
  }
  if (empty.length === 0) return;
  output.line(
    output.paint('bold', `Rules that apply to no person (counted at ${at}${isOld}; remap counts again):`),
  );
  for (const { name, since, unknownGroups } of empty) {
    output.line(`  rule ${name}: since ${since} its condition has held for no person`);
    for (const { name: group, near } of unknownGroups) {
      const hint = near.length === 0 ? '' : `; the nearest names are: ${near.join(', ')}`;
      output.line(`    there is no group ${group}${hint}`);
    }
  }
}

function tallies(list: readonly Tally[]): string {
  return list.map(({ name, count }) => `${name} ${count}`).join(', ');
}
