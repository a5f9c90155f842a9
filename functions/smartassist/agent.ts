import * as z from 'zod/mini';
import { once } from '../runtime/once.ts';
import type { AgentPayload } from './payload.ts';

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

/** What an update writes: of a payload everything but what only a create knows. */
export type ManagedFields = Partial<Omit<AgentPayload, 'createDefaultLayoutAndAssign'>>;

export function managedFieldsOf({ createDefaultLayoutAndAssign: _, ...fields }: AgentPayload): ManagedFields {
  return fields;
}

/** The managed fields in which a record differs from what it should be. */
export function differences(record: AgentRecord, wanted: ManagedFields): (keyof ManagedFields)[] {
  return (Object.keys(wanted) as (keyof ManagedFields)[]).filter(
    (field) => normal(field, fieldOf(record, field)) !== normal(field, wanted[field]),
  );
}

/** The whole record with the managed fields in place: the body of `PUT /agents/{agentId}`. */
export function merge(record: AgentRecord, wanted: ManagedFields, streamId: string): Record<string, unknown> {
  const agentGroupId = wanted.agentGroupId ?? groupIdOf(record);
  return {
    ...record,
    ...wanted,
    iId: record.iId ?? streamId,
    agentGroupId,
    ...(Array.isArray(record.agentGroups)
      ? { agentGroups: withGroup(record.agentGroups, agentGroupId) }
      : {}),
    ...Object.fromEntries(LISTS.map((list) => [list, wanted[list] ?? record[list] ?? []])),
  };
}

/** The update wants these even when they are empty. */
const LISTS = ['chatLanguageSupport', 'voiceLanguageSupport', 'skills', 'queues', 'desktopLayouts'] as const;

/** Published records name the group only in `agentGroups`; newer ones in `agentGroupId`. */
export function groupIdOf(record: AgentRecord): string | undefined {
  if (typeof record.agentGroupId === 'string') return record.agentGroupId;
  const [first] = Array.isArray(record.agentGroups) ? record.agentGroups : [];
  return typeof first?.groupId === 'string' ? first.groupId : undefined;
}

function withGroup(groups: readonly unknown[], groupId: string | undefined): unknown[] {
  const [first, ...others] = groups;
  return groupId === undefined ? [...groups] : [{ ...(first as object | undefined), groupId }, ...others];
}

function fieldOf(record: AgentRecord, field: keyof ManagedFields): unknown {
  return field === 'agentGroupId' ? groupIdOf(record) : record[field];
}

/** One text for values that mean the same: lists in any order, without what the server adds to their entries. */
function normal(field: keyof ManagedFields, value: unknown): string {
  const keys = ENTRY_KEYS[field];
  if (keys !== undefined) {
    const entries = Array.isArray(value) ? (value as Record<string, unknown>[]) : [];
    return JSON.stringify(entries.map((entry) => keys(entry).map(String).join('\n')).sort());
  }
  if (field === 'phoneNumber') return String(value ?? '').replace(/\D/g, '');
  if (field === 'emailId') return String(value ?? '').toLowerCase();
  return JSON.stringify(value ?? null);
}

const language = (entry: Record<string, unknown>) => [
  entry.language,
  entry.proficiency,
  entry.isActive ?? true,
];
const ENTRY_KEYS: Partial<Record<keyof ManagedFields, (entry: Record<string, unknown>) => unknown[]>> = {
  skills: (entry) => [entry.skillId, entry.proficiencyLevel],
  queues: (entry) => [entry.id, entry.isPreferredAgent ?? false],
  chatLanguageSupport: language,
  voiceLanguageSupport: language,
  desktopLayouts: (entry) => [entry.id, entry.isDefault ?? false],
};
