import type { GroupRecord, Member } from '../../directory/group.ts';
import { compact } from '../../runtime/compact.ts';
import type { Resource } from '../../scim-core/resource/resource.ts';
import { versionTag } from '../http/version.ts';

/** With more members than these only their ids are shown: a group of 100,000 has to fit into one answer. */
const DETAILED_MEMBERS = 1_000;

/**
 * A record as the SCIM Group that clients see (RFC 7643 section 4.2).
 *
 * @param members left out where the client doesn't look at them. An empty list is shown, as Okta documents it, but not
 * where a client has removed the attribute: it is unassigned then (RFC 7643 section 2.5)
 */
export function groupResource(
  { id, group, groupVersion, createdAt, updatedAt, membersUnassigned }: GroupRecord,
  baseUrl: string,
  members?: readonly Member[],
): Resource {
  const isAbsent = members === undefined || (membersUnassigned === true && members.length === 0);
  return {
    ...group,
    id,
    ...compact({ members: isAbsent ? undefined : memberElements(members, baseUrl) }),
    meta: {
      resourceType: 'Group',
      created: createdAt,
      lastModified: updatedAt,
      location: `${baseUrl}/Groups/${encodeURIComponent(id)}`,
      version: versionTag(groupVersion),
    },
  };
}

/** Clients seldom say what a member is; it is a user then, as identity providers resolve nested groups themselves. */
function memberElements(members: readonly Member[], baseUrl: string): Resource[] {
  if (members.length > DETAILED_MEMBERS) return members.map(({ value }) => ({ value }));
  return members.map(({ value, display, type = 'User' }) => ({
    value,
    $ref: `${baseUrl}/${type.toLowerCase() === 'group' ? 'Groups' : 'Users'}/${encodeURIComponent(value)}`,
    ...compact({ display }),
    type,
  }));
}
