import * as z from 'zod/mini';
import { once } from '../runtime/once.ts';
import { folded } from '../scim-core/fold.ts';
import { AGENT_FIELDS, type FieldRow, isSetAtCreationOnly } from './fields.ts';
import type { AgentPayload } from './payload.ts';
import { fieldsIn, isKnownField } from './record-fields.ts';

/**
 * An agent's record as SmartAssist gives it. Loose: it carries far more than is managed here, and all of it has to go
 * back in an update. It holds TURN secrets (`iceServers`): never log or store it.
 */
export const agentRecord = once(() =>
  z.looseObject({
    id: z.string().check(z.minLength(1)),
    emailId: z.optional(z.string()),
    customId: z.nullish(z.string()),
    orgId: z.optional(z.string()),
  }),
);
export type AgentRecord = z.output<ReturnType<typeof agentRecord>>;

/**
 * `GET /agents/customId/…`: documented as an id or an array of ids, while the sample is an array of one record. Read
 * liberally: ids and records, one, several or none, bare or within an object. An id stands for an agent to be read.
 */
export const agentsByCustomId = once(() =>
  z.pipe(
    z.unknown(),
    z.transform((answer, context): (AgentRecord | string)[] => {
      const found = agentsIn(answer);
      if (found !== undefined) return found;
      context.issues.push({ code: 'custom', message: 'holds no agents', input: answer });
      return z.NEVER;
    }),
  ),
);

function agentsIn(answer: unknown): (AgentRecord | string)[] | undefined {
  if (answer === null || answer === '') return [];
  if (typeof answer === 'string') return answer.startsWith('a-') ? [answer] : undefined;
  if (Array.isArray(answer)) {
    const each = answer.map(agentsIn);
    return each.every((found) => found !== undefined) ? each.flat() : undefined;
  }
  const record = z.safeParse(agentRecord(), answer);
  if (record.success) return [record.data];
  if (typeof answer !== 'object') return undefined;
  const values = Object.values(answer as object);
  if (values.length === 0) return [];
  const list = values.find(Array.isArray);
  return list === undefined ? undefined : agentsIn(list);
}

/** What an update writes: of a payload everything but what only a create takes. */
export type ManagedFields = Partial<AgentPayload>;

/** @param theirs fields that are the mapping's at creation only */
export function managedFieldsOf(
  payload: AgentPayload,
  theirs: ReadonlySet<string> = new Set(),
): ManagedFields {
  return Object.fromEntries(
    Object.entries(payload).filter(([field]) => !isSetAtCreation(field) && !theirs.has(field)),
  ) as ManagedFields;
}

const isSetAtCreation = (field: string) => {
  const row: FieldRow | undefined = AGENT_FIELDS[field as keyof typeof AGENT_FIELDS];
  return row !== undefined && isSetAtCreationOnly(row);
};

/** Which of an agent's groups are this product's: the one that the mapping gives, or all that it is in. */
export type GroupScope = 'managed' | 'all';

/** How an update is made of the record that was read a moment before. */
export interface UpdateTerms {
  readonly streamId: string;
  readonly groups: GroupScope;
  /** Names of fields of the tenant's own, which an update carries as well. */
  readonly custom: readonly string[];
}

/** The managed fields in which a record differs from what it should be; what the record can't show doesn't count. */
export function differences(
  record: AgentRecord,
  wanted: ManagedFields,
  groups: GroupScope = 'managed',
): (keyof ManagedFields)[] {
  return (Object.keys(wanted) as (keyof ManagedFields)[]).filter((field) => {
    if (isSetAtCreation(field)) return false;
    // An agent's custom id is the customer's own: one that is there stays.
    if (field === 'customId') return isEmpty(record.customId) && !isEmpty(wanted.customId);
    if (field === 'agentGroupId') return !isInGroup(record, wanted.agentGroupId, groups);
    return normal(field, record[field], record) !== normal(field, wanted[field], record);
  });
}

/** One text for what fields of a record hold: the same where an update would find no difference. */
export function fingerprint(record: AgentRecord, fields: readonly string[]): string {
  const texts = fields.toSorted().map((field) => {
    const value = field === 'agentGroupId' ? groupsOf(record) : record[field];
    return `${field}\n${normal(field as keyof ManagedFields, value, record)}`;
  });
  return texts.join('\n');
}

/**
 * The body of `PUT /agents/{agentId}`: the documented fields and the tenant's own, the managed ones in place, all others
 * as they were read. Presence and TURN secrets are in the record, and never go back.
 */
export function merge(
  record: AgentRecord,
  wanted: ManagedFields,
  { streamId, groups, custom }: UpdateTerms,
): Record<string, unknown> {
  const names = [
    ...fieldsIn('update'),
    ...custom,
    ...Object.keys(wanted).filter((name) => !isKnownField(name)),
  ];
  const body: Record<string, unknown> = {};
  for (const name of names) {
    const value = wanted[name as keyof ManagedFields] ?? record[name];
    if (value !== undefined && value !== null) body[name] = value;
  }
  const agentGroupId = wanted.agentGroupId ?? groupIdOf(record);
  return {
    ...body,
    iId: record.iId ?? streamId,
    ...(isEmpty(record.customId) ? {} : { customId: record.customId }),
    ...(agentGroupId === undefined
      ? {}
      : { agentGroupId, agentGroups: groupsWith(record, agentGroupId, groups) }),
    ...Object.fromEntries(
      LISTS.map((list) => [list, withServerEntries(list, wanted[list], record[list]) ?? record[list] ?? []]),
    ),
  };
}

/** The update wants these even when they are empty. */
const LISTS = ['chatLanguageSupport', 'voiceLanguageSupport', 'skills', 'queues', 'desktopLayouts'] as const;

/** By what an entry is known among those of its list. Only lists whose entries agents may opt out of, or that carry more than is documented. */
const ENTRY_ID = { skills: 'skillId', queues: 'id' } as const;

/**
 * Agents can opt out of a skill or queue that they were given, and which field says so is documented nowhere: an entry
 * that stays is the server's own with our keys laid over it.
 */
function withServerEntries(
  list: (typeof LISTS)[number],
  wanted: readonly object[] | undefined,
  present: unknown,
): unknown[] | undefined {
  if (wanted === undefined || !(list in ENTRY_ID)) return wanted && [...wanted];
  const id = ENTRY_ID[list as keyof typeof ENTRY_ID];
  const entries = (Array.isArray(present) ? present : []) as Readonly<Record<string, unknown>>[];
  return wanted.map((entry) => {
    const key = (entry as Readonly<Record<string, unknown>>)[id];
    return { ...entries.find((candidate) => candidate[id] === key), ...entry };
  });
}

export interface GroupEntry {
  readonly groupId: string;
  readonly role: string;
}

/** The groups of a record; newer samples have `agentGroups` alone, and several in it. */
export function groupsOf(record: AgentRecord): GroupEntry[] {
  const entries = (Array.isArray(record.agentGroups) ? record.agentGroups : []) as Partial<GroupEntry>[];
  const groups = entries.flatMap(({ groupId, role }) =>
    typeof groupId === 'string' ? [{ groupId, role: typeof role === 'string' ? role : AGENT_ROLE }] : [],
  );
  if (groups.length > 0 || typeof record.agentGroupId !== 'string') return groups;
  return [{ groupId: record.agentGroupId, role: AGENT_ROLE }];
}

export const AGENT_ROLE = 'agent';

/** The group in which the agent works: the one it isn't manager of, else the first. */
export function groupIdOf(record: AgentRecord): string | undefined {
  if (typeof record.agentGroupId === 'string') return record.agentGroupId;
  const groups = groupsOf(record);
  return (groups.find(({ role }) => role === AGENT_ROLE) ?? groups[0])?.groupId;
}

/** Whether an agent is out of service: in the Unassigned group, as an agent, and in no other. */
export function isOutOfService(record: AgentRecord, unassignedGroupId: string): boolean {
  const groups = groupsOf(record);
  return (
    groups.length > 0 &&
    groups.every(({ groupId, role }) => groupId === unassignedGroupId && role === AGENT_ROLE)
  );
}

function isInGroup(record: AgentRecord, groupId: string | undefined, scope: GroupScope): boolean {
  const groups = groupsOf(record);
  return scope === 'all'
    ? groups.length === 1 && groups[0]?.groupId === groupId
    : groups.some((group) => group.groupId === groupId);
}

/** The groups of an agent after one became its own, as an update documents entries: no old group's name beside a new id. */
export function groupsWith(record: AgentRecord, groupId: string, scope: GroupScope): GroupEntry[] {
  const groups = groupsOf(record);
  const own = groups.find((group) => group.groupId === groupId) ?? { groupId, role: AGENT_ROLE };
  if (scope === 'all') return [own];
  const exchanged = groupIdOf(record);
  const others = groups.filter((group) => group.groupId !== groupId);
  return groups.some((group) => group.groupId === groupId)
    ? groups
    : [own, ...others.filter((group) => group.groupId !== exchanged)];
}

const isEmpty = (value: unknown) => value === undefined || value === null || value === '';

/** One text for values that mean the same: lists in any order, without what the server adds to their entries. */
function normal(field: keyof ManagedFields, value: unknown, { userId }: AgentRecord): string {
  const keys = ENTRY_KEYS[field];
  if (keys !== undefined) {
    const entries = Array.isArray(value) ? (value as Record<string, unknown>[]) : [];
    return JSON.stringify(entries.map((entry) => keys(entry, userId).map(String).join('\n')).sort());
  }
  if (field === 'phoneNumber') return String(value ?? '').replace(/\D/g, '');
  if (field === 'emailId') return folded(String(value ?? ''));
  return JSON.stringify(value ?? null);
}

type EntryKeys = (entry: Record<string, unknown>, userId: unknown) => unknown[];
const language: EntryKeys = (entry) => [entry.language, entry.proficiency, entry.isActive ?? true];
const ENTRY_KEYS: Partial<Record<keyof ManagedFields, EntryKeys>> = {
  skills: (entry) => [entry.skillId, entry.proficiencyLevel],
  queues: (entry, userId) => [entry.id, isPreferred(entry, userId)],
  chatLanguageSupport: language,
  voiceLanguageSupport: language,
  desktopLayouts: (entry) => [entry.id, entry.isDefault ?? entry.isPreferredAgent ?? false],
};

/** The list has an agent's preference one level deeper than other records: `queues[].agents[].isPreferredAgent`. */
function isPreferred({ isPreferredAgent, agents }: Record<string, unknown>, userId: unknown): unknown {
  if (isPreferredAgent !== undefined || !Array.isArray(agents)) return isPreferredAgent ?? false;
  const own = (agents as Record<string, unknown>[]).find((agent) => agent.userId === userId) ?? agents[0];
  return own?.isPreferredAgent ?? false;
}
