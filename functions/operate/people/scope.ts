import type { PersonRecord } from '../../directory/record.ts';
import { authorityOf, serviceOf, sourceOrderOf } from '../../events/authority.ts';
import { linksOf } from '../../events/links.ts';
import { type Clause, clausesOf } from '../../mapping/rules/clauses.ts';
import { withGroups } from '../../provision/plan.ts';
import type { Services } from '../../provision/services.ts';
import type { TenantConfiguration } from '../../tenant/configuration.ts';

/** Whether a person is to be an agent, and why. */
export interface Scope {
  /** `provisionWhen`, clause by clause. */
  readonly provisionWhen: Clause;
  /** The condition of each rule that has one, clause by clause. */
  readonly rules: readonly { readonly name: string; readonly when: Clause }[];
  readonly authority: {
    /** The sources that may put the person out of service. */
    readonly inService: readonly string[];
    /** Those of them that do. */
    readonly outBy: readonly string[];
    /** The first of these that has a value gives an attribute, where nothing else is said of it. */
    readonly attributes: readonly string[];
    /** Attributes that are one source's first. */
    readonly chosen: Readonly<Record<string, string>>;
  };
}

/** Whether a person is to be an agent under a configuration, clause by clause, and which source decides what. */
export async function scopeOf(
  { directory }: Pick<Services, 'directory'>,
  configuration: TenantConfiguration,
  record: PersonRecord,
): Promise<Scope> {
  const person = withGroups(record.person, await directory.groupsOf(record.tenant, record.id));
  const order = sourceOrderOf(configuration);
  const { holders } = serviceOf(linksOf(record), authorityOf(configuration), record);
  return {
    provisionWhen: clausesOf(configuration.provisionWhen, person),
    rules: configuration.rules.flatMap(({ name, when }) =>
      when === undefined ? [] : [{ name, when: clausesOf(when, person) }],
    ),
    authority: {
      inService: configuration.authority?.inService ?? order,
      outBy: holders.map(({ source }) => source),
      attributes: order,
      chosen: configuration.authority?.attributes ?? {},
    },
  };
}
