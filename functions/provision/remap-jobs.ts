import * as z from 'zod/mini';
import type { Directory } from '../directory/directory.ts';
import { compact } from '../runtime/compact.ts';
import { once } from '../runtime/once.ts';

/**
 * Work over many persons that the drain does page by page between records: everybody after a change of the mapping, or
 * the members of a group. Kept in one small document a tenant, so that nothing is lost when a function ends midway.
 */
const listSchema = once(() => {
  const progress = {
    generation: z.number(),
    after: z.optional(z.string()),
    /** Epoch milliseconds before which it isn't begun. */
    notBefore: z.optional(z.number()),
  };
  const job = z.union([
    z.object({ kind: z.literal('all'), ...progress }),
    z.object({ kind: z.literal('group'), groupId: z.string(), ...progress }),
  ]);
  return z.object({ generation: z.number(), jobs: z.array(job) });
});
type JobList = z.output<ReturnType<typeof listSchema>>;
export type RemapJob = JobList['jobs'][number];
export type RemapRequest = { readonly kind: 'all' } | { readonly kind: 'group'; readonly groupId: string };

const DOCUMENT = 'jobs';
const MAX_RACES = 50;

/** Stores a job; one that is under way for the same thing begins anew. */
export function storeRemapJob(
  directory: Directory,
  tenant: string,
  request: RemapRequest,
  notBefore?: number,
): Promise<void> {
  return change(directory, tenant, ({ generation, jobs }) => ({
    generation: generation + 1,
    jobs: [
      ...jobs.filter((job) => identity(job) !== identity(request)),
      { ...request, generation: generation + 1, ...compact({ notBefore }) },
    ],
  }));
}

/** The job that has waited longest and can be begun. */
export async function nextRemapJob(
  directory: Directory,
  tenant: string,
  now: number,
): Promise<RemapJob | undefined> {
  const { jobs } = parse((await directory.readDocument(tenant, DOCUMENT))?.body);
  return jobs.find(({ notBefore = now }) => notBefore <= now);
}

/** Notes that a page of a job is done; without `after` the job is. Nothing happens when it began anew meanwhile. */
export function advanceRemapJob(
  directory: Directory,
  tenant: string,
  job: RemapJob,
  after: string | undefined,
): Promise<void> {
  return change(directory, tenant, ({ generation, jobs }) => ({
    generation,
    jobs: jobs.flatMap((each) => {
      if (each.generation !== job.generation) return [each];
      return after === undefined ? [] : [{ ...each, after }];
    }),
  }));
}

async function change(directory: Directory, tenant: string, edit: (list: JobList) => JobList): Promise<void> {
  let document = await directory.readDocument(tenant, DOCUMENT);
  for (let race = 0; race < MAX_RACES; race += 1) {
    const condition = document === undefined ? 'absent' : { version: document.version };
    const result = await directory.writeDocument(
      tenant,
      DOCUMENT,
      { ...edit(parse(document?.body)) },
      condition,
    );
    if (result.ok) return;
    document = result.found;
  }
  throw new Error('the job list is contended beyond reason');
}

function identity(job: RemapRequest): string {
  return job.kind === 'all' ? 'all' : `group ${job.groupId}`;
}

function parse(body: unknown): JobList {
  return body === undefined ? { generation: 0, jobs: [] } : listSchema().parse(body);
}
