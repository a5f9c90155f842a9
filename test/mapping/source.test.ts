import { describe, expect, it } from 'vitest';
import { compact } from '../../functions/runtime/compact.ts';
import { demoTenant, mappingOf } from './demo.ts';
import { complaintsOf, ENTERPRISE, inGroups, problemsOf, taken } from './tenant.ts';

const nickName = (source: unknown, person: object) => taken(source, person).agent.nickName;
const problems = (source: unknown, person: object) =>
  (taken(source, person).problems ?? []).map(({ field, message }) => `${field}: ${message}`);

describe('a path', () => {
  it.each([
    ['displayName', { displayName: 'Ada' }, 'Ada'],
    ['displayName', { displayName: '   ' }, undefined],
    ['displayName | nickName', { nickName: 'Countess' }, 'Countess'],
    ['displayName|nickName', { displayName: 'Ada', nickName: 'Countess' }, 'Ada'],
    ['emails', { emails: [{ value: 'a@b.example' }] }, 'a@b.example'],
    [
      'emails[type eq "work"]',
      {
        emails: [
          { value: 'h', type: 'home' },
          { value: 'w', type: 'work' },
        ],
      },
      'w',
    ],
    ['emails[type eq "a]|\\"b"].value', { emails: [{ value: 'odd', type: 'a]|"b' }] }, 'odd'],
    ['active', { active: false }, 'false'],
    ['emails.value', { emails: [{ value: 'b' }, { value: 'a' }] }, 'b'],
    ['emails[type eq "a\\"|b"].value | title', { title: 'x' }, 'x'],
    ['displayName', { displayName: 'Ada ' }, 'Ada '],
    ['manager', { [ENTERPRISE]: { manager: { value: 'boss' } } }, 'boss'],
    ['costCenter', { [ENTERPRISE]: { costCenter: '0815' } }, '0815'],
    ['addresses.country', { addresses: [{ locality: 'Bonn' }, { country: 'DE' }] }, 'DE'],
  ])('%s is read', (path, person, expected) => {
    expect(nickName(path, person)).toBe(expected);
  });

  it('to groups gives the first in the alphabet, in whatever order they came', () => {
    expect(nickName('groups.display', inGroups('B', 'A', 'C'))).toBe('A');
    expect(nickName('groups', { groups: [{ value: '2' }, { value: '1' }, { display: 'x' }] })).toBe('1');
  });

  it('says where the value came from', () => {
    expect(taken('displayName | nickName', { nickName: 'C' }).origins.nickName).toEqual([
      { from: 'path', path: 'nickName' },
    ]);
  });

  it.each([
    ['name', /name has several parts: write one of them, such as name\.formatted/, 0],
    ['nickName | name', /name has several parts/, 11],
    [ENTERPRISE, /has several parts.*employeeNumber/, 0],
    ['id', /never sees a value of id/, 0],
    ['meta.created', /never sees a value of meta\.created/, 0],
    ['schemas', /never sees a value of schemas/, 0],
    ['password', /never sees a value of password, which is never kept/, 0],
    ['groups.type', /never sees a value of groups\.type: use groups\.display/, 0],
    ['groups.$ref', /never sees a value of groups\.\$ref/, 0],
    ['groups[type eq "direct"].display', /never sees a value of groups\.type/, 0],
    ['emails[value eq "x" and not (id eq "1")].value', /emails has no sub-attribute "id"/, 29],
    ['provisioning.state', /never sees a value of provisioning\.state/, 0],
    ['displayname | | nickName', /name of an attribute is missing/, 14],
    ['|nickName', /name of an attribute is missing/, 0],
    ['', /name of an attribute is missing/, 0],
  ])('that can never have a value is an error: %s', (path, message, position) => {
    const [problem] = problemsOf({ agent: { nickName: path } });
    expect(problem?.message).toMatch(message);
    expect(problem).toMatchObject({ path: ['agent', 'nickName'], expression: { text: path, position } });
  });

  it('may be as long as a filter and no longer', () => {
    const ofLength = (length: number) => `${'userName|'.repeat(400)}nickName`.padEnd(length);
    expect(complaintsOf({ agent: { nickName: ofLength(4096) } })).toEqual([]);
    expect(complaintsOf({ agent: { nickName: ofLength(4097) } })).toEqual([
      'agent.nickName: has 4097 characters; 4096 is the most',
    ]);
  });
});

describe('a template', () => {
  const ada = { name: { givenName: 'Ada', familyName: 'Lovelace' }, displayName: 'Countess' };

  it.each([
    ['{name.givenName} {name.familyName}', ada, 'Ada Lovelace'],
    ['{name.givenName} {name.middleName} {name.familyName}', ada, 'Ada Lovelace'],
    ['{name.familyName}, {nickName | name.givenName}', ada, 'Lovelace, Ada'],
    ['  Agent   {displayName}  ', ada, 'Agent Countess'],
    ['{{{displayName}}}', ada, '{Countess}'],
    ['{displayName}{{}}', ada, 'Countess{}'],
    ['{nickName} {title}', ada, undefined],
    ['Agent {nickName}', ada, undefined],
    ['{emails[type eq "}"].value}!', { emails: [{ value: 'odd', type: '}' }] }, 'odd!'],
    ['"{displayName}"', ada, '"Countess"'],
    ['[{displayName}]', ada, '[Countess]'],
    ['Agent "{displayName}"', ada, 'Agent "Countess"'],
    ['[x] "{displayName}"', ada, '[x] "Countess"'],
    ['Boss {displayName}', ada, 'Boss Countess'],
  ])('%s is filled', (template, person, expected) => {
    expect(nickName(template, person)).toBe(expected);
  });

  it('is what the value is said to come from', () => {
    expect(taken('{displayName}!', ada).origins.nickName).toEqual([{ from: 'path', path: '{displayName}!' }]);
  });

  it('is told from a path that has a brace in a string', () => {
    expect(nickName('emails[type eq "{"].value', { emails: [{ value: 'odd', type: '{' }] })).toBe('odd');
  });

  it.each([
    ['{name.givenName', /never closed/, 0],
    ['a {', /never closed/, 2],
    ['name.givenName}', /closes nothing/, 14],
    ['{displayName} {nam.givenName}', /Did you mean "name"/, 15],
    ['{displayName} { nickName | nam }', /Did you mean "name"/, 27],
    ['{}', /name of an attribute is missing/, 1],
    ['{{displayName}}', /has no \{path\}/, 0],
    ['{title}'.repeat(21), /more than 20 places/, 0],
  ])('that can not be read is an error: %s', (template, message, position) => {
    const [problem] = problemsOf({ agent: { nickName: template } });
    expect(problem?.message).toMatch(message);
    expect(problem?.expression).toEqual({ text: template, position });
  });

  it('may have twenty places', () => {
    expect(nickName('{title}'.repeat(20), { title: 'x' })).toBe('x'.repeat(20));
  });
});

describe('conversions', () => {
  it.each([
    ['digits', '+49 (0)30 1234-567', '49301234567'],
    ['digits', '+44 (0)20 7946 0018', '442079460018'],
    ['digits', '+44(0)20 7946 0018 ext. 42', '442079460018'],
    ['digits', 'tel:+1-201-555-0123;ext=42', '12015550123'],
    ['digits', 'tel:555-0123;phone-context=+1-201', '12015550123'],
    ['digits', '+49 30 1234567 Durchwahl 42', '49301234567'],
    ['digits', '+49 30 1234567 DW 42', '49301234567'],
    ['digits', '+49 30 1234567-App. 42', '49301234567'],
    ['digits', '+49 30 1234567, 42', '49301234567'],
    ['digits', '+49 30 1234567 int. 42', '49301234567'],
    ['digits', '+34 91 123 45 67 anexo 42', '34911234567'],
    ['digits', '+44 20 7946 0018p42', '442079460018'],
    ['digits', '+33 1 23 45 67 89 poste 12', '33123456789'],
    ['digits', '+7 495 123-45-67 доб. 42', '74951234567'],
    ['digits', '+81 3 1234 5678 内線 42', '81312345678'],
    ['digits', '+1 (212) 555-0100 (42)', '12125550100'],
    ['digits', '+1 212 555 0100*42', '12125550100'],
    ['digits', '+49 30 1234567 mobile', '49301234567'],
    ['digits', '(+49) 30 1234567', '49301234567'],
    ['digits', '\u202a+49 30 1234567\u202c', '49301234567'],
    ['digits', '+49 30 1234567–0', '493012345670'],
    ['digits', 'tel:+49-30-1234567;phone-context=+1', '49301234567'],
    ['digits', 'Desk 7 (0)', '70'],
    ['digits', '１２３', '123'],
    ['digits', 'none', 'none'],
    ['lower', 'ADA', 'ada'],
    ['upper', 'straße', 'STRASSE'],
    ['trim', '\t ada ', 'ada'],
    [['trim', 'lower'], ' ADA ', 'ada'],
    [['upper', 'lower'], 'Ada', 'ada'],
    ['e164', '+49 (0)30 1234-567', '+49301234567'],
    ['e164', '+1 212 555 0100', '+12125550100'],
    ['e164', 'tel:+1-201-555-0123', '+12015550123'],
    ['e164', 'TEL:+1-201-555-0123;ext=42;isub=1', '+12015550123'],
    ['e164', 'tel:555-0123;phone-context=+1-201', '+12015550123'],
    ['e164', '+49 30 1234567 x42', '+49301234567'],
    ['e164', '+49 30 1234567 Durchwahl 42', '+49301234567'],
    ['e164', '+33 1 23 45 67 89 poste 12', '+33123456789'],
    ['e164', 'tel:030-1234567;phone-context=+49', '+49301234567'],
    ['e164', '+49 30 1234567- App. 42', '+49301234567'],
    ['e164', '+1 (212) 555-0100 (42)', '+12125550100'],
    ['e164', '＋４４ 20 7946 0958', '+442079460958'],
  ])('%j make of %j', (as, value, expected) => {
    expect(nickName({ from: 'displayName', as }, { displayName: value })).toBe(expected);
  });

  it.each([
    ['030 1234567 Durchwahl 42', '0301234567'],
    ['Tel.: 030/123 45 67', '0301234567'],
    ['4711', '4711'],
    ['110 (Notruf)', '110'],
  ])('make digits of a phone number without its country: %j', (value, expected) => {
    const of = (from: string) =>
      mappingOf({ agent: { ...demoTenant().agent, phoneNumber: { from, as: 'digits' } } }).map({
        userName: 'ada',
        nickName: value,
        phoneNumbers: [{ value }],
      }).agent.phoneNumber;
    expect(of('phoneNumbers.value')).toBe(expected);
    expect(of('nickName')).toBe(expected);
    expect(of('{phoneNumbers.value}')).toBe(expected);
  });

  it('are named where the value is explained', () => {
    const origins = (source: object) => taken(source, { displayName: ' ADA ' }).origins.nickName;
    expect(origins({ from: 'displayName', as: ['trim', 'lower'] })).toEqual([
      { from: 'path', path: 'displayName', as: 'trim, lower' },
    ]);
    expect(origins({ from: 'displayName', as: 'trim', truncate: 2 })).toEqual([
      { from: 'path', path: 'displayName', as: 'trim, truncate' },
    ]);
    expect(origins({ from: 'displayName', as: 'trim', map: { ada: 'Countess' }, truncate: 50 })).toEqual([
      { from: 'path', path: 'displayName', as: 'trim, map' },
    ]);
    expect(origins({ from: 'displayName', truncate: 2 })).toEqual([
      { from: 'path', path: 'displayName', as: 'truncate' },
    ]);
  });

  it('take a number without a country code to be of the region', () => {
    const number = (region: string, value: string) =>
      nickName({ from: 'displayName', as: 'e164', region }, { displayName: value });
    expect(number('DE', '030 1234567')).toBe('+49301234567');
    expect(number('DE', '0049 30 1234567')).toBe('+49301234567');
    expect(number('DE', 'tel:030-1234567;phone-context=example.com')).toBe('+49301234567');
    expect(number('DE', '030 1234567, extension 42')).toBe('+49301234567');
    expect(number('DE', '(030) 1234567 #4')).toBe('+49301234567');
    expect(number('GB', '020 7946 0958')).toBe('+442079460958');
    expect(number('GB', '+49 30 1234567')).toBe('+49301234567');
  });

  it.each([
    ['e164', '030 1234567', ', and it has no region for numbers without a country code'],
    ['e164', '12', ', and it has no region for numbers without a country code'],
    ['digits', '12', ''],
    ['digits', 'Durchwahl 4711', ''],
    ['digits', '1-800-FLOWERS', ''],
    ['digits', '030 1234567 or 0171 1234567', ''],
    ['digits', 'tel:911;phone-context=+1', ''],
    ['digits', 'tel:030-1234567;phone-context=+49', ''],
    ['digits', 'tel:0123;phone-context=+49-30-1', ''],
    ['digits', 'tel:7042;phone-context=+49', ''],
    ['e164', 'tel:7042;phone-context=+49', ', and it has no region for numbers without a country code'],
    ['digits', 'see below', ''],
  ])(
    'that fail are left out with a warning where the source says otherwise: null: %s of %j',
    (as, value, why) => {
      const of = (otherwise?: string | null) =>
        mappingOf({
          agent: {
            ...demoTenant().agent,
            phoneNumber: { from: 'phoneNumbers.value', as: as as 'e164', ...compact({ otherwise }) },
          },
        }).map({ userName: 'ada', phoneNumbers: [{ value }] });
      const left = of(null);
      expect(left.agent).not.toHaveProperty('phoneNumber');
      expect(left.problems ?? []).not.toContainEqual(expect.objectContaining({ field: 'phoneNumber' }));
      expect(left.warnings).toEqual([
        {
          field: 'phoneNumber',
          message: `phoneNumbers.value (phoneNumber): the value can't be read as a phone number${why} (${as}); left out`,
        },
      ]);
      expect(of('+49301234567').agent.phoneNumber).toBe('+49301234567');
    },
  );

  it.each([
    [
      { as: 'e164' },
      '030 1234567',
      'a phone number, and it has no region for numbers without a country code',
    ],
    [{ as: 'e164', region: 'DE' }, 'call the desk', 'a phone number of DE'],
    [{ as: 'e164', region: 'DE' }, '0', 'a phone number of DE'],
    [{ as: 'e164', region: 'DE' }, '+1 2', 'a phone number of DE'],
    [{ as: 'e164', region: 'DE' }, '1'.repeat(500), 'a phone number of DE'],
    [{ as: 'e164', region: 'DE' }, 'tel me: +49 30 1234567 please', 'a phone number of DE'],
  ])('that fail are a problem which does not show the number: %j of %s', (options, value, words) => {
    const mapped = taken({ from: 'displayName', ...options }, { displayName: value });
    expect(mapped.agent).not.toHaveProperty('nickName');
    expect(mapped.problems).toEqual([
      { field: 'nickName', message: `displayName (nickName): the value can't be read as ${words} (e164)` },
    ]);
  });

  it.each([
    [{ region: 'DE' }, 'agent.nickName.region: means something with as: e164 only'],
    [{ region: 'DE', as: ['digits'] }, 'agent.nickName.region: means something with as: e164 only'],
    [{ region: 'XX', as: 'e164' }, 'agent.nickName.region: "XX" is no country with phone numbers'],
  ])('have a region that makes sense: %j', (options, complaint) => {
    expect(complaintsOf({ agent: { nickName: { from: 'displayName', ...options } } })).toEqual([complaint]);
  });
});

describe('truncate', () => {
  const truncated = (value: string, truncate: number) =>
    nickName({ from: 'displayName', truncate }, { displayName: value });

  it.each([
    ['Ada', 3, 'Ada'],
    ['Ada ', 4, 'Ada '],
    ['Ada ', 9, 'Ada '],
    ['Adam', 3, 'Ada'],
    ['Ada Lovelace', 4, 'Ada'],
    ['😀😀😀', 2, '😀😀'],
    ['😀😀😀', 3, '😀😀😀'],
    ['e\u0301e\u0301e\u0301', 4, 'e\u0301e\u0301'],
    ['e\u0301e\u0301e\u0301', 3, 'e\u0301'],
    ['a👨‍👩‍👧‍👦b', 7, 'a'],
    ['a👨‍👩‍👧‍👦b', 8, 'a👨‍👩‍👧‍👦'],
    ['🇩🇪🇫🇷', 3, '🇩🇪'],
  ])('makes of %s at %d', (value, most, expected) => {
    expect(truncated(value, most)).toBe(expected);
  });

  it('leaves nothing of a single character that is too long, and that is no value for SmartAssist', () => {
    expect(truncated('👨‍👩‍👧‍👦', 2)).toBe('');
  });
});

describe('a value table', () => {
  const table = { from: 'preferredLanguage | locale', map: { 'de-DE': 'de', ' En ': 'en', 4711: 'x' } };

  it.each([
    ['de-DE', 'de'],
    ['DE-de', 'de'],
    [' en ', 'en'],
    ['4711', 'x'],
  ])('is looked up in any case: %s', (preferredLanguage, expected) => {
    expect(nickName(table, { preferredLanguage })).toBe(expected);
  });

  it('is looked up after conversions, and truncated after', () => {
    const source = { from: 'displayName', as: 'digits', map: { 12: 'twelve' }, truncate: 3 };
    expect(taken(source, { displayName: '1-2' })).toMatchObject({
      agent: { nickName: 'twe' },
      origins: { nickName: [{ from: 'path', path: 'displayName', as: 'digits, map, truncate' }] },
    });
  });

  it('that lacks the value is a problem, unless it says what otherwise', () => {
    expect(problems(table, { locale: 'fr' })).toEqual([
      'nickName: locale (nickName): "fr" is not in its map, and it has no otherwise',
    ]);
    const otherwise = taken({ ...table, otherwise: 'en' }, { locale: 'fr' });
    expect(otherwise.agent.nickName).toBe('en');
    expect(otherwise.origins.nickName).toEqual([{ from: 'path', path: 'locale', as: 'otherwise' }]);
    expect(otherwise).not.toHaveProperty('problems');
    const nothing = taken({ ...table, otherwise: null }, { locale: 'fr' });
    expect(nothing.agent).not.toHaveProperty('nickName');
    expect(nothing).not.toHaveProperty('problems');
  });

  it('never shows a phone number that it lacks', () => {
    const source = { from: 'phoneNumbers.value', map: { 1: 'one' } };
    expect(problems(source, { phoneNumbers: [{ value: '+49 30 1' }] })).toEqual([
      'nickName: phoneNumbers.value (nickName): the value is not in its map, and it has no otherwise',
    ]);
  });

  it('is not looked up where there is no value', () => {
    expect(taken(table, {})).not.toHaveProperty('problems');
    expect(nickName({ ...table, otherwise: 'en' }, {})).toBe('en');
    expect(taken({ ...table, otherwise: 'en' }, {}).origins.nickName).toEqual([
      { from: 'path', path: 'preferredLanguage | locale', as: 'otherwise' },
    ]);
  });

  it('must not say two things of one value', () => {
    const complaints = (map: object) => complaintsOf({ agent: { nickName: { from: 'locale', map } } });
    expect(complaints({ 'de-DE': 'de', 'DE-de ': 'at' })).toEqual([
      'agent.nickName.map.DE-de : is there twice: case does not count',
    ]);
    expect(complaints({ 'de-DE': 'de', 'DE-de': 'de' })).toEqual([]);
  });
});

it('a text of any length is read only so far that its limit still refuses it', () => {
  expect(nickName('displayName', { displayName: 'x'.repeat(1_000_000) })).toBe('x'.repeat(1001));
  expect(nickName('displayName', { displayName: 'x'.repeat(1000) })).toBe('x'.repeat(1000));
});
