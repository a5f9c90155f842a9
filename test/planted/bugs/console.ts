import type { Bug } from '../bug.ts';

/** Mistakes of the room `functions/console`. */
export const console_: readonly Bug[] = [
  {
    name: 'writes for other sites',
    sentence: 'A form of another site is taken for one of the console.',
    file: 'functions/console/request.ts',
    from: "return from === origin ? undefined : 'Origin is another address than this one';",
    to: 'return undefined;',
    tests: ['test/console/door.test.ts'],
  },
  {
    name: 'takes a role for any',
    sentence: 'A viewer may do what an operator may.',
    file: 'functions/console/session/role.ts',
    from: 'ROLES.indexOf(role) >= ROLES.indexOf(needed)',
    to: 'ROLES.indexOf(role) >= 0 && ROLES.includes(needed)',
    tests: ['test/console/door.test.ts'],
  },
];
