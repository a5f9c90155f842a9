import { everyPage, type From } from '../../directory/pages.ts';
import type { Filter } from '../../scim-core/filter/filter.ts';
import type { Resource } from '../../scim-core/resource/resource.ts';
import type { ResourceKind } from '../../scim-core/schema.ts';

/** What of a resource takes reads of its own: named only where it is looked at. */
export interface Parts {
  /** The groups of a user. */
  readonly groups: boolean;
  /** The members of a group. */
  readonly members: MemberPart;
}

/** All members of a group, none, those with certain ids, or whether there are any. */
export type MemberPart = 'all' | 'none' | { readonly ids: readonly string[]; readonly any: boolean };

export const BARE: Parts = { groups: false, members: 'none' };

/** One of a collection, before it becomes a resource. */
export interface Entry {
  /** Its place in the order of the collection. */
  readonly key: string;
  readonly kind: ResourceKind;
  resource(parts: Parts): Resource | Promise<Resource>;
}

export interface EntryPage {
  readonly entries: readonly Entry[];
  /** Pass as `after` for the next page; absent when there is none. */
  readonly next?: string;
}

/** Entries behind a key, in order, some at a time. */
export type EntryStream = (after: string | undefined) => AsyncIterable<readonly Entry[]>;

/** What can be listed: the users of a tenant, its groups, or both. */
export interface Collection {
  readonly name: string;
  /** In which names are looked up. */
  readonly kind: ResourceKind;
  count(): Promise<number>;
  page(after: string | undefined, limit: number): Promise<EntryPage>;
  /** The entries with these keys that are still there, in the order asked. */
  read(keys: readonly string[]): Promise<readonly Entry[]>;
  /** Everything that may satisfy a filter: found by a key where it names one, else all there is. */
  candidates(filter: Filter): EntryStream;
}

/** How many entries are read at a time when all are looked at. */
const SCAN_PAGE = 500;

/** All of a collection. */
export function everything(page: Collection['page']): EntryStream {
  return async function* (after) {
    const read = (from: From) => page(from.after, SCAN_PAGE);
    for await (const { entries } of everyPage(read, after)) yield entries;
  };
}

/** A few entries, put into order, each once. */
export function these(find: () => Promise<readonly Entry[]>): EntryStream {
  return async function* (after) {
    const unique = new Map((await find()).map((entry) => [entry.key, entry] as const));
    const ordered = [...unique.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
    yield after === undefined ? ordered : ordered.filter(({ key }) => key > after);
  };
}
