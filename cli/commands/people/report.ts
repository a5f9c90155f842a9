import { csvLine } from '../../../functions/operate/csv.ts';
import { type EntitlementRow, listEntitlements } from '../../../functions/operate/people/entitlements.ts';
import { type CommandContext, chooseTenant, readConfiguration, withTenant } from '../../command-context.ts';
import { openLines, STANDARD } from '../../file-output.ts';
import { counted, type Output } from '../../output.ts';
import { startProgress } from '../../progress.ts';

const COLUMNS = [
  'userName',
  'kind',
  'value',
  'level',
  'by',
  'state',
  'since',
  'agentId',
] as const satisfies readonly (keyof EntitlementRow)[];

/** `report FILE`: who has which skill, queue, role and group, by which rule, as CSV; `-` writes to standard output. */
export async function report(context: CommandContext, file: string, output: Output): Promise<void> {
  const tenant = chooseTenant(context, readConfiguration(context));
  return withTenant(context, tenant, async ({ services, provisioning, directory }) => {
    const lines = openLines(file);
    const isJson = output.json && file === STANDARD;
    if (!isJson) lines.write(csvLine(COLUMNS));
    const progress = startProgress('Looking at', { total: await directory.countPersons(tenant.name) });
    const people = new Set<string>();
    let rows = 0;
    for await (const row of listEntitlements(services, provisioning)) {
      if (!people.has(row.userName)) progress.advance();
      people.add(row.userName);
      rows += 1;
      if (isJson) output.row(row);
      else lines.write(csvLine(COLUMNS.map((column) => row[column])));
    }
    progress.end();
    await lines.end();
    if (file === STANDARD) return;
    output.row({ file, people: people.size, rows });
    output.line(`${counted(rows, 'line')} about ${counted(people.size, 'person')} written to ${file}.`);
  });
}
