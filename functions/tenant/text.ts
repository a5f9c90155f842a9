import * as z from 'zod';
import { readTime } from '../runtime/time.ts';
import { CONVERSIONS } from './vocabulary.ts';

/** Texts in provisioner.yaml: names, and what is taken from the person instead. */

/** A name, or any text that is not empty. */
export const name = z.string().trim().min(1);

const DATE_WORDS = 'a day such as 2026-12-31, or a time with its zone such as 2026-12-31T18:00:00+01:00';

/** From when on or until when something holds; a day begins and ends where the person works. */
export const date = z.string().refine((text) => readTime(text) !== undefined, DATE_WORDS);

const conversion = z.enum(CONVERSIONS).meta({
  description:
    'digits: 0 to 9 only. e164: the number with its country code, +493012345. lower, upper: letters in that case. trim: no blanks at either end.',
  examples: ['digits', 'e164'],
});

/** A text that is taken from the person. Read, then `as`, then `map`, then `truncate`. */
export const source = z
  .strictObject({
    from: z.string().meta({
      description:
        'A SCIM path; several with | between, of which the first that has a value counts; or a template with paths in braces.',
      examples: [
        'phoneNumbers[type eq "work"].value | phoneNumbers.value',
        '{name.givenName} {name.familyName}',
        'department',
      ],
    }),
    as: z
      .union([conversion, z.array(conversion).min(1).max(CONVERSIONS.length)])
      .optional()
      .meta({
        description: 'What is made of the value: digits, e164, lower, upper, trim, or a list of these.',
        examples: ['digits', ['trim', 'lower']],
      }),
    region: z
      .string()
      .regex(/^[A-Z]{2}$/, 'two capital letters, such as DE')
      .optional()
      .meta({
        description: 'With as: e164, the country of numbers that are written without a country code.',
        examples: ['DE'],
      }),
    map: z
      .record(z.string(), name)
      .refine((table) => Object.keys(table).length > 0, { message: 'at least one entry' })
      .optional()
      .meta({
        description:
          'A table: what stands on the left becomes what stands on the right. Case does not count.',
        examples: [{ 'de-DE': 'de', 'en-GB': 'en' }],
      }),
    otherwise: z
      .union([name, z.null()])
      .optional()
      .meta({
        description:
          'Where there is no value, or none that the map has. null: then nothing. Without it, a value that the map lacks is an error.',
        examples: ['en', null],
      }),
    truncate: z
      .int()
      .min(1)
      .max(1000)
      .optional()
      .meta({ description: 'At most so many characters; none is split.', examples: [50] }),
  })
  .meta({
    id: 'Source',
    description: 'A value taken from the person.',
    examples: [{ from: 'preferredLanguage', map: { 'de-DE': 'de' }, otherwise: 'en' }],
  });
export type Source = z.output<typeof source>;

/** In `agent`, where a text alone is a path. */
export const agentSource = z
  .union([z.string(), source])
  .transform((value): Source => (typeof value === 'string' ? { from: value } : value));

/** In rules, where a text alone is a name. */
export const text = z.union([name, source]);
