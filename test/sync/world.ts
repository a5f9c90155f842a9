import type { PersonRecord } from '../../functions/directory/record.ts';
import { providers } from '../../functions/providers/registry.ts';
import { openTenant } from '../../functions/provision/tenant.ts';
import { compact } from '../../functions/runtime/compact.ts';
import type { SourceProviders } from '../../functions/sources/provider.ts';
import { type ReadingEnd, type ReadingOptions, readSource } from '../../functions/sources/sync/reading.ts';
import { openListed } from '../../functions/sources/sync/source.ts';
import {
  type Finished,
  type ReadingKind,
  readSyncState,
  type SyncState,
} from '../../functions/sources/sync/state.ts';
import type { TenantConfiguration } from '../../functions/tenant/configuration.ts';
import { sourceSchema } from '../../functions/tenant/sources.ts';
import { askedBy, type StandIn, textOf } from '../../local/providers/stand-in.ts';
import { demoTenant } from '../mapping/demo.ts';
import { type Hooks, openHooks } from '../webhook/hooks.ts';

/** A tenant with one source, `people`, that is read from a stand-in. */
export interface SyncWorld extends Hooks {
  /** Another configuration is active from now on. */
  configure(source: Readonly<Record<string, unknown>>, tenant?: Partial<TenantConfiguration>): void;
  /** Reads the source, without a thought for the time unless it is said. */
  sync(kind: ReadingKind, options?: Partial<ReadingOptions>): Promise<ReadingEnd>;
  /** Reads, and expects that it comes to its end. */
  synced(kind: ReadingKind, options?: Partial<ReadingOptions>): Promise<Finished>;
  state(): Promise<SyncState>;
  everybody(): Promise<PersonRecord[]>;
  /** The userNames in service, in order. */
  inService(): Promise<string[]>;
}

export interface SyncWorldOptions {
  readonly source: Readonly<Record<string, unknown>>;
  readonly credentials: readonly string[];
  readonly standIn: (hooks: { now(): number }) => StandIn;
  readonly tenant?: Partial<TenantConfiguration>;
  /** How the source is listed and read, in the place of what its provider has. */
  readonly reads?: Partial<SourceProviders>;
}

/** Rules that don't speak of groups: nobody has to be read one by one. */
export const PLAIN = { rules: demoTenant().rules.filter((rule) => !JSON.stringify(rule).includes('groups')) };

export function openSyncWorld({
  source,
  credentials,
  standIn,
  tenant: given = {},
  reads = {},
}: SyncWorldOptions): SyncWorld {
  const tenant = { ...PLAIN, ...given };
  let api: StandIn | undefined;
  const hooks = openHooks({
    sources: { people: source },
    secrets: { people: ['a-secret-of-some-length'], 'people.fetch': credentials },
    tenant,
    provider: (request) => {
      const answered = api?.answer(askedBy(request));
      if (answered === undefined) return undefined;
      const { status, headers = {}, bytes } = answered;
      return { status, headers, body: textOf(answered), ...compact({ bytes }) };
    },
  });
  api = standIn(hooks.clock);
  const openWith = (
    wanted: Readonly<Record<string, unknown>>,
    changes: Partial<TenantConfiguration> = {},
  ) => {
    const settings = sourceSchema.parse(wanted);
    const sources = { people: settings };
    const configuration = { ...demoTenant(), sources, ...tenant, ...changes } as TenantConfiguration;
    return { settings, provisioning: openTenant('demo', configuration, hooks.services) };
  };
  let active = openWith(source);
  const sync: SyncWorld['sync'] = async (kind, options = {}) => {
    const { settings, provisioning } = active;
    const own = { ...providers, ...reads };
    const opened = await openListed(own, provisioning, hooks.services, 'people', settings);
    if (opened === undefined) throw new Error(`${settings.preset} can not be listed`);
    return readSource(opened, { kind, until: hooks.clock.now() + 86_400_000, ...options });
  };
  return {
    ...hooks,
    configure: (...wanted) => {
      active = openWith(...wanted);
    },
    sync,
    synced: async (kind, options) => {
      const end = await sync(kind, options);
      if (end.outcome !== 'done') throw new Error(JSON.stringify(end));
      return end.finished;
    },
    state: () => readSyncState(hooks.services, 'demo', 'people'),
    everybody: async () => (await hooks.directory.listRecords('demo', { limit: 1_000 })).persons,
    inService: async () =>
      (await hooks.stored())
        .filter(({ person }) => person.active !== false)
        .map(({ person }) => person.userName)
        .toSorted(),
  };
}
