import type { Directory } from '../../functions/directory/directory.ts';
import type { PersonRecord } from '../../functions/directory/record.ts';
import type { Mapped } from '../../functions/mapping/desired/desired-agent.ts';
import {
  type Explanation,
  explain as explainMapped,
  originLabel,
} from '../../functions/mapping/desired/explain.ts';
import { toPayload } from '../../functions/mapping/payload/payload.ts';
import { ENTITLEMENT_KINDS } from '../../functions/mapping/rules/entitlement.ts';
import { originOf } from '../../functions/provision/attribute-source.ts';
import { withGroups } from '../../functions/provision/plan.ts';
import { compact } from '../../functions/runtime/compact.ts';
import { isObject } from '../../functions/scim-core/resource/resource.ts';
import type { Catalogue } from '../../functions/smartassist/catalogue.ts';
import { isSetAtCreationOnly, rowOfKey } from '../../functions/smartassist/fields.ts';
import type { AgentPayload } from '../../functions/smartassist/payload.ts';
import { mappingOf, type Tenant } from '../command-context.ts';
import { valueText } from '../output.ts';

const ENTITLEMENT_TYPES = Object.values(ENTITLEMENT_KINDS)
  .map(({ type }) => type)
  .join(', ');

/** What today's mapping makes of a person, and why. */
export interface Explained {
  /** Whether the person is to be an agent at all. */
  readonly wanted: boolean;
  /** The rules that are for the person, in order. */
  readonly rules: readonly string[];
  readonly fields: readonly Explanation[];
  /** Requested entitlements that the configuration doesn't allow. */
  readonly ignoredWishes: readonly string[];
  /** Values of `entitlements` of which nothing says what they are of. */
  readonly ignoredEntitlements: readonly string[];
  /** What would be sent; absent when there are problems or no names to look up. */
  readonly payload?: AgentPayload;
  /** What was left out because it can't be used. */
  readonly warnings: readonly string[];
  readonly problems: readonly string[];
  /** The same for people. */
  readonly lines: readonly string[];
}

/**
 * @param catalogue without it names stay names, and nothing is checked
 * @param directory for the groups that the person is a member of; without it those that the person carries
 */
export async function explained(
  { configuration }: Tenant,
  catalogue: Catalogue | undefined,
  record: PersonRecord,
  directory: Directory | undefined,
): Promise<Explained> {
  const mapping = mappingOf(configuration);
  const person =
    directory === undefined
      ? record.person
      : withGroups(record.person, await directory.groupsOf(record.tenant, record.id));
  const isDeleted = record.deletedAt !== undefined;
  const wanted = !isDeleted && mapping.wants(person);
  const mapped = mapping.map(person, (attribute) => originOf(record, attribute));
  const fields = explainMapped(mapped);
  const result =
    catalogue === undefined
      ? undefined
      : toPayload(mapped, {
          catalogue,
          roles: configuration.roles,
          profile: configuration.smartassist.profile,
          customId: record.agent.customId,
          paths: configuration.agent,
        });
  const named = naming(catalogue);
  const warnings = (mapped.warnings ?? []).map(({ message }) => message);
  const problems = result?.problems.map(({ message }) => message) ?? [];
  return {
    wanted,
    rules: mapped.rules ?? [],
    fields,
    ignoredWishes: mapped.ignoredWishes ?? [],
    ignoredEntitlements: mapped.ignoredEntitlements ?? [],
    ...compact({ payload: result !== undefined && 'payload' in result ? result.payload : undefined }),
    warnings,
    problems,
    lines: [
      ...(wanted
        ? []
        : isDeleted
          ? ['Not to be an agent: the source deleted the person. Without that:']
          : ['Not to be an agent: provisionWhen says no. If it said yes:']),
      ruleLine(mapped),
      ...fields.map(named).flatMap(fieldLines),
      ...(mapped.ignoredWishes ?? []).map(
        (wish) => `Passed over: the wish for ${wish}, which wishes doesn't list`,
      ),
      ...(mapped.ignoredEntitlements ?? []).map(
        (value) => `Passed over: the entitlement ${value}, which has no type of ${ENTITLEMENT_TYPES}`,
      ),
      ...warnings.map((warning) => `Warning: ${warning}`),
      ...problems.map((problem) => `Problem: ${problem}`),
    ],
  };
}

function ruleLine({ rules = [], stoppedBy }: Mapped): string {
  const names = rules.length === 0 ? 'none' : rules.join(', ');
  return `Rules: ${names}${stoppedBy === undefined ? '' : ` (${stoppedBy} ends with stop)`}`;
}

function isFixed(field: string): boolean {
  const row = rowOfKey(field);
  return row !== undefined && isSetAtCreationOnly(row);
}

/** Puts the names of SmartAssist where an entitlement has brought ids. */
function naming(catalogue: Catalogue | undefined): (field: Explanation) => Explanation {
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

function fieldLines({ field, value, origins, entries, replaced }: Explanation): string[] {
  const from = (list: readonly Parameters<typeof originLabel>[0][]) => list.map(originLabel).join(', ');
  const lines =
    entries === undefined
      ? [`${field}: ${valueText(value)}  ← ${from(origins)}${isFixed(field) ? '; set at creation only' : ''}`]
      : [`${field}:`, ...entries.map(({ entry, origins: own }) => `  ${valueText(entry)}  ← ${from(own)}`)];
  return [
    ...lines,
    ...replaced.map((each) => `  instead of ${valueText(each.value)}  ← ${from(each.origins)}`),
  ];
}
