import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { Outcome } from './vector-set.ts';

const fileSchema = z.object({
  testGroups: z.array(
    z.looseObject({
      comment: z.string().optional(),
      tests: z.array(
        z.looseObject({
          tcId: z.number(),
          comment: z.string().optional(),
          result: z.enum(['valid', 'invalid', 'acceptable']),
        }),
      ),
    }),
  ),
});
export type Group = Readonly<Record<string, unknown>>;
export type Vector = Readonly<Record<string, unknown>>;

const WANTED = { valid: 'taken', invalid: 'refused', acceptable: 'either' } as const;

/** Gives each vector of a file of Wycheproof, with its group, to `take`; a throw is a refusal. */
export async function* wycheproof(
  folder: string,
  file: string,
  take: (vector: Vector, group: Group) => boolean | Promise<boolean>,
  reason: (vector: Vector, group: Group) => string | undefined = () => undefined,
): AsyncIterable<Outcome> {
  const text = await readFile(join(folder, 'wycheproof', 'testvectors_v1', `${file}_test.json`), 'utf8');
  for (const group of fileSchema.parse(JSON.parse(text)).testGroups) {
    for (const vector of group.tests) {
      const name = [file, vector.tcId, group.comment, vector.comment].filter(Boolean).join(' ');
      const isTaken = await Promise.resolve()
        .then(() => take(vector, group))
        .catch(() => false);
      yield { name, wanted: WANTED[vector.result], isTaken, reason: reason(vector, group) };
    }
  }
}

/** Bytes that a vector writes in hexadecimal digits. */
export const bytesOf = (value: unknown): Buffer => Buffer.from(z.string().parse(value), 'hex');
