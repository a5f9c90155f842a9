import {
  AGENT_ROLE,
  type AgentRecord,
  type GroupScope,
  groupsOf,
  groupsWith,
} from '../../smartassist/agent.ts';

/** The fields that decide whether SmartAssist's routing considers an agent. */
const CHANNELS = ['canSupportChat', 'canSupportVoice'] as const;
const ASSIGNMENTS = ['queues', 'skills'] as const;

/**
 * Whether a change takes an agent out of routing although its person stays an agent: its last queue, last skill or last
 * channel gone, or out of a group without another in which it works as an agent. All groups of the record count;
 * Unassigned is none of them.
 *
 * @param wanted the managed fields as they would be; a field that isn't managed is absent and stays
 */
export function leavesRouting(
  current: AgentRecord,
  wanted: Readonly<Record<string, unknown>>,
  unassignedGroupIds: ReadonlySet<string>,
  scope: GroupScope,
): boolean {
  const before = current as unknown as Readonly<Record<string, unknown>>;
  const after = (field: string) => (Object.hasOwn(wanted, field) ? wanted[field] : before[field]);
  if (typeof wanted.agentGroupId === 'string') {
    const groups = groupsOf(current);
    const left = groupsWith(current, wanted.agentGroupId, scope).filter(
      ({ groupId }) => !unassignedGroupIds.has(groupId),
    );
    const isLost = ({ groupId }: { readonly groupId: string }) =>
      !unassignedGroupIds.has(groupId) && !left.some((group) => group.groupId === groupId);
    if (groups.some(isLost) && !left.some(({ role }) => role === AGENT_ROLE)) return true;
  }
  const hasChannel = (value: (field: string) => unknown) => CHANNELS.some((field) => value(field) === true);
  if (hasChannel((field) => before[field]) && !hasChannel(after)) return true;
  return ASSIGNMENTS.some((field) => sizeOf(before[field]) > 0 && sizeOf(after(field)) === 0);
}

function sizeOf(value: unknown): number {
  return Array.isArray(value) ? value.length : 0;
}
