import type { GroupRecord, Member } from '../directory/group.ts';
import { keyPart } from '../directory/keys.ts';
import type { Filter, LookUpKey } from '../person/filter.ts';
import { GROUP_KIND } from '../person/schema.ts';
import { type Collection, type Entry, everything, type MemberPart, these } from './collection.ts';
import type { ScimContext } from './context.ts';
import { readMembers } from './group-members.ts';
import { groupResource } from './group-resource.ts';
import { lookUpsFor } from './look-up.ts';
import type { ScimRequest } from './request.ts';

/** What finds groups at any size of the directory, the most selective first. */
const KEYS = ['id', 'externalId', 'displayName', 'members.value'] as const;

/** The groups of a tenant, in the order of their ids. */
export function groupCollection(
  context: ScimContext,
  request: Pick<ScimRequest, 'tenantName' | 'baseUrl'>,
): Collection {
  const { directory } = context.world;
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
      ...(after === undefined ? {} : { after }),
    });
    return { entries: groups.map(entryOf), ...(next === undefined ? {} : { next }) };
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
