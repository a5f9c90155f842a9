import type { PersonRecord } from '../../functions/directory/record.ts';
import { findGroup, makeGroup } from '../../functions/events/memberships.ts';
import { markingDue } from '../../functions/provision/mark-due.ts';
import type { Services } from '../../functions/provision/services.ts';

/** What the groups that an import makes are from. */
export const IMPORT = 'import';

/** A person, and the names of groups that the person is to be in. */
export interface Joining {
  readonly record: PersonRecord;
  readonly groups: readonly string[];
}

/**
 * Puts persons into groups by name, group by group; one that there is not is made. Groups that aren't named stay as they
 * are.
 *
 * @returns the ids of persons who weren't in one of their groups before
 */
export async function joinGroups(
  services: Services,
  tenant: string,
  joining: readonly Joining[],
): Promise<ReadonlySet<string>> {
  const wanted = joining.flatMap(({ record: { id }, groups }) => groups.map((name) => ({ id, name })));
  const joined = new Set<string>();
  for (const [name, those] of Map.groupBy(wanted, (each) => each.name)) {
    const group = await groupNamed(services, tenant, name);
    const members = those.map(({ id }) => ({ value: id, type: 'User' }));
    const added = await services.directory.addMembers(tenant, group, members, markingDue(services));
    for (const id of added) joined.add(id);
  }
  if (joined.size > 0) await services.ring(tenant);
  return joined;
}

async function groupNamed(services: Services, tenant: string, display: string): Promise<string> {
  const group = { id: display, display };
  const event = { source: IMPORT, occurredAt: new Date(services.clock.now()).toISOString() };
  return (await findGroup(services, tenant, group)) ?? makeGroup(services, tenant, event, group);
}
