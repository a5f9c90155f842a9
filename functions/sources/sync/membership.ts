import type { SourceGroup } from '../../events/event.ts';
import { groupsMeant } from '../../tenant/trust/groups.ts';
import { FetchError, UnreadableList } from '../fetcher.ts';
import type { GroupPage, MemberPage, NamedGroup } from './listing.ts';
import type { ListedSource } from './source.ts';

/** More groups than these are not read one by one: who is new or changed is read by id then. */
const MOST_GROUPS = 200;

/** Who is in the groups that the configuration speaks of. */
export interface Membership {
  /** ISO 8601: when the first group was asked for. */
  readonly askedAt: string;
  /** The groups that were read, and those that an earlier reading read: who is in none of them has left these. */
  readonly among: readonly string[];
  /** The groups that were read now. */
  readonly read: readonly string[];
  of(id: string): readonly SourceGroup[];
}

/**
 * Reads the members of each group that the configuration speaks of: pages of groups in the place of a call a person.
 *
 * @param ask asks a provider with patience; rejects when the time is over
 * @param before ids of the groups that the last reading read
 * @returns undefined where every group may matter, there are too many, or they may not be read
 */
export async function readMembership(
  { listing, context, provisioning, settings, services }: ListedSource,
  ask: <Answer>(work: () => Promise<Answer>) => Promise<Answer>,
  before: readonly string[],
): Promise<Membership | undefined> {
  const { groups: by } = listing;
  const isMeant = groupsMeant(provisioning.tenant, settings);
  if (by === undefined || !context.readsGroups || isMeant === undefined) return undefined;
  const askedAt = new Date(services.clock.now()).toISOString();
  const meant: NamedGroup[] = [];
  /** Each set of groups once, and for each person which one. */
  const sets: (readonly SourceGroup[])[] = [[]];
  const numbers = new Map<string, number>();
  const setOf = new Map<string, number>();
  try {
    await everyPage<GroupPage>(
      (place) => ask(() => by.list(context, place)),
      ({ groups }) => {
        meant.push(...groups.filter(isMeant));
        return meant.length <= MOST_GROUPS;
      },
    );
    if (meant.length > MOST_GROUPS) return undefined;
    for (const [index, group] of meant.entries()) {
      await everyPage<MemberPage>(
        (place) => ask(() => by.members(context, group.id, place)),
        ({ ids }) => {
          for (const id of ids) {
            const had = setOf.get(id) ?? 0;
            if (sets[had]?.at(-1) === group) continue;
            const key = `${had} ${index}`;
            const number = numbers.get(key) ?? sets.push([...(sets[had] ?? []), group]) - 1;
            numbers.set(key, number);
            setOf.set(id, number);
          }
          return true;
        },
      );
    }
  } catch (error) {
    // Credentials that may not read groups read people all the same: each one's reading says so. A member or a group
    // that can't be read may be any: each person is asked for then.
    if (error instanceof FetchError && error.status === 403 && error.isPermanent) return undefined;
    if (error instanceof UnreadableList) return undefined;
    throw error;
  }
  const read = meant.map(({ id }) => id);
  return {
    askedAt,
    read,
    among: [...new Set([...read, ...before])],
    of: (id) => sets[setOf.get(id) ?? 0] ?? [],
  };
}

/** @param take answers whether there is to be another page */
async function everyPage<Page extends { readonly next?: string | undefined }>(
  ask: (place: string | undefined) => Promise<Page>,
  take: (page: Page) => boolean,
): Promise<void> {
  let place: string | undefined;
  do {
    const page = await ask(place);
    if (!take(page)) return;
    if (page.next !== undefined && page.next === place)
      throw new FetchError('the provider gives the same page of groups again');
    place = page.next;
  } while (place !== undefined);
}
