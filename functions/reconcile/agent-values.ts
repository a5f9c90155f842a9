import { compact } from '../runtime/compact.ts';
import { type AgentRecord, groupsOf, type ManagedFields } from '../smartassist/agent.ts';
import type { Catalogue } from '../smartassist/catalogue.ts';
import { AGENT_FIELDS, type FieldRow } from '../smartassist/fields.ts';

/** A field of an agent as it should be, and as SmartAssist has it. */
export interface BothValues {
  /** As the API calls it. */
  readonly field: string;
  readonly ours: string;
  readonly theirs: string;
}

/** What a finding keeps of a changed agent. The list of agents says when one was changed last, and nowhere by whom. */
export interface DriftValues {
  readonly values: readonly BothValues[];
  /** ISO 8601, as SmartAssist says it. */
  readonly updatedAt?: string;
}

export type Names = (id: string) => string;

/** So many fields of a finding are kept with their values, and so much of each: about 1 KB in all. */
const MOST_FIELDS = 5;
const LONGEST = 80;

/**
 * Both values of changed fields in names, cut, and telephone numbers masked: to be kept with the history of the person. Only
 * fields that the mapping gives are in it.
 */
export function driftValuesOf(
  record: AgentRecord,
  wanted: ManagedFields,
  fields: readonly string[],
  catalogue: Catalogue | undefined,
): DriftValues {
  const name = namesOf(catalogue);
  const values = fields.slice(0, MOST_FIELDS).map((field) => {
    const { ours, theirs } = bothValues(record, wanted, field, name);
    return { field, ours: kept(field, ours), theirs: kept(field, theirs) };
  });
  const { updatedAt } = record;
  return {
    values,
    ...compact({ updatedAt: typeof updatedAt === 'string' ? updatedAt.slice(0, 30) : undefined }),
  };
}

/** Both values of a field in names, whole. */
export function bothValues(
  record: AgentRecord,
  wanted: ManagedFields,
  field: string,
  name: Names,
): BothValues {
  const theirs = field === 'agentGroupId' ? groupsOf(record).map(({ groupId }) => groupId) : record[field];
  return {
    field,
    ours: textOf(wanted[field as keyof ManagedFields], name),
    theirs: textOf(theirs, name),
  };
}

export function namesOf(catalogue: Catalogue | undefined): Names {
  if (catalogue === undefined) return (id) => id;
  const { agentGroups, queues, roles, skills } = catalogue;
  const names = new Map([
    ...[...agentGroups, ...queues, ...roles].map(({ id, name }) => [id, name] as const),
    ...skills.map(({ id, name, group }) => [id, `${group}/${name}`] as const),
  ]);
  return (id) => names.get(id) ?? id;
}

function kept(field: string, text: string): string {
  const row: FieldRow | undefined = AGENT_FIELDS[field as keyof typeof AGENT_FIELDS];
  const masked =
    row?.kind === 'digits' ? maskedDigits(text) : text.replace(/\+?\d[\d ()./-]{6,30}\d/g, maskedDigits);
  return masked.length <= LONGEST ? masked : `${masked.slice(0, LONGEST - 1)}…`.toWellFormed();
}

/** A telephone number by its length and its last two digits: enough to see that it is another. */
function maskedDigits(text: string): string {
  const digits = text.replace(/\D/g, '');
  return digits.length < 3 ? text : `(${digits.length} digits, …${digits.slice(-2)})`;
}

/** The parts of a list's entry that the product gives, beside what it is of; the record has far more in it. */
const PARTS = ['language', 'proficiencyLevel', 'proficiency'] as const;

function textOf(value: unknown, name: Names): string {
  if (value === undefined || value === null || value === '') return '—';
  if (Array.isArray(value)) {
    return value.length === 0 ? '(none)' : value.map((entry) => textOf(entry, name)).join(', ');
  }
  if (typeof value !== 'object') return name(String(value));
  const entry = value as Readonly<Record<string, unknown>>;
  // Beside the id of a skill, `id` is that of its assignment, or the skill's again.
  const values = [entry.skillId ?? entry.id, ...PARTS.map((part) => entry[part])];
  const parts = values.flatMap((part) => (typeof part === 'string' ? [name(part)] : []));
  return [...parts, ...flagsOf(entry)].join(' ');
}

function flagsOf({ isPreferredAgent, isActive, isDefault }: Readonly<Record<string, unknown>>): string[] {
  return [
    ...(isPreferredAgent === true ? ['preferred'] : []),
    ...(isActive === false ? ['inactive'] : []),
    ...(isDefault === true ? ['default'] : []),
  ];
}
