import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { csvLine } from '../../../functions/operate/csv.ts';
import { type EntitlementRow, listEntitlements } from '../../../functions/operate/people/entitlements.ts';
import { type CommandContext, chooseTenant, readConfiguration, withTenant } from '../../command-context.ts';
import { CommandFailure } from '../../failure.ts';
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
    const lines = file === '-' ? process.stdout : createWriteStream(file, { mode: 0o600 });
    const written = file === '-' ? undefined : finished(lines);
    // Said below, once it is waited for.
    written?.catch(() => {});
    const isJson = output.json && file === '-';
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
    if (written === undefined) return;
    lines.end();
    await written.catch((error: Error) => {
      throw new CommandFailure(`${file} can not be written: ${error.message}`);
    });
    output.data({ file, people: people.size, rows });
    output.line(`${counted(rows, 'line')} about ${counted(people.size, 'person')} written to ${file}.`);
  });
}
