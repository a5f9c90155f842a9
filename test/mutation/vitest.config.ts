import { defineConfig } from 'vitest/config';

/**
 * `npm run mutate`: the tests that hold the mapping and scim-core, without those that measure time or try hundreds of
 * cases, which would be run for each of thousands of mutants.
 */
export default defineConfig({
  test: {
    include: ['test/mapping/**/*.test.ts', 'test/scim-core/**/*.test.ts'],
    exclude: ['test/mapping/hostile.test.ts', 'test/mapping/property.test.ts'],
    setupFiles: ['test/mutation.setup.ts'],
    testTimeout: 20_000,
    reporters: ['dot'],
  },
});
