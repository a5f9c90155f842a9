import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // One worker per core, and modules are loaded once a worker: no test may leave anything behind in a module.
    maxWorkers: '100%',
    isolate: false,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    reporters: ['default', ['json', { outputFile: '.data/test-result.json' }]],
  },
});
