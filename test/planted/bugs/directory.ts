import type { Bug } from '../bug.ts';

/** Mistakes of the room `functions/directory`. */
export const directory: readonly Bug[] = [
  {
    name: 'two with one name',
    sentence: 'Who has a userName is not kept.',
    file: 'functions/directory/persons.ts',
    from: '      ...agentMarker(record),',
    to: '      ...[],',
    tests: ['test/contract/memory.test.ts', 'test/provision/agent-holders.test.ts'],
  },
  {
    name: 'freed by anybody',
    sentence: 'An agent is freed from whoever holds it.',
    file: 'functions/directory/agent-holders.ts',
    from: ', if: { version: stampOf(holder) } }',
    to: '}',
    tests: ['test/contract/memory.test.ts', 'test/provision/agent-holders.test.ts'],
  },
  {
    name: 'seen for seconds as milliseconds',
    sentence: 'What was seen is forgotten in seconds.',
    file: 'functions/directory/seen.ts',
    from: 'clock.now() / 1000 + ttlSeconds',
    to: 'clock.now() / 1000 + ttlSeconds / 1000',
    tests: ['test/contract/memory.test.ts'],
  },
  {
    name: 'deleted count as active',
    sentence: 'Those who are deleted count among the users.',
    file: 'functions/directory/persons.ts',
    from: "      ...(record.deletedAt === undefined ? (['user'] as const) : []),",
    to: "      'user' as const,",
    tests: ['test/contract/memory.test.ts'],
  },
];
