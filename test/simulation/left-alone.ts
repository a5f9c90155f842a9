import type { AgentRecord } from '../../local/simulator/agents/record.ts';
import { isSuspended, UNASSIGNED, viewOf } from './agent-view.ts';

/**
 * Fields that the tenant's mapping gives, or that the server writes anew with each update. All others are an
 * administrator's or the agent's own.
 */
const MANAGED: ReadonlySet<string> = new Set([
  ...['emailId', 'firstName', 'lastName', 'phoneNumber', 'customId', 'agentGroupId', 'roleId', 'skills'],
  ...['queues', 'canSupportChat', 'canSupportVoice', 'chatLanguageSupport', 'voiceLanguageSupport'],
  ...['agentGroups', 'role', 'fullName', 'lFullName', 'updatedAt'],
  // An update takes it, and "Get an agent" doesn't show it: it can't be sent back.
  'createdByAId',
]);

type Entry = Readonly<Record<string, unknown>>;

/**
 * What an update of the product's took from an agent that wasn't its to take: fields that nobody manages, a custom id that
 * was there, the agent's opting out of a skill or queue that it keeps, memberships that an administrator gave.
 */
export function wrongsOfUpdate(before: AgentRecord, after: AgentRecord): string[] {
  const wrongs: string[] = [];
  const now = after as unknown as Entry;
  for (const [field, value] of Object.entries(before)) {
    if (MANAGED.has(field) || isUnset(value)) continue;
    if (JSON.stringify(now[field]) !== JSON.stringify(value)) {
      wrongs.push(`${field} was ${JSON.stringify(value)} and is ${JSON.stringify(now[field])}`);
    }
  }
  if (!isUnset(before.customId) && before.customId !== after.customId) {
    wrongs.push(`its custom id ${before.customId} becomes ${after.customId}`);
  }
  for (const [list, key] of [
    ['skills', 'skillId'],
    ['queues', 'id'],
  ] as const) {
    for (const entry of before[list] as readonly Entry[]) {
      const kept = (after[list] as readonly Entry[]).find((candidate) => candidate[key] === entry[key]);
      if (entry[OPTED_OUT] === true && kept !== undefined && kept[OPTED_OUT] !== true) {
        wrongs.push(`it opted out of ${list} ${String(entry[key])} and is opted in again`);
      }
    }
  }
  return isSuspended(viewOf({ ...after })) ? wrongs : [...wrongs, ...lostMemberships(before, after)];
}

/** What the simulated SmartAssist calls an agent's opting out: no documentation names the field. */
export const OPTED_OUT = 'isOptedOut';

function lostMemberships(before: AgentRecord, after: AgentRecord): string[] {
  return before.agentGroups
    .filter(({ role, groupId }) => role !== 'agent' && groupId !== UNASSIGNED)
    .filter(
      (group) =>
        !after.agentGroups.some(({ groupId, role }) => groupId === group.groupId && role === group.role),
    )
    .map(({ role, groupId }) => `it is ${role} of ${groupId} no longer`);
}

/** What a record shows of a field that nothing was ever written into may go back into it. */
function isUnset(value: unknown): boolean {
  return value === undefined || value === null || value === '' || value === false;
}
