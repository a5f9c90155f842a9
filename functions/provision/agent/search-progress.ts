import type { Directory } from '../../directory/directory.ts';
import { type DocumentForm, objectOf, readForm } from '../../directory/documents.ts';
import type { PersonRecord } from '../../directory/record.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Ports, SearchProgress } from './ports.ts';

/** A search that nobody goes on with begins anew: the list is another by then. */
const HOURS = 24;

const ownerOf = (tenant: string) => `${tenant}#agent-search`;

const formOf = (id: string): DocumentForm<SearchProgress | undefined> => ({
  name: id,
  parse: (stored) => {
    const { back, end } = objectOf(stored);
    if (typeof end !== 'number') return undefined;
    return typeof back === 'number' ? { back, end } : { end };
  },
});

/** Where the search for one person's agent in the list of all agents stands, between attempts. */
export function openSearch(
  directory: Directory,
  clock: Clock,
  { tenant, id }: Pick<PersonRecord, 'tenant' | 'id'>,
): Ports['search'] {
  let known: SearchProgress | undefined;
  let isRead = false;
  return {
    progress: async () => {
      if (isRead) return known;
      known = await readForm(directory, ownerOf(tenant), formOf(id));
      isRead = true;
      return known;
    },
    keep: async (progress) => {
      if (progress !== undefined) {
        const expiresAt = Math.floor(clock.now() / 1000) + HOURS * 3_600;
        await directory.writeDocument(ownerOf(tenant), id, { ...progress }, undefined, expiresAt);
      } else if (known !== undefined) await directory.eraseDocument(ownerOf(tenant), id);
      known = progress;
      isRead = true;
    },
  };
}
