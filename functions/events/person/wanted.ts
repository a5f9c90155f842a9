import type { Membership } from '../../directory/group.ts';
import type { PersonRecord } from '../../directory/record.ts';
import type { Services } from '../../provision/services.ts';
import { parseFilter } from '../../scim-core/filter/filter.ts';
import { compileFilter } from '../../scim-core/filter/match.ts';
import type { Person } from '../../scim-core/person.ts';
import { USER_KIND } from '../../scim-core/schema.ts';
import type { TenantConfiguration } from '../../tenant/configuration.ts';

const compiled = new WeakMap<TenantConfiguration, (person: Person) => boolean>();

function wants(configuration: TenantConfiguration, person: Person, groups: readonly Membership[]): boolean {
  let matches = compiled.get(configuration);
  if (matches === undefined) {
    matches = compileFilter(parseFilter(configuration.provisionWhen, USER_KIND));
    compiled.set(configuration, matches);
  }
  return matches({ ...person, groups: groups.map(({ id, display }) => ({ value: id, display })) });
}

/** What becomes of a person by an event, where it isn't done yet. */
export interface Becoming {
  readonly person?: Person;
  readonly isDeleted?: boolean;
  /** The groups from which, and to which, the person goes: by id, or by name where there is no such group yet. */
  readonly leaves?: string;
  readonly joins?: Membership;
  /** All groups that the person is in then. */
  readonly groups?: readonly Membership[] | undefined;
}

/** Whether a person who is to be an agent under today's rules wouldn't be one any more. */
export async function wouldLeave(
  { directory }: Services,
  tenant: string,
  configuration: TenantConfiguration | undefined,
  record: PersonRecord,
  { person = record.person, isDeleted = false, leaves, joins, groups }: Becoming,
): Promise<boolean> {
  if (configuration === undefined || record.deletedAt !== undefined) return false;
  const known = await directory.groupsOf(tenant, record.id);
  if (!wants(configuration, record.person, known)) return false;
  if (isDeleted) return true;
  const after = (groups ?? known).filter(({ id }) => id !== leaves);
  return !wants(configuration, person, joins === undefined ? after : [...after, joins]);
}
