import { setImmediate } from 'node:timers/promises';
import type { Directory } from '../../../functions/directory/directory.ts';
import { openPlanners } from '../../../functions/operate/configuration/look-ahead.ts';
import { plannedPerson, type SavedPlan } from '../../../functions/operate/configuration/saved-plan.ts';
import {
  type FormerHold,
  type FormerlyHeld,
  formerHoldsOf,
} from '../../../functions/operate/former-sources.ts';
import { readBrake } from '../../../functions/provision/brake/brake.ts';
import {
  count,
  type Foreseen,
  forecast,
  noEffects,
  type Outlook,
  outlookOf,
} from '../../../functions/provision/forecast.ts';
import type { Catalogue } from '../../../functions/smartassist/catalogue.ts';
import type { TenantConfiguration } from '../../../functions/tenant/configuration.ts';
import type { Opened, Tenant } from '../../command-context.ts';
import { startProgress } from '../../progress.ts';

const TURN_EVERY = 100;

/** What a configuration would do to everybody. */
export interface LookedAhead {
  readonly outlook: Outlook;
  /** Each person who would be changed, by id; nobody where they aren't kept. */
  readonly persons: SavedPlan['persons'];
  /** Changes are not known by field: nothing has noted yet which mapping is in force. */
  readonly isBeforeUnknown: boolean;
  /** By source that is no longer configured: whom it holds out of service, those whom it has deleted among them. */
  readonly held: ReadonlyMap<string, FormerHold>;
}

export interface LookAheadTerms {
  /** Hears of everybody to whom something would happen; `clear` takes the progress bar away. */
  readonly each: (foreseen: Foreseen, clear: () => void) => void;
  /** Whether those who would be changed are kept, in memory: 100,000 of them take some 30 MB. */
  readonly isKept: boolean;
}

/** Plans everybody in the directory with a tenant's configuration, and changes nothing. */
export async function lookAhead(
  { directory, services }: Pick<Opened, 'directory' | 'services'>,
  tenant: Tenant,
  catalogue: Catalogue,
  { each, isKept }: LookAheadTerms,
): Promise<LookedAhead> {
  const held: Held = new Map();
  const noting = notingHeld(directory, tenant.configuration, held);
  const { planner, before } = await openPlanners(directory, tenant, catalogue);
  const progress = startProgress('Looking at', { total: await directory.countPersons(tenant.name) });
  const effects = noEffects();
  const persons: SavedPlan['persons'] = {};
  let looked = 0;
  for await (const foreseen of forecast(noting, tenant.name, planner, before)) {
    progress.advance();
    count(effects, foreseen);
    looked += 1;
    // A local directory answers without waiting: what was used is freed, and Ctrl-C heard, only in between.
    if (looked % TURN_EVERY === 0) await setImmediate();
    const planned = plannedPerson(foreseen);
    if (planned === undefined) continue;
    if (isKept) persons[foreseen.id] = planned;
    each(foreseen, () => progress.end());
  }
  progress.end();
  const active = await directory.countActiveAgents(tenant.name);
  const brake = await readBrake(services, tenant.name);
  const outlook = outlookOf(effects, tenant.configuration, active, brake, Date.now());
  return { outlook, persons, isBeforeUnknown: before === undefined, held };
}

type Held = Map<string, Record<keyof FormerHold, FormerlyHeld[]>>;

/** Notes, of the records that are looked at, whom sources hold out of service that are no longer configured. */
function notingHeld(directory: Directory, configuration: TenantConfiguration, held: Held): Directory {
  return {
    ...directory,
    listPersons: async (tenant, page) => {
      // With the deleted ones, who are planned nothing for.
      const { persons, ...rest } = await directory.listRecords(tenant, page);
      for (const record of persons) {
        for (const { source, is, held: person } of formerHoldsOf(record, configuration)) {
          const hold = held.get(source) ?? { out: [], gone: [] };
          hold[is].push(person);
          held.set(source, hold);
        }
      }
      return { persons: persons.filter(({ deletedAt }) => deletedAt === undefined), ...rest };
    },
  };
}
