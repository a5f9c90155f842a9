import { describe, expect, test } from 'vitest';
import { firstFailure } from '../seeds.ts';
import type { Variety } from '../variety.ts';
import {
  withoutLinks,
  withoutNews,
  withoutPendingEvents,
  withoutReadingById,
  withoutSignature,
} from './sabotage.ts';

const small = (variety: Variety): Variety => ({ ...variety, persons: Math.min(variety.persons, 40) });

describe('a mistake about sources that is made on purpose is noticed within 40 days:', () => {
  test.each([
    [
      'forgetting which source holds a person out of service',
      withoutLinks,
      / source holds the person out| active is /,
    ],
    [
      'answering for what has to be read without keeping it',
      withoutPendingEvents,
      /^before the last reading: /,
    ],
    [
      'taking a fixed header for a signature',
      withoutSignature,
      / was put out of service at .+, and no source had said so/,
    ],
    ['hearing nothing of what has changed', withoutNews, / active is /],
    [
      'taking a person who can not be read for one who is gone',
      withoutReadingById,
      / active is false, which was not/,
    ],
  ] as const)('%s', { timeout: 600_000 }, async (_, sabotage, wrong) => {
    const failure = await firstFailure(1, 40, { sabotage, vary: small });
    expect(failure?.wrongs.join('\n')).toMatch(wrong);
  });
});
