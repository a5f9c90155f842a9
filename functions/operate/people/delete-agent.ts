import type { PersonRecord } from '../../directory/record.ts';
import type { Found } from '../../provision/agent/find.ts';
import { findAnywhere } from '../../provision/agent/find-unkeyed.ts';
import { type Holding, portsOf } from '../../provision/agent/open-ports.ts';
import type { Result } from '../../provision/result.ts';
import type { Services } from '../../provision/services.ts';
import type { TenantProvisioning } from '../../provision/tenant.ts';
import { patientCall } from '../../reconcile/patient-call.ts';
import type { CallTerms } from '../../smartassist/client.ts';
import { describeFailure, type Outcome } from '../../smartassist/outcome.ts';
import { OperateError } from '../errors.ts';

const CALL_MS = 90_000;

export interface AgentDeleted {
  /** What is gone, for the receipt. */
  readonly text: string;
  /** The record as it is stored now: an agent that was looked for is noted in it before it is deleted. */
  readonly record: PersonRecord;
}

/**
 * Deletes the person's agent; one that is gone already is as good. An agent whose id isn't known, or which may have been made
 * anew, is looked for as an attempt does: by our key, and where agents don't carry it by the addresses that it was sent.
 *
 * @param isUnknown whether a create may have been applied that was never answered
 * @throws OperateError where it isn't known that the agent is gone
 */
export async function deleteAgent(
  provisioning: TenantProvisioning,
  services: Services,
  record: PersonRecord,
  isUnknown: boolean,
): Promise<AgentDeleted> {
  const { client } = provisioning;
  const { clock } = services;
  const terms: CallTerms = { urgency: 'interactive', deadline: clock.now() + CALL_MS };
  const remove = async (agentId: string): Promise<'deleted' | 'not-found'> => {
    const answer = await patientCall(clock, terms, (patient) => client.deleteAgent(agentId, patient));
    if (answer.outcome === 'ok') return 'deleted';
    if (answer.outcome === 'not-found') return 'not-found';
    throw unavailable(`${describeFailure(answer)}; the agent ${agentId} is not known to be deleted`);
  };
  const { agentId, customId } = record.agent;
  if (agentId !== undefined) {
    const text = `the agent ${agentId} in SmartAssist`;
    if ((await remove(agentId)) === 'deleted' || !isUnknown) return { text, record };
  }
  const holding: Holding = { record };
  const agent = await lookFor(provisioning, services, holding, terms);
  if (agent === undefined) {
    return { text: `no agent: SmartAssist has none with the customId ${customId}`, record: holding.record };
  }
  await remove(agent.id);
  return { text: `the agent ${agent.id} in SmartAssist`, record: holding.record };
}

/** The person's agent, taken for the person: what another person holds isn't found. */
async function lookFor(
  provisioning: TenantProvisioning,
  services: Services,
  holding: Holding,
  terms: CallTerms,
) {
  const ports = portsOf(provisioning, services, holding);
  const answer = await patientCall(services.clock, terms, async (patient): Promise<Outcome<Found>> => {
    const found = await findAnywhere(ports, holding.record, undefined, patient);
    if (!('result' in found) || found.result.kind !== 'no-slot') return { outcome: 'ok', value: found };
    return { outcome: 'no-slot', waitMs: found.result.waitMs };
  });
  if (answer.outcome !== 'ok') throw unavailable(describeFailure(answer));
  if ('result' in answer.value) throw unavailable(textOf(answer.value.result));
  return answer.value.agent;
}

function textOf(result: Result): string {
  return 'message' in result ? result.message : 'the agent could not be looked for';
}

function unavailable(why: string): OperateError {
  return new OperateError('unavailable', `${why}; nothing else was erased, try again`);
}
