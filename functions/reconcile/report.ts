import * as z from 'zod/mini';
import type { Directory } from '../directory/directory.ts';
import { type DocumentForm, readForm } from '../directory/documents.ts';
import { compact } from '../runtime/compact.ts';
import { once } from '../runtime/once.ts';

/** What a reconciliation found; kept as one document a tenant, so lists are cut and counts are whole. */
export const reconciliationSchema = once(() =>
  z.object({
    /** ISO 8601. */
    startedAt: z.string(),
    /** Which part is under way: reading agents, or looking for those that are missing. */
    phase: z.enum(['agents', 'persons', 'done']),
    /** The next page of agents to read, from 1. */
    page: z.number(),
    /** The agents of the page that was read last: a page that comes again ends the reading. */
    lastIds: z.optional(z.string()),
    /** How many pages there are, as the first one said: about what the reconciliation costs in calls. */
    pages: z.optional(z.number()),
    /** While ids are read from the list for workforce management: how many have been read. */
    offset: z.optional(z.number()),
    /** The first id of the last page of that list. */
    firstId: z.optional(z.string()),
    /** How many agents of that list this tenant's persons hold. */
    held: z.optional(z.number()),
    /** The last page of agents that this reconciliation reads, where ids came from that list. */
    until: z.optional(z.number()),
    /** The page that the next reconciliation begins with, where it reads a part of them. */
    nextPage: z.optional(z.number()),
    /** The last person looked at. */
    after: z.optional(z.string()),
    /** Which function works on it, and until when (epoch ms). */
    lease: z.optional(z.object({ holder: z.string(), until: z.number() })),
    finishedAt: z.optional(z.string()),
    agents: z.number(),
    /** Agents whose id was learned. */
    learned: z.number(),
    /** Persons who are tried again because their agent was found. */
    adopted: z.number(),
    /** Managed fields that differ from what they should be, by person. */
    drift: z.array(
      z.object({
        personId: z.string(),
        fields: z.array(z.string()),
        /** What these fields of the agent come to; absent in what an older version found. */
        theirs: z.optional(z.string()),
      }),
    ),
    drifted: z.number(),
    /** Persons whose agent is gone from SmartAssist. */
    missing: z.array(z.string()),
    missed: z.number(),
    /** Agents that no person in the directory holds. */
    foreign: z.array(z.string()),
    foreigners: z.number(),
    /** E-mail addresses of these agents, by id, as far as the list shows them. */
    foreignAddresses: z.optional(z.record(z.string(), z.string())),
    /** Changed agents, and agents of no person, that an operator decided not to be told of again. */
    ignored: z.optional(z.number()),
    ignoredForeigners: z.optional(z.number()),
  }),
);
export type Reconciliation = z.output<ReturnType<typeof reconciliationSchema>>;

export const RECONCILIATION: DocumentForm<Reconciliation | undefined> = {
  name: 'census',
  parse: (stored) => (stored === undefined ? undefined : reconciliationSchema().parse(stored)),
};

/** The last reconciliation, or the one under way. */
export function readReconciliation(
  { directory }: { readonly directory: Directory },
  tenant: string,
): Promise<Reconciliation | undefined> {
  return readForm(directory, tenant, RECONCILIATION);
}

export function isUnderWay(
  reconciliation: Reconciliation | undefined,
): reconciliation is Reconciliation & { readonly phase: 'agents' | 'persons' } {
  return reconciliation !== undefined && reconciliation.phase !== 'done';
}

/** Longer lists are cut; the counts beside them are whole. */
export const LIST_LIMIT = 500;

export function newReconciliation(startedAt: string, nextPage?: number): Reconciliation {
  return {
    startedAt,
    phase: 'agents',
    page: 1,
    agents: 0,
    learned: 0,
    adopted: 0,
    drift: [],
    drifted: 0,
    missing: [],
    missed: 0,
    foreign: [],
    foreigners: 0,
    ...compact({ nextPage }),
  };
}

/** A list with one more, as long as it isn't too long. */
export function appended<T>(list: readonly T[], entry: T): T[] {
  return list.length < LIST_LIMIT ? [...list, entry] : [...list];
}
