import type { PersonRecord } from '../../directory/record.ts';
import { initialFieldsOf } from '../../mapping/ownership.ts';
import type { Services } from '../../provision/services.ts';
import type { TenantProvisioning } from '../../provision/tenant.ts';
import { bothValues, namesOf } from '../../reconcile/agent-values.ts';
import { patientCall } from '../../reconcile/patient-call.ts';
import { compact } from '../../runtime/compact.ts';
import { type AgentRecord, differences, managedFieldsOf } from '../../smartassist/agent.ts';
import type { Catalogue } from '../../smartassist/catalogue.ts';
import { AGENT_FIELDS, type FieldRow } from '../../smartassist/fields.ts';
import { describeFailure } from '../../smartassist/outcome.ts';
import type { AgentPayload } from '../../smartassist/payload.ts';
import { OperateError } from '../errors.ts';

/** One field of an agent as it should be, and as SmartAssist has it: in names, as people read it. */
export interface LiveField {
  /** What configuration calls it. */
  readonly field: string;
  readonly ours: string;
  readonly theirs: string;
  readonly differs: boolean;
  /** What SmartAssist has stays (`ownership: initial`). */
  readonly isTheirs?: true;
}

/** What SmartAssist has of a person at this moment. */
export interface LiveAgent {
  /** Absent: there is no agent. */
  readonly agentId?: string;
  readonly fields: readonly LiveField[];
  /** ISO 8601, as SmartAssist says it. */
  readonly updatedAt?: string;
  readonly lastOnlineAt?: string;
  /** SmartAssist says that the agent has never been online. */
  readonly isNew?: true;
}

const CALL_MS = 90_000;

/**
 * Reads the person's agent from SmartAssist, for one call, and holds it beside what it should be.
 *
 * @param payload what the mapping makes of the person; absent where that has problems
 * @throws OperateError where SmartAssist gives no usable answer
 */
export async function readLiveAgent(
  { client, tenant }: Pick<TenantProvisioning, 'client' | 'tenant'>,
  { clock }: Pick<Services, 'clock'>,
  { agent }: PersonRecord,
  payload: AgentPayload | undefined,
  catalogue: Catalogue | undefined,
): Promise<LiveAgent> {
  const terms = { urgency: 'interactive', deadline: clock.now() + CALL_MS } as const;
  const { agentId, customId } = agent;
  const answer = await patientCall(clock, terms, async (patient) => {
    if (agentId !== undefined) return client.getAgent(agentId, patient);
    const found = await client.findByCustomId(customId, patient);
    if (found.outcome !== 'ok') return found;
    const [first] = found.value;
    return first === undefined ? { outcome: 'not-found' as const } : { outcome: 'ok' as const, value: first };
  });
  if (answer.outcome === 'not-found') return { fields: [] };
  if (answer.outcome !== 'ok') throw new OperateError('unavailable', describeFailure(answer));
  const record = answer.value;
  const { updatedAt, lastOnlineAt } = record;
  return {
    agentId: record.id,
    fields: payload === undefined ? [] : fieldsOf(record, payload, catalogue, initialFieldsOf(tenant)),
    ...compact({
      updatedAt: textIn(updatedAt),
      lastOnlineAt: textIn(lastOnlineAt),
      isNew: lastOnlineAt === '' || lastOnlineAt === null ? (true as const) : undefined,
    }),
  };
}

const textIn = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

function fieldsOf(
  record: AgentRecord,
  payload: AgentPayload,
  catalogue: Catalogue | undefined,
  initial: ReadonlySet<string>,
): LiveField[] {
  const wanted = managedFieldsOf(payload);
  const different = new Set<string>(differences(record, wanted));
  const name = namesOf(catalogue);
  return Object.keys(wanted).map((field) => {
    const row: FieldRow | undefined = AGENT_FIELDS[field as keyof typeof AGENT_FIELDS];
    return {
      ...bothValues(record, wanted, field, name),
      field: row?.key ?? field,
      differs: different.has(field) && !initial.has(field),
      ...(initial.has(field) ? { isTheirs: true as const } : {}),
    };
  });
}
