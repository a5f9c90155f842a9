import type { PersonRecord } from '../../../functions/directory/record.ts';
import type { Ports } from '../../../functions/provision/agent/ports.ts';
import type { AgentRecord } from '../../../functions/smartassist/agent.ts';
import type { SmartAssistClient } from '../../../functions/smartassist/client.ts';
import type { Failure, Outcome } from '../../../functions/smartassist/outcome.ts';

export const TERMS = { urgency: 'interactive', deadline: 0 } as const;
export const OUT = 'ag-unassigned';
export const HELD = { movement: 'leaving', since: '', counted: 2, limit: 1, seconds: 60 } as const;

/** What SmartAssist answers to one kind of call; `ok` where nothing is said. */
type Answers = Partial<Record<'get' | 'find' | 'update' | 'deleteAgent' | 'deleteUser', Failure | undefined>>;

export interface LeaverOptions {
  /** The agent in SmartAssist; undefined: there is none. */
  readonly there?: AgentRecord | undefined;
  readonly answers?: Answers;
  /** What an update is refused with that takes the channels. */
  readonly needsChannel?: Failure;
  readonly strips?: boolean;
  /** The brake holds. */
  readonly holds?: boolean;
  /** The agent is another person's by now. */
  readonly isHeldByAnother?: boolean;
  /** Another function takes over the record between the first look at it and the second. */
  readonly isLost?: boolean;
}

export const leaver = (agent: object, attempts: object = {}): PersonRecord =>
  ({
    tenant: 'demo',
    id: 'ada',
    person: { userName: 'ada@example.com' },
    agent: {
      customId: 'key of ada',
      presence: 'active',
      agentId: 'a-ada',
      emailId: 'ada@example.com',
      ...agent,
    },
    attempts: { count: 0, unknown: false, ...attempts },
  }) as PersonRecord;

/** An agent of Sales with work, as SmartAssist has it. */
export const inSales = (changes: object = {}): AgentRecord => ({
  id: 'a-ada',
  emailId: 'ada@example.com',
  firstName: 'Ada',
  agentGroups: [{ groupId: 'ag-sales', role: 'agent' }],
  skills: [{ skillId: 's-1' }],
  queues: [{ id: 'q-1' }],
  canSupportChat: true,
  canSupportVoice: true,
  ...changes,
});

/** SmartAssist and the brake as one leaver meets them, with what was asked of them in turn. */
export function openPorts({
  there,
  answers = {},
  needsChannel,
  strips = false,
  holds = false,
  isHeldByAnother = false,
  isLost = false,
}: LeaverOptions) {
  let claims = 0;
  const asked: string[] = [];
  const sent: Record<string, unknown>[] = [];
  const answer = <T>(kind: keyof Answers, call: string, value: T): Outcome<T> => {
    asked.push(call);
    return answers[kind] ?? { outcome: 'ok', value };
  };
  const client = {
    getAgent: async (id: string) =>
      answer('get', `get ${id}`, there).outcome === 'ok' && there?.id !== id
        ? { outcome: 'not-found' }
        : (answers.get ?? { outcome: 'ok', value: there }),
    findByCustomId: async (key: string) => answer('find', `find ${key}`, there === undefined ? [] : [there]),
    updateAgent: async (id: string, body: Record<string, unknown>) => {
      sent.push(body);
      const updated = answer('update', `update ${id}`, {});
      return body.canSupportChat === false && needsChannel !== undefined ? needsChannel : updated;
    },
    deleteAgent: async (id: string) => answer('deleteAgent', `delete ${id}`, {}),
    deleteUser: async (email: string) => answer('deleteUser', `delete user ${email}`, {}),
  } as unknown as SmartAssistClient;
  const ports = {
    client,
    updates: { streamId: 'st-1', groups: 'managed', custom: [] },
    isKeyed: () => true,
    address: () => 'address@example.com',
    strips,
    claim: async () => {
      claims += 1;
      if (isLost && claims > 1) return 'lost';
      return isHeldByAnother ? 'held' : 'ours';
    },
    brakeLets: async (movement: string, of: string) => {
      asked.push(`brake ${movement} ${of}`);
      return holds ? { lets: false, hold: HELD } : { lets: true };
    },
  } as unknown as Ports;
  return { ports, asked, sent };
}

export const REFUSED: Failure = { outcome: 'refused', status: 400, message: 'no' };
export const UNANSWERED: Failure = { outcome: 'unknown', message: 'status 503' };
export const UNREACHABLE: Failure = { outcome: 'unreachable', message: 'ECONNREFUSED' };
export const GONE: Failure = { outcome: 'not-found' };
