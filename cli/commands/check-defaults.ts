import { sourceOrderOf } from '../../functions/events/authority.ts';
import { compact } from '../../functions/runtime/compact.ts';
import type { Configuration, TenantConfiguration } from '../../functions/tenant/configuration.ts';
import type { SourceSettings } from '../../functions/tenant/sources.ts';
import { type Identity, identityOf } from '../../functions/tenant/trust/identity.ts';
import { UTC } from '../../functions/tenant/trust/time-zone.ts';

/** What counts of whom its sources say something, with what the configuration leaves to defaults. */
export interface TrustOfTenant {
  readonly tenant: string;
  /** Who decides about service, and whether the configuration says so. */
  readonly inService: readonly string[];
  readonly isInServiceDefault: boolean;
  readonly attributes: readonly string[];
  readonly chosen: Readonly<Record<string, string>>;
  readonly timeZone: string;
  readonly isTimeZoneDefault: boolean;
  readonly identities: readonly {
    readonly source: string;
    readonly preset: string;
    readonly identity: Identity;
    readonly isDefault: boolean;
    /** Who of the source's people is meant; absent where everybody is. */
    readonly scope?: SourceSettings['scope'];
  }[];
}

/** Of every tenant that has sources. */
export function trustOf({ tenants }: Configuration): TrustOfTenant[] {
  return Object.entries(tenants).flatMap(([name, tenant]) =>
    Object.keys(tenant.sources).length === 0 ? [] : [trustOfTenant(name, tenant)],
  );
}

function trustOfTenant(tenant: string, configuration: TenantConfiguration): TrustOfTenant {
  const { authority, sources, timeZone } = configuration;
  const order = sourceOrderOf(configuration);
  return {
    tenant,
    inService: authority?.inService ?? order,
    isInServiceDefault: authority?.inService === undefined,
    attributes: order,
    chosen: authority?.attributes ?? {},
    timeZone: timeZone ?? UTC,
    isTimeZoneDefault: timeZone === undefined,
    identities: Object.entries(sources).map(([source, settings]) => ({
      source,
      preset: settings.preset,
      identity: identityOf(settings),
      isDefault: settings.identity === undefined,
      ...compact({ scope: settings.scope }),
    })),
  };
}

export function trustLines(trust: TrustOfTenant): string[] {
  const { tenant, inService, attributes, chosen, timeZone, identities } = trust;
  const byDefault = (isDefault: boolean) => (isDefault ? ' (default)' : '');
  return [
    `${tenant}:`,
    `  out of service by ${inService.join(', ')}${byDefault(trust.isInServiceDefault)}`,
    ...Object.entries(chosen).map(([attribute, source]) => `  ${attribute} from ${source}`),
    `  ${Object.keys(chosen).length === 0 ? 'attributes' : 'other attributes'} from the first that has a value of ${attributes.join(', ')}`,
    `  days begin in ${timeZone}${byDefault(trust.isTimeZoneDefault)}, unless the person has a timezone`,
    ...identities.map(
      ({ source, preset, identity, isDefault, scope }) =>
        `  ${source} is ${identity}${isDefault ? ` (default of ${preset})` : ''}, and means ${scopeText(scope)}`,
    ),
  ];
}

function scopeText(scope: SourceSettings['scope'] = {}): string {
  const kinds = Object.entries(scope).map(
    ([kind, value]) => `${kind} ${String(value).replaceAll(',', ', ')}`,
  );
  return kinds.length === 0 ? 'everybody (default)' : kinds.join(' and ');
}
