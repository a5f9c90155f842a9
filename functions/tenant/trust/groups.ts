import type { TenantConfiguration } from '../configuration.ts';

const known = new WeakMap<TenantConfiguration, boolean>();

/** Whether an expression of a tenant's mapping speaks of groups: only then memberships are read from providers. */
export function speaksOfGroups(configuration: TenantConfiguration): boolean {
  let speaks = known.get(configuration);
  if (speaks === undefined) {
    const { provisionWhen, rules, agent } = configuration;
    speaks = /\bgroups\b/i.test(JSON.stringify([provisionWhen, rules, agent]));
    known.set(configuration, speaks);
  }
  return speaks;
}
