import type { Directory } from '../../directory/directory.ts';
import { everyPage } from '../../directory/pages.ts';
import type { LinkState, SourceLink } from '../../directory/record.ts';
import { isHeldOut } from '../../events/links.ts';

/** What is known of one of a source's ids before it is read. */
export interface Known {
  /** Digest of what the last reading said. */
  readonly readAs: string | undefined;
  /** In service, as far as the source has said. */
  readonly isIn: boolean;
}

const PAGE = 500;

/**
 * Everybody whom a source is linked to, by its ids: read in the directory's own order, so that a person costs a part of a
 * read unit. Some hundred bytes a person are held in memory while a reading lasts.
 */
export async function loadRoster(
  directory: Directory,
  tenant: string,
  source: string,
): Promise<Map<string, Known>> {
  const roster = new Map<string, Known>();
  const add = (id: string, linkState: LinkState, isDeleted: boolean) =>
    roster.set(id, { readAs: linkState.readAs, isIn: !isDeleted && !isHeldOut(linkState) });
  for await (const { persons } of everyPage((from) =>
    directory.listRecords(tenant, { limit: PAGE, ...from }),
  )) {
    for (const { links = {}, deletedAt } of persons) {
      const link: SourceLink | undefined = Object.hasOwn(links, source) ? links[source] : undefined;
      if (link === undefined) continue;
      if (link.id !== undefined) add(link.id, link, deletedAt !== undefined);
      for (const [id, linkState] of Object.entries(link.others ?? {}))
        add(id, linkState, deletedAt !== undefined);
    }
  }
  return roster;
}
