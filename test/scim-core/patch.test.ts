import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyPatch } from '../../functions/scim-core/patch/patch.ts';
import { parseResource } from '../../functions/scim-core/resource/parse.ts';
import type { Resource } from '../../functions/scim-core/resource/resource.ts';
import { attribute } from '../../functions/scim-core/schema/attribute.ts';
import {
  AGENT_EXTENSION,
  ENTERPRISE_USER,
  GROUP_KIND,
  type ResourceKind,
  USER,
  USER_KIND,
} from '../../functions/scim-core/schema.ts';
import { refusal, succeedsOrRefuses } from './refusal.ts';

const ENTERPRISE = ENTERPRISE_USER.id;
const AGENT = AGENT_EXTENSION.id;
const WORK = { value: 'b@work', type: 'work', primary: true };
const HOME = { value: 'b@home', type: 'home' };

const person = (attributes: object = {}): Resource =>
  parseResource({ userName: 'bob', ...attributes }, USER_KIND);

/** The attributes after the operations, without `schemas` and `userName`. */
const patched = (before: object, ...operations: unknown[]): Record<string, unknown> => {
  const { schemas: _, userName: __, ...rest } = applyPatch(person(before), operations, USER_KIND).resource;
  return rest;
};
const refused = (before: object, ...operations: unknown[]) => {
  const { code, attribute, message } = refusal(() => applyPatch(person(before), operations, USER_KIND));
  return { code, attribute, message };
};
const add = (path: string | undefined, value: unknown) => ({ op: 'add', ...(path && { path }), value });
const replace = (path: string | undefined, value: unknown) => ({
  op: 'replace',
  ...(path && { path }),
  value,
});
const remove = (path: string, value?: unknown) => ({
  op: 'remove',
  path,
  ...(value !== undefined && { value }),
});

describe('any operation', () => {
  it.each(['add', 'Add', 'ADD', 'replace', 'Replace'])('may be spelled %s (E4)', (op) => {
    expect(patched({}, { op, path: 'title', value: 'x' })).toEqual({ title: 'x' });
  });

  it.each(['remove', 'Remove', 'REMOVE'])('may be spelled %s (E4)', (op) => {
    expect(patched({ title: 'x' }, { op, path: 'title' })).toEqual({});
  });

  it('may carry members nobody knows, and its own in any case', () => {
    expect(patched({}, { name: 'addTitle', Op: 'Add', PATH: 'title', Value: 'x', extra: [] })).toEqual({
      title: 'x',
    });
    expect(patched({}, { OP: 'remove', op: 'add', path: 'title', value: 'x' })).toEqual({ title: 'x' });
  });

  it.each([undefined, null, '', '  '])('has no path when that is %j', (path) => {
    expect(patched({}, { op: 'add', path, value: { title: 'x' } })).toEqual({ title: 'x' });
  });

  it('finds its target by a path with spaces around, in any case, with a URN', () => {
    expect(patched({}, replace(' TITLE ', 'x'))).toEqual({ title: 'x' });
    expect(patched({}, replace(`${USER.id}:name.GIVENNAME`, 'x'))).toEqual({ name: { givenName: 'x' } });
    expect(patched({}, replace(`${ENTERPRISE}:department`, 'x'))).toEqual({
      [ENTERPRISE]: { department: 'x' },
    });
  });

  it('sees what the ones before it did', () => {
    expect(
      patched({}, add('title', 'a'), replace('title', 'b'), add('nickName', 'c'), remove('nickName')),
    ).toEqual({
      title: 'b',
    });
  });

  it.each([
    ['no list', { op: 'add' }],
    ['nothing', undefined],
    ['an empty list', []],
  ])('is missing from %s', (_, operations) => {
    expect(refusal(() => applyPatch(person(), operations, USER_KIND))).toMatchObject({
      code: 'invalidSyntax',
      message: '"Operations" must be a list of at least one operation.',
    });
  });

  it('may be one of 1,000 and no more', () => {
    const many = (count: number) => Array(count).fill(add('title', 'x'));
    expect(patched({}, ...many(1000))).toEqual({ title: 'x' });
    expect(refused({}, ...many(1001))).toMatchObject({
      code: 'invalidSyntax',
      message: 'There are 1001 operations; 1000 is the most.',
    });
  });

  it.each([
    ['not an object', 'x', 'invalidSyntax', 'An operation must be an object with "op", not "x".'],
    ['without op', { path: 'title' }, 'invalidSyntax', '"op" must be add, remove or replace, not undefined.'],
    ['with another op', { op: 'move' }, 'invalidSyntax', '"op" must be add, remove or replace, not "move".'],
    [
      'with an op that is no string',
      { op: 5 },
      'invalidSyntax',
      '"op" must be add, remove or replace, not 5.',
    ],
    [
      'with a path that is no string',
      { op: 'add', path: 5, value: 1 },
      'invalidPath',
      '"path" must be a string, not 5.',
    ],
    [
      'an add without a value',
      { op: 'add', path: 'title' },
      'invalidValue',
      'An add operation needs a "value".',
    ],
    ['a remove without a path', { op: 'remove' }, 'noTarget', 'A remove operation needs a "path".'],
    [
      'a remove of a value alone',
      { op: 'remove', value: { title: 'x' } },
      'noTarget',
      'A remove operation needs a "path".',
    ],
    [
      'an add of a bare value',
      { op: 'add', value: 'x' },
      'invalidValue',
      'Without a "path" the "value" must be an object of attributes, not "x".',
    ],
    [
      'a replace with nothing',
      { op: 'replace' },
      'invalidValue',
      'Without a "path" the "value" must be an object of attributes, not undefined.',
    ],
    [
      'a replace with a list',
      { op: 'replace', value: [{}] },
      'invalidValue',
      'Without a "path" the "value" must be an object of attributes, not a list.',
    ],
  ])('is refused when it is %s', (_, operation, code, message) => {
    expect(refused({}, operation)).toMatchObject({ code, message });
  });

  it('is ignored for a name that no schema knows, also in a filter, and not for a malformed one', () => {
    expect(patched({}, add('titel', 'x'), add('urn:acme:User:x', 'x'), remove('name.nick'))).toEqual({});
    expect(patched({}, add('titel[type eq "x"].value', 'x'))).toEqual({});
    expect(refused({}, add('[type eq "x"]', 'x')).code).toBe('invalidPath');
    const emails = [WORK];
    for (const path of ['emails[typ eq "work"]', 'emails[typ eq "work" and primary eq true].value'])
      expect(patched({ emails }, remove(path))).toEqual({ emails });
    expect(patched({}, replace(undefined, { 'emails[typ eq "work"].value': 'x' }))).toEqual({});
    for (const filter of ['type eq', 'type is "work"', 'primary eq "perhaps"', 'type eq "work'])
      expect(refused({ emails }, remove(`emails[${filter}]`)).code).toMatch(/^invalid(Filter|Path)$/);
    const ours = 'urn:agent-provisioner:params:scim:schemas:extension:agent:1.0:User:skills[skil eq "A"]';
    expect(refused({}, remove(ours)).code).toBe('invalidFilter');
  });

  it('applies with all others or not at all', () => {
    const before = person({ title: 'x' });
    const copy = structuredClone(before);
    expect(
      refusal(() => applyPatch(before, [replace('title', 'y'), replace('active', 'maybe')], USER_KIND)).code,
    ).toBe('invalidValue');
    expect(before).toEqual(copy);
  });
});

describe('what changes', () => {
  it('is told, and the same resource is the answer when nothing does', () => {
    const before = person({ title: 'x', emails: [WORK] });
    const same = applyPatch(
      before,
      [replace('title', 'x'), add('emails', [WORK]), remove('nickName')],
      USER_KIND,
    );
    expect(same.changed).toBe(false);
    expect(same.resource).toBe(before);
    const other = applyPatch(before, [replace('title', 'y')], USER_KIND);
    expect(other.changed).toBe(true);
    expect(other.resource).not.toBe(before);
  });

  it('is nothing when a change is taken back', () => {
    expect(applyPatch(person(), [add('title', 'x'), remove('title')], USER_KIND).changed).toBe(false);
  });

  it('is nothing when only schemas was missing before', () => {
    expect(applyPatch({ userName: 'bob' }, [replace('userName', 'bob')], USER_KIND).changed).toBe(false);
  });

  it('is nothing when the order of names differs', () => {
    const before = person({ name: { givenName: 'a', familyName: 'b' } });
    expect(
      applyPatch(before, [replace('name', { familyName: 'b', givenName: 'a' })], USER_KIND).changed,
    ).toBe(false);
  });

  it('leaves what the service provider set', () => {
    const before = { ...person(), id: '1', meta: { version: 'W/"1"' }, groups: [{ value: 'g' }] };
    expect(applyPatch(before, [replace('title', 'x')], USER_KIND).resource).toEqual({
      ...before,
      title: 'x',
    });
  });

  it('shows in schemas', () => {
    const schemas = (before: object, operation: unknown) =>
      applyPatch(person(before), [operation], USER_KIND).resource.schemas;
    expect(schemas({}, add(`${ENTERPRISE}:department`, 'x'))).toEqual([USER.id, ENTERPRISE]);
    expect(schemas({ [ENTERPRISE]: { department: 'x' } }, remove('department'))).toEqual([USER.id]);
    expect(schemas({}, add('schemas', [AGENT]))).toEqual([USER.id]);
    expect(schemas({}, remove('schemas'))).toEqual([USER.id]);
  });
});

describe('a single value', () => {
  it.each([add, replace])('is set, be it there or not (%o)', (operation) => {
    expect(patched({}, operation('title', 'x'))).toEqual({ title: 'x' });
    expect(patched({ title: 'a' }, operation('title', 'x'))).toEqual({ title: 'x' });
    expect(patched({ title: 'a' }, operation('title', ''))).toEqual({ title: '' });
    expect(patched({ title: 'a' }, operation('title', null))).toEqual({});
  });

  it('is unassigned by a replace without a value', () => {
    expect(patched({ title: 'a' }, { op: 'replace', path: 'title' })).toEqual({});
  });

  it.each([undefined, null, 'a', 'other'])('is removed, whatever the value says: %j', (value) => {
    expect(patched({ title: 'a' }, { op: 'remove', path: 'title', value })).toEqual({});
  });

  it.each(['False', 'false', false])('takes %j for a boolean (E5)', (value) => {
    expect(patched({ active: true }, { op: 'Replace', path: 'active', value })).toEqual({ active: false });
  });

  it('goes by the same type rules as a POST', () => {
    expect(refused({}, replace('active', 'maybe'))).toEqual({
      code: 'invalidValue',
      attribute: 'active',
      message: 'active must be true or false, not "maybe".',
    });
    expect(refused({}, replace('title', { a: 1 })).attribute).toBe('title');
    expect(patched({}, replace('employeeNumber', 5))).toEqual({ [ENTERPRISE]: { employeeNumber: '5' } });
  });

  it('that is required can be changed, and neither removed nor blanked', () => {
    expect(applyPatch(person(), [replace('userName', 'bo')], USER_KIND).resource.userName).toBe('bo');
    const gone = {
      code: 'mutability',
      attribute: 'userName',
      message: "userName is required and can't be removed.",
    };
    expect(refused({}, remove('userName'))).toEqual(gone);
    expect(refused({}, remove('userName', 'bob'))).toEqual(gone);
    for (const value of [null, '', '  ']) {
      expect(refused({}, replace('userName', value))).toMatchObject({
        code: 'invalidValue',
        attribute: 'userName',
      });
    }
    expect(
      applyPatch(person(), [replace('userName', null), replace('userName', 'x')], USER_KIND).resource
        .userName,
    ).toBe('x');
  });
});

describe('a complex value', () => {
  const before = { name: { givenName: 'Bob', familyName: 'Jones' } };

  it.each([add, replace])('is merged (E19) (%o)', (operation) => {
    expect(patched(before, operation('name', { givenName: 'Rob', middleName: 'J' }))).toEqual({
      name: { givenName: 'Rob', familyName: 'Jones', middleName: 'J' },
    });
    expect(patched({}, operation('name', { givenName: 'Rob' }))).toEqual({ name: { givenName: 'Rob' } });
  });

  it('loses only what is null in it (E19)', () => {
    expect(patched(before, replace('name', { givenName: null }))).toEqual({ name: { familyName: 'Jones' } });
    expect(patched(before, replace('name', { givenName: null, familyName: null }))).toEqual({});
  });

  it('stays when nothing in the value is known', () => {
    expect(patched(before, replace('name', { nick: 'x' }))).toEqual(before);
    expect(patched(before, replace('name', {}))).toEqual(before);
  });

  it('is unassigned as a whole by null and by a remove', () => {
    expect(patched(before, replace('name', null))).toEqual({});
    expect(patched(before, remove('name'))).toEqual({});
  });

  it('is changed part by part', () => {
    expect(patched(before, replace('name.givenName', 'Rob'))).toEqual({
      name: { givenName: 'Rob', familyName: 'Jones' },
    });
    expect(patched({}, add('name.givenName', 'Rob'))).toEqual({ name: { givenName: 'Rob' } });
    expect(patched(before, remove('name.givenName'))).toEqual({ name: { familyName: 'Jones' } });
    expect(patched(before, remove('name.givenName', 'Bob'))).toEqual({ name: { familyName: 'Jones' } });
    expect(patched(before, replace('name.givenName', null))).toEqual({ name: { familyName: 'Jones' } });
    expect(patched(before, remove('name.givenName'), remove('name.familyName'))).toEqual({});
    expect(patched({}, remove('name.givenName'))).toEqual({});
    expect(refused({}, replace('name.givenName', true))).toMatchObject({ attribute: 'name.givenName' });
  });

  it('takes no filter', () => {
    expect(refused({}, replace('manager[value eq "1"]', { value: '2' }))).toEqual({
      code: 'invalidPath',
      attribute: 'manager',
      message: 'manager has one value: leave the [filter] out.',
    });
  });
});

describe('the manager (E8)', () => {
  const managed = (manager: object) => ({ [ENTERPRISE]: { manager } });

  it.each([
    [`${ENTERPRISE}:manager`, '271'],
    [`${ENTERPRISE}.manager`, '271'],
    ['manager', '271'],
    ['manager', 271],
    ['manager', [{ $ref: null, value: '271' }]],
    ['manager', { value: '271' }],
    ['manager.value', '271'],
  ])('is set by path %s and value %j', (path, value) => {
    expect(patched({}, { op: 'Add', path, value })).toEqual(managed({ value: '271' }));
    expect(patched({}, { op: 'Replace', path, value })).toEqual(managed({ value: '271' }));
  });

  it.each(['', null, []])('is removed by %j', (value) => {
    expect(patched(managed({ value: '1', displayName: 'x' }), replace('manager', value))).toEqual({});
  });

  it('leaves nothing of the old one behind when it comes as a bare id', () => {
    const before = managed({ value: '1', displayName: 'Old', $ref: '../Users/1' });
    expect(patched(before, replace('manager', '2'))).toEqual(managed({ value: '2' }));
    expect(patched(before, replace('manager', { value: '2' }))).toEqual(
      managed({ value: '2', displayName: 'Old', $ref: '../Users/1' }),
    );
  });

  it('may go while other attributes of the extension stay', () => {
    expect(
      patched(
        { [ENTERPRISE]: { department: 'x', manager: { value: '1' } } },
        remove(`${ENTERPRISE}:manager`),
      ),
    ).toEqual({ [ENTERPRISE]: { department: 'x' } });
  });
});

describe('a multi-valued attribute', () => {
  it('grows by an add', () => {
    expect(patched({ emails: [WORK] }, add('emails', [HOME]))).toEqual({ emails: [WORK, HOME] });
    expect(patched({ emails: [WORK] }, add('emails', HOME))).toEqual({ emails: [WORK, HOME] });
    expect(patched({}, add('emails', 'x'))).toEqual({ emails: [{ value: 'x' }] });
    expect(patched({ emails: [WORK] }, add('emails', null))).toEqual({ emails: [WORK] });
    expect(patched({ emails: [WORK] }, add('emails', []))).toEqual({ emails: [WORK] });
  });

  it('does not get an equal element twice', () => {
    expect(patched({ emails: [HOME] }, add('emails', [HOME, { type: 'home', value: 'b@home' }]))).toEqual({
      emails: [HOME],
    });
    expect(patched({}, add('emails', [HOME, HOME]))).toEqual({ emails: [HOME] });
  });

  it('has an element brought up to date when only its description differs', () => {
    expect(patched({ emails: [HOME] }, add('emails', [{ ...HOME, display: 'B', primary: true }]))).toEqual({
      emails: [{ ...HOME, display: 'B', primary: true }],
    });
    expect(patched({ emails: [{ ...HOME, display: 'A' }] }, add('emails', [HOME]))).toEqual({
      emails: [{ ...HOME, display: 'A' }],
    });
  });

  it('keeps equal values of different types apart (RFC 7643 section 2.4)', () => {
    const [a, b] = [
      { value: 'x', type: 'home' },
      { value: 'x', type: 'other' },
    ];
    expect(patched({ emails: [a] }, add('emails', [b]))).toEqual({ emails: [a, b] });
    const languages = [
      { language: 'en', channel: 'chat' },
      { language: 'en', channel: 'voice' },
    ];
    expect(patched({ [AGENT]: { languages: [languages[0]] } }, add('languages', [languages[1]]))).toEqual({
      [AGENT]: { languages },
    });
  });

  it('is exchanged by a replace, there or not', () => {
    expect(patched({ emails: [WORK] }, replace('emails', [HOME]))).toEqual({ emails: [HOME] });
    expect(patched({}, replace('emails', HOME))).toEqual({ emails: [HOME] });
    expect(patched({ emails: [WORK] }, replace('emails', []))).toEqual({});
    expect(patched({ emails: [WORK] }, replace('emails', null))).toEqual({});
  });

  it('goes by a remove without a value', () => {
    expect(patched({ emails: [WORK, HOME] }, remove('emails'))).toEqual({});
    expect(patched({ emails: [WORK, HOME] }, { op: 'remove', path: 'emails', value: null })).toEqual({});
    expect(patched({}, remove('emails'))).toEqual({});
  });

  it('loses only what a remove lists (E9)', () => {
    const emails = [WORK, HOME, { value: 'b@home', type: 'other' }];
    expect(patched({ emails }, remove('emails', [{ value: 'b@work', $ref: null }]))).toEqual({
      emails: emails.slice(1),
    });
    expect(patched({ emails }, remove('emails', { value: 'B@HOME' }))).toEqual({ emails: [WORK] });
    expect(patched({ emails }, remove('emails', ['b@home', 'b@work']))).toEqual({});
    expect(patched({ emails }, remove('emails', [{ value: 'b@home', type: 'home' }]))).toEqual({
      emails: [WORK, emails[2]],
    });
    expect(patched({ emails }, remove('emails', [{ type: 'other' }, { type: 'work', value: 'x' }]))).toEqual({
      emails: [WORK, HOME],
    });
    expect(
      patched({ emails }, remove('emails', [{ value: 'b@work', display: 'unlike', primary: false }])),
    ).toEqual({
      emails: emails.slice(1),
    });
    expect(patched({ emails }, remove('emails', [{ primary: true }]))).toEqual({ emails: emails.slice(1) });
    expect(patched({ emails }, remove('emails', [{ value: 'nobody' }]))).toEqual({ emails });
    expect(patched({ emails }, remove('emails', []))).toEqual({ emails });
    const untyped = { emails: [{ value: 'b@home' }] };
    expect(patched(untyped, remove('emails', [{ value: 'b@home', type: 'home' }]))).toEqual(untyped);
    const addresses = [{ type: 'work', region: 'CA' }, { type: 'home' }];
    expect(patched({ addresses }, remove('addresses', [{ type: 'Home' }]))).toEqual({
      addresses: [addresses[0]],
    });
  });

  it('tells case apart in a remove where the schema does', () => {
    const x509Certificates = [{ value: 'AA' }, { value: 'aa' }];
    expect(patched({ x509Certificates }, remove('x509Certificates', ['aa']))).toEqual({
      x509Certificates: [{ value: 'AA' }],
    });
    const queues = [{ value: 'Q', preferred: true }];
    expect(patched({ [AGENT]: { queues } }, remove('queues', [{ value: 'q', preferred: false }]))).toEqual({
      [AGENT]: { queues },
    });
  });

  it('is changed in a part of every element without a filter', () => {
    expect(patched({ emails: [WORK, HOME] }, replace('emails.display', 'x'))).toEqual({
      emails: [
        { ...WORK, display: 'x' },
        { ...HOME, display: 'x' },
      ],
    });
    expect(patched({}, replace('emails.value', 'x'))).toEqual({ emails: [{ value: 'x' }] });
    expect(patched({ emails: [HOME, { type: 'work' }] }, remove('emails.type'))).toEqual({
      emails: [{ value: 'b@home' }],
    });
    expect(patched({}, replace('emails.value', null))).toEqual({});
  });

  it('may be of simple values', () => {
    const tags = attribute('tags', { multiValued: true });
    const kind: ResourceKind = { ...USER_KIND, core: { ...USER, attributes: [tags] } };
    const tagsAfter = (operation: unknown) =>
      applyPatch({ tags: ['a', 'b'] }, [operation], kind).resource.tags;
    expect(tagsAfter(add('tags', ['b', 'c']))).toEqual(['a', 'b', 'c']);
    expect(tagsAfter(add('tags', 'c'))).toEqual(['a', 'b', 'c']);
    expect(tagsAfter(replace('tags', ['c']))).toEqual(['c']);
    expect(tagsAfter(remove('tags', ['a']))).toEqual(['b']);
    expect(tagsAfter(remove('tags', 'c'))).toEqual(['a', 'b']);
    expect(tagsAfter(remove('tags'))).toBeUndefined();
  });

  it('may not outgrow 1,000 values, not even for a moment', () => {
    const list = (prefix: string) => Array.from({ length: 600 }, (_, index) => `${prefix}${index}`);
    expect(refused({}, add('emails', list('a')), add('emails', list('b')), remove('emails')).code).toBe(
      'invalidValue',
    );
    expect(refused({}, remove('emails', [...list('a'), ...list('b')])).code).toBe('invalidValue');
  });

  it('may not outgrow 1,000 values', () => {
    const many = (from: number) => Array.from({ length: 600 }, (_, index) => `${from + index}`);
    expect(refused({ emails: many(0) }, add('emails', many(1000)))).toMatchObject({
      code: 'invalidValue',
      message: 'emails has 1200 values; 1000 is the most.',
    });
  });
});

describe('primary', () => {
  it('moves to the value that gets it', () => {
    expect(patched({ emails: [WORK] }, add('emails', [{ ...HOME, primary: true }]))).toEqual({
      emails: [
        { ...WORK, primary: false },
        { ...HOME, primary: true },
      ],
    });
    expect(patched({ emails: [WORK, HOME] }, replace('emails[type eq "home"].primary', 'True'))).toEqual({
      emails: [
        { ...WORK, primary: false },
        { ...HOME, primary: true },
      ],
    });
    expect(patched({ emails: [WORK, HOME] }, replace('emails[type eq "home"]', { primary: true }))).toEqual({
      emails: [
        { ...WORK, primary: false },
        { ...HOME, primary: true },
      ],
    });
    expect(patched({ emails: [WORK] }, add('emails[type eq "fax"]', { value: 'f', primary: true }))).toEqual({
      emails: [
        { ...WORK, primary: false },
        { type: 'fax', value: 'f', primary: true },
      ],
    });
  });

  it('stays where it is when others change', () => {
    expect(patched({ emails: [WORK, HOME] }, replace('emails[type eq "home"].value', 'x'))).toEqual({
      emails: [WORK, { ...HOME, value: 'x' }],
    });
    expect(patched({ emails: [WORK] }, add('emails', [{ ...HOME, primary: false }]))).toEqual({
      emails: [WORK, { ...HOME, primary: false }],
    });
  });

  it('is given to one value only', () => {
    const both = [{ ...WORK }, { ...HOME, primary: true }];
    const expected = { code: 'invalidValue', attribute: 'emails.primary' };
    expect(refused({}, replace('emails', both))).toMatchObject(expected);
    expect(refused({}, add('emails', both))).toMatchObject(expected);
    expect(refused({ emails: [WORK, HOME] }, replace('emails.primary', true))).toMatchObject(expected);
  });
});

describe('a value path', () => {
  it('changes a part of what it selects, and nothing else', () => {
    expect(patched({ emails: [WORK, HOME] }, replace('emails[type eq "work"].value', 'new'))).toEqual({
      emails: [{ ...WORK, value: 'new' }, HOME],
    });
    expect(patched({ emails: [WORK, HOME] }, replace('emails[value co "b@"].display', 'x'))).toEqual({
      emails: [
        { ...WORK, display: 'x' },
        { ...HOME, display: 'x' },
      ],
    });
    expect(patched({ emails: [WORK, HOME] }, add('emails[primary eq "true"].value', 'new'))).toEqual({
      emails: [{ ...WORK, value: 'new' }, HOME],
    });
  });

  it.each([add, replace])('merges an object into what it selects (%o)', (operation) => {
    expect(patched({ emails: [WORK, HOME] }, operation('emails[type eq "work"]', { value: 'new' }))).toEqual({
      emails: [{ ...WORK, value: 'new' }, HOME],
    });
    expect(
      patched({ emails: [WORK, HOME] }, operation('emails[type eq "work"]', [{ display: 'W' }])),
    ).toEqual({
      emails: [{ ...WORK, display: 'W' }, HOME],
    });
    expect(patched({ emails: [WORK, HOME] }, operation('emails[type eq "work"]', 'new'))).toEqual({
      emails: [{ ...WORK, value: 'new' }, HOME],
    });
    expect(patched({ emails: [WORK, HOME] }, operation('emails[type eq "work"]', { primary: null }))).toEqual(
      {
        emails: [{ value: 'b@work', type: 'work' }, HOME],
      },
    );
  });

  it('replaces a whole address as in RFC 7644 section 3.5.2.3', () => {
    const old = { type: 'work', streetAddress: 'a', locality: 'b', primary: true };
    const value = {
      type: 'work',
      streetAddress: '911 Universal City Plaza',
      locality: 'Hollywood',
      primary: true,
    };
    expect(
      patched(
        { addresses: [old, { type: 'home', region: 'CA' }] },
        replace('addresses[type eq "work"]', value),
      ),
    ).toEqual({
      addresses: [value, { type: 'home', region: 'CA' }],
    });
  });

  it.each([add, replace])('makes the element that is missing (E7) (%o)', (operation) => {
    expect(patched({}, operation('emails[type eq "work"].value', 'x'))).toEqual({
      emails: [{ type: 'work', value: 'x' }],
    });
    expect(patched({ emails: [HOME] }, operation('emails[type eq "work"].value', 'x'))).toEqual({
      emails: [HOME, { type: 'work', value: 'x' }],
    });
    expect(patched({}, operation('emails[type eq "work" and primary eq "True"].value', 'x'))).toEqual({
      emails: [{ type: 'work', primary: true, value: 'x' }],
    });
    expect(patched({}, operation('roles[primary eq "true"].value', 'Admin'))).toEqual({
      roles: [{ primary: true, value: 'Admin' }],
    });
    expect(patched({}, operation('addresses[type eq "work"]', { region: 'CA' }))).toEqual({
      addresses: [{ type: 'work', region: 'CA' }],
    });
    expect(patched({}, operation('phoneNumbers[type eq "mobile"]', '555'))).toEqual({
      phoneNumbers: [{ type: 'mobile', value: '555' }],
    });
    expect(patched({}, operation('skills[skill eq "Refunds"].proficiency', 'expert'))).toEqual({
      [AGENT]: { skills: [{ skill: 'Refunds', proficiency: 'expert' }] },
    });
    expect(patched({}, operation('roles[primary eq false].value', 'x'))).toEqual({
      roles: [{ primary: false, value: 'x' }],
    });
    expect(patched({}, operation('emails[display eq null and type eq "work"].value', 'x'))).toEqual({
      emails: [{ type: 'work', value: 'x' }],
    });
  });

  it('fills one element from several operations with the same filter (E7)', () => {
    expect(
      patched(
        {},
        add('addresses[type eq "work"].postalCode', '8004'),
        add('addresses[type eq "work"].country', 'CH'),
        add('addresses[Type EQ "Work"].locality', 'Zürich'),
        replace('addresses[type eq "home"].country', 'DE'),
      ),
    ).toEqual({
      addresses: [
        { type: 'work', postalCode: '8004', country: 'CH', locality: 'Zürich' },
        { type: 'home', country: 'DE' },
      ],
    });
  });

  it.each([
    ['emails[value eq "old"].value', 'new'],
    ['emails[value eq "old"]', { value: 'new' }],
    ['emails[type sw "w"].value', 'x'],
    ['emails[type eq "work" or type eq "home"].value', 'x'],
    ['emails[not (type eq "work") and type eq "work"].value', 'x'],
    ['emails[type pr].value', 'x'],
  ])('can not make up what %s selects', (path, value) => {
    const where = path.endsWith('].value') ? 'emails.value' : 'emails';
    expect(refused({}, replace(path, value))).toEqual({
      code: 'noTarget',
      attribute: where,
      message: 'No value of emails satisfies the filter of the path.',
    });
  });

  it('makes an element that satisfies a filter without equalities by its value', () => {
    expect(patched({}, add('emails[type pr]', { type: 'x', value: 'y' }))).toEqual({
      emails: [{ type: 'x', value: 'y' }],
    });
  });

  it('unassigns with null', () => {
    expect(patched({ emails: [WORK, HOME] }, replace('emails[type eq "work"].value', null))).toEqual({
      emails: [{ type: 'work', primary: true }, HOME],
    });
    expect(patched({ emails: [WORK, HOME] }, replace('emails[type eq "work"]', null))).toEqual({
      emails: [HOME],
    });
    expect(patched({ emails: [WORK, HOME] }, add('emails[type eq "work"]', null))).toEqual({
      emails: [WORK, HOME],
    });
    expect(patched({ emails: [HOME] }, replace('emails[type eq "work"].value', null))).toEqual({
      emails: [HOME],
    });
    expect(patched({ emails: [HOME] }, replace('emails[type eq "work"]', { value: null }))).toEqual({
      emails: [HOME],
    });
    expect(patched({ emails: [HOME] }, replace('emails[type eq "work"]', {}))).toEqual({ emails: [HOME] });
  });

  it('removes what it selects', () => {
    expect(patched({ emails: [WORK, HOME] }, remove('emails[type eq "work"]'))).toEqual({ emails: [HOME] });
    expect(patched({ emails: [WORK] }, remove('emails[type eq "work"]'))).toEqual({});
    expect(patched({ emails: [WORK, HOME] }, remove('emails[type eq "work" and value ew "home"]'))).toEqual({
      emails: [WORK, HOME],
    });
    expect(
      patched({ emails: [WORK, HOME] }, remove('emails[type eq "work"]', [{ value: 'b@home' }])),
    ).toEqual({
      emails: [HOME],
    });
    expect(patched({}, remove('emails[type eq "work"]'))).toEqual({});
  });

  it('removes a part of what it selects', () => {
    expect(patched({ emails: [WORK, HOME] }, remove('emails[type eq "work"].primary'))).toEqual({
      emails: [{ value: 'b@work', type: 'work' }, HOME],
    });
    expect(patched({ emails: [{ type: 'x' }] }, remove('emails[type eq "x"].type'))).toEqual({});
    expect(patched({ emails: [HOME] }, remove('emails[type eq "work"].value'))).toEqual({ emails: [HOME] });
  });

  it('takes one value, not a list of them', () => {
    expect(refused({}, replace('emails[type eq "work"]', ['a', 'b']))).toMatchObject({
      code: 'invalidValue',
      message: 'emails takes one value here, not a list of 2.',
    });
    expect(refused({}, replace('emails[type eq "work"].value', ['a']))).toMatchObject({
      attribute: 'emails.value',
    });
  });

  it('can not take the name from a skill', () => {
    const before = { [AGENT]: { skills: [{ skill: 'Refunds', proficiency: 'good' }] } };
    expect(refused(before, remove('skills[proficiency eq "good"].skill'))).toMatchObject({
      code: 'mutability',
      attribute: 'skills.skill',
    });
    expect(refused(before, replace('skills[proficiency eq "good"].skill', null))).toMatchObject({
      code: 'invalidValue',
      attribute: 'skills.skill',
    });
    expect(patched(before, remove('skills[skill eq "refunds"]'))).toEqual({});
  });
});

describe('an operation without a path', () => {
  it('sets what Okta sends', () => {
    expect(patched({ active: true }, replace(undefined, { active: false }))).toEqual({ active: false });
    expect(patched({}, replace(undefined, { id: 'x', displayName: 'y' }))).toEqual({ displayName: 'y' });
  });

  it('opens dotted and qualified names as Entra ID sends them (E6)', () => {
    expect(
      patched(
        { name: { formatted: 'x' }, [ENTERPRISE]: { department: 'd' } },
        replace(undefined, {
          displayName: 'Bjfe',
          'name.givenName': 'Kkom',
          'name.familyName': 'Unua',
          [`${ENTERPRISE}:employeeNumber`]: 'Aklq',
          'emails[type eq "work"].value': 'x@y',
        }),
      ),
    ).toEqual({
      displayName: 'Bjfe',
      name: { formatted: 'x', givenName: 'Kkom', familyName: 'Unua' },
      emails: [{ type: 'work', value: 'x@y' }],
      [ENTERPRISE]: { department: 'd', employeeNumber: 'Aklq' },
    });
  });

  it('adds to lists or replaces them, as the operation says', () => {
    expect(patched({ emails: [WORK] }, add(undefined, { emails: [HOME], nickname: 'Babs' }))).toEqual({
      emails: [WORK, HOME],
      nickName: 'Babs',
    });
    expect(patched({ emails: [WORK] }, replace(undefined, { emails: [HOME] }))).toEqual({ emails: [HOME] });
  });

  it('merges name and extension, and unassigns with null', () => {
    expect(
      patched(
        {
          title: 'x',
          name: { givenName: 'a', familyName: 'b' },
          [ENTERPRISE]: { department: 'd', division: 'e' },
        },
        replace(undefined, {
          title: null,
          name: { givenName: null },
          [ENTERPRISE]: { division: null, manager: 'm' },
        }),
      ),
    ).toEqual({ name: { familyName: 'b' }, [ENTERPRISE]: { department: 'd', manager: { value: 'm' } } });
  });

  it('takes a whole user, as Auth0 sends it', () => {
    const whole = {
      schemas: [USER.id],
      id: '1',
      userName: 'bob2',
      externalId: 'auth0|1',
      active: false,
      password: 'secret',
      groups: [],
      meta: { location: 'x' },
      emails: [WORK],
    };
    const { resource } = applyPatch(person({ title: 'x' }), [replace(undefined, whole)], USER_KIND);
    expect(resource).toEqual({
      schemas: [USER.id],
      userName: 'bob2',
      title: 'x',
      externalId: 'auth0|1',
      active: false,
      emails: [WORK],
    });
  });

  it('ignores what is unknown or read-only', () => {
    expect(
      patched(
        {},
        replace(undefined, {
          foo: 1,
          'urn:acme:User': { a: 1 },
          'name.nick': 'x',
          id: 5,
          meta: 5,
          schemas: 5,
          groups: 5,
          password: 5,
          [AGENT]: { provisioning: { state: 'due' }, role: 'Agent' },
          [`${AGENT}:provisioning.state`]: 'due',
        }),
      ),
    ).toEqual({ [AGENT]: { role: 'Agent' } });
  });

  it('is done when its value is empty', () => {
    expect(applyPatch(person(), [replace(undefined, {})], USER_KIND).changed).toBe(false);
  });
});

describe('a whole extension as the path', () => {
  const before = { [ENTERPRISE]: { department: 'd', division: 'e' } };

  it('is merged attribute by attribute', () => {
    expect(patched(before, replace(ENTERPRISE, { division: null, Manager: '1', foo: 1 }))).toEqual({
      [ENTERPRISE]: { department: 'd', manager: { value: '1' } },
    });
    expect(patched({}, add(AGENT, { skills: ['a'], provisioning: { state: 'due' } }))).toEqual({
      [AGENT]: { skills: [{ skill: 'a' }] },
    });
    expect(patched({ [AGENT]: { skills: ['a'] } }, add(AGENT, { skills: ['b'] }))).toEqual({
      [AGENT]: { skills: [{ skill: 'a' }, { skill: 'b' }] },
    });
  });

  it('is removed as a whole', () => {
    expect(patched(before, remove(ENTERPRISE))).toEqual({});
    expect(patched(before, replace(ENTERPRISE, null))).toEqual({});
    expect(patched(before, replace(undefined, { [ENTERPRISE]: null }))).toEqual({});
  });

  it('takes nothing but an object', () => {
    expect(refused(before, replace(ENTERPRISE, 'x'))).toMatchObject({
      code: 'invalidValue',
      attribute: ENTERPRISE,
    });
  });
});

describe('what clients may not write', () => {
  it.each([
    'id',
    'meta',
    'meta.version',
    'groups',
    'groups[value eq "g"]',
    'groups.display',
    `${AGENT}:provisioning`,
    'provisioning.state',
  ])('is refused as a path: %s', (path) => {
    for (const operation of [add(path, 'x'), replace(path, 'x'), remove(path)]) {
      expect(refused({}, operation)).toMatchObject({
        code: 'mutability',
        attribute: expect.stringMatching(/^(id|meta|groups|provisioning)/),
        message: expect.stringContaining('is read-only.'),
      });
    }
  });

  it.each([add('password', 'secret'), replace('password', 5), remove('password')])(
    'is taken and forgotten when it is the password: %j',
    (operation) => {
      expect(applyPatch(person(), [operation], USER_KIND).changed).toBe(false);
    },
  );

  it('is a part of a member that is set already', () => {
    const group = parseResource({ displayName: 'x', members: [{ value: '1', type: 'User' }] }, GROUP_KIND);
    const patch = (operation: unknown) => applyPatch(group, [operation], GROUP_KIND).resource.members;
    expect(refusal(() => patch(replace('members[value eq "1"].type', 'Group')))).toMatchObject({
      code: 'mutability',
      attribute: 'members.type',
      message: "members.type can't be changed once it is set.",
    });
    expect(refusal(() => patch(replace('members[value eq "1"]', { type: 'Group' }))).code).toBe('mutability');
    expect(patch(replace('members[value eq "1"].type', 'User'))).toEqual([{ value: '1', type: 'User' }]);
    expect(patch(add('members[value eq "1"].display', 'Bob'))).toEqual([
      { value: '1', type: 'User', display: 'Bob' },
    ]);
    expect(patch(add('members', [{ value: '2' }]))).toHaveLength(2);
  });
});

describe('a group', () => {
  it('is renamed as Okta does it', () => {
    const group = parseResource({ displayName: 'x' }, GROUP_KIND);
    expect(
      applyPatch(group, [replace(undefined, { id: '1', displayName: 'y' })], GROUP_KIND).resource,
    ).toEqual({
      ...group,
      displayName: 'y',
    });
    expect(refusal(() => applyPatch(group, [remove('displayName')], GROUP_KIND)).code).toBe('mutability');
  });
});

describe('hostile operations', () => {
  it('are refused when nested too deep', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(500)}1${'}'.repeat(500)}`);
    expect(refused({}, add(undefined, deep)).code).toBe('invalidSyntax');
  });

  it('do not reach prototypes', () => {
    const operations = JSON.parse(
      `[{"op":"add","value":{"__proto__":{"active":true},"name":{"__proto__":{"x":1},"givenName":"a"}}},
        {"op":"add","path":"emails[type eq \\"__proto__\\"].value","value":"x"}]`,
    );
    expect(patched({}, ...operations)).toEqual({
      name: { givenName: 'a' },
      emails: [{ type: '__proto__', value: 'x' }],
    });
    expect(patched({}, add('__proto__.polluted', 1), add('constructor', 1))).toEqual({});
    expect('polluted' in {}).toBe(false);
  });

  it('are done with at once', { timeout: 5_000 }, () => {
    const emails = Array.from({ length: 1000 }, (_, index) => ({ value: `${index}`, type: 'x' }));
    const members = Array.from({ length: 50_000 }, (_, index) => ({ value: `${index}` }));
    patched({ emails }, remove('emails', emails), ...Array(50).fill(add('emails', emails)));
    const group = parseResource({ displayName: 'x', members }, GROUP_KIND);
    applyPatch(group, [add('members', members), remove('members', members)], GROUP_KIND);
  });

  const path = fc.constantFrom(
    'title',
    'active',
    'name',
    'name.givenName',
    'emails',
    'emails.value',
    'emails[type eq "work"]',
    'userName',
    'emails[type eq "work"].value',
    'emails[primary eq true].type',
    'manager',
    'skills',
    ENTERPRISE,
    'schemas',
    'id',
    'roles[not (value pr)]',
    'nonsense',
    'skills[skill eq "a"].proficiency',
    '',
    'members',
    'x509Certificates',
  );
  const leaf = fc.oneof(
    fc.constantFrom('a', 'work', 'True', '', 'x@y'),
    fc.boolean(),
    fc.constant(null),
    fc.nat(3),
  );
  const element = fc.oneof(
    leaf,
    fc.dictionary(fc.constantFrom('value', 'type', 'primary', 'display', 'skill', 'givenName', '$ref'), leaf),
  );
  const value = fc.oneof(
    element,
    fc.array(element, { maxLength: 3 }),
    fc.dictionary(fc.oneof(path, fc.string()), fc.oneof(element, fc.array(element)), { maxKeys: 4 }),
  );
  const operation = fc.oneof(
    {
      weight: 9,
      arbitrary: fc.record(
        { op: fc.constantFrom('add', 'Replace', 'remove'), path, value },
        { requiredKeys: ['op'] },
      ),
    },
    { weight: 1, arbitrary: fc.jsonValue() },
  );
  const resources = fc.constantFrom(
    person(),
    person({ title: 'a', emails: [WORK, HOME], name: { givenName: 'a' }, [AGENT]: { skills: ['a'] } }),
    person({ emails: [{ value: 'a' }], active: true, [ENTERPRISE]: { manager: { value: 'm' } } }),
  );

  it('change no input, give only valid resources, and do nothing the second time they change nothing', () => {
    fc.assert(
      fc.property(resources, fc.array(operation, { maxLength: 4 }), (before, operations) => {
        const [resourceBefore, operationsBefore] = [JSON.stringify(before), JSON.stringify(operations)];
        let result: ReturnType<typeof applyPatch> | undefined;
        succeedsOrRefuses(() => {
          result = applyPatch(before, operations, USER_KIND);
        });
        expect(JSON.stringify(before)).toBe(resourceBefore);
        expect(JSON.stringify(operations)).toBe(operationsBefore);
        if (result === undefined) return;
        expect(parseResource(result.resource, USER_KIND)).toEqual(result.resource);
        expect(result.changed).toBe(
          JSON.stringify(sorted(result.resource)) !== JSON.stringify(sorted(before)),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('may be repeated: adding or replacing twice is adding or replacing once', () => {
    const single = fc.record({ op: fc.constantFrom('add', 'replace'), path, value });
    fc.assert(
      fc.property(resources, single, (before, once) => {
        succeedsOrRefuses(() => {
          const { resource } = applyPatch(before, [once], USER_KIND);
          expect(applyPatch(resource, [once], USER_KIND).changed).toBe(false);
        });
      }),
      { numRuns: 2000 },
    );
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .map(([name, part]) => [name, sorted(part)])
    .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1));
}
