import type { Membership } from '../../directory/group.ts';
import type { PersonRecord } from '../../directory/record.ts';
import type { Resource } from '../../scim-core/resource/resource.ts';
import { AGENT_EXTENSION, USER } from '../../scim-core/schema.ts';
import { versionTag } from '../http/version.ts';
import { provisioningOf } from './provisioning.ts';

/**
 * A record as the SCIM User that clients see (RFC 7643 section 4.1), with where its agent stands.
 *
 * @param groups the memberships, derived from the groups; left out where nobody looks at them
 */
export function userResource(
  record: PersonRecord,
  baseUrl: string,
  groups: readonly Membership[] = [],
): Resource {
  const { person } = record;
  const extension = person[AGENT_EXTENSION.id];
  return {
    ...person,
    // RFC 7643 section 4.1.1 leaves the meaning to the service provider: nobody is out of service unsaid.
    active: person.active ?? true,
    schemas: schemasOf(person),
    id: record.id,
    ...(groups.length === 0 ? {} : { groups: groups.map((group) => groupElement(group, baseUrl)) }),
    [AGENT_EXTENSION.id]: {
      ...(typeof extension === 'object' ? extension : {}),
      provisioning: provisioningOf(record),
    },
    meta: {
      resourceType: 'User',
      created: record.createdAt,
      lastModified: record.updatedAt,
      location: `${baseUrl}/Users/${encodeURIComponent(record.id)}`,
      version: versionTag(record.personVersion),
    },
  };
}

/** The core schema and one URN for each extension that the resource carries (RFC 7643 section 3). */
function schemasOf(person: Resource): string[] {
  const schemas = [USER.id];
  for (const key of Object.keys(person)) {
    if (key.startsWith('urn:') && key !== AGENT_EXTENSION.id) schemas.push(key);
  }
  schemas.push(AGENT_EXTENSION.id);
  return schemas;
}

function groupElement({ id, display }: Membership, baseUrl: string) {
  return { value: id, $ref: `${baseUrl}/Groups/${encodeURIComponent(id)}`, display, type: 'direct' };
}
