import { describe, expect, test } from 'vitest';
import { firstFailure } from '../seeds.ts';
import type { Variety } from '../variety.ts';
import {
  withoutActiveInFiles,
  withoutLinks,
  withoutNews,
  withoutPendingEvents,
  withoutReadingById,
  withoutSignature,
} from './sabotage.ts';

const small =
  (persons: number) =>
  (variety: Variety): Variety => ({ ...variety, persons: Math.min(variety.persons, persons) });

// Days before the given one have no sources, or nothing that the mistake would spoil; so have those with fewer people.
describe('a mistake about sources that is made on purpose is noticed within 40 days:', () => {
  test.each([
    [
      'forgetting which source holds a person out of service',
      withoutLinks,
      12,
      7,
      / source holds the person out| active is /,
    ],
    [
      'answering for what has to be read without keeping it',
      withoutPendingEvents,
      12,
      7,
      /^before the last reading: /,
    ],
    [
      'taking a fixed header for a signature',
      withoutSignature,
      12,
      13,
      / was put out of service at .+, and no source had said so/,
    ],
    ['hearing nothing of what has changed', withoutNews, 40, 7, / active is /],
    [
      'passing over who has left by the word of a file',
      withoutActiveInFiles,
      12,
      16,
      / is in service, though a source holds the person out/,
    ],
    [
      'taking a person who can not be read for one who is gone',
      withoutReadingById,
      40,
      3,
      / active is false, which was not/,
    ],
  ] as const)('%s', { timeout: 600_000 }, async (_, sabotage, persons, from, wrong) => {
    const failure = await firstFailure(from, from + 39, { sabotage, vary: small(persons) });
    expect(failure?.wrongs.join('\n')).toMatch(wrong);
  });
});
