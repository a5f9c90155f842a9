import { keyPart } from '../../directory/keys.ts';
import { everyPage, type From } from '../../directory/pages.ts';
import type { PersonRecord } from '../../directory/record.ts';
import { compact } from '../../runtime/compact.ts';
import type { Filter, LookUpKey } from '../../scim-core/filter/filter.ts';
import { USER_KIND } from '../../scim-core/schema.ts';
import type { ScimContext } from '../context.ts';
import type { ScimRequest } from '../http/request.ts';
import { batched } from '../list/batch.ts';
import { type Collection, type Entry, type EntryStream, everything, these } from '../list/collection.ts';
import { lookUpsFor } from '../list/look-up.ts';
import { userResource } from './resource.ts';

/** What finds users at any size of the directory, the most selective first. */
const KEYS = ['id', 'userName', 'externalId', 'emails.value', 'groups.value'] as const;
const MEMBER_PAGE = 100;

/** The users of a tenant, in the order of their ids, without those deleted. */
export function userCollection(
  { services: { directory } }: ScimContext,
  { tenantName, baseUrl }: Pick<ScimRequest, 'tenantName' | 'baseUrl'>,
): Collection {
  const groupsOf = batched((ids) => directory.groupsOfMany(tenantName, ids));
  const entryOf = (record: PersonRecord): Entry => ({
    key: keyPart(record.id),
    kind: USER_KIND,
    resource: ({ groups }) =>
      groups
        ? groupsOf(record.id).then((found) => userResource(record, baseUrl, found))
        : userResource(record, baseUrl),
  });
  const entriesOf = (records: readonly PersonRecord[]) =>
    records.filter(({ deletedAt }) => deletedAt === undefined).map(entryOf);

  const page: Collection['page'] = async (after, limit) => {
    const { persons, next } = await directory.listPersons(tenantName, {
      limit,
      ...compact({ after }),
    });
    return { entries: persons.map(entryOf), ...compact({ next }) };
  };

  const found = async ({ attribute, value }: LookUpKey): Promise<readonly PersonRecord[]> => {
    switch (attribute) {
      case 'id':
        return directory.readPersons(tenantName, [value]);
      case 'emails.value':
        return directory.findPerson(tenantName, { attribute: 'email', value });
      case 'userName':
      case 'externalId':
        return directory.findPerson(tenantName, { attribute, value });
      default:
        return [];
    }
  };

  /** The users in a group, which may be many. */
  const inGroup = (groupId: string): EntryStream =>
    async function* (after) {
      const read = (from: From) =>
        directory.listMembers(tenantName, groupId, { limit: MEMBER_PAGE, ...from });
      for await (const { members } of everyPage(read, after)) {
        const ids = members.map(({ value }) => value);
        yield entriesOf(await directory.readPersons(tenantName, ids));
      }
    };

  return {
    name: 'Users',
    kind: USER_KIND,
    count: () => directory.countPersons(tenantName),
    page,
    read: async (keys) => entriesOf(await directory.readPersons(tenantName, keys)),
    candidates: (filter: Filter) => {
      const keys = lookUpsFor(filter, KEYS);
      if (keys === undefined) return everything(page);
      const [only] = keys;
      if (keys.length === 1 && only?.attribute === 'groups.value') return inGroup(only.value);
      if (keys.some(({ attribute }) => attribute === 'groups.value')) return everything(page);
      return these(async () => entriesOf((await Promise.all(keys.map(found))).flat()));
    },
  };
}
