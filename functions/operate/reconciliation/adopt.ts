import { type PersonRecord, PRIORITY } from '../../directory/record.ts';
import { isOfAnother, isWanted } from '../../provision/agent/address.ts';
import { areAllHoldersKnown, claimAgent, recordOfHolder } from '../../provision/agent/holders.ts';
import { hasAgent } from '../../provision/agent/presence.ts';
import { isProbeAgent } from '../../provision/agent/probe-record.ts';
import { changeRecord } from '../../provision/change-record.ts';
import { HISTORY_DAYS } from '../../provision/history.ts';
import { agentLost, due, isLeased } from '../../provision/lifecycle.ts';
import type { Services } from '../../provision/services.ts';
import type { TenantProvisioning } from '../../provision/tenant.ts';
import { eraseIgnored } from '../../reconcile/ignored.ts';
import { patientCall } from '../../reconcile/patient-call.ts';
import { compact } from '../../runtime/compact.ts';
import type { AgentRecord } from '../../smartassist/agent.ts';
import { describeFailure } from '../../smartassist/outcome.ts';
import { type Actor, recordAction } from '../audit.ts';
import { OperateError } from '../errors.ts';
import { assertCallsGoOn } from '../tenant/pause.ts';

/** An agent that became a person's. */
export interface AdoptedAgent {
  readonly agentId: string;
  /** The agent's address until then; what the person's mapping gives is written within minutes. */
  readonly emailId?: string;
  readonly id: string;
  readonly userName: string;
}

const CALL_MS = 90_000;

/**
 * Gives a person an agent of SmartAssist that belongs to no person: for agents with another e-mail address than the
 * person's, which are not found by it. The agent is read first, and brought to what the person should have within minutes.
 *
 * @throws OperateError where the agent is a person's, or not there; or the person has an agent, or is to have none
 */
export async function adoptAgent(
  provisioning: TenantProvisioning,
  services: Services,
  agentId: string,
  record: PersonRecord,
  actor: Actor,
): Promise<AdoptedAgent> {
  const { directory, clock } = services;
  const { name, account, accountTenants } = provisioning;
  const { userName } = record.person;
  assertFree(record, clock.now());
  if (!(await isWanted(provisioning, services, record))) {
    throw new OperateError(
      'invalid',
      `${userName} is to be no agent under today's rules (provisionWhen): the agent would go out of service; see explain`,
    );
  }
  if (!(await areAllHoldersKnown(directory, account, accountTenants))) {
    throw new OperateError(
      'unavailable',
      'it is not known yet of each agent whose it is; the schedule finds out, try again in a few minutes',
    );
  }
  await assertUnheld(services, provisioning, agentId);
  await assertCallsGoOn(services, name, 'the agent belongs to no person yet; adopt it after resume');
  const agent = await readAgent(provisioning, services, agentId);
  const { emailId } = agent;
  if (emailId !== undefined && (await isOfAnother(provisioning, services, record, emailId))) {
    throw new OperateError(
      'invalid',
      `${agentId} is the agent of another person, made with this address, and an agent belongs to one person`,
    );
  }
  const claim = await claimAgent(directory, account, record, agentId);
  if (claim.outcome === 'held') await assertUnheld(services, provisioning, agentId);
  if (claim.outcome !== 'claimed')
    throw new OperateError('changed', `${userName} was changed meanwhile; look again`);
  // Without a presence that is known it counts as adopted, and is looked up by its id before anything is made.
  const isDue = await changeRecord(directory, claim.record, (current) =>
    due(agentLost(current, 'none'), clock.now(), PRIORITY.interactive),
  );
  if (!isDue) throw new OperateError('changed', `${userName} was changed meanwhile; look again`);
  await eraseIgnored(directory, name, { agent: agentId });
  const entry = { at: new Date(clock.now()).toISOString(), what: 'adopt', source: actor.by };
  const { reason: message } = actor;
  await directory.appendHistory(name, record.id, { ...entry, ...compact({ message }) }, HISTORY_DAYS);
  await recordAction(services, name, actor, 'reconcile adopt', { persons: [record.id], agents: [agentId] });
  await services.ring(name);
  return { agentId, ...compact({ emailId }), id: record.id, userName };
}

/** @throws OperateError for a person who has an agent, or should have none */
function assertFree(record: PersonRecord, now: number): void {
  const { person, agent, deletedAt } = record;
  if (deletedAt !== undefined)
    throw new OperateError('invalid', `${person.userName} was deleted by the source and needs no agent`);
  if (hasAgent(record)) {
    const which = agent.agentId ?? `with the customId ${agent.customId}`;
    throw new OperateError('invalid', `${person.userName} has an agent already: ${which}`);
  }
  if (isLeased(record, now)) {
    throw new OperateError('changed', `${person.userName} is being provisioned at this moment; try again`);
  }
}

/** @throws OperateError for an agent that a person has */
async function assertUnheld(
  { directory }: Services,
  { name, account }: TenantProvisioning,
  agentId: string,
): Promise<void> {
  const holder = await recordOfHolder(directory, account, agentId);
  if (holder === undefined) return;
  const whose =
    holder.tenant === name ? holder.person.userName : 'a person of another tenant of this account';
  throw new OperateError(
    'invalid',
    `${agentId} is the agent of ${whose}, and an agent belongs to one person`,
  );
}

async function readAgent(
  { client }: TenantProvisioning,
  { clock }: Services,
  agentId: string,
): Promise<AgentRecord> {
  const terms = { urgency: 'interactive', deadline: clock.now() + CALL_MS } as const;
  const answer = await patientCall(clock, terms, (patient) => client.getAgent(agentId, patient));
  if (answer.outcome === 'not-found')
    throw new OperateError('invalid', `SmartAssist has no agent ${agentId}; reconcile lists those of nobody`);
  if (answer.outcome !== 'ok') throw new OperateError('unavailable', describeFailure(answer));
  if (isProbeAgent(answer.value))
    throw new OperateError('invalid', `${agentId} was made by doctor --probe, and is no person's`);
  return answer.value;
}
