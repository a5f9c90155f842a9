import * as z from 'zod';
import type { Directory } from '../../functions/directory/directory.ts';
import { type DocumentForm, readForm } from '../../functions/directory/documents.ts';

/** What an import has found so far. */
export const VERDICTS = ['new', 'changed', 'unchanged', 'rejected'] as const;
export type Verdict = (typeof VERDICTS)[number];
export type Counts = Record<Verdict, number>;

/** How far an import has come: all of it up to a line is stored. */
const checkpointSchema = z.object({
  /** The line that the last person of it begins at; 0 before the first. */
  line: z.number().int(),
  counts: z.record(z.enum(VERDICTS), z.number().int()),
  /** The file of rejects, and how long it was. */
  rejects: z.object({ file: z.string(), bytes: z.number().int() }),
});
export type Checkpoint = z.output<typeof checkpointSchema>;

/** Where an import notes its place, so that it can be gone on with after it broke off. */
export interface Bookmark {
  read(): Promise<Checkpoint | undefined>;
  note(place: Checkpoint): Promise<void>;
  erase(): Promise<void>;
}

/** @param identity of what is imported: see `Rows`; undefined notes nothing */
export function bookmark(directory: Directory, tenant: string, identity: string | undefined): Bookmark {
  if (identity === undefined)
    return { read: async () => undefined, note: async () => {}, erase: async () => {} };
  const form: DocumentForm<Checkpoint | undefined> = {
    name: `import ${identity}`,
    // One that can't be read is none: the import begins at the first line.
    parse: (stored) => checkpointSchema.safeParse(stored).data,
  };
  return {
    read: () => readForm(directory, tenant, form),
    note: async (place) => void (await directory.writeDocument(tenant, form.name, place)),
    erase: async () => void (await directory.eraseDocument(tenant, form.name)),
  };
}
