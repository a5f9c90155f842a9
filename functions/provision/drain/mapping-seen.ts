import * as z from 'zod/mini';
import type { Directory } from '../../directory/directory.ts';
import { type DocumentForm, decideOnDocument, readForm } from '../../directory/documents.ts';
import { once } from '../../runtime/once.ts';
import type { Services } from '../services.ts';
import type { TenantProvisioning } from '../tenant.ts';

/**
 * What everybody was last mapped with: digests of the tenant's mapping and of the catalogue. Functions learn of another
 * generation within 30 seconds, and an attempt that is under way ends with the one that it began with; so a record may be
 * mapped by an older one after it was its turn. Everybody is therefore looked at once more, at `lookAgainAt`.
 */
const seenSchema = once(() =>
  z.object({
    configuration: z.optional(z.string()),
    catalogue: z.optional(z.string()),
    /** The mapping itself, so that `plan` can show what changes. */
    mapping: z.optional(z.unknown()),
    /** The newest generation that was seen with the mapping; absent in what version 0.1.0 wrote. */
    generation: z.optional(z.number()),
    /** Epoch milliseconds. */
    lookAgainAt: z.optional(z.number()),
    /** Epoch milliseconds until when a function that knows only an older generation may have mapped a person. */
    olderUntil: z.optional(z.number()),
  }),
);
export type MappingSeen = z.output<ReturnType<typeof seenSchema>>;

export const MAPPING_SEEN: DocumentForm<MappingSeen> = {
  name: 'mapping-seen',
  parse: (stored) => (stored === undefined ? {} : seenSchema().parse(stored)),
};

/** The mapping that is in force: what everybody was last mapped with. */
export async function mappingInForce(directory: Directory, tenant: string): Promise<unknown> {
  return (await readForm(directory, tenant, MAPPING_SEEN)).mapping;
}

/** A look that holds for 30 seconds, an attempt or a drain of a minute that began under it, and clocks that differ. */
export const STRAGGLERS_MS = 2 * 60_000;

/** One note is good for so long: a drain, and requests within a minute. */
const NOTED_MS = 60_000;

/**
 * To be called before a function maps a person with an older generation than the active one, which its code can't read:
 * functions that can look at everybody again, once this one is certainly done.
 */
export function noteOlderGeneration(
  { name, generation }: TenantProvisioning,
  { directory, clock }: Services,
): Promise<void> | undefined {
  if (generation === undefined || generation.isActive) return undefined;
  return decideOnDocument<MappingSeen, void>(directory, name, MAPPING_SEEN, (seen) => {
    const now = clock.now();
    // Nobody was mapped yet: the first look is at everybody.
    const isNoted = seen.configuration === undefined || (seen.olderUntil ?? 0) > now;
    if (isNoted) return { answer: undefined };
    const olderUntil = now + NOTED_MS;
    // A look that is to come is never put off: a function that goes on for hours would put it off for as long.
    return {
      body: { ...seen, olderUntil, lookAgainAt: seen.lookAgainAt ?? olderUntil + STRAGGLERS_MS },
      answer: undefined,
    };
  });
}

/** When to look at everybody again, after a look that begins now; undefined when nobody is mapped by an older one. */
export function nextLook({ olderUntil }: MappingSeen, now: number): number | undefined {
  const at = (olderUntil ?? 0) + STRAGGLERS_MS;
  return at > now ? at : undefined;
}
