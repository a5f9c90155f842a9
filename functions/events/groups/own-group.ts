import { createHash } from 'node:crypto';
import type { GroupRecord } from '../../directory/group.ts';

/** The id of a group that a source brings. It follows from the source's, so that two who make the group at once make one. */
export function groupIdOf(tenant: string, source: string, sourceId: string): string {
  return createHash('sha256').update(`${tenant}/${source}/${sourceId}`).digest('hex').slice(0, 32);
}

/** The source's own id of a group that the source has brought; undefined for a group of SCIM or of another source. */
export function ownIdOf({ id, group }: GroupRecord, tenant: string, source: string): string | undefined {
  const { externalId } = group;
  return typeof externalId === 'string' && id === groupIdOf(tenant, source, externalId)
    ? externalId
    : undefined;
}
