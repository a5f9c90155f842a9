import type { Bug } from '../bug.ts';

/** Mistakes of the room `functions/tenant`. */
export const tenant: readonly Bug[] = [
  {
    name: 'gone secrets are used',
    sentence: 'A secret that was deleted is used until the function ends.',
    file: 'functions/tenant/secrets/kept-secret.ts',
    from: "      if (error.code !== 'secret-unreadable') known = undefined;\n",
    to: '',
    tests: ['test/tenant'],
  },
  {
    name: 'credentials for ever',
    sentence: 'A client keeps the credentials that it had first.',
    file: 'functions/tenant/secrets/kept-secret.ts',
    from: 'const MAX_AGE_MS = 5 * 60_000;',
    to: 'const MAX_AGE_MS = 5 * 60_000_000;',
    tests: ['test/tenant'],
  },
];
