import { compact } from '../runtime/compact.ts';
import type { TenantConfiguration } from '../tenant/configuration.ts';

/** The part of a tenant's configuration that the mapping is made of. */
export type MappingConfiguration = Pick<TenantConfiguration, 'provisionWhen' | 'agent' | 'rules'> &
  Partial<Pick<TenantConfiguration, 'wishes' | 'roles'>>;

/** The part of a tenant that its mapping depends on: another one of it means that every person is mapped anew. */
export function mappingConfigurationOf({ provisionWhen, agent, rules, wishes, roles }: TenantConfiguration) {
  return { provisionWhen, agent, rules, wishes, ...compact({ roles }) } satisfies MappingConfiguration;
}
