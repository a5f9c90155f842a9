import * as z from 'zod/mini';
import type { Directory } from '../directory/directory.ts';
import { changeDocument, readForm } from '../directory/documents.ts';
import { compact } from '../runtime/compact.ts';
import { once } from '../runtime/once.ts';

/** For how many people each rule was, as remapping counts it while it looks at everybody. */
export const tallySchema = once(() =>
  z.object({
    /** People who are not deleted, and those of them who are to be agents. */
    persons: z.number(),
    wanted: z.number(),
    /** By name; rules for nobody are not among them. */
    rules: z.record(z.string(), z.number()),
  }),
);
export type RuleTally = z.output<ReturnType<typeof tallySchema>>;

/**
 * Work over many persons that the drain does page by page between records: all persons after a change of the mapping, or
 * the members of a group. Kept in one small document a tenant, so that nothing is lost when a function ends midway.
 */
const listSchema = once(() => {
  const progress = {
    generation: z.number(),
    after: z.optional(z.string()),
    /** The generation of the configuration that began it: an older one would find the wrong people. */
    of: z.optional(z.number()),
    /** Epoch milliseconds before which it isn't begun. */
    notBefore: z.optional(z.number()),
  };
  const job = z.union([
    z.object({ kind: z.literal('all'), ...progress, tally: z.optional(tallySchema()) }),
    z.object({ kind: z.literal('group'), groupId: z.string(), ...progress }),
  ]);
  return z.object({ generation: z.number(), jobs: z.array(job) });
});
type JobList = z.output<ReturnType<typeof listSchema>>;
export type RemapJob = JobList['jobs'][number];
export type RemapRequest =
  | { readonly kind: 'all'; readonly of?: number | undefined }
  | { readonly kind: 'group'; readonly groupId: string };

const DOCUMENT = {
  name: 'jobs',
  parse: (stored: unknown): JobList =>
    stored === undefined ? { generation: 0, jobs: [] } : listSchema().parse(stored),
};

/** Stores a job; one that is under way for the same thing begins anew. */
export async function storeRemapJob(
  directory: Directory,
  tenant: string,
  request: RemapRequest,
  notBefore?: number,
): Promise<void> {
  await changeDocument(directory, tenant, DOCUMENT, ({ generation, jobs }) => ({
    generation: generation + 1,
    jobs: [
      ...jobs.filter((job) => identity(job) !== identity(request)),
      { ...request, generation: generation + 1, ...compact({ notBefore }) },
    ],
  }));
}

/**
 * The job that has waited longest and can be begun.
 *
 * @param generation of the configuration that the caller works with; jobs of newer ones are left out
 */
export async function nextRemapJob(
  directory: Directory,
  tenant: string,
  now: number,
  generation = Number.POSITIVE_INFINITY,
): Promise<RemapJob | undefined> {
  const { jobs } = await readForm(directory, tenant, DOCUMENT);
  return jobs.find(({ notBefore = now, of = 0 }) => notBefore <= now && of <= generation);
}

/**
 * Notes that a page of a job is done; without `after` the job is. Nothing happens when it began anew meanwhile.
 *
 * @param tally what has been counted until then
 */
export async function advanceRemapJob(
  directory: Directory,
  tenant: string,
  job: RemapJob,
  after: string | undefined,
  tally?: RuleTally,
): Promise<void> {
  await changeDocument(directory, tenant, DOCUMENT, ({ generation, jobs }) => ({
    generation,
    jobs: jobs.flatMap((each) => {
      if (each.generation !== job.generation) return [each];
      return after === undefined ? [] : [{ ...each, after, ...compact({ tally }) }];
    }),
  }));
}

function identity(job: RemapRequest): string {
  return job.kind === 'all' ? 'all' : `group ${job.groupId}`;
}
