import { type FailureGroup, listFailures, type Tally } from '../../../functions/operate/people/failures.ts';
import { isIndexed } from '../../../functions/reconcile/people-index.ts';
import { type CommandContext, chooseTenant, readConfiguration, withTenant } from '../../command-context.ts';
import { EXIT_FINDINGS } from '../../failure.ts';
import { counted, type Output } from '../../output.ts';

/** `failures`: who failed, by reason, with what helps. Ends with 1 when there is one. */
export async function failures(context: CommandContext, output: Output): Promise<number | undefined> {
  const tenant = chooseTenant(context, readConfiguration(context));
  return withTenant(context, tenant, async ({ services }) => {
    const found = await listFailures(services, tenant.name);
    output.data(found);
    if (found.count === 0) output.line('Nobody has failed.');
    for (const group of found.groups) show(group, output);
    if (found.groups.length > 0) {
      output.line(
        `${counted(found.count, 'person')} failed${found.isCut ? '; of each reason the first 5000 are counted above' : ''}.`,
      );
    }
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

function tallies(list: readonly Tally[]): string {
  return list.map(({ name, count }) => `${name} ${count}`).join(', ');
}
