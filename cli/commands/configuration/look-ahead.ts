import { setImmediate } from 'node:timers/promises';
import type { Directory } from '../../../functions/directory/directory.ts';
import { formerHolders } from '../../../functions/events/person/former-source.ts';
import { plannedPerson, type SavedPlan } from '../../../functions/operate/configuration/saved-plan.ts';
import { readBrake } from '../../../functions/provision/brake/brake.ts';
import { mappingInForce } from '../../../functions/provision/drain/mapping-seen.ts';
import {
  count,
  type Foreseen,
  forecast,
  noEffects,
  type Outlook,
  outlookOf,
} from '../../../functions/provision/forecast.ts';
import { openPlanner, type Planner } from '../../../functions/provision/plan.ts';
import { type Catalogue, fixedCatalogue } from '../../../functions/smartassist/catalogue.ts';
import type { TenantConfiguration } from '../../../functions/tenant/configuration.ts';
import { mappingOf, type Opened, type Tenant } from '../../command-context.ts';
import { startProgress } from '../../progress.ts';

const TURN_EVERY = 100;

/** What a configuration would do to everybody. */
export interface LookedAhead {
  readonly outlook: Outlook;
  /** Each person who would be changed, by id. */
  readonly persons: SavedPlan['persons'];
  /** Changes are not known by field: nothing has noted yet which mapping is in force. */
  readonly isBeforeUnknown: boolean;
  /** By source that is no longer configured: the userNames of those whom it holds out of service. */
  readonly held: ReadonlyMap<string, readonly string[]>;
}

/**
 * Plans everybody in the directory with a tenant's configuration, and changes nothing.
 *
 * @param each hears of everybody to whom something would happen; `clear` takes the progress bar away
 */
export async function lookAhead(
  { directory, services }: Pick<Opened, 'directory' | 'services'>,
  tenant: Tenant,
  catalogue: Catalogue,
  each: (foreseen: Foreseen, clear: () => void) => void = () => {},
): Promise<LookedAhead> {
  const remembering = rememberingGroups(directory);
  const held = new Map<string, string[]>();
  const noting = notingHeld(directory, tenant.configuration, held);
  const planner = planWith(tenant.configuration, catalogue, remembering);
  const before = await plannerInForce(tenant, catalogue, remembering);
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
    persons[foreseen.id] = planned;
    each(foreseen, () => progress.end());
  }
  progress.end();
  const active = await directory.countActiveAgents(tenant.name);
  const brake = await readBrake(services, tenant.name);
  const outlook = outlookOf(effects, tenant.configuration, active, brake);
  return { outlook, persons, isBeforeUnknown: before === undefined, held };
}

/** Who changes is planned twice, with the configuration and with the one in force: the groups are looked up once. */
function rememberingGroups(directory: Directory): Directory {
  let last: { readonly of: string; readonly groups: ReturnType<Directory['groupsOf']> } | undefined;
  return {
    ...directory,
    groupsOf: (tenant, id) => {
      if (last?.of !== id) last = { of: id, groups: directory.groupsOf(tenant, id) };
      return last.groups;
    },
  };
}

/** Notes, of the persons who are looked at, whom sources hold out of service that are no longer configured. */
function notingHeld(
  directory: Directory,
  configuration: TenantConfiguration,
  held: Map<string, string[]>,
): Directory {
  return {
    ...directory,
    listPersons: async (tenant, page) => {
      const found = await directory.listPersons(tenant, page);
      for (const record of found.persons) {
        for (const source of formerHolders(record, configuration)) {
          held.set(source, [...(held.get(source) ?? []), record.person.userName]);
        }
      }
      return found;
    },
  };
}

function planWith(tenant: TenantConfiguration, catalogue: Catalogue, directory: Directory): Planner {
  return openPlanner({
    tenant,
    mapping: mappingOf(tenant),
    catalogue: fixedCatalogue(catalogue),
    directory,
    now: Date.now,
  });
}

/** Plans with the mapping that is in force, so that changes can be shown by field; undefined when nobody knows it. */
async function plannerInForce(
  tenant: Tenant,
  catalogue: Catalogue,
  directory: Directory,
): Promise<Planner | undefined> {
  const mapping = await mappingInForce(directory, tenant.name);
  if (typeof mapping !== 'object') return undefined;
  try {
    return planWith({ ...tenant.configuration, ...mapping }, catalogue, directory);
  } catch {
    // Written by another version of the product: then changes are shown without their fields.
    return undefined;
  }
}
