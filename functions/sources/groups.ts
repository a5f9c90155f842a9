import type { SourceGroup } from '../events/event.ts';
import { type Exchange, type FetchContext, FetchError, type Fetched, UnreadableList } from './fetcher.ts';

type ReadGroups = Pick<Extract<Fetched, { outcome: 'found' }>, 'groups' | 'unread'>;

/** More pages of one person's groups are no answer to wait for. */
const MAX_PAGES = 25;

/**
 * The groups of a person, where the tenant's rules or the source's scope speak of groups. That they may not be read costs
 * the person nothing else, unless the scope is made of them: who is meant isn't known then.
 */
export async function readGroups(
  context: FetchContext,
  read: () => Promise<readonly SourceGroup[]>,
): Promise<ReadGroups> {
  if (!context.readsGroups) return {};
  try {
    return { groups: await read() };
  } catch (error) {
    const isOptional = context.settings.scope?.groups === undefined;
    const isUntold = error instanceof FetchError && (error.isPermanent || error instanceof UnreadableList);
    if (!isUntold || !isOptional) throw error;
    return { unread: `groups: ${error.message}` };
  }
}

/**
 * All groups on all pages. A list that is cut must never count as all.
 *
 * @param nextOf the address of the page behind this one
 * @throws FetchError for groups that the provider doesn't tell
 */
export async function everyGroup(
  ask: (url: string) => Promise<Exchange>,
  url: string,
  groupsOn: (page: Exchange) => readonly SourceGroup[],
  nextOf: (page: Exchange) => string | undefined,
): Promise<readonly SourceGroup[]> {
  const groups: SourceGroup[] = [];
  let next: string | undefined = url;
  for (let pages = 0; next !== undefined; pages += 1) {
    if (pages === MAX_PAGES) {
      throw new FetchError(`the person is in more than ${groups.length} groups`, { isPermanent: true });
    }
    const page: Exchange = await ask(next);
    if (page.status === 404) {
      throw new FetchError('the provider answered 404 to the question for them', { isPermanent: true });
    }
    groups.push(...groupsOn(page));
    next = nextOf(page);
  }
  return groups;
}
