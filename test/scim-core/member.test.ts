import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memberChanges } from '../../functions/scim-core/patch/patch.ts';
import { GROUP } from '../../functions/scim-core/schema.ts';
import { refusal, succeedsOrRefuses } from './refusal.ts';

const changes = (...operations: unknown[]) => {
  const split = memberChanges(operations);
  expect(split.rest).toEqual([]);
  return split.changes;
};
const members = (...values: string[]) => values.map((value) => ({ value }));
const refused = (...operations: unknown[]) => {
  const { code, attribute, message } = refusal(() => memberChanges(operations));
  return { code, attribute, message };
};

describe('memberChanges', () => {
  it.each([
    [
      'a list',
      [
        { value: 'u1', display: 'Bob', type: 'User', $ref: '../Users/u1', x: 1 },
        { value: 'u2', $ref: null },
      ],
    ],
  ])('reads an add of %s', (_, value) => {
    expect(changes({ op: 'Add', path: 'members', value })).toEqual([
      {
        kind: 'add',
        members: [{ value: 'u1', display: 'Bob', type: 'User', $ref: '../Users/u1' }, { value: 'u2' }],
      },
    ]);
  });

  it.each([
    ['bare strings', ['u1', 'u2']],
    ['objects with names in any case', [{ Value: 'u1' }, { VALUE: 'u2' }]],
    ['JSON in a string', '[{"value":"u1"},{"value":"u2"}]'],
  ])('takes %s for members', (_, value) => {
    expect(changes({ op: 'add', path: 'members', value })).toEqual([
      { kind: 'add', members: members('u1', 'u2') },
    ]);
  });

  it.each([{ value: 'u1' }, 'u1', ['u1'], [{ value: 'u1' }, null, {}]])(
    'takes %j for one member',
    (value) => {
      expect(changes({ op: 'add', path: 'members', value })).toEqual([
        { kind: 'add', members: members('u1') },
      ]);
    },
  );

  it('removes only the listed ones (E9)', () => {
    expect(changes({ op: 'Remove', path: 'members', value: [{ $ref: null, value: 'u1091' }] })).toEqual([
      { kind: 'remove', members: members('u1091') },
    ]);
    expect(changes({ op: 'remove', path: 'members', value: 'u1' })).toEqual([
      { kind: 'remove', members: members('u1') },
    ]);
    expect(changes({ op: 'remove', path: 'members', value: [] })).toEqual([]);
  });

  it.each([
    { op: 'remove', path: 'members' },
    { op: 'remove', path: 'members', value: null },
  ])('removes all with %j', (operation) => {
    expect(changes(operation)).toEqual([{ kind: 'clear' }]);
  });

  it('replaces all, or empties the group', () => {
    expect(changes({ op: 'replace', path: 'members', value: ['u1', 'u2'] })).toEqual([
      { kind: 'replace', members: members('u1', 'u2') },
    ]);
    expect(changes({ op: 'replace', path: 'members', value: [] })).toEqual([
      { kind: 'replace', members: [] },
    ]);
    for (const value of [null, undefined]) {
      expect(changes({ op: 'replace', path: 'members', value })).toEqual([{ kind: 'clear' }]);
    }
  });

  it('adds nobody with an empty list', () => {
    expect(changes({ op: 'add', path: 'members', value: [] })).toEqual([]);
    expect(changes({ op: 'add', path: 'members', value: null })).toEqual([]);
  });

  it.each([
    ['members[value eq "u1"]', ['u1']],
    ['members[value eq"u1"]', ['u1']],
    ['Members[Value Eq u1]', ['u1']],
    [`${GROUP.id}:members[value eq "u1"]`, ['u1']],
    ['members[value eq "u1" or value eq "u2" or (value eq "u3")]', ['u1', 'u2', 'u3']],
    ['members[value eq "u1" and type eq "User"]', ['u1']],
    ['members[type eq "User" and value eq "u1"]', ['u1']],
    ['members[type eq "User" and (value eq "u1" or value eq "u2")]', ['u1', 'u2']],
  ])('removes by %s', (path, ids) => {
    expect(changes({ op: 'remove', path })).toEqual([{ kind: 'remove', members: members(...ids) }]);
    expect(changes({ op: 'remove', path, value: [{ value: 'u9' }] })).toEqual([
      { kind: 'remove', members: members(...ids) },
    ]);
    expect(changes({ op: 'replace', path, value: null })).toEqual([
      { kind: 'remove', members: members(...ids) },
    ]);
  });

  it('refuses to choose members by a name that no schema knows: success would be a membership that stays', () => {
    expect(refused({ op: 'remove', path: 'members[id eq "u1"]' })).toMatchObject({ code: 'invalidFilter' });
  });

  it.each([
    'members[type eq "User"]',
    'members[value ne "u1"]',
    'members[value sw "u"]',
    'members[value eq null]',
    'members[not (value eq "u1")]',
    'members[value eq "u1" or type eq "User"]',
    'members[value pr]',
    'members[display eq "u1"]',
  ])('refuses to remove by %s', (path) => {
    expect(refused({ op: 'remove', path })).toEqual({
      code: 'invalidFilter',
      attribute: 'members',
      message: 'Members are chosen by value, as in members[value eq "…"].',
    });
  });

  it('adds whom a value path names', () => {
    expect(
      changes({ op: 'add', path: 'members[value eq "u1"]', value: { display: 'Bob', value: null } }),
    ).toEqual([{ kind: 'add', members: [{ value: 'u1', display: 'Bob' }] }]);
    expect(
      changes({ op: 'add', path: 'members[value eq "u1"]', value: { display: 'Bob', value: 'other' } }),
    ).toEqual([{ kind: 'add', members: [{ value: 'other', display: 'Bob' }] }]);
    expect(changes({ op: 'replace', path: 'members[value eq "u1"]', value: 'u1' })).toEqual([
      { kind: 'add', members: members('u1') },
    ]);
  });

  it.each([{ value: 'u2' }, { VALUE: 'u2' }, [{ value: 'u2' }], 'u2'])(
    'puts the member that a replace names in the place of the chosen one: %j',
    (value) => {
      expect(changes({ op: 'replace', path: 'members[value eq "u1"]', value })).toEqual([
        { kind: 'remove', members: members('u1') },
        { kind: 'add', members: members('u2') },
      ]);
    },
  );

  it.each(['members.value', 'members[value eq "u1"].display'])('refuses to change %s', (path) => {
    expect(refused({ op: 'replace', path, value: 'x' })).toMatchObject({
      code: 'mutability',
      attribute: path.replace(/\[.*\]/, ''),
      message: expect.stringContaining("can't be changed: remove the member and add it again."),
    });
  });

  it('takes members out of a value without a path, and leaves the rest', () => {
    expect(
      memberChanges([
        { op: 'replace', value: { id: '1', displayName: 'Sales', members: [{ value: 'u1' }] } },
        { op: 'Add', name: 'x', value: { [`${GROUP.id}:Members`]: ['u2'] } },
        { op: 'replace', value: { MEMBERS: null, externalId: 'x' } },
        { op: 'replace', value: { 'members[value eq "u3"]': null } },
      ]),
    ).toEqual({
      changes: [
        { kind: 'replace', members: members('u1') },
        { kind: 'add', members: members('u2') },
        { kind: 'clear' },
        { kind: 'remove', members: members('u3') },
      ],
      rest: [
        { op: 'replace', value: { id: '1', displayName: 'Sales' } },
        { op: 'replace', value: { externalId: 'x' } },
      ],
    });
  });

  it('hands other operations on as they were sent', () => {
    const others = [
      { op: 'Replace', path: 'displayName', value: 'x', name: 'rename' },
      { op: 'replace', value: { displayName: 'y', membersOf: 1, nonmembers: 2 } },
      { op: 'replace', value: 'nonsense' },
    ];
    expect(memberChanges(others)).toEqual({ changes: [], rest: others });
    expect(memberChanges(others).rest[0]).toBe(others[0]);
    expect(memberChanges(others).rest[1]).toBe(others[1]);
  });

  it('keeps the order, as Okta sends a remove and an add in one request', () => {
    expect(
      changes(
        { op: 'remove', path: 'members[value eq "u1"]' },
        { op: 'add', path: 'members', value: [{ value: 'u2', display: 'b' }] },
        { op: 'remove', path: 'members' },
      ),
    ).toEqual([
      { kind: 'remove', members: members('u1') },
      { kind: 'add', members: [{ value: 'u2', display: 'b' }] },
      { kind: 'clear' },
    ]);
  });

  it.each([
    [[{ display: 'Bob' }], 'members.value', 'members.value is required and must not be blank.'],
    [[{ value: ' ' }], 'members.value', 'members.value is required and must not be blank.'],
    [[{ value: true }], 'members.value', 'members.value must be a string, not true.'],
    [[['a', 'b']], 'members', 'members takes one value here, not a list of 2.'],
  ])('refuses members %j', (value, attribute, message) => {
    for (const op of ['add', 'remove', 'replace']) {
      expect(refused({ op, path: 'members', value })).toEqual({ code: 'invalidValue', attribute, message });
    }
  });

  it('refuses what is no PATCH request, and leaves unknown attributes out', () => {
    expect(refused().code).toBe('invalidSyntax');
    expect(refused({ op: 'remove' }).code).toBe('noTarget');
    expect(memberChanges([{ op: 'remove', path: 'member' }])).toEqual({ changes: [], rest: [] });
  });

  it('reads 100,000 members quickly, and no more than that', () => {
    const many = (count: number) => [
      {
        op: 'add',
        path: 'members',
        value: Array.from({ length: count }, (_, index) => ({ value: `${index}` })),
      },
    ];
    expect(memberChanges(many(100_000)).changes).toHaveLength(1);
    expect(refused(...many(100_001)).code).toBe('invalidValue');
  });

  it('throws nothing but ScimInputError, and keeps its hands off what it is given', () => {
    const operation = fc.oneof(
      fc.record(
        {
          op: fc.constantFrom('add', 'remove', 'replace'),
          path: fc.constantFrom('members', 'members[value eq "a"]', 'displayName', 'members.display', ''),
          value: fc.oneof(
            fc.jsonValue(),
            fc.dictionary(fc.constantFrom('members', 'displayName'), fc.jsonValue()),
          ),
        },
        { requiredKeys: ['op'] },
      ),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 3 }), (operations) => {
        const before = JSON.stringify(operations);
        succeedsOrRefuses(() => memberChanges(operations));
        expect(JSON.stringify(operations)).toBe(before);
      }),
      { numRuns: 500 },
    );
  });
});
