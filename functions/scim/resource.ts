import type { PersonRecord } from '../directory/record.ts';
import { AGENT_EXTENSION, USER } from '../person/schema.ts';

const LIST_URN = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';

/** A record as the SCIM User that clients see (RFC 7643 section 4.1), with where its agent stands. */
export function userResource(record: PersonRecord, baseUrl: string): Record<string, unknown> {
  const { person } = record;
  const extension = person[AGENT_EXTENSION.id];
  const { lastError } = record.attempts;
  return {
    ...person,
    schemas: schemasOf(person),
    id: record.id,
    [AGENT_EXTENSION.id]: {
      ...(typeof extension === 'object' ? extension : {}),
      provisioning: {
        state: record.state,
        ...(record.agent.agentId === undefined ? {} : { agentId: record.agent.agentId }),
        ...(lastError === undefined ? {} : { lastError: lastError.message }),
        updatedAt: lastError?.at ?? record.agent.appliedAt ?? record.updatedAt,
      },
    },
    meta: {
      resourceType: 'User',
      created: record.createdAt,
      lastModified: record.updatedAt,
      location: `${baseUrl}/Users/${encodeURIComponent(record.id)}`,
      version: `W/"${record.personVersion}"`,
    },
  };
}

/** The core schema and one URN for each extension that the resource carries (RFC 7643 section 3). */
function schemasOf(person: Readonly<Record<string, unknown>>): string[] {
  const extensions = Object.keys(person).filter((key) => key.startsWith('urn:'));
  return [...new Set([USER.id, ...extensions, AGENT_EXTENSION.id])];
}

/** RFC 7644 section 3.4.2: `Resources` is there even when empty, since clients rely on it. */
export function listResponse(resources: readonly unknown[], totalResults: number, startIndex = 1) {
  return {
    schemas: [LIST_URN],
    totalResults,
    startIndex,
    itemsPerPage: resources.length,
    Resources: resources,
  };
}
