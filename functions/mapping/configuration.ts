import type { TenantConfiguration } from '../tenant/configuration.ts';

/** The part of a tenant's configuration that the mapping is made of. */
export type MappingConfiguration = Pick<TenantConfiguration, 'provisionWhen' | 'agent' | 'rules'> &
  Partial<Pick<TenantConfiguration, 'wishes'>>;

/** The part of a tenant that its mapping depends on: another one of it means that everybody is mapped anew. */
export function mappingConfigurationOf({ provisionWhen, agent, rules, wishes }: TenantConfiguration) {
  return { provisionWhen, agent, rules, wishes } satisfies MappingConfiguration;
}
