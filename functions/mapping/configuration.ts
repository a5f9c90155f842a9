import { compact } from '../runtime/compact.ts';
import { isObject } from '../scim-core/resource/resource.ts';
import type { TenantConfiguration } from '../tenant/configuration.ts';

/** The part of a tenant's configuration that the mapping is made of. */
export type MappingConfiguration = Pick<TenantConfiguration, 'provisionWhen' | 'agent' | 'rules'> &
  Partial<Pick<TenantConfiguration, 'wishes' | 'roles' | 'timeZone'>>;

/** The part of a tenant that its mapping depends on: another one of it means that every person is mapped anew. */
export function mappingConfigurationOf({
  provisionWhen,
  agent,
  rules,
  wishes,
  roles,
  timeZone,
}: TenantConfiguration) {
  return {
    provisionWhen,
    agent,
    rules,
    wishes,
    ...compact({ roles, timeZone: isDated(rules) ? timeZone : undefined }),
  } satisfies MappingConfiguration;
}

/** Whether it depends on the day what the rules give. */
export function isDated(rules: MappingConfiguration['rules']): boolean {
  return rules.some(
    ({ from, until, set, add }) =>
      from !== undefined ||
      until !== undefined ||
      [set?.skills, add?.skills].some((skills) => Array.isArray(skills) && skills.some(hasEnd)),
  );
}

/** Whether an entry of skills has a last day. */
export function hasEnd(entry: unknown): boolean {
  return isObject(entry) && entry.until !== undefined;
}
