import { everyPage } from '../../directory/pages.ts';
import type { PersonRecord } from '../../directory/record.ts';
import type { AgentField, Origin } from '../../mapping/desired/desired-agent.ts';
import { type Explanation, explain, originLabel } from '../../mapping/desired/explain.ts';
import { entryName, isListField } from '../../mapping/desired/merge-entries.ts';
import { originOf } from '../../provision/attribute-source.ts';
import { listedStateOf } from '../../provision/listed.ts';
import { withGroups } from '../../provision/plan.ts';
import type { Services } from '../../provision/services.ts';
import type { TenantProvisioning } from '../../provision/tenant.ts';

/** One thing that a person may do or is given in the contact centre, and why: a line of an access review. */
export interface EntitlementRow {
  readonly userName: string;
  readonly agentId: string;
  /** Where the agent stands: of one that isn't `provisioned` it is what it is to have. */
  readonly state: string;
  readonly kind: 'agent group' | 'role' | 'skill' | 'queue' | 'chat language' | 'voice language';
  readonly value: string;
  /** Proficiency; `preferred` of a queue. */
  readonly level: string;
  /** What gave it: rules, attributes of the person, entitlements that were asked for. */
  readonly by: string;
  /** ISO 8601: when the agent was written last. */
  readonly since: string;
}

const KINDS: { readonly [Field in AgentField]?: EntitlementRow['kind'] } = {
  agentGroup: 'agent group',
  role: 'role',
  skills: 'skill',
  queues: 'queue',
  'chat.languages': 'chat language',
  'voice.languages': 'voice language',
};
const PAGE = 200;

/** Which agent group, role, skills, queues and languages each person has who is to be an agent, and by which rule. */
export async function* listEntitlements(
  { directory, clock }: Pick<Services, 'directory' | 'clock'>,
  { name, mapping }: Pick<TenantProvisioning, 'name' | 'mapping'>,
): AsyncGenerator<EntitlementRow> {
  for await (const { persons } of everyPage((from) =>
    directory.listPersons(name, { limit: PAGE, ...from }),
  )) {
    for (const record of persons) {
      if (record.deletedAt !== undefined) continue;
      const person = withGroups(record.person, await directory.groupsOf(name, record.id));
      if (!mapping.wants(person)) continue;
      const mapped = mapping.map(person, (attribute) => originOf(record, attribute), clock.now());
      yield* rowsOf(record, explain(mapped));
    }
  }
}

function rowsOf(record: PersonRecord, fields: readonly Explanation[]): EntitlementRow[] {
  const { person, agent } = record;
  const known = {
    userName: person.userName,
    agentId: agent.agentId ?? '',
    state: listedStateOf(record),
    since: agent.appliedAt ?? '',
  };
  return fields.flatMap(({ field, value, origins, entries }) => {
    const kind = KINDS[field];
    if (kind === undefined || value === undefined) return [];
    const row = (name: string, level: string, by: readonly Origin[]): EntitlementRow => ({
      ...known,
      kind,
      value: name,
      level,
      by: by.map(originLabel).join(', '),
    });
    if (!isListField(field)) return [row(String(value), '', origins.slice(-1))];
    return (entries ?? []).map(({ entry, origins: givers }) =>
      row(entryName(field, entry), levelOf(entry), givers),
    );
  });
}

function levelOf(entry: unknown): string {
  const { proficiency, preferred } = entry as { proficiency?: string; preferred?: boolean };
  return proficiency ?? (preferred === true ? 'preferred' : '');
}
