import type { Directory } from '../../directory/directory.ts';
import type { PersonRecord } from '../../directory/record.ts';
import { type Explanation, explain } from '../../mapping/desired/explain.ts';
import { initialKeysOf } from '../../mapping/ownership.ts';
import { toPayload } from '../../mapping/payload/payload.ts';
import { datedText } from '../../mapping/rules/dates.ts';
import { originOf } from '../../provision/attribute-source.ts';
import { withGroups } from '../../provision/plan.ts';
import type { TenantProvisioning } from '../../provision/tenant.ts';
import { compact } from '../../runtime/compact.ts';
import { isObject } from '../../scim-core/resource/resource.ts';
import type { Catalogue } from '../../smartassist/catalogue.ts';
import type { AgentPayload } from '../../smartassist/payload.ts';

/** What a mapping makes of a person, and why. */
export interface Explained {
  /** Whether the person is to be an agent at all. */
  readonly wanted: boolean;
  /** The rules that are for the person, in order. */
  readonly rules: readonly string[];
  /** The rule that ended it with `stop`. */
  readonly stoppedBy?: string;
  readonly fields: readonly Explanation[];
  /** Requested entitlements that the configuration doesn't allow. */
  readonly ignoredWishes: readonly string[];
  /** Values of `entitlements` of which nothing says what they are of. */
  readonly ignoredEntitlements: readonly string[];
  /** What would be sent; absent when there are problems or no names to look up. */
  readonly payload?: AgentPayload;
  /** What of the rules begins or ends for the person, and when. */
  readonly dates: readonly string[];
  /** Fields, as configuration calls them, of which SmartAssist's value stays once the agent is made. */
  readonly initial: readonly string[];
  /** What was left out because it can't be used. */
  readonly warnings: readonly string[];
  readonly problems: readonly string[];
}

/**
 * @param catalogue without it names stay names, and nothing is checked
 * @param at epoch milliseconds: which rules and skills hold then
 * @param directory for the groups that the person is a member of; without it those that the person carries
 */
export async function explainRecord(
  { mapping, tenant }: Pick<TenantProvisioning, 'mapping' | 'tenant'>,
  catalogue: Catalogue | undefined,
  record: PersonRecord,
  directory: Pick<Directory, 'groupsOf'> | undefined,
  at: number,
): Promise<Explained> {
  const person =
    directory === undefined
      ? record.person
      : withGroups(record.person, await directory.groupsOf(record.tenant, record.id));
  const mapped = mapping.map(person, (attribute) => originOf(record, attribute), at);
  const result =
    catalogue === undefined
      ? undefined
      : toPayload(mapped, {
          catalogue,
          roles: tenant.roles,
          profile: tenant.smartassist.profile,
          customId: record.agent.customId,
          paths: tenant.agent,
        });
  const { rules = [], stoppedBy, ignoredWishes = [], ignoredEntitlements = [], warnings = [] } = mapped;
  return {
    wanted: record.deletedAt === undefined && mapping.wants(person),
    rules,
    ...compact({ stoppedBy }),
    fields: explain(mapped),
    ignoredWishes,
    ignoredEntitlements,
    ...compact({ payload: result !== undefined && 'payload' in result ? result.payload : undefined }),
    initial: initialKeysOf(tenant),
    dates: (mapped.dates ?? []).map(datedText),
    warnings: warnings.map(({ message }) => message),
    problems: result?.problems.map(({ message }) => message) ?? [],
  };
}

/** Puts the names of SmartAssist where an entitlement has brought ids. */
export function namingOf(catalogue: Catalogue | undefined): (field: Explanation) => Explanation {
  if (catalogue === undefined) return (field) => field;
  const names = new Map([
    ...[...catalogue.agentGroups, ...catalogue.queues, ...catalogue.roles].map(
      ({ id, name }) => [id, name] as const,
    ),
    ...catalogue.skills.map(({ id, name, group }) => [id, `${group}/${name}`] as const),
  ]);
  const nameOf = (value: unknown): unknown => {
    if (typeof value === 'string') return names.get(value) ?? value;
    if (Array.isArray(value)) return value.map(nameOf);
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, nameOf(part)]));
  };
  return (field) => ({
    ...field,
    ...compact({
      value: nameOf(field.value),
      entries: field.entries?.map(({ entry, origins }) => ({ entry: nameOf(entry), origins })),
    }),
  });
}
