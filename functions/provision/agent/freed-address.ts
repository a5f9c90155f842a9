import type { PersonRecord } from '../../directory/record.ts';
import { due } from '../lifecycle.ts';
import type { Services } from '../services.ts';
import type { TenantProvisioning } from '../tenant.ts';
import { addressOf, isSameAddress, isWanted, personsOfAddress, wasSent } from './address.ts';
import { obstacleTo } from './address-change.ts';
import { hasAgent } from './presence.ts';

/** Whether the person was refused for an address that another one's agent had. */
export function isRefusedForAddress({ state, attempts }: PersonRecord): boolean {
  return state === 'failed' && attempts.lastError?.code === 'uniqueness';
}

/**
 * After an attempt that took an agent's address from it: the persons who were refused for that address are due. None is while
 * another one is about to get it, as in an exchange. Should the function die before, the next reconciliation does it.
 *
 * @param before as the attempt began
 * @returns whether one is
 */
export async function tryRefusedAgain(
  tenant: Pick<TenantProvisioning, 'name' | 'mapping'>,
  { directory, clock }: Pick<Services, 'directory' | 'clock'>,
  before: PersonRecord,
  after: PersonRecord,
): Promise<boolean> {
  const { emailId } = before.agent;
  // A create that was refused frees nothing: two who are refused for a third one's agent would try for ever.
  const mayHaveBeenThere = hasAgent(before) || before.attempts.unknown;
  if (emailId === undefined || !mayHaveBeenThere || wasSent(after, emailId)) return false;
  const persons = await personsOfAddress(tenant, { directory }, emailId);
  const others = persons.filter(
    (other) => other.id !== before.id && isSameAddress(addressOf(tenant, other), emailId),
  );
  for (const other of others) {
    if (other.state === 'due' && (await isWanted(tenant, { directory }, other))) return false;
  }
  const refused = others.filter(isRefusedForAddress);
  // One that was changed meanwhile is due by that change, or was tried again.
  for (const record of refused) await directory.updatePerson(record, due(record, clock.now()));
  return refused.length > 0;
}

/**
 * After a person was refused for an address that another one's agent had: it may have lost the address since it was looked at,
 * when nobody was refused yet who could be tried again (`tryRefusedAgain`). The person is due then.
 *
 * @param address as the plan has it
 * @returns the record that is due; undefined where the refusal stands
 */
export async function tryOnceFree(
  tenant: Pick<TenantProvisioning, 'name' | 'mapping' | 'account'>,
  { directory, clock }: Pick<Services, 'directory' | 'clock'>,
  refused: PersonRecord,
  address: string,
): Promise<PersonRecord | undefined> {
  if (!isRefusedForAddress(refused)) return undefined;
  if ((await obstacleTo(tenant, { directory }, refused, address)) !== undefined) return undefined;
  const again = due(refused, clock.now());
  return (await directory.updatePerson(refused, again)).ok ? again : undefined;
}
