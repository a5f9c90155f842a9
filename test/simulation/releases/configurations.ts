import type { Configuration, TenantConfiguration } from '../../../functions/tenant/configuration.ts';
import { contentDigest } from '../../../functions/tenant/generation/content.ts';
import { TENANT } from '../scim-call.ts';
import type { Role } from './releases.ts';

/** What is told of a configuration: which role it gives everybody. Nothing about a person changes it. */
export interface Wanted {
  readonly role: Role;
  /** Whether the rules of a later time hold. */
  readonly isRemapped: boolean;
  /** Something that no rule looks at. */
  readonly retentionDays: number;
}

/** Configurations of one world, and what each generation was pushed for, by its content. */
export class Configurations {
  readonly #tenant: (isRemapped: boolean) => TenantConfiguration;
  readonly #others: (tenant: TenantConfiguration) => Configuration['tenants'];
  readonly #wanted = new Map<string, Wanted>();

  /**
   * @param tenant without and with the rules of a later time
   * @param others tenants beside it
   */
  constructor(
    tenant: (isRemapped: boolean) => TenantConfiguration,
    others: (tenant: TenantConfiguration) => Configuration['tenants'] = () => ({}),
  ) {
    this.#tenant = tenant;
    this.#others = others;
  }

  first(): Wanted {
    const { retentionDays } = this.#tenant(false).lifecycle;
    return { role: 'Agent', isRemapped: false, retentionDays };
  }

  make(wanted: Wanted): Configuration {
    const { rules, lifecycle, ...rest } = this.#tenant(wanted.isRemapped);
    const { role, retentionDays } = wanted;
    const marked = rules.map((rule, at) =>
      at === 0 && rule.set !== undefined ? { ...rule, set: { ...rule.set, role } } : rule,
    );
    const tenant = { ...rest, rules: marked, lifecycle: { ...lifecycle, retentionDays } };
    const configuration = { tenants: { [TENANT]: tenant, ...this.#others(tenant) } };
    this.#wanted.set(contentDigest(configuration), wanted);
    return configuration;
  }

  /** @throws Error for content that nothing here has made */
  of(digest: string): Wanted {
    const wanted = this.#wanted.get(digest);
    if (wanted === undefined) throw new Error(`no operator has pushed ${digest}`);
    return wanted;
  }
}
