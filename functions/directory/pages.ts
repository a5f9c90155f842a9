import { compact } from '../runtime/compact.ts';

/** Where a page begins: after this key, or at the start of the list. */
export interface From {
  readonly after?: string;
}

/**
 * All pages of a list, read one by one as they are wanted.
 *
 * @param read reads one page; the page's `next` is handed in as `after` for the next one
 * @param first where the first page begins
 */
export async function* everyPage<Page extends { readonly next?: string }>(
  read: (from: From) => Promise<Page>,
  first?: string,
): AsyncGenerator<Page, void, undefined> {
  let after = first;
  do {
    const page = await read(compact({ after }));
    yield page;
    after = page.next;
  } while (after !== undefined);
}

/** All items of a list that is seldom longer than a page: a generator would take longer than reading that page does. */
export async function everyItem<Item>(
  read: (from: From) => Promise<{ readonly items: readonly Item[]; readonly next?: string }>,
): Promise<readonly Item[]> {
  const { items, next } = await read({});
  if (next === undefined) return items;
  const all = [...items];
  for await (const page of everyPage(read, next)) all.push(...page.items);
  return all;
}
