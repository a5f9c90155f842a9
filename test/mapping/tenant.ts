import { compileMapping, type Mapping } from '../../functions/mapping/compile.ts';
import type { Mapped } from '../../functions/mapping/desired/desired-agent.ts';
import type { Person } from '../../functions/scim-core/person.ts';
import { configurationSchema, type TenantConfiguration } from '../../functions/tenant/configuration.ts';
import type { Problem } from '../../functions/tenant/problem.ts';

/** A tenant with no more than these sections, as they are written in provisioner.yaml. */
export function tenantOf(written: object): TenantConfiguration {
  const smartassist = { host: 'platform.kore.ai', streamId: 'st-1', secret: 's', profile: 'ai-for-service' };
  const { tenants } = configurationSchema.parse({ tenants: { test: { smartassist, ...written } } });
  if (tenants.test === undefined) throw new Error('the tenant is gone');
  return tenants.test;
}

/** The mapping of a tenant that is written as it should be. */
export function mappingFor(written: object): Mapping {
  const compiled = compileMapping(tenantOf(written));
  if (!('mapping' in compiled)) throw new Error(JSON.stringify(compiled.problems));
  return compiled.mapping;
}

/** What is wrong with a tenant's mapping. */
export function problemsOf(written: object): readonly Problem[] {
  return compileMapping(tenantOf(written)).problems;
}

/** `rules[0].set: what is wrong`, one line a problem. */
export function complaintsOf(written: object): string[] {
  return problemsOf(written).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

/** What a nickname comes to, taken from a person by a source. */
export function taken(source: unknown, person: object): Mapped {
  return mappingFor({ agent: { nickName: source } }).map(personOf(person));
}

export function personOf(more: object): Person {
  return { userName: 'ada@example.com', ...more };
}

export const inGroups = (...displays: string[]) => ({
  groups: displays.map((display) => ({ value: `id of ${display}`, display })),
});

export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const AGENT = 'urn:agent-provisioner:params:scim:schemas:extension:agent:1.0:User';
