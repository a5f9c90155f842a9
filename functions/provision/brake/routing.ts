import { type AgentRecord, groupIdOf } from '../../smartassist/agent.ts';

/** The fields that decide whether SmartAssist's routing considers an agent. */
const CHANNELS = ['canSupportChat', 'canSupportVoice'] as const;
const ASSIGNMENTS = ['queues', 'skills'] as const;

/**
 * Whether a change takes an agent out of routing although its person stays an agent: into the Unassigned group, or its
 * last queue, last skill or last channel gone.
 *
 * @param wanted the managed fields as they would be; a field that isn't managed is absent and stays
 */
export function leavesRouting(
  current: AgentRecord,
  wanted: Readonly<Record<string, unknown>>,
  unassignedGroupIds: ReadonlySet<string>,
): boolean {
  const before = current as unknown as Readonly<Record<string, unknown>>;
  const after = (field: string) => (Object.hasOwn(wanted, field) ? wanted[field] : before[field]);
  const isUnassigned = (id: unknown) => typeof id === 'string' && unassignedGroupIds.has(id);
  if (isUnassigned(wanted.agentGroupId) && !isUnassigned(groupIdOf(current))) return true;
  const hasChannel = (value: (field: string) => unknown) => CHANNELS.some((field) => value(field) === true);
  if (hasChannel((field) => before[field]) && !hasChannel(after)) return true;
  return ASSIGNMENTS.some((field) => sizeOf(before[field]) > 0 && sizeOf(after(field)) === 0);
}

function sizeOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}
