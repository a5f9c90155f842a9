import { openDirectory } from '../../directory/directory.ts';
import { documentKey, personKey } from '../../directory/keys.ts';
import type { Table } from '../../directory/table.ts';
import { count, type Effect, type Foreseen, forecast, noEffects } from '../../provision/forecast.ts';
import { openPlanner } from '../../provision/plan.ts';
import type { Services } from '../../provision/services.ts';
import type { TenantProvisioning } from '../../provision/tenant.ts';
import { silentMetrics } from '../../runtime/metrics.ts';
import { type Catalogue, fixedCatalogue } from '../../smartassist/catalogue.ts';
import { overlayTable } from './overlay-table.ts';

/** The most copies of persons that are kept: then what they would become is counted, and they are let go of. */
const KEPT = 5_000;

/** A directory that may be written to without anything being stored. */
export interface DryRun {
  /** Nothing that they write is stored, rung for or measured. */
  readonly services: Services;
  /** Counts what would become of those read so far. */
  look(isLast: boolean): Promise<void>;
  /** Undefined where the names of SmartAssist are not known. */
  readonly effects: Record<Effect, number> | undefined;
  readonly foreseen: Foreseen[];
}

export interface DryRunOf {
  /** What the directory is kept in. */
  readonly table: Table;
  readonly provisioning: TenantProvisioning;
  readonly services: Services;
}

/** The services over a table that keeps what they write in memory. */
export function overlaid({ table, services }: Pick<DryRunOf, 'table' | 'services'>) {
  const overlay = overlayTable(table, services.clock);
  const directory = openDirectory(overlay.table, services.clock);
  const quiet: Services = { ...services, directory, metrics: silentMetrics, ring: async () => true };
  return { overlay, services: quiet };
}

export function openDryRun(
  { table, provisioning, services }: DryRunOf,
  catalogue: Catalogue | undefined,
): DryRun {
  const { overlay, services: quiet } = overlaid({ table, services });
  const { directory, clock } = quiet;
  const { name, tenant, mapping } = provisioning;
  const { pk } = personKey(name, '-');
  const state = documentKey(name, '-');
  const effects = catalogue === undefined ? undefined : noEffects();
  const foreseen: Foreseen[] = [];
  return {
    services: quiet,
    effects,
    foreseen,
    look: async (isLast) => {
      const ids = overlay.written(pk);
      if (!isLast && ids.length < KEPT) return;
      if (catalogue !== undefined && effects !== undefined) {
        const planner = openPlanner({
          tenant,
          mapping,
          catalogue: fixedCatalogue(catalogue),
          directory,
          now: () => clock.now(),
        });
        const touched = {
          ...directory,
          listPersons: async () => ({ persons: await directory.readPersons(name, ids) }),
        };
        for await (const each of forecast(touched, name, planner, undefined)) {
          count(effects, each);
          if (each.effect === 'fail') foreseen.push(each);
        }
      }
      // The place of the reading itself stays.
      if (!isLast) await overlay.clear((each) => each === state.pk);
    },
  };
}
