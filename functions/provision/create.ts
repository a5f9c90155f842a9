import type { PersonRecord } from '../directory/record.ts';
import type { CallTerms } from '../smartassist/client.ts';
import { describeFailure } from '../smartassist/outcome.ts';
import { SecretError } from '../tenant/secrets.ts';
import { applied, postponed } from './lifecycle.ts';
import type { Plan } from './plan.ts';
import type { TenantProvisioning, World } from './provisioner.ts';

/** What became of a try to make a stored person an agent at once. */
export type CreateResult =
  | { readonly outcome: 'provisioned'; readonly record: PersonRecord }
  /** SmartAssist won't have it; nothing is stored any more. */
  | { readonly outcome: 'refused'; readonly status: number; readonly message: string }
  /** The record stays due; the drain goes on with it. */
  | { readonly outcome: 'due'; readonly record: PersonRecord };

/**
 * Tries once, inline, to create the agent of a person who has just been stored and whose lease is ours. A refusal takes
 * the stored person out again, so that the identity provider sees SmartAssist's words and can send the same request
 * again; whatever else goes wrong leaves the record due.
 */
export async function createNow(
  provisioning: TenantProvisioning,
  world: World,
  record: PersonRecord,
  plan: Extract<Plan, { kind: 'agent' }>,
  terms: CallTerms,
): Promise<CreateResult> {
  const { directory, clock, log } = world;
  const settle = async (after: PersonRecord): Promise<PersonRecord> => {
    const result = await directory.updatePerson(record, after);
    if (result.ok) return after;
    // Somebody changed the person meanwhile; the drain finds out what is left to do.
    log.warn('a record changed while its agent was being created', {
      tenant: record.tenant,
      person: record.id,
    });
    return record;
  };
  const outcome = await provisioning.client.createAgent(plan.payload, terms).catch((error: unknown) => {
    if (!(error instanceof SecretError)) throw error;
    log.error('no agent can be created', { tenant: record.tenant, reason: error.message });
    return { outcome: 'secret' as const, message: error.message };
  });
  if (outcome.outcome === 'ok') {
    const after = await settle(applied(record, plan.hash, outcome.value.agentId, clock.now()));
    log.info('agent created', { tenant: record.tenant, person: record.id, customId: record.agent.customId });
    return { outcome: 'provisioned', record: after };
  }
  if (outcome.outcome === 'refused') {
    await directory.erasePerson(record);
    return { outcome: 'refused', status: outcome.status, message: outcome.message };
  }
  const failure = {
    code: outcome.outcome,
    message: outcome.outcome === 'secret' ? outcome.message : describeFailure(outcome),
    unknown: outcome.outcome === 'unknown',
  };
  return { outcome: 'due', record: await settle(postponed(record, failure, clock.now())) };
}
