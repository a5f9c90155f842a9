import { compact } from '../../runtime/compact.ts';
import type { Person } from '../../scim-core/person.ts';
import { isObject, type Resource } from '../../scim-core/resource/resource.ts';
import type { ScimContext } from '../context.ts';
import type { ScimRequest } from '../http/request.ts';

/** Users that are read for one answer to show their names; the others are shown without. */
const MOST_USERS = 1_000;

/** A member as an answer shows it; of a large group the id alone. */
interface Shown {
  readonly value: string;
  readonly display?: string;
  readonly type?: string;
}

/**
 * Groups with the name of the user for each member whose client sent no `display` (RFC 7643 section 4.2 says that it is the
 * member's). The users of all groups of an answer are read together.
 */
export async function withDisplays(
  { services: { directory } }: ScimContext,
  { tenantName }: Pick<ScimRequest, 'tenantName'>,
  resources: readonly Resource[],
): Promise<readonly Resource[]> {
  const nameless = resources.flatMap(membersOf).filter(isNameless);
  const ids = [...new Set(nameless.map(({ value }) => value))].slice(0, MOST_USERS);
  if (ids.length === 0) return resources;
  const persons = await directory.readPersons(tenantName, ids);
  const names = new Map(
    persons.flatMap(({ id, deletedAt, person }) => (deletedAt === undefined ? [[id, nameOf(person)]] : [])),
  );
  const named = (member: Shown): Shown => {
    const display = isNameless(member) ? names.get(member.value) : undefined;
    if (display === undefined) return member;
    const { type, ...rest } = member;
    return { ...rest, display, ...compact({ type }) };
  };
  return resources.map((resource) =>
    membersOf(resource).some(isNameless)
      ? { ...resource, members: membersOf(resource).map(named) as unknown as Resource[] }
      : resource,
  );
}

function membersOf({ members }: Resource): readonly Shown[] {
  return Array.isArray(members) ? (members as unknown as Shown[]) : [];
}

function isNameless({ display, type }: Shown): boolean {
  return display === undefined && type?.toLowerCase() === 'user';
}

/** `displayName`, or what comes nearest to it: the full name, as it is written or of its parts, else the `userName`. */
function nameOf({ displayName, name, userName }: Person): string {
  const { formatted, givenName, familyName } = isObject(name) ? name : {};
  const parts = [givenName, familyName].filter((part) => typeof part === 'string').join(' ');
  const named = [displayName, formatted, parts].find(
    (each) => typeof each === 'string' && each.trim() !== '',
  );
  return typeof named === 'string' ? named : userName;
}
