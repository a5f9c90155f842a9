import * as z from 'zod/mini';
import { once } from '../runtime/once.ts';

/** `name` is spelled in several ways across the endpoints. */
const named = once(() =>
  z
    .looseObject({
      id: z.optional(z.string()),
      _id: z.optional(z.string()),
      name: z.optional(z.string()),
    })
    .check(z.refine((value) => value.id !== undefined || value._id !== undefined, { message: 'has no id' })),
);

export type Named = z.output<ReturnType<typeof named>>;

export const idOf = (value: Named): string => value.id ?? value._id ?? '';
export const nameOf = (value: Named): string =>
  value.name ?? (typeof value.role === 'string' ? value.role : '');

export interface NamedPage {
  readonly results: Named[];
  /** Whether there is another page behind this one, by its number from 1. */
  readonly hasMore: (number: number) => boolean;
  /** Whether there are entries that no page shows, as the list of roles says it. */
  readonly isCut: boolean;
}

/** A page, whichever of its documented shapes it has: a bare array, or an object with the array and paging facts. */
export const namedPage = once(() =>
  z.union([
    z.pipe(
      z.array(named()),
      z.transform((results): NamedPage => ({ results, hasMore: () => false, isCut: false })),
    ),
    z.pipe(
      z.looseObject({}),
      z.transform((value, context): NamedPage => {
        const results = Object.values(value).find(Array.isArray);
        const parsed = z.safeParse(z.array(named()), results);
        if (!parsed.success) {
          context.issues.push({ code: 'custom', message: 'holds no list', input: value });
          return z.NEVER;
        }
        const { hasMore, totalPages, availableMore, moreAvailable } = value;
        return {
          results: parsed.data,
          hasMore: (number: number) =>
            hasMore === true || (typeof totalPages === 'number' && number < totalPages),
          isCut: availableMore === true || moreAvailable === true,
        };
      }),
    ),
  ]),
);
