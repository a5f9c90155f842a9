import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equalityOf, type Filter, parseFilter } from '../../functions/scim-core/filter/filter.ts';
import { parsePath } from '../../functions/scim-core/path/path.ts';
import { attribute } from '../../functions/scim-core/schema/attribute.ts';
import {
  ENTERPRISE_USER,
  GROUP_KIND,
  type ResourceKind,
  USER_KIND,
} from '../../functions/scim-core/schema.ts';
import { printFilter } from './print.ts';
import { refusal, succeedsOrRefuses } from './refusal.ts';

const ENTERPRISE = ENTERPRISE_USER.id;
const canonical = (text: string) => printFilter(parseFilter(text, USER_KIND));

/** The shipped schemas have no numbers; filters are ready for those that do. */
const NUMBERED: ResourceKind = {
  ...USER_KIND,
  core: {
    ...USER_KIND.core,
    attributes: [
      attribute('level', { type: 'integer' }),
      attribute('score', { type: 'decimal' }),
      attribute('certificate', { type: 'binary' }),
    ],
  },
};

describe('parseFilter', () => {
  it.each([
    // RFC 7644 figure 2
    ['userName eq "bjensen"'],
    ['name.familyName co "O\'Malley"'],
    ['userName sw "J"'],
    ['title pr'],
    ['meta.lastModified gt "2011-05-13T04:42:34Z"'],
    ['meta.lastModified ge "2011-05-13T04:42:34Z"'],
    ['meta.lastModified lt "2011-05-13T04:42:34Z"'],
    ['meta.lastModified le "2011-05-13T04:42:34Z"'],
    ['title pr and userType eq "Employee"'],
    ['title pr or userType eq "Intern"'],
    ['schemas eq "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"'],
    ['userType eq "Employee" and (emails.value co "example.com" or emails.value co "example.org")'],
    ['userType ne "Employee" and not (emails.value co "example.com" or emails.value co "example.org")'],
    ['userType eq "Employee" and emails.type eq "work"'],
    ['userType eq "Employee" and emails[type eq "work" and value co "@example.com"]'],
    ['emails[type eq "work" and value co "@example.com"] or ims[type eq "xmpp" and value co "@foo.com"]'],
    // What identity providers send besides
    ['emails[type eq "work"].value eq "a@b.c"'],
    ['emails[type eq "work"].value pr'],
    ['emails[not (primary eq true)]'],
    [`${ENTERPRISE}:manager.value eq "Y"`],
    [`${ENTERPRISE} pr`],
    ['emails pr'],
    ['title eq null'],
    ['title ne null'],
    ['active eq true'],
    ['active ne false'],
    ['userName ew "x"'],
    ['userName eq ""'],
  ])('reads %s as it stands', (text) => {
    expect(canonical(text)).toBe(text);
  });

  it.each([
    ['names in any case', 'USERNAME eq "x"', 'userName eq "x"'],
    [
      'operators in any case',
      'userName Eq "x" AND title PR Or NOT (title SW "y")',
      'userName eq "x" and title pr or not (title sw "y")',
    ],
    ['the core URN', 'urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J"', 'userName sw "J"'],
    [
      'extension attributes without their URN (E2)',
      'id eq "X" and manager eq "Y"',
      `id eq "X" and ${ENTERPRISE}:manager.value eq "Y"`,
    ],
    ['a text without quotes (E2)', 'externalId eq jyoung', 'externalId eq "jyoung"'],
    [
      'a number for a text, digit for digit',
      'employeeNumber eq 0012.50',
      `${ENTERPRISE}:employeeNumber eq "0012.50"`,
    ],
    ['true for a text', 'title eq true', 'title eq "true"'],
    [
      'a boolean in quotes (E7)',
      'roles[primary eq "true"].value eq "x"',
      'roles[primary eq true].value eq "x"',
    ],
    ['a boolean in any case', 'active eq False', 'active eq false'],
    ['single quotes within double ones', 'title eq "\'x\'"', 'title eq "\'x\'"'],
    ['"null" in quotes as a text', 'title eq "null"', 'title eq "null"'],
    ['null in capitals as a text', 'title eq NULL', 'title eq "NULL"'],
    ['a multi-valued attribute by its value', 'emails eq "x"', 'emails.value eq "x"'],
    [
      'selected elements by their value',
      'emails[type eq "work"] co "x"',
      'emails[type eq "work"].value co "x"',
    ],
    [
      'skills by their name',
      'skills eq "Refunds"',
      'urn:agent-provisioner:params:scim:schemas:extension:agent:1.0:User:skills.skill eq "Refunds"',
    ],
    ['no space before a string', 'userName eq"x"', 'userName eq "x"'],
    ['no space around brackets', '(title pr)and(title pr)', 'title pr and title pr'],
    ['spaces everywhere', '  ( userName   eq  "x"\t)\n', 'userName eq "x"'],
    ['not without brackets', 'not title pr and active eq true', 'not (title pr) and active eq true'],
    ['needless brackets', '((title pr) and ((userName pr)))', 'title pr and userName pr'],
  ])('takes %s', (_, text, expected) => {
    expect(canonical(text)).toBe(expected);
  });

  it('undoes the escapes of a JSON string', () => {
    expect(parseFilter('title eq "\\"\\\\\\u00e9\\n"', USER_KIND)).toMatchObject({ value: '"\\é\n' });
  });

  it('binds not before and before or', () => {
    expect(parseFilter('title pr or not (title pr) and userName pr or id pr', USER_KIND)).toMatchObject({
      op: 'or',
      filters: [{ op: 'pr' }, { op: 'and', filters: [{ op: 'not' }, { op: 'pr' }] }, { op: 'pr' }],
    });
    expect(canonical('(title pr or userName pr) and id pr')).toBe('(title pr or userName pr) and id pr');
  });

  it('compares numbers as numbers', () => {
    expect(parseFilter('level ge 10', NUMBERED)).toMatchObject({ op: 'ge', value: 10 });
    expect(parseFilter('score lt -1.5e3', NUMBERED)).toMatchObject({ op: 'lt', value: -1500 });
    expect(parseFilter('level eq "7"', NUMBERED)).toMatchObject({ value: 7 });
    expect(parseFilter('level eq null', NUMBERED)).toMatchObject({ value: null });
  });

  it.each([
    ['', 'The name of an attribute is missing here.', 0],
    ['   ', 'The name of an attribute is missing here.', 3],
    ['usrName eq "x"', 'There is no attribute "usrName". Did you mean "userName"', 0],
    ['title pr and emails.vlue eq "x"', 'emails has no sub-attribute "vlue". Did you mean "value"?', 20],
    ['emails[tpe eq "x"]', 'emails has no sub-attribute "tpe". Did you mean "type"?', 7],
    ['emails[type.x eq "x"]', '"type" has no sub-attributes.', 12],
    ['urn:x:y eq "z"', '"urn:x:y" is in no schema of a User.', 0],
    ['userName', 'An operator is missing here: use one of eq, ne, co, sw, ew, gt, ge, lt, le and pr.', 8],
    ['userName regex "x"', "The operator 'regex' is not supported: use one of eq,", 9],
    ['userName "eq" "x"', 'An operator is missing here', 9],
    ['phoneNumbers +15550100', 'An operator is missing here', 13],
    ['emails[type eq "work"].value', 'An operator is missing here', 28],
    ['emails[type eq "work"] foo', "The operator 'foo' is not supported", 23],
    ['emails[type eq "work"] order', "The operator 'order' is not supported", 23],
    ['emails[type eq "work"] xor', "The operator 'xor' is not supported", 23],
    ['emails[type eq "work"]".value" eq "x"', 'Expected "and", "or" or the end of the filter here.', 22],
    ['title pr "and" title pr', 'Expected "and", "or" or the end of the filter here.', 9],
    ['phoneNumbers +1x "y"', 'An operator is missing here', 13],
    ['phoneNumbers x+1 "y"', 'An operator is missing here', 13],
    [
      `${ENTERPRISE}[department pr].manager eq "x"`,
      'has several parts: compare one of them',
      ENTERPRISE.length + 24,
    ],
    ['userName eq', 'A value to compare userName with is missing after "eq".', 11],
    ['userName eq )', 'A value to compare userName with is missing after "eq".', 12],
    ['userName eq "x" title pr', 'Expected "and", "or" or the end of the filter here.', 16],
    ['phoneNumbers.value eq +1 5550100', 'Expected "and", "or" or the end of the filter here.', 25],
    ['(title pr', 'Expected "and", "or" or ")" here.', 9],
    ['(title pr]', 'Expected "and", "or" or ")" here.', 9],
    ['title pr)', 'Expected "and", "or" or the end of the filter here.', 8],
    ['emails[type pr', 'Expected "and", "or" or "]" here.', 14],
    ['title pr and', 'The name of an attribute is missing here.', 12],
    ['and title pr', 'There is no attribute "and".', 0],
    ['not', 'The name of an attribute is missing here.', 3],
    ['userName[value eq "x"]', 'userName has no sub-attributes, so no [filter] can follow it.', 8],
    ['userName eq "x', 'A string begins here and has no closing "', 12],
    ['userName eq "x\\"', 'A string begins here and has no closing "', 12],
    ['userName eq "ACME\\bob\\x"', 'is not a JSON string: write \\\\ for a backslash', 12],
    ["userName eq 'x'", 'Strings stand in double quotes: userName eq "…".', 12],
    ['name eq "x"', 'name has several parts: compare one of them, such as name.formatted.', 5],
    [
      'addresses[type eq "work"] eq "x"',
      'addresses has several parts: compare one of them, such as addresses.formatted.',
      26,
    ],
    ['active gt true', 'active is a boolean and takes eq, ne and pr, not gt.', 10],
    ['active co true', 'active is a boolean and takes eq, ne and pr, not co.', 10],
    ['active eq "yes"', 'active is a boolean: compare it with true or false, not with "yes".', 10],
    ['title gt null', 'null can only be compared with eq and ne, not with gt.', 9],
    ['title co null', 'null can only be compared with eq and ne, not with co.', 9],
    [
      'meta.created gt "yesterday"',
      'meta.created is a time: compare it with one such as "2026-05-13T04:42:34Z", not with "yesterday".',
      16,
    ],
    ['meta.created eq "2026"', 'meta.created is a time', 16],
    [
      'x509Certificates.value gt "x"',
      "x509Certificates.value is binary and has no order: gt can't be used.",
      26,
    ],
    ['x509Certificates le "x"', "x509Certificates.value is binary and has no order: le can't be used.", 20],
    ['password eq "secret"', "password can't be searched.", 0],
    ['title pr and password pr', "password can't be searched.", 13],
    ['phoneNumbers.primary eq "+15550100"', 'compare it with true or false, not with the value sent.', 24],
  ])('refuses %s and says where', (text, message, position) => {
    expect(refusal(() => parseFilter(text, USER_KIND))).toMatchObject({
      code: 'invalidFilter',
      message: expect.stringContaining(message),
      position,
    });
  });

  it('names the attribute that is compared wrongly', () => {
    expect(refusal(() => parseFilter('meta.created gt "x"', USER_KIND)).attribute).toBe('meta.created');
  });

  it.each([
    ['level co 1', "level is a number and doesn't take co."],
    ['score sw 1', "score is a number and doesn't take sw."],
    ['level eq ten', 'level is a number: compare it with one, not with "ten".'],
    ['level eq 1x', 'level is a number: compare it with one, not with "1x".'],
    ['level eq x1', 'level is a number: compare it with one, not with "x1".'],
    ['certificate gt "x"', "certificate is binary and has no order: gt can't be used."],
  ])('refuses %s', (text, message) => {
    expect(refusal(() => parseFilter(text, NUMBERED)).message).toBe(message);
  });

  it.each([
    'meta.created sw "2026-11"',
    'x509Certificates.value co "MII"',
    'x509Certificates.value eq "MII"',
  ])('takes %s', (text) => {
    expect(canonical(text)).toBe(text);
  });

  it('takes a single quote for the beginning of a string', () => {
    expect(refusal(() => parseFilter("userName eq 'a b'", USER_KIND)).message).toContain('double quotes');
  });

  it('never shows a phone number', () => {
    for (const text of [
      '+15550100 eq "x"',
      '+15550100x eq "x"',
      'phoneNumbers.+15550100 eq 1',
      'phoneNumbers[value 15550100]',
    ]) {
      expect(refusal(() => parseFilter(text, USER_KIND)).message).not.toContain('5550100');
    }
  });

  it('takes 4,096 characters and no more', () => {
    const padded = (length: number) => `title eq "${'x'.repeat(length - 11)}"`;
    expect(parseFilter(padded(4096), USER_KIND)).toMatchObject({ op: 'eq' });
    expect(refusal(() => parseFilter(padded(4097), USER_KIND))).toMatchObject({
      code: 'invalidFilter',
      message: 'The filter has 4097 characters, more than 4096.',
      position: 4096,
    });
  });

  it('takes 100 comparisons and no more', () => {
    const many = (count: number) => Array(count).fill('title pr').join(' or ');
    expect(parseFilter(many(100), USER_KIND)).toMatchObject({ op: 'or' });
    expect(refusal(() => parseFilter(many(101), USER_KIND))).toMatchObject({
      message: 'The filter has more than 100 comparisons.',
      position: 1200,
    });
  });

  it('counts the comparisons in square brackets too', () => {
    const inner = Array(100).fill('type pr').join(' or ');
    expect(refusal(() => parseFilter(`emails[${inner}]`, USER_KIND)).message).toContain('100 comparisons');
  });

  it.each([
    ['brackets', '(', ')'],
    ['not', 'not (', ')'],
    ['not without brackets', 'not ', ''],
  ])('takes 50 levels of %s and no more', (_, open, close) => {
    const nested = (levels: number) => `${open.repeat(levels)}title pr${close.repeat(levels)}`;
    expect(parseFilter(nested(50), USER_KIND)).toBeDefined();
    expect(refusal(() => parseFilter(nested(51), USER_KIND))).toMatchObject({
      code: 'invalidFilter',
      message: 'The filter is nested more than 50 levels deep.',
    });
  });

  it('counts levels by depth, not by number', () => {
    const many = Array(60).fill('(title pr)').join(' and ');
    expect(parseFilter(many, USER_KIND)).toBeDefined();
    expect(refusal(() => parseFilter(`${'('.repeat(50)}emails[type pr]`, USER_KIND)).message).toContain(
      '50 levels',
    );
  });

  it('throws nothing but ScimInputError, whatever it is given', () => {
    const words = fc.constantFrom(
      'userName',
      'emails',
      'emails[',
      ']',
      '(',
      ')',
      'not',
      'and',
      'or',
      'eq',
      'pr',
      'gt',
      '"x"',
      '"',
      '\\',
      'null',
      'true',
      '12',
      '.value',
      'manager',
      'active',
      ENTERPRISE,
      ':',
      ' ',
      '__proto__',
      'constructor',
    );
    const texts = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.array(words, { maxLength: 30 }).map((all) => all.join(' ')),
      fc.array(words, { maxLength: 30 }).map((all) => all.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => succeedsOrRefuses(() => parseFilter(text, USER_KIND))),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['quotes', '"'.repeat(4096)],
    ['opening brackets', '('.repeat(4096)],
    ['square brackets', 'emails['.repeat(500)],
    ['backslashes', `userName eq "${'\\'.repeat(4000)}`],
    ['spaces', `userName${' '.repeat(4000)}eq`],
    ['one endless word', 'x'.repeat(4096)],
    ['a megabyte', 'userName eq "x" and '.repeat(50_000)],
  ])('is done with %s at once', { timeout: 5_000 }, (_, text) => {
    refusal(() => parseFilter(text, USER_KIND));
  });
});

describe('a printed filter', () => {
  const simple = fc.constantFrom(
    'userName',
    'title',
    'externalId',
    'name.givenName',
    'emails.value',
    'manager.value',
    'meta.version',
    'groups.display',
  );
  const path = (text: string) => parsePath(text, USER_KIND);
  const comparison: fc.Arbitrary<Filter> = fc.oneof(
    fc.record({
      op: fc.constantFrom('eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'),
      path: simple.map(path),
      value: fc.string({ unit: 'binary' }),
    }),
    fc.record({ op: fc.constantFrom('eq', 'ne'), path: simple.map(path), value: fc.constant(null) }),
    fc.record({ op: fc.constantFrom('eq', 'ne'), path: fc.constant(path('active')), value: fc.boolean() }),
    fc.record({
      op: fc.constantFrom('ge', 'lt'),
      path: fc.constant(path('meta.created')),
      value: fc
        .date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-01-01') })
        .map((date) => date.toISOString()),
    }),
    fc.record({ op: fc.constant('pr' as const), path: fc.oneof(simple, fc.constant('emails')).map(path) }),
    fc
      .constantFrom(
        'emails[type eq "work" and (value co "@" or primary eq true)]',
        'skills[not (skill eq "x")]',
      )
      .map((text): Filter => ({ op: 'valuePath', path: path(text) })),
    fc
      .constantFrom('emails[type eq "work"].value', 'ims[type pr or value pr].display')
      .map((text): Filter => ({ op: 'eq', path: path(text), value: 'x' })),
  );
  const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
    filter: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      comparison,
      fc.record({
        op: fc.constantFrom('and', 'or'),
        filters: fc.array(tie('filter'), { minLength: 2, maxLength: 3 }),
      }),
      fc.record({ op: fc.constant('not' as const), filter: tie('filter') }),
    ),
  }));

  it('reads back as the same filter', () => {
    fc.assert(
      fc.property(filter, (original) => {
        const text = printFilter(original);
        fc.pre(text.length <= 4096);
        expect(parseFilter(text, USER_KIND)).toEqual(original);
      }),
      { numRuns: 300 },
    );
  });
});

describe('equalityOf', () => {
  it.each([
    ['id eq "1"', 'id', '1'],
    ['userName eq "Bob"', 'userName', 'Bob'],
    ['externalId eq x', 'externalId', 'x'],
    ['emails eq "a@b"', 'emails.value', 'a@b'],
    ['emails.value eq "a@b"', 'emails.value', 'a@b'],
    ['emails[type eq "work" and value eq "a@b"]', 'emails.value', 'a@b'],
    ['emails[type eq "work"].value eq "a@b"', 'emails.value', 'a@b'],
    ['emails[value eq "a@b"].type eq "work"', 'emails.value', 'a@b'],
    ['emails[value eq "a@b"].type pr', 'emails.value', 'a@b'],
    ['displayName eq "Sales"', 'displayName', 'Sales'],
    ['groups.value eq "g1"', 'groups.value', 'g1'],
    ['groups[value eq "g1"]', 'groups.value', 'g1'],
    ['id eq "X" and manager eq "Y"', 'id', 'X'],
    ['active eq true and (title pr and userName eq "x")', 'userName', 'x'],
    ['(userName eq "x")', 'userName', 'x'],
    // the most selective, wherever it stands
    [
      'groups.value eq "g" and displayName eq "d" and emails eq "e" and externalId eq "x" and userName eq "u" and id eq "i"',
      'id',
      'i',
    ],
    [
      'groups.value eq "g" and displayName eq "d" and emails eq "e" and externalId eq "x" and userName eq "u"',
      'userName',
      'u',
    ],
    ['groups.value eq "g" and displayName eq "d" and emails eq "e" and externalId eq "x"', 'externalId', 'x'],
    ['groups.value eq "g" and displayName eq "d" and emails eq "e"', 'emails.value', 'e'],
    ['groups.value eq "g" and displayName eq "d"', 'displayName', 'd'],
  ])('finds the key in %s', (text, attributeName, value) => {
    expect(equalityOf(parseFilter(text, USER_KIND))).toEqual({ attribute: attributeName, value });
  });

  it('finds the members of a group', () => {
    expect(equalityOf(parseFilter('members[value eq "u1"]', GROUP_KIND))).toEqual({
      attribute: 'members.value',
      value: 'u1',
    });
    expect(equalityOf(parseFilter('members eq "u1"', GROUP_KIND))).toEqual({
      attribute: 'members.value',
      value: 'u1',
    });
    expect(equalityOf(parseFilter('members eq "u1" and displayName eq "d"', GROUP_KIND))).toEqual({
      attribute: 'displayName',
      value: 'd',
    });
  });

  it.each([
    'userName sw "x"',
    'userName ne "x"',
    'userName pr',
    'userName eq null',
    'title eq "x"',
    'userName eq "x" or id eq "1"',
    'not (userName eq "x")',
    'emails[type eq "work"]',
    'emails[value eq "x" or value eq "y"]',
    'emails[not (value eq "x")]',
    'emails[value eq "x"].value ne "y"',
    'emails[value eq "x"].primary eq false',
    'emails[value eq "x"].type eq null',
    'emails.type eq "work"',
    'name.givenName eq "x"',
    'manager eq "x"',
    'manager.displayName eq "x"',
    'queues[value eq "x"]',
    'queues eq "x"',
    'active eq true and title pr',
  ])('finds none in %s', (text) => {
    expect(equalityOf(parseFilter(text, USER_KIND))).toBeUndefined();
  });
});
