import { providers } from '../../functions/providers/registry.ts';
import type { Services } from '../../functions/provision/services.ts';
import type { TenantProvisioning } from '../../functions/provision/tenant.ts';
import { readSource } from '../../functions/sources/sync/reading.ts';
import { openListed } from '../../functions/sources/sync/source.ts';
import type { Finished, ReadingKind } from '../../functions/sources/sync/state.ts';

/** As long as a reading of one machine may take at once. */
const READ_MS = 15 * 60_000;

/** Reads a source to its end. Rejects when it doesn't come to it. */
export async function readNow(
  provisioning: TenantProvisioning | undefined,
  services: Services,
  name: string,
  kind: ReadingKind,
): Promise<Finished> {
  const settings = provisioning?.tenant.sources[name];
  if (provisioning === undefined || settings === undefined) throw new Error(`there is no source ${name}`);
  const source = await openListed(providers, provisioning, services, name, settings);
  if (source === undefined) throw new Error(`${name} can not be listed`);
  const end = await readSource(source, { kind, until: services.clock.now() + READ_MS });
  if (end.outcome === 'done' && end.finished.outcome === 'complete') return end.finished;
  throw new Error(`${name} was not read to its end: ${JSON.stringify(end)}`);
}
