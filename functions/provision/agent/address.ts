import type { PersonRecord } from '../../directory/record.ts';
import type { Mapped } from '../../mapping/desired/desired-agent.ts';
import { folded } from '../../scim-core/fold.ts';
import { withGroups } from '../plan.ts';
import type { Services } from '../services.ts';
import type { TenantProvisioning } from '../tenant.ts';
import { hasAgent } from './presence.ts';

/** The e-mail address that the mapping gives the person's agent, in one spelling. */
export function addressOf(
  { mapping }: Pick<TenantProvisioning, 'mapping'>,
  { person }: PersonRecord,
): string {
  return addressIn(mapping.map(person));
}

/** As `addressOf`, of what the person was mapped to. */
export function addressIn({ agent }: Pick<Mapped, 'agent'>): string {
  return spelled(agent.emailId ?? '');
}

/** The persons whose agent has this address, was sent it, or is to have it by today's mapping; deleted ones too. */
export async function personsOfAddress(
  provisioning: Pick<TenantProvisioning, 'name' | 'mapping'>,
  { directory }: Pick<Services, 'directory'>,
  address: string,
): Promise<PersonRecord[]> {
  if (address === '') return [];
  const found = await Promise.all(
    (['email', 'userName', 'agentEmail'] as const).map((attribute) =>
      directory.findPerson(provisioning.name, { attribute, value: address }),
    ),
  );
  const byId = new Map(found.flat().map((record) => [record.id, record]));
  return [...byId.values()].filter(
    (record) => isSameAddress(addressOf(provisioning, record), address) || wasSent(record, address),
  );
}

/**
 * Whether the person's agent has this address as far as it is known, or may have it, whatever the mapping says today: a
 * call that is under way may be making the agent.
 */
export function wasSent(record: PersonRecord, address: string): boolean {
  const { emailId } = record.agent;
  const mayBeThere = hasAgent(record) || record.attempts.unknown || record.lease !== undefined;
  return mayBeThere && emailId !== undefined && isSameAddress(emailId, address);
}

/**
 * Whether a call of unknown outcome may have made an agent with this very address: it is looked for before any holder of
 * the address is asked for. Of version 0.1.0 it isn't known which address was sent.
 */
export function mayBeMade(record: PersonRecord, address: string): boolean {
  const { agent, attempts } = record;
  return attempts.unknown && (agent.emailId === undefined || wasSent(record, address));
}

/**
 * The other person of the tenant whose agent has this address, or will have it first: found before any call. A person
 * whose agent has it goes before those who are to get it, and of these the one who was there first.
 */
export async function holderOfAddress(
  provisioning: Pick<TenantProvisioning, 'name' | 'mapping'>,
  services: Pick<Services, 'directory'>,
  record: PersonRecord,
  address: string,
): Promise<PersonRecord | undefined> {
  const persons = await personsOfAddress(provisioning, services, address);
  const holder = persons.find((other) => {
    // Of version 0.1.0 it isn't known which address the agent has; and SmartAssist may keep one in spite of an update.
    const isTheirs = other.agent.emailId === undefined || other.state === 'provisioned';
    return other.id !== record.id && (wasSent(other, address) || (hasAgent(other) && isTheirs));
  });
  if (holder !== undefined || has(record, address)) return holder;
  return firstInLine(provisioning, services, record, address, persons);
}

/**
 * The other person who is to get this address before the record's does, once no agent has it.
 *
 * @param known the persons of the address, where they have been read already
 */
export async function firstInLine(
  provisioning: Pick<TenantProvisioning, 'name' | 'mapping'>,
  services: Pick<Services, 'directory'>,
  record: PersonRecord,
  address: string,
  known?: readonly PersonRecord[],
): Promise<PersonRecord | undefined> {
  const persons = known ?? (await personsOfAddress(provisioning, services, address));
  for (const other of persons.toSorted((a, b) => (isBefore(a, b) ? -1 : 1))) {
    if (other.state !== 'due' || !isBefore(other, record)) continue;
    // Not the one whose agent has it still, and who is to get another one.
    if (!isSameAddress(addressOf(provisioning, other), address)) continue;
    if (await isWanted(provisioning, services, other)) return other;
  }
  return undefined;
}

/**
 * Whether an agent with this address is another person's although no id says so: that person's agent was made with the
 * address, and its id was never learned. Of two persons with no more than a call of unknown outcome it is the first one's.
 */
export async function isOfAnother(
  provisioning: Pick<TenantProvisioning, 'name' | 'mapping'>,
  services: Pick<Services, 'directory'>,
  record: PersonRecord,
  address: string,
): Promise<boolean> {
  if (hasAgent(record)) return false;
  const persons = await personsOfAddress(provisioning, services, address);
  return persons.some(
    (other) =>
      other.id !== record.id &&
      other.agent.agentId === undefined &&
      wasSent(other, address) &&
      (hasAgent(other) || isBefore(other, record)),
  );
}

/** Of two persons who are to get one address, the one who was there first does. */
export function isBefore(one: PersonRecord, other: PersonRecord): boolean {
  return one.createdAt < other.createdAt || (one.createdAt === other.createdAt && one.id < other.id);
}

/** Whether a person is to be an agent by today's mapping. */
export async function isWanted(
  { mapping }: Pick<TenantProvisioning, 'mapping'>,
  { directory }: Pick<Services, 'directory'>,
  { tenant, id, person, deletedAt }: PersonRecord,
): Promise<boolean> {
  if (deletedAt !== undefined) return false;
  return mapping.wants(withGroups(person, await directory.groupsOf(tenant, id)));
}

/** Whether the person's agent has the address; one of version 0.1.0 doesn't say which one it has. */
export function has(record: PersonRecord, address: string): boolean {
  return hasAgent(record) && (record.agent.emailId === undefined || wasSent(record, address));
}

export function isSameAddress(one: string, other: string): boolean {
  return spelled(one) === spelled(other);
}

const spelled = (address: string) => folded(address.trim());
