import type { Bug } from '../bug.ts';

/** Mistakes of the room `functions/operate`. */
export const operate: readonly Bug[] = [
  {
    name: 'releases everybody',
    sentence: 'A release opens for all who are held.',
    file: 'functions/operate/brake.ts',
    from: ' || !isSelected(record, selection, named)) {\n      others',
    to: ') {\n      others',
    tests: ['test/provision/brake.test.ts', 'test/cli/brake.test.ts'],
  },
];
