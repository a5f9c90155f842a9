import type { Bug } from '../bug.ts';

/** Mistakes of the room `functions/webhook`. */
export const webhook: readonly Bug[] = [
  {
    name: 'first secret alone',
    sentence: 'The former secret is refused during a rotation.',
    file: 'functions/webhook/verify/hmac.ts',
    from: 'const MAX_SECRETS = 4;',
    to: 'const MAX_SECRETS = 1;',
    tests: ['test/webhook/receiver.test.ts', 'test/webhook/vectors.test.ts'],
  },
  {
    name: 'old signatures good',
    sentence: 'A delivery of last year is taken again.',
    file: 'functions/webhook/verify/hmac.ts',
    from: '  if (window !== undefined && descriptor.timestamp?.enforce !== false)',
    to: '  if (window !== undefined && descriptor.timestamp?.enforce === true && now < 0)',
    tests: ['test/webhook/receiver.test.ts', 'test/webhook/vectors.test.ts', 'test/webhook/mutation.test.ts'],
  },
  {
    name: 'an id over the border',
    sentence: 'A dot in an id moves it over the border to the time.',
    file: 'functions/webhook/verify/hmac.ts',
    from: "  if (content.startsWith('{id}.') && values.id?.includes('.')) return undefined;\n",
    to: '',
    tests: [
      'test/webhook/vectors.test.ts',
      'test/webhook/receiver.test.ts',
      'test/webhook/bad-input.test.ts',
    ],
  },
];
