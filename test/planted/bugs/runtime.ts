import type { Bug } from '../bug.ts';

/** Mistakes of the room `functions/runtime`. */
export const runtime: readonly Bug[] = [
  {
    name: 'buckets never fill',
    sentence: 'Who was limited once stays limited.',
    file: 'functions/runtime/limits.ts',
    from: '    bucket.at = now;\n',
    to: '',
    tests: ['test/hostile/limits.test.ts'],
  },
];
