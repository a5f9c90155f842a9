import { text } from 'node:stream/consumers';
import { previewRecord } from '../../functions/operate/people/preview.ts';
import {
  type CommandContext,
  chooseTenant,
  openCommandDirectory,
  openProvisioning,
  parseJson,
  readConfiguration,
  readText,
} from '../command-context.ts';
import { CommandFailure, EXIT_FINDINGS } from '../failure.ts';
import { findCatalogue, type NameSource } from '../names.ts';
import type { Output } from '../output.ts';
import { explained } from './explanation.ts';

/**
 * `preview PERSON.json|-`: the agent that a SCIM User would become, the payload and why; nothing is changed anywhere.
 * Without names of SmartAssist the agent is shown in names and not checked.
 *
 * @returns the exit code: 1 when the person can't become an agent
 */
export async function preview(
  context: CommandContext,
  file: string,
  names: NameSource,
  output: Output,
): Promise<number> {
  const tenant = chooseTenant(context, readConfiguration(context));
  const body =
    file === '-' ? parseJson(await text(process.stdin), 'standard input') : parseJson(readText(file), file);
  const record = previewRecord(tenant.name, body, Date.now());
  const catalogue = await catalogueFor(context, tenant, names);
  const { lines, ...explanation } = await explained(tenant, catalogue, record, undefined);
  output.data(explanation);
  for (const line of lines) output.line(line);
  if (explanation.payload !== undefined) {
    output.line();
    output.line(output.paint('bold', 'The payload of Create an Agent'));
    for (const line of JSON.stringify(explanation.payload, null, 2).split('\n')) output.line(line);
  } else if (catalogue === undefined) {
    output.line();
    output.line(
      'The names of SmartAssist are not known here; with --live or --catalogue FILE they are checked.',
    );
  }
  return explanation.problems.length > 0 ? EXIT_FINDINGS : 0;
}

/** The names, if they can be had: from a file, from SmartAssist, or from the directory where there is one. */
async function catalogueFor(
  context: CommandContext,
  tenant: ReturnType<typeof chooseTenant>,
  names: NameSource,
) {
  if (names.catalogue !== undefined) return findCatalogue(names, undefined, undefined);
  const opened = await openCommandDirectory(context).catch((error: unknown) => {
    if (names.live === true || !(error instanceof CommandFailure)) throw error;
    return undefined;
  });
  if (opened === undefined) return undefined;
  try {
    const { provisioning } = await openProvisioning(context, tenant, opened);
    return await findCatalogue(names, provisioning, opened.directory);
  } finally {
    opened.close();
  }
}
