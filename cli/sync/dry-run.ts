import { openDirectory } from '../../functions/directory/directory.ts';
import { documentKey, personKey } from '../../functions/directory/keys.ts';
import {
  count,
  type Effect,
  type Foreseen,
  forecast,
  noEffects,
} from '../../functions/provision/forecast.ts';
import { openPlanner } from '../../functions/provision/plan.ts';
import type { Services } from '../../functions/provision/services.ts';
import { systemClock } from '../../functions/runtime/clock.ts';
import { type Catalogue, fixedCatalogue } from '../../functions/smartassist/catalogue.ts';
import type { Opened } from '../command-context.ts';
import { overlayTable } from './overlay-table.ts';

/** The most copies of persons that are kept: then what they would become is counted, and they are let go of. */
const KEPT = 5_000;

/** A directory that a reading may write to without anything being stored. */
export interface DryRun {
  readonly services: Services;
  /** Counts what would become of those read so far. */
  settle(isLast: boolean): Promise<void>;
  /** Undefined where the names of SmartAssist are not known. */
  readonly effects: Record<Effect, number> | undefined;
  readonly foreseen: Foreseen[];
}

export function openDryRun(
  { table, provisioning, services }: Opened,
  catalogue: Catalogue | undefined,
): DryRun {
  const overlay = overlayTable(table);
  const directory = openDirectory(overlay.table, systemClock);
  const { name, tenant, mapping } = provisioning;
  const { pk } = personKey(name, '-');
  const state = documentKey(name, '-');
  const effects = catalogue === undefined ? undefined : noEffects();
  const foreseen: Foreseen[] = [];
  return {
    services: { ...services, directory },
    effects,
    foreseen,
    settle: async (isLast) => {
      const ids = overlay.written(pk);
      if (!isLast && ids.length < KEPT) return;
      if (catalogue !== undefined && effects !== undefined) {
        const planner = openPlanner({
          tenant,
          mapping,
          catalogue: fixedCatalogue(catalogue),
          directory,
          now: Date.now,
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
