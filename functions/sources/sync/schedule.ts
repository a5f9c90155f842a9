import { openStates, type States } from '../../events/source-state.ts';
import { offsetOf } from '../../events/time.ts';
import type { Services } from '../../provision/services.ts';
import type { TenantProvisioning } from '../../provision/tenant.ts';
import { errorText } from '../../runtime/error-text.ts';
import type { SourceProviders } from '../provider.ts';
import { ageOf, dueReading } from './due.ts';
import { type ReadingEnd, readSource } from './reading.ts';
import { syncSettingsOf } from './settings.ts';
import { openListed } from './source.ts';
import { type ReadingKind, readSyncState } from './state.ts';

/**
 * Reads the sources of a tenant that are to be read now, one after the other: begins what is due, goes on with what isn't
 * over. For the clock; a source that fails is tried again later and stops no other.
 *
 * @param until epoch milliseconds by which it has to have returned
 */
export async function readDueSources(
  providers: SourceProviders,
  provisioning: TenantProvisioning,
  services: Services,
  until: number,
  states: States = openStates(services),
): Promise<void> {
  const { name: tenant, tenant: configuration } = provisioning;
  let oldest: number | undefined;
  for (const [source, settings] of Object.entries(configuration.sources)) {
    if (settings.sync === undefined || services.clock.now() >= until) continue;
    try {
      const listing = await providers.listing(settings);
      const { paused, syncWanted, dryRunWanted } = await states.get(tenant, source);
      if (listing === undefined || paused !== undefined) continue;
      const { table } = services;
      if (dryRunWanted !== undefined && table !== undefined) {
        const { doWantedDryRun } = await import('../dry-run/wanted.ts');
        await doWantedDryRun(providers, { provisioning, services, table }, states, source, settings, until);
      }
      const state = await readSyncState(services, tenant, source);
      const now = services.clock.now();
      const offset = offsetOf(configuration.timeZone, now);
      const kind = dueReading(
        `${tenant}/${source}`,
        state,
        syncWanted,
        syncSettingsOf(settings),
        listing,
        now,
        offset,
      );
      const age = ageOf(state, now);
      if (age !== undefined) oldest = Math.max(oldest ?? 0, age);
      if (kind === undefined) continue;
      const end = await read(providers, provisioning, services, source, kind, until);
      const isHealed = end?.outcome === 'done' && end.finished.outcome === 'complete';
      if (isHealed && syncWanted !== undefined) {
        await states.change(tenant, source, ({ syncWanted: wanted, ...rest }) =>
          // What was asked for since then is another matter.
          wanted === undefined || wanted.at <= end.finished.startedAt
            ? rest
            : { ...rest, syncWanted: wanted },
        );
      }
    } catch (error) {
      services.log.error('a source could not be read', { tenant, source, reason: errorText(error) });
      services.metrics.count('SyncFailed', { tenant, reason: 'error' });
    }
  }
  if (oldest !== undefined) services.metrics.gauge('SyncAge', { tenant }, Math.round(oldest / 1_000));
}

async function read(
  providers: SourceProviders,
  provisioning: TenantProvisioning,
  services: Services,
  source: string,
  kind: ReadingKind,
  until: number,
): Promise<ReadingEnd | undefined> {
  const settings = provisioning.tenant.sources[source];
  if (settings === undefined) return undefined;
  const opened = await openListed(providers, provisioning, services, source, settings);
  if (opened === undefined) return undefined;
  const end = await readSource(opened, { kind, until });
  // Nobody knows since when: everybody, at once.
  return end.outcome === 'cursor-lost' ? readSource(opened, { kind: 'full', until }) : end;
}
