import { changeDocument, readForm } from '../directory/documents.ts';
import { listed } from '../provision/listed.ts';
import type { Services } from '../provision/services.ts';
import { compact } from '../runtime/compact.ts';

const PAGE = 100;
const NAP_MS = 1_000;

/** How far the records of version 0.1.0 are in the lists by state, reason and name. */
interface IndexPass {
  /** The last record that was looked at. */
  readonly after?: string;
  readonly isDone: boolean;
}

const DOCUMENT = {
  name: 'people-index',
  parse: (body: unknown): IndexPass => {
    const { after, isDone } = (body ?? {}) as Record<string, unknown>;
    return { isDone: isDone === true, ...compact({ after: typeof after === 'string' ? after : undefined }) };
  },
};

/** Whether each record of a tenant is in the lists: until then one that version 0.1.0 wrote last may be missing. */
export async function isIndexed(
  { directory }: Pick<Services, 'directory'>,
  tenant: string,
): Promise<boolean> {
  return (await readForm(directory, tenant, DOCUMENT)).isDone;
}

/**
 * Lists each record that version 0.1.0 wrote last, as it stands. It goes on where it was left, page by page; once done it
 * costs one read. A record that another writer changes meanwhile is listed by that write.
 *
 * @param until epoch milliseconds
 * @returns whether all are listed
 */
export async function indexPeople(services: Services, tenant: string, until: number): Promise<boolean> {
  const { directory, clock } = services;
  let pass = await readForm(directory, tenant, DOCUMENT);
  while (!pass.isDone) {
    if (clock.now() + NAP_MS >= until) return false;
    const { persons, next } = await directory.listRecords(tenant, {
      limit: PAGE,
      ...compact({ after: pass.after }),
    });
    for (const record of persons) {
      if (record.listed !== undefined) continue;
      await directory.updatePerson(record, listed({ ...record, version: record.version + 1 }, clock.now()));
    }
    pass = next === undefined ? { isDone: true } : { after: next, isDone: false };
    const reached = pass;
    await changeDocument(directory, tenant, DOCUMENT, () => reached);
  }
  return true;
}
