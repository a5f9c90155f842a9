import type { Bug } from '../bug.ts';

/** Mistakes of the room `functions/scim`. */
export const scim: readonly Bug[] = [
  {
    name: 'names twice',
    sentence: 'A group is renamed to a name that is taken.',
    file: 'functions/scim/groups/write.ts',
    from: '    if (isRenamed) await assertNameFree(context, request, group, id);\n',
    to: '',
    tests: ['test/scim/groups.test.ts'],
  },
  {
    name: 'members unheard',
    sentence: 'Members of a renamed group are not looked at again.',
    file: 'functions/scim/groups/write.ts',
    from: '    if (isRenamed) await markGroupDueLater(services, request.tenantName, id);\n',
    to: '',
    tests: ['test/scim/groups.test.ts', 'test/scim/doorbell.test.ts'],
  },
  {
    name: 'versions by the letter',
    sentence: 'A version is known only as we write it.',
    file: 'functions/scim/http/version.ts',
    from: "tag.replace(/^W\\//i, '').replace",
    to: 'tag.replace',
    tests: ['test/scim/users.test.ts', 'test/scim/groups.test.ts', 'test/scim/conventions.test.ts'],
  },
  {
    name: 'the last token alone',
    sentence: 'Of several tokens only the last one opens the door.',
    file: 'functions/scim/http/authenticate.ts',
    from: ' || found;',
    to: ';',
    tests: ['test/scim/authentication.test.ts'],
  },
];
