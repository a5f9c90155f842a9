import type { Configuration, TenantConfiguration } from './configuration.ts';
import type { SourceSettings } from './sources.ts';

/** The configuration of a tenant; undefined for a name that is not configured, `constructor` included. */
export function tenantNamed({ tenants }: Configuration, name: string): TenantConfiguration | undefined {
  return Object.hasOwn(tenants, name) ? tenants[name] : undefined;
}

/** What the configuration says about a source; undefined for a name that it doesn't have. */
export function sourceNamed({ sources }: TenantConfiguration, name: string): SourceSettings | undefined {
  return Object.hasOwn(sources, name) ? (sources[name] as SourceSettings) : undefined;
}
