import { createHash } from 'node:crypto';
import type { PersonRecord } from '../directory/record.ts';
import { noteFormer } from '../provision/agent/former.ts';
import type { Services } from '../provision/services.ts';
import { eraseIgnored } from './ignored.ts';

const BATCH = 100;

/**
 * Erases deleted persons whose retention has ended. What stays is a digest, so that it can be shown that a person was
 * here and is gone.
 *
 * @returns how many were erased
 */
export async function eraseExpired(services: Services, tenant: string): Promise<number> {
  const { directory, clock } = services;
  let erased = 0;
  for (const record of await directory.erasablePersons(tenant, clock.now(), BATCH)) {
    const digest = digestOf(record);
    await directory.writeDocument(`${tenant}#erased`, digest, {
      deletedAt: record.deletedAt,
      at: clock.now(),
    });
    await noteFormer(directory, record);
    if (!(await directory.erasePerson(record)).ok) continue;
    await eraseIgnored(directory, tenant, { person: record.id });
    erased += 1;
  }
  return erased;
}

/** The same for the same person, and says nothing about it without the id. */
export function digestOf({ tenant, id }: Pick<PersonRecord, 'tenant' | 'id'>): string {
  return createHash('sha256').update(`${tenant}\n${id}`).digest('hex');
}
