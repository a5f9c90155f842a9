import type { Bug } from '../bug.ts';

/** Mistakes of the room `functions/scim-core`. */
export const scimCore: readonly Bug[] = [
  {
    name: 'replace adds',
    sentence: 'A replace of members with a filter keeps the former one.',
    file: 'functions/scim-core/patch/member.ts',
    from: "  const replaced = op === 'replace' ? wanted",
    to: "  const replaced = op === 'remove' ? wanted",
    tests: ['test/scim-core', 'test/scim/groups.test.ts'],
  },
  {
    name: 'nobody is in service',
    sentence: 'Who was created without active is not found as active.',
    file: 'functions/scim-core/filter/match.ts',
    from: '(value) => (value ?? true) === literal',
    to: '(value) => value === literal',
    tests: ['test/scim-core', 'test/mapping/compile.test.ts'],
  },
];
