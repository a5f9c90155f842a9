import { matchesGlob, relative } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { PARTS } from './parts.ts';
import { warmThread } from './warm-thread.ts';

/**
 * `once` of the product, which makes a value once a mutant instead of once a process: in a thread that stays, a mutant
 * would be missed that only changes how such a value is made, or found by what an earlier mutant left behind.
 */
const ONCE_A_MUTANT = `
export function once(make) {
  let made;
  return () => {
    const { activeMutant, currentTestId } = globalThis.__stryker__ ?? {};
    const during = activeMutant ?? currentTestId;
    if (made === undefined || made.during !== during) made = { during, value: make() };
    return made.value;
  };
}`;

const { tests = [], isCold } = PARTS[process.env.MUTATED_PART ?? ''] ?? {};

/** The tests of functions first: most mutants are noticed by them, in milliseconds. */
class QuickestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files
      .toSorted((a, b) => a.moduleId.localeCompare(b.moduleId))
      .toSorted((a, b) => place(a) - place(b));
  }
}

function place({ moduleId }: TestSpecification): number {
  return tests.findIndex((pattern) => matchesGlob(relative(process.cwd(), moduleId), pattern));
}

export default defineConfig({
  plugins:
    isCold === true
      ? []
      : [
          {
            name: 'mutation',
            load: (id) => (id.endsWith('/functions/runtime/once.ts') ? ONCE_A_MUTANT : undefined),
            // Stryker names a pool of its own; this one takes its place.
            configureVitest: ({ project }) => {
              project.config.pool = warmThread.name;
              project.config.poolRunner = warmThread;
            },
          },
        ],
  test: {
    include: [...tests],
    setupFiles: ['test/mutation/setup.ts'],
    isolate: isCold === true,
    sequence: { sequencer: QuickestFirst },
    testTimeout: 20_000,
    reporters: ['dot'],
  },
});
