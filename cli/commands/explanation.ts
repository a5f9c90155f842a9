import type { Directory } from '../../functions/directory/directory.ts';
import type { PersonRecord } from '../../functions/directory/record.ts';
import { compileMapping } from '../../functions/mapping/compile.ts';
import { type Explanation, explain as explainMapped, originLabel } from '../../functions/mapping/explain.ts';
import { toPayload } from '../../functions/mapping/payload.ts';
import { withGroups } from '../../functions/provision/plan.ts';
import type { Catalogue } from '../../functions/smartassist/catalogue.ts';
import type { AgentPayload } from '../../functions/smartassist/payload.ts';
import { valueText } from '../output.ts';
import type { Tenant } from '../setting.ts';

/** What today's mapping makes of a person, and why. */
export interface Explained {
  /** Whether the person is to be an agent at all. */
  readonly wanted: boolean;
  readonly fields: readonly Explanation[];
  /** What would be sent; absent when there are problems or no names to look up. */
  readonly payload?: AgentPayload;
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
  const compiled = compileMapping(configuration);
  if (!('mapping' in compiled)) throw new Error('a configuration that was checked does not compile');
  const { mapping } = compiled;
  const person = directory === undefined ? record.person : await withGroups(record, directory);
  const wanted = record.deletedAt === undefined && mapping.wants(person);
  const mapped = mapping.map(person);
  const fields = explainMapped(mapped);
  const result =
    catalogue === undefined
      ? undefined
      : toPayload(mapped, {
          catalogue,
          profile: configuration.smartassist.profile,
          customId: record.agent.customId,
          paths: configuration.agent,
        });
  const problems = result?.problems.map(({ message }) => message) ?? [];
  return {
    wanted,
    fields,
    ...(result !== undefined && 'payload' in result ? { payload: result.payload } : {}),
    problems,
    lines: [
      ...(wanted ? [] : ['Not to be an agent: provisionWhen says no. If it said yes:']),
      ...fields.flatMap(fieldLines),
      ...problems.map((problem) => `Problem: ${problem}`),
    ],
  };
}

function fieldLines({ field, value, origins, entries, replaced }: Explanation): string[] {
  const from = (list: readonly Parameters<typeof originLabel>[0][]) => list.map(originLabel).join(', ');
  const lines =
    entries === undefined
      ? [`${field}: ${valueText(value)}  ← ${from(origins)}`]
      : [`${field}:`, ...entries.map(({ entry, origins: own }) => `  ${valueText(entry)}  ← ${from(own)}`)];
  return [
    ...lines,
    ...replaced.map((each) => `  instead of ${valueText(each.value)}  ← ${from(each.origins)}`),
  ];
}
