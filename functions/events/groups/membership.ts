import type { PersonRecord } from '../../directory/record.ts';
import type { Services } from '../../provision/services.ts';
import { compact } from '../../runtime/compact.ts';
import type { TenantConfiguration } from '../../tenant/configuration.ts';
import { sourceNamed } from '../../tenant/look-up.ts';
import type { AuthenticatedEvent, SourceGroup } from '../event.ts';
import { linkStateOf } from '../links.ts';
import { changeOfGroup } from '../memberships.ts';
import { scopeOfRecord } from '../person/scope.ts';
import { wouldLeave } from '../person/wanted.ts';

interface Where {
  readonly services: Services;
  readonly tenant: string;
  readonly configuration?: TenantConfiguration | undefined;
}

/** Why a membership that isn't signed must not change without asking the source or a person, where there is a reason. */
export async function whyToAskOfGroup(
  { services, tenant, configuration }: Where,
  event: AuthenticatedEvent,
  group: SourceGroup,
  record: PersonRecord,
): Promise<string | undefined> {
  if (event.trust === 'signed') return undefined;
  const becoming = await changeOfGroup(services, tenant, event, group);
  if (!(await wouldLeave(services, tenant, configuration, record, becoming))) return undefined;
  return `${event.source} does not sign what it sends, and without the group the agent would be out of service`;
}

/** Another name of a group, or none where it is gone. */
export interface ChangedGroup {
  /** The directory's id of the group. */
  readonly id: string;
  readonly display?: string | undefined;
}

/**
 * What the memberships of a person come to where the scope of a source is made of groups: that the scope has the person,
 * or doesn't any more. Undefined where nothing changes by them.
 *
 * @param changing a group that is about to change
 */
export async function scopeByGroups(
  { services, tenant, configuration }: Where,
  event: AuthenticatedEvent,
  { id }: Pick<PersonRecord, 'id'>,
  changing?: ChangedGroup,
): Promise<AuthenticatedEvent | undefined> {
  const { source, trust, type, subject, occurredAt } = event;
  const scope = configuration === undefined ? undefined : sourceNamed(configuration, source)?.scope;
  if (scope?.groups === undefined) return undefined;
  const { directory } = services;
  const record = await directory.readPerson(tenant, id);
  if (record === undefined || record.deletedAt !== undefined) return undefined;
  const ids = (await directory.groupsOf(tenant, id)).map((group) => group.id);
  const groups = (await directory.readGroups(tenant, ids)).flatMap((each): SourceGroup[] => {
    const { externalId, displayName } = each.group;
    if (each.id === changing?.id && changing.display === undefined) return [];
    const display = each.id === changing?.id ? changing.display : displayName;
    return [{ id: String(externalId ?? each.id), display: String(display) }];
  });
  const link = record.links?.[source];
  const named = link?.id === undefined ? subject : { ...subject, id: subject.id ?? link.id };
  const isInScope = scopeOfRecord(scope, source, record, groups);
  const wasInScope = linkStateOf(link, named.id).unassigned === undefined;
  if (isInScope === undefined || isInScope === wasInScope) return undefined;
  return {
    source,
    trust,
    type,
    kind: 'upsert',
    completeness: 'partial',
    subject: named,
    isInScope,
    needsScope: true,
    ...compact({ occurredAt }),
  };
}
