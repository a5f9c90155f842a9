import type { Bug } from '../bug.ts';

/** Mistakes of the room `functions/providers`. */
export const providers: readonly Bug[] = [
  {
    name: 'any application is ours',
    sentence: 'An event of another application of Okta counts.',
    file: 'functions/providers/okta/scope.ts',
    from: '  if (wanted === undefined) return false;',
    to: '  if (wanted !== undefined) return true;',
    tests: ['test/providers/okta.test.ts'],
  },
  {
    name: 'not found is unassigned',
    sentence: 'Who can not be read since the application is gone leaves.',
    file: 'functions/providers/okta/scope.ts',
    from: '=== 404) throw missing(application);',
    to: '=== 404) return false;',
    tests: ['test/providers/okta.test.ts'],
  },
  {
    name: 'a deleted directory deletes',
    sentence: 'Nothing is said of a directory that is deleted, but as an event of its people.',
    file: 'functions/providers/workos/webhook.ts',
    from: "  if (type === 'dsync.deleted' || type === 'connection.deleted') return [gone(type)];\n",
    to: '',
    tests: ['test/webhook/receiver.test.ts', 'test/providers/groups.test.ts'],
  },
];
