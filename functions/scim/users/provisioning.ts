import type { PersonRecord } from '../../directory/record.ts';
import { hasAgent } from '../../provision/agent/presence.ts';
import { holdReason } from '../../provision/brake/brake.ts';
import { listedStateOf, sinceOf } from '../../provision/listed.ts';
import { compact } from '../../runtime/compact.ts';
import type { Resource } from '../../scim-core/resource/resource.ts';

/** Where a person's agent stands, and what happens next: `provisioning` of the agent extension. */
export function provisioningOf(record: PersonRecord): Resource {
  const { agent, attempts, dueAt: nextTry, correlationId } = record;
  const { lastError } = attempts;
  const isThere = hasAgent(record);
  const since = sinceOf(record);
  // What an operator decided is the last that happened to the agent.
  const decidedAt = record.discarded === undefined ? undefined : since;
  const updatedAt = decidedAt ?? record.hold?.since ?? lastError?.at ?? agent.appliedAt ?? record.updatedAt;
  return {
    // What the brake holds is wanted and waits for an operator: another thing than not being wanted.
    state: listedStateOf(record),
    ...compact({ reason: reasonOf(record) }),
    since,
    ...compact({ nextTry, correlationId, agentId: agent.agentId }),
    ...compact({
      customId: isThere && agent.isKeyed !== false ? agent.customId : undefined,
      lastError: lastError?.message,
    }),
    updatedAt,
  };
}

/** Why the state is what it is, in sentences; undefined for an agent that is as it should be. */
function reasonOf(record: PersonRecord): string | undefined {
  const { state, held, discarded, attempts, agent, person } = record;
  if (held !== undefined) return holdReason(record);
  const said = attempts.lastError?.message;
  switch (state) {
    case 'due':
      if (said !== undefined) return `The last attempt came to nothing: ${sentence(said)}`;
      return agent.presence === 'none'
        ? 'The agent is about to be made.'
        : 'The agent is about to be brought up to date.';
    case 'failed':
      return `No attempt is made until the person, the configuration or SmartAssist's names change: ${sentence(said ?? 'the attempt failed')}`;
    case 'waiting':
      if (discarded !== undefined) return 'An operator decided that the agent stays as it is.';
      if (attempts.lastError?.code === 'no-seat' && said !== undefined) return sentence(upper(said));
      return person.active === false
        ? 'The person is out of service and has no agent.'
        : 'The rules of the configuration make no agent of the person (provisionWhen).';
    case 'suspended':
      return person.active === false
        ? 'The person is out of service.'
        : 'The person is out of service by another source, or by the rules of the configuration.';
    case 'removed':
      return 'The agent was deleted in SmartAssist, as the configuration says (lifecycle).';
    case 'provisioned':
      return said;
    default:
      return undefined;
  }
}

const upper = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);
const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);
