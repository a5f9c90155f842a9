import type { PersonRecord } from '../directory/record.ts';
import { releaseBrake, resetBrake } from './brake.ts';
import { discarded, due } from './lifecycle.ts';
import type { World } from './provisioner.ts';

const PAGE = 100;

/**
 * A person has looked and says go: whoever the brake holds is put out of service, and for an hour it holds nobody.
 *
 * @returns how many go on
 */
export async function releaseHeld(world: World, tenant: string): Promise<number> {
  await releaseBrake(world, tenant);
  const count = await changeHeld(world, tenant, (record) => due(record, world.clock.now()));
  await world.ring(tenant);
  return count;
}

/**
 * A person has looked and says no: the agents stay in service, each until its person changes again.
 *
 * @returns how many stay
 */
export async function discardHeld(world: World, tenant: string): Promise<number> {
  const count = await changeHeld(world, tenant, discarded);
  await resetBrake(world, tenant);
  return count;
}

/** Whoever is changed leaves the list of those held, so the first page is always the next one. */
async function changeHeld(
  { directory }: World,
  tenant: string,
  change: (record: PersonRecord) => PersonRecord,
): Promise<number> {
  let count = 0;
  let after: string | undefined;
  do {
    const page = await directory.heldPersons(tenant, {
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    for (const record of page.persons) {
      if ((await directory.updatePerson(record, change(record))).ok) count += 1;
    }
    after = page.next;
  } while (after !== undefined);
  return count;
}
