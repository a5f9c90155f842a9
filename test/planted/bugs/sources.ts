import type { Bug } from '../bug.ts';

/** Mistakes of the room `functions/sources`. */
export const sources: readonly Bug[] = [
  {
    name: 'silent after a night',
    sentence: 'A source that is quiet at night is silent.',
    file: 'functions/sources/silence.ts',
    from: 'const SHORTEST_MS = 12 * 3_600_000;',
    to: 'const SHORTEST_MS = 3_600_000;',
    tests: ['test/sources/schedule.test.ts'],
  },
  {
    name: 'acknowledged and lost',
    sentence: 'A stream of security events is acknowledged before it is stored.',
    file: 'functions/sources/poll.ts',
    from: '    ack = [];\n    setErrs = {};\n',
    to: '    ack = sets.map(([jti]) => jti);\n    setErrs = {};\n',
    tests: ['test/sources/schedule.test.ts', 'test/webhook/security-events.test.ts'],
  },
];
