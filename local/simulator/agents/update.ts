import { compact } from '../../../functions/runtime/compact.ts';
import { Rejection } from '../answer.ts';
import type { Behaviour } from '../behaviour.ts';
import type { CatalogueSeed } from '../catalogue.ts';
import { UPDATE_FIELDS, type UpdateBody } from './body.ts';
import type { AgentRecord, GroupMembership, RecordSource, ServerFields } from './record.ts';
import { checkSemantics } from './semantics.ts';

const OWN = ['id', 'userId', 'accountId', 'orgId', 'iId'] as const;
const CAPACITIES = ['maxDigitalChatSupport', 'maxEmailChatSupport', 'maxMessagingChatSupport'] as const;
const MOST_CAPACITY = 15;
const PRESENCE = ['onlineStatus', 'onlineStatusType'] as const;

/** What an update makes of a stored record. Throws a refusal that names every field that is wrong. */
export function updated(
  stored: AgentRecord,
  body: UpdateBody,
  catalogue: CatalogueSeed,
  behaviour: Behaviour,
): { readonly source: RecordSource; readonly server: ServerFields } {
  const unlisted = Object.keys(body).filter(
    (key) => !UPDATE_FIELDS.includes(key) && !behaviour.customFields.includes(key),
  );
  const isRefused = behaviour.unlistedFields === 'refused';
  const isEmailChanged = body.emailId.toLowerCase() !== stored.emailId.toLowerCase();
  const problems = [
    ...(isRefused ? unlisted.map((key) => `${key}: is not accepted`) : []),
    ...OWN.filter((key) => body[key] !== stored[key]).map((key) => `${key}: must be the record's own`),
    // A sample of the list has an agent with 20, beyond what the screens take: what is there goes back.
    ...CAPACITIES.filter((key) => (body[key] ?? 0) > MOST_CAPACITY && body[key] !== stored[key]).map(
      (key) => `${key}: must be at most ${MOST_CAPACITY}`,
    ),
    ...(isEmailChanged && behaviour.emailChange === 'refused' ? ['emailId: can not be changed'] : []),
  ];
  if (problems.length > 0) throw new Rejection(400, problems);
  const taken = without(body, behaviour.unlistedFields === 'taken' ? [] : unlisted);
  const kept = behaviour.absentInUpdate === 'kept' ? stored : without(stored, emptiedFields(behaviour));
  const source = {
    ...kept,
    ...taken,
    ...compact({ emailId: behaviour.emailChange === 'ignored' ? stored.emailId : undefined }),
    ...groupsOf(stored, body, behaviour),
    skills: entries(body.skills ?? kept.skills ?? [], stored.skills, 'skillId', behaviour),
    queues: entries(body.queues ?? kept.queues ?? [], stored.queues, 'id', behaviour),
  } as RecordSource;
  checkSemantics(source, catalogue, behaviour.needsChannel);
  return { source, server: { ...stored, ...presenceIn(taken) } };
}

/** A stale presence does its harm where the service takes it. */
function presenceIn(taken: Readonly<Record<string, unknown>>): Partial<ServerFields> {
  return Object.fromEntries(PRESENCE.flatMap((key) => (key in taken ? [[key, taken[key]]] : [])));
}

function emptiedFields({ customFields }: Behaviour): readonly string[] {
  return [...UPDATE_FIELDS, ...customFields];
}

function groupsOf(
  stored: AgentRecord,
  body: UpdateBody,
  { decidingGroup }: Behaviour,
): Pick<RecordSource, 'agentGroupId' | 'agentGroups'> {
  const { agentGroupId } = body;
  const sent: readonly GroupMembership[] = body.agentGroups ?? stored.agentGroups;
  const groups: readonly GroupMembership[] = sent.map(({ groupId, role }) => {
    const before = stored.agentGroups.find((group) => group.groupId === groupId && group.role === role);
    return before?.accessLevel === undefined
      ? { groupId, role }
      : { groupId, role, accessLevel: before.accessLevel };
  });
  const isAmong = groups.some(({ groupId }) => groupId === agentGroupId);
  if (isAmong) return { agentGroupId, agentGroups: groups };
  return decidingGroup === 'agentGroupId'
    ? { agentGroupId, agentGroups: [{ groupId: agentGroupId, role: 'agent' }] }
    : { agentGroupId: groups[0]?.groupId ?? agentGroupId, agentGroups: groups };
}

/** The entries as they were sent, but for what only the server writes into them; and the flag of an agent's opting out. */
function entries<Key extends string>(
  sent: readonly (Readonly<Record<string, unknown>> & { readonly [K in Key]: string })[],
  stored: readonly { readonly [K in Key]: string }[],
  key: Key,
  { optOut: { field, survives } }: Behaviour,
): object[] {
  return sent.map((entry) => {
    const before = stored.find((candidate) => candidate[key] === entry[key]) as
      | Readonly<Record<string, unknown>>
      | undefined;
    const flag = survives === 'always' ? before?.[field] : entry[field];
    const { proficiencyLevel, isPreferredAgent } = entry;
    return JSON.parse(
      JSON.stringify({ [key]: entry[key], proficiencyLevel, isPreferredAgent, [field]: flag }),
    );
  });
}

function without<T extends object>(
  record: T,
  fields: readonly string[],
): Readonly<Record<string, unknown>> & Partial<T> {
  return Object.fromEntries(
    Object.entries(record).filter(([field]) => !fields.includes(field)),
  ) as Partial<T>;
}
