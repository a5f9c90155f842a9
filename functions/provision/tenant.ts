import { compileMapping, type Mapping } from '../mapping/compile.ts';
import { compact } from '../runtime/compact.ts';
import { type CallBudget, openCallBudget } from '../smartassist/budget.ts';
import { type CatalogueStore, openCatalogue } from '../smartassist/catalogue.ts';
import { openSmartAssist, type SmartAssistClient } from '../smartassist/client.ts';
import type { Configuration, TenantConfiguration } from '../tenant/configuration.ts';
import { tenantNamed } from '../tenant/look-up.ts';
import { ConfigurationError } from '../tenant/problem.ts';
import { type Organization, openOrganization } from './organization.ts';
import { openPlanner, type Planner } from './plan.ts';
import type { ServedGeneration, Services } from './services.ts';

/** Everything that provisioning one tenant takes. */
export interface TenantProvisioning {
  readonly name: string;
  readonly tenant: TenantConfiguration;
  readonly mapping: Mapping;
  readonly client: SmartAssistClient;
  readonly catalogue: CatalogueStore;
  readonly planner: Planner;
  readonly budget: CallBudget;
  readonly organization: Organization;
  /** The generation that `tenant` is of; absent for commands. */
  readonly generation?: ServedGeneration;
  /** What shares calls and agents: the SmartAssist account. */
  readonly account: string;
  /** The tenants of this account, this one among them. */
  readonly accountTenants: readonly string[];
}

/** What an account may ask of the Admin APIs. They are asked for roles once an hour or so, so nothing is held back. */
const ADMIN_LIMITS = { callsPerMinute: 60, callsPerHour: 1_800 };

/**
 * Opens a tenant for provisioning: compiles its mapping and connects client, budget and catalogue.
 *
 * @param all every configured tenant: those of the same account share its agents
 * @throws ConfigurationError when the mapping doesn't compile, which `loadConfiguration` would have found before
 */
export function openTenant(
  name: string,
  tenant: TenantConfiguration,
  services: Services,
  all: Configuration['tenants'] = { [name]: tenant },
): TenantProvisioning {
  const compiled = compileMapping(tenant);
  if (!('mapping' in compiled)) throw new ConfigurationError(`tenant ${name}`, compiled.problems);
  const { directory, secrets, transport, clock, random, randomId, log, metrics, generation } = services;
  const { smartassist } = tenant;
  const owner = { name, tenant };
  const account = accountOf(tenant);
  const { budgetTable } = smartassist;
  const counting = (budgetTable === undefined ? undefined : services.directoryAt?.(budgetTable)) ?? directory;
  const budget = openCallBudget({
    directory: counting,
    account,
    callsPerMinute: smartassist.callsPerMinute,
    timeZone: tenant.timeZone,
    clock,
    random,
  });
  const adminBudget = openCallBudget({
    directory: counting,
    account: `admin:${accountOf(tenant)}`,
    ...ADMIN_LIMITS,
    clock,
    random,
  });
  const organization = openOrganization(directory, name);
  const client = openSmartAssist({
    tenant: name,
    settings: smartassist,
    credentials: {
      get: () => secrets.get('smartassist', owner),
      refresh: () => secrets.refresh('smartassist', owner),
    },
    budget,
    admin: {
      credentials: {
        get: async () => (await secrets.get('smartassist', owner)).admin,
        refresh: async () => (await secrets.refresh('smartassist', owner)).admin,
      },
      budget: adminBudget,
    },
    transport,
    clock,
    randomId,
    log,
    metrics,
    onOrganization: organization.learn,
  });
  const catalogue = openCatalogue({
    client,
    directory,
    tenant: name,
    clock,
    onOrganization: organization.learn,
  });
  return {
    name,
    tenant,
    mapping: compiled.mapping,
    client,
    catalogue,
    planner: openPlanner({ tenant, mapping: compiled.mapping, catalogue, directory, now: () => clock.now() }),
    budget,
    organization,
    ...compact({ generation }),
    account,
    accountTenants: Object.keys(all).filter((other) => all[other] && accountOf(all[other]) === account),
  };
}

/** What shares calls and agents: SmartAssist counts by account; where that isn't configured, by environment and bot. */
export function accountOf({ smartassist: { accountId, host, streamId } }: TenantConfiguration): string {
  return `account:${accountId ?? `${host}/${streamId}`}`;
}

/** Opens each configured tenant once, when it is first asked for; undefined for one that isn't configured. */
export function openTenants(
  configuration: Configuration,
  services: Services,
): (name: string) => TenantProvisioning | undefined {
  const open = new Map<string, TenantProvisioning>();
  return (name) => {
    const known = open.get(name);
    if (known !== undefined) return known;
    const tenant = tenantNamed(configuration, name);
    if (tenant === undefined) return undefined;
    const opened = openTenant(name, tenant, services, configuration.tenants);
    open.set(name, opened);
    return opened;
  };
}
