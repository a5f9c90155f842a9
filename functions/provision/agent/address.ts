import type { PersonRecord } from '../../directory/record.ts';
import type { Services } from '../services.ts';
import type { TenantProvisioning } from '../tenant.ts';

/** The e-mail address that the mapping gives the person's agent, in one spelling. */
export function addressOf(
  { mapping }: Pick<TenantProvisioning, 'mapping'>,
  { person }: PersonRecord,
): string {
  return spelled(mapping.map(person).agent.emailId ?? '');
}

/** The persons whose agent has this address by today's mapping, deleted ones too. */
export async function personsOfAddress(
  provisioning: Pick<TenantProvisioning, 'name' | 'mapping'>,
  { directory }: Pick<Services, 'directory'>,
  address: string,
): Promise<PersonRecord[]> {
  if (address === '') return [];
  const found = await Promise.all(
    (['email', 'userName'] as const).map((attribute) =>
      directory.findPerson(provisioning.name, { attribute, value: address }),
    ),
  );
  const byId = new Map(found.flat().map((record) => [record.id, record]));
  return [...byId.values()].filter((record) => addressOf(provisioning, record) === spelled(address));
}

const spelled = (address: string) => address.trim().toLowerCase();
