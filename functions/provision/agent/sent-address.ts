import { MAX_RACES } from '../../directory/errors.ts';
import type { PersonRecord } from '../../directory/record.ts';
import { customIdRuleOf } from '../../mapping/desired/custom-id.ts';
import { addressSent } from '../lifecycle.ts';
import type { Plan } from '../plan.ts';
import type { Services } from '../services.ts';
import type { TenantProvisioning } from '../tenant.ts';
import { hasAgent } from './address.ts';

/** The record as it is leased: with the address that a create is about to be sent with, so that it costs no write of its own. */
export function beforeAttempt(
  provisioning: Pick<TenantProvisioning, 'tenant'>,
  record: PersonRecord,
  plan: Plan,
): PersonRecord {
  const mayBeThere = hasAgent(record) || record.attempts.unknown || record.lease !== undefined;
  return plan.kind !== 'agent' || mayBeThere
    ? record
    : addressSent(record, plan.payload.emailId, makesKeyed(provisioning));
}

/** Whether agents are made with our key as their custom id. */
export function makesKeyed({ tenant }: Pick<TenantProvisioning, 'tenant'>): boolean {
  return customIdRuleOf(tenant.agent, tenant.smartassist.profile) === 'generated';
}

/**
 * Writes the address that is about to be sent, unless the record has it already; undefined when another function holds
 * the lease.
 */
export async function keepAddress(
  { directory }: Pick<Services, 'directory'>,
  record: PersonRecord,
  emailId: string,
  isKeyed: boolean,
): Promise<{ readonly record: PersonRecord; readonly raced: boolean } | undefined> {
  let current = record;
  for (let race = 0; race < MAX_RACES; race += 1) {
    const raced = current !== record;
    const { agent } = current;
    if (agent.emailId === emailId && (agent.isKeyed !== false) === isKeyed) return { record: current, raced };
    const after = { ...addressSent(current, emailId, isKeyed), version: current.version + 1 };
    const written = await directory.updatePerson(current, after);
    if (written.ok) return { record: after, raced };
    if (written.reason !== 'changed') throw new Error('a key was taken while it was in use');
    const { current: other } = written;
    if (other === undefined || other.lease?.holder !== record.lease?.holder) return undefined;
    current = other;
  }
  throw new Error('a record changes all the time');
}
