import { providers } from '../../functions/providers/registry.ts';
import { FetchError } from '../../functions/sources/fetcher.ts';
import { openFetching } from '../../functions/sources/provider-call.ts';
import { sourceNamed } from '../../functions/tenant/look-up.ts';
import type { SourceSettings } from '../../functions/tenant/sources.ts';
import {
  type CommandContext,
  chooseTenant,
  readConfiguration,
  withTenantInForce,
} from '../command-context.ts';
import { CommandFailure, EXIT_FINDINGS } from '../failure.ts';
import type { Output } from '../output.ts';
import { assertInForce } from './sources.ts';

/**
 * `read SOURCE WHO`: reads one person from a source now, by the source's id or by userName, and shows what it says. A
 * userName of a person whom the source is linked to is read by the id. Nothing is stored.
 *
 * @returns the exit code: 1 when the source doesn't know the person
 */
export async function read(
  context: CommandContext,
  name: string,
  who: string,
  output: Output,
): Promise<number> {
  const written = chooseTenant(context, readConfiguration(context));
  return withTenantInForce(context, written, async ({ directory, provisioning, services }, tenant) => {
    assertInForce(context, written, tenant, name);
    const settings = sourceNamed(tenant.configuration, name);
    const fetcher = settings === undefined ? undefined : await providers.reader(settings);
    if (settings === undefined || fetcher === undefined) {
      throw new CommandFailure(notRead(name, settings));
    }
    const [known] = await directory.findPerson(tenant.name, { attribute: 'userName', value: who });
    const id = known?.links?.[name]?.id ?? who;
    const named = id === who ? who : `${who} (${id})`;
    const fetching = await openFetching(provisioning, services, name, settings);
    const fetched = await fetcher({ id }, fetching).catch((error: unknown) => {
      if (!(error instanceof FetchError)) throw error;
      throw new CommandFailure(settings.fetch === undefined ? notRead(name, settings) : error.message);
    });
    output.data({ source: name, asked: who, id, ...fetched });
    if (fetched.outcome === 'not-found') {
      output.line(`${name} knows nobody as ${named}.`);
      return EXIT_FINDINGS;
    }
    const { outcome: _, ...said } = fetched;
    output.line(`${name} says of ${named}:`);
    for (const line of JSON.stringify(said, null, 2).split('\n')) output.line(line);
    return 0;
  });
}

function notRead(name: string, settings: SourceSettings | undefined): string {
  if (settings?.fetch === undefined) return `how to read a person from ${name} is not configured (fetch)`;
  return `one person can not be read from ${name} (${settings.preset}); sync ${name} reads everybody`;
}
