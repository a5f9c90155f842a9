import { MAX_RACES } from '../../directory/errors.ts';
import type { PersonRecord } from '../../directory/record.ts';
import { customIdRuleOf } from '../../mapping/desired/custom-id.ts';
import { addressSent } from '../lifecycle.ts';
import type { Plan } from '../plan.ts';
import type { Services } from '../services.ts';
import type { TenantProvisioning } from '../tenant.ts';
import { holderOfAddress } from './address.ts';
import { hasAgent } from './presence.ts';

/**
 * The record as it is leased: with the address that a create is about to be sent with, so that it costs no write of its own.
 * To be called where no other person holds the address: a function that dies before the create would leave it with both.
 */
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

/** As `beforeAttempt`, where it isn't known whether another person holds the address: it is then not written beforehand. */
export async function beforeDrained(
  provisioning: Pick<TenantProvisioning, 'name' | 'mapping' | 'tenant'>,
  services: Pick<Services, 'directory'>,
  record: PersonRecord,
  plan: Plan,
): Promise<PersonRecord> {
  const before = beforeAttempt(provisioning, record, plan);
  if (before === record || plan.kind !== 'agent') return record;
  const holder = await holderOfAddress(provisioning, services, record, plan.payload.emailId);
  return holder === undefined ? before : record;
}

/** Whether agents are made with our key as their custom id. */
export function makesKeyed({ tenant }: Pick<TenantProvisioning, 'tenant'>): boolean {
  return customIdRuleOf(tenant.agent, tenant.smartassist.profile) === 'generated';
}

/**
 * Writes the address that is about to be sent, unless the record has it already; undefined when another function holds
 * the lease. Not by `changeRecord`: the caller goes on with the record as it is stored then.
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
