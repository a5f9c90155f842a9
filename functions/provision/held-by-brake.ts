import type { PersonRecord } from '../directory/record.ts';
import { compact } from '../runtime/compact.ts';
import { releaseBrake, resetBrake } from './brake.ts';
import { discarded, due } from './lifecycle.ts';
import type { Services } from './services.ts';

const PAGE = 100;

/**
 * A person has looked and says go: whoever the brake holds is put out of service, and for an hour it holds nobody.
 *
 * @returns how many go on
 */
export async function releaseHeldByBrake(services: Services, tenant: string): Promise<number> {
  await releaseBrake(services, tenant);
  const count = await changeHeld(services, tenant, (record) => due(record, services.clock.now()));
  await services.ring(tenant);
  return count;
}

/**
 * A person has looked and says no: the agents stay in service, each until its person changes again.
 *
 * @returns how many stay
 */
export async function discardHeldByBrake(services: Services, tenant: string): Promise<number> {
  const count = await changeHeld(services, tenant, discarded);
  await resetBrake(services, tenant);
  return count;
}

/** Whoever is changed leaves the list of those held, so the first page is always the next one. */
async function changeHeld(
  { directory }: Services,
  tenant: string,
  change: (record: PersonRecord) => PersonRecord,
): Promise<number> {
  let count = 0;
  let after: string | undefined;
  do {
    const page = await directory.heldPersons(tenant, {
      limit: PAGE,
      ...compact({ after }),
    });
    for (const record of page.persons) {
      if ((await directory.updatePerson(record, change(record))).ok) count += 1;
    }
    after = page.next;
  } while (after !== undefined);
  return count;
}
