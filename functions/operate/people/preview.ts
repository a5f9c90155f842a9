import type { PersonRecord } from '../../directory/record.ts';
import { customIdOf } from '../../provision/custom-id.ts';
import type { Person } from '../../scim-core/person.ts';
import { parseResource } from '../../scim-core/resource/parse.ts';
import { isObject } from '../../scim-core/resource/resource.ts';
import { USER_KIND } from '../../scim-core/schema.ts';

/**
 * A SCIM User as a record that nothing keeps, to see what a mapping makes of it. Groups are read-only for clients, but here
 * they say what the person would be a member of.
 *
 * @param now epoch milliseconds
 * @throws ScimInputError for what is no User
 */
export function previewRecord(tenant: string, body: unknown, now: number): PersonRecord {
  const person = parseResource(body, USER_KIND);
  const groups = isObject(body) ? body.groups : undefined;
  const at = new Date(now).toISOString();
  return {
    tenant,
    id: 'preview',
    version: 0,
    personVersion: 0,
    createdAt: at,
    updatedAt: at,
    source: 'preview',
    person: { ...person, ...(Array.isArray(groups) ? { groups } : {}) } as Person,
    state: 'waiting',
    priority: 0,
    agent: { customId: customIdOf(tenant, 'preview'), presence: 'none' },
    attempts: { count: 0, unknown: false },
  };
}
