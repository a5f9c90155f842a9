import type { GroupRecord, Member } from '../../directory/group.ts';
import { keyPart } from '../../directory/keys.ts';
import { compact } from '../../runtime/compact.ts';
import type { Filter, LookUpKey } from '../../scim-core/filter/filter.ts';
import { GROUP_KIND } from '../../scim-core/schema.ts';
import type { ScimContext } from '../context.ts';
import type { ScimRequest } from '../http/request.ts';
import { type Collection, type Entry, everything, type MemberPart, these } from '../list/collection.ts';
import { lookUpsFor } from '../list/look-up.ts';
import { readMembers } from './read.ts';
import { groupResource } from './resource.ts';

/** What finds groups at any size of the directory, the most selective first. */
const KEYS = ['id', 'externalId', 'displayName', 'members.value'] as const;

/** The groups of a tenant, in the order of their ids. */
export function groupCollection(
  context: ScimContext,
  request: Pick<ScimRequest, 'tenantName' | 'baseUrl'>,
): Collection {
  const { directory } = context.services;
  const { tenantName, baseUrl } = request;

  const membersOf = async (id: string, part: Exclude<MemberPart, 'none'>): Promise<Member[]> => {
    if (part === 'all') return readMembers(context, request, id);
    const first = part.any ? (await directory.listMembers(tenantName, id, { limit: 1 })).members : [];
    return [...first, ...(await directory.readMembers(tenantName, id, part.ids))];
  };
  const entryOf = (record: GroupRecord): Entry => ({
    key: keyPart(record.id),
    kind: GROUP_KIND,
    resource: ({ members }) =>
      members === 'none'
        ? groupResource(record, baseUrl)
        : membersOf(record.id, members).then((list) => groupResource(record, baseUrl, list)),
  });

  const page: Collection['page'] = async (after, limit) => {
    const { groups, next } = await directory.listGroups(tenantName, {
      limit,
      ...compact({ after }),
    });
    return { entries: groups.map(entryOf), ...compact({ next }) };
  };

  const found = async ({ attribute, value }: LookUpKey): Promise<GroupRecord[]> => {
    switch (attribute) {
      case 'id':
        return directory.readGroups(tenantName, [value]);
      case 'externalId':
      case 'displayName':
        return directory.findGroup(tenantName, { attribute, value });
      case 'members.value': {
        const memberships = await directory.groupsOf(tenantName, value);
        return directory.readGroups(
          tenantName,
          memberships.map(({ id }) => id),
        );
      }
      default:
        return [];
    }
  };

  return {
    name: 'Groups',
    kind: GROUP_KIND,
    count: () => directory.countGroups(tenantName),
    page,
    read: async (keys) => (await directory.readGroups(tenantName, keys)).map(entryOf),
    candidates: (filter: Filter) => {
      const keys = lookUpsFor(filter, KEYS);
      if (keys === undefined) return everything(page);
      return these(async () => (await Promise.all(keys.map(found))).flat().map(entryOf));
    },
  };
}
