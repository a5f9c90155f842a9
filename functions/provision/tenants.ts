import type { Configuration } from '../tenant/configuration.ts';
import { openTenant, type Services, type TenantProvisioning } from './tenant.ts';

/** Opens each configured tenant once, when it is first asked for; undefined for one that isn't configured. */
export function openTenants(
  { tenants }: Configuration,
  services: Services,
): (name: string) => TenantProvisioning | undefined {
  const open = new Map<string, TenantProvisioning>();
  return (name) => {
    const known = open.get(name);
    if (known !== undefined) return known;
    const tenant = Object.hasOwn(tenants, name) ? tenants[name] : undefined;
    if (tenant === undefined) return undefined;
    const opened = openTenant(name, tenant, services);
    open.set(name, opened);
    return opened;
  };
}
