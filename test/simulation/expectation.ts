import { compileMapping, type Mapping } from '../../functions/mapping/compile.ts';
import { toPayload } from '../../functions/mapping/payload/payload.ts';
import { customIdOf } from '../../functions/provision/custom-id.ts';
import type { Person } from '../../functions/scim-core/person.ts';
import type { TenantConfiguration } from '../../functions/tenant/configuration.ts';
import { demoCatalogue } from '../mapping/demo.ts';
import { type AgentView, viewOf } from './agent-view.ts';
import { type GroupName, type Profile, resourceOf } from './person-model.ts';
import { TENANT } from './scim-call.ts';

/** What a person should be in SmartAssist. */
export type Expected = { readonly agent: AgentView } | { readonly agent: undefined };

/**
 * Works out what should be, from the person as the identity provider has it and the tenant's rules. It knows nothing of
 * the directory's record, so that what is lost between the door and the agent shows.
 */
export class Expectation {
  readonly #tenant: TenantConfiguration;
  readonly #mapping: Mapping;

  constructor(tenant: TenantConfiguration) {
    const compiled = compileMapping(tenant);
    if (!('mapping' in compiled)) throw new Error(JSON.stringify(compiled.problems));
    this.#tenant = tenant;
    this.#mapping = compiled.mapping;
  }

  of(userName: string, id: string, profile: Profile, groups: ReadonlySet<GroupName>): Expected {
    const person = {
      ...resourceOf(userName, profile),
      groups: [...groups].map((display) => ({ value: display, display })),
    } as unknown as Person;
    if (!this.#mapping.wants(person)) return { agent: undefined };
    const result = toPayload(this.#mapping.map(person), {
      catalogue: demoCatalogue,
      profile: this.#tenant.smartassist.profile,
      customId: customIdOf(TENANT, id),
      paths: this.#tenant.agent,
    });
    if (!('payload' in result)) throw new Error(JSON.stringify(result.problems));
    return { agent: viewOf(result.payload) };
  }
}
