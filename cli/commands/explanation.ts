import type { Directory } from '../../functions/directory/directory.ts';
import type { PersonRecord } from '../../functions/directory/record.ts';
import { type Explanation, originLabel } from '../../functions/mapping/desired/explain.ts';
import { ENTITLEMENT_KINDS } from '../../functions/mapping/rules/entitlement.ts';
import {
  type Explained as ExplainedRecord,
  explainRecord,
  namingOf,
} from '../../functions/operate/people/explanation.ts';
import type { Catalogue } from '../../functions/smartassist/catalogue.ts';
import { isSetAtCreationOnly, rowOfKey } from '../../functions/smartassist/fields.ts';
import { mappingOf, type Tenant } from '../command-context.ts';
import { valueText } from '../output.ts';

const ENTITLEMENT_TYPES = Object.values(ENTITLEMENT_KINDS)
  .map(({ type }) => type)
  .join(', ');

/** What today's mapping makes of a person, and why. */
export interface Explained extends Omit<ExplainedRecord, 'stoppedBy'> {
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
  const tenant = { mapping: mappingOf(configuration), tenant: configuration };
  const { stoppedBy, ...explanation } = await explainRecord(tenant, catalogue, record, directory, Date.now());
  const { wanted, rules, fields, dates, initial, ignoredWishes, ignoredEntitlements, warnings, problems } =
    explanation;
  const isDeleted = record.deletedAt !== undefined;
  return {
    ...explanation,
    lines: [
      ...(wanted
        ? []
        : isDeleted
          ? ['Not to be an agent: the source deleted the person. Without that:']
          : ['Not to be an agent: provisionWhen says no. If it said yes:']),
      ruleLine(rules, stoppedBy),
      ...dates.map((date) => `By date: ${date}`),
      ...fields.map(namingOf(catalogue)).flatMap((field) => fieldLines(field, initial)),
      ...ignoredWishes.map((wish) => `Passed over: the wish for ${wish}, which wishes doesn't list`),
      ...ignoredEntitlements.map(
        (value) => `Passed over: the entitlement ${value}, which has no type of ${ENTITLEMENT_TYPES}`,
      ),
      ...warnings.map((warning) => `Warning: ${warning}`),
      ...problems.map((problem) => `Problem: ${problem}`),
    ],
  };
}

function ruleLine(rules: readonly string[], stoppedBy: string | undefined): string {
  const names = rules.length === 0 ? 'none' : rules.join(', ');
  return `Rules: ${names}${stoppedBy === undefined ? '' : ` (${stoppedBy} ends with stop)`}`;
}

/** What keeps a change of a field from an agent that is there. */
function fixedText(field: string, initial: readonly string[]): string {
  const row = rowOfKey(field);
  if (row !== undefined && isSetAtCreationOnly(row)) return '; set at creation only';
  return initial.includes(field) ? "; set at creation, then SmartAssist's (ownership: initial)" : '';
}

function fieldLines(
  { field, value, origins, entries, replaced }: Explanation,
  initial: readonly string[],
): string[] {
  const fixed = fixedText(field, initial);
  const from = (list: readonly Parameters<typeof originLabel>[0][]) => list.map(originLabel).join(', ');
  const lines =
    entries === undefined
      ? [`${field}: ${valueText(value)}  ← ${from(origins)}${fixed}`]
      : [
          `${field}:${fixed.replace('; ', ' ')}`,
          ...entries.map(({ entry, origins: own }) => `  ${valueText(entry)}  ← ${from(own)}`),
        ];
  return [
    ...lines,
    ...replaced.map((each) => `  instead of ${valueText(each.value)}  ← ${from(each.origins)}`),
  ];
}
