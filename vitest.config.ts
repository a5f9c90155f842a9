import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/contract/database-of-run.ts'],
    // One worker per core, and modules are loaded once a worker: no test may leave anything behind in a module.
    maxWorkers: '100%',
    isolate: false,
    // Node loads the modules by itself, as it does where the product runs: calls from one module into another go through
    // an object of the runner otherwise, for a tenth of the suite's time. No test replaces a module.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    // Programs that tests start compile the same modules again and again, for a third of their time.
    env: { NODE_COMPILE_CACHE: resolve('node_modules/.cache/node-compile-cache') },
    testTimeout: 20_000,
    hookTimeout: 60_000,
    reporters: ['default', ['json', { outputFile: '.data/test-result.json' }]],
  },
});
