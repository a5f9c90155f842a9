import { describe, expect, it } from 'vitest';
import { attributesOf, guessName } from '../../functions/events/attributes.ts';
import { groupsIn } from '../../functions/events/groups/in-user.ts';
import { jsonView } from '../../functions/events/json-view.ts';
import { ENTERPRISE_USER } from '../../functions/scim-core/schema.ts';

describe('a look into what a provider sent', () => {
  const sent = {
    user: { name: ' Ada ', blank: ' ', age: 36, odd: Number.NaN, none: null, list: ['a', 'b'], on: 'TRUE' },
    off: 'false',
    word: 'truely',
    also: 'not false',
    on: true,
  };
  const view = jsonView(sent);

  it('finds by names with dots between, and nothing where something else stands in between', () => {
    expect(view.text('user.name')).toBe(' Ada ');
    expect(view.at('user').text('name')).toBe(' Ada ');
    expect(view.at('').value).toBe(sent);
    expect(view.value).toBe(sent);
    for (const path of ['user.name.first', 'user.none.first', 'nobody.name', 'user.toString', 'user..name'])
      expect(view.at(path).value, path).toBeUndefined();
    expect(jsonView(null).text('user')).toBeUndefined();
    expect(jsonView(undefined).at('user').value).toBeUndefined();
  });

  it('takes text that is not blank, and a number as its digits', () => {
    expect(view.text('user.age')).toBe('36');
    for (const path of ['user.blank', 'user.odd', 'user.none', 'user.list', 'on', 'user'])
      expect(view.text(path), path).toBeUndefined();
  });

  it('takes true and false, also as whole words', () => {
    expect([view.flag('on'), view.flag('user.on'), view.flag('off')]).toEqual([true, true, false]);
    for (const path of ['word', 'also', 'user.age', 'user.none', 'user.list'])
      expect(view.flag(path), path).toBeUndefined();
  });

  it('takes numbers that are some', () => {
    expect(view.number('user.age')).toBe(36);
    for (const path of ['user.odd', 'user.name', 'user.none'])
      expect(view.number(path), path).toBeUndefined();
  });

  it('takes the elements of an array, and none of anything else', () => {
    expect(view.list('user.list').map(({ value }) => value)).toEqual(['a', 'b']);
    for (const path of ['user.name', 'user', 'user.none', 'nobody'])
      expect(view.list(path), path).toEqual([]);
  });

  it('tells whether something that is not null stands somewhere', () => {
    const paths = ['user', 'off', 'user.odd', 'user.none', 'nobody'];
    expect(paths.map((path) => view.has(path))).toEqual([true, true, true, false, false]);
  });
});

describe('the groups of a SCIM User', () => {
  it('are those that have an id, and undefined where the resource has no list of them', () => {
    const groups = [{ value: 'g1', display: 'Tours' }, { value: 'g2' }, { display: 'Nameless' }, 'odd'];
    expect(groupsIn(jsonView({ groups }))).toEqual([{ id: 'g1', display: 'Tours' }, { id: 'g2' }]);
    expect(groupsIn(jsonView({ groups: [] }))).toEqual([]);
    expect(groupsIn(jsonView({}))).toBeUndefined();
    expect(groupsIn(jsonView({ groups: { value: 'g1' } }))).toBeUndefined();
  });
});

describe("a provider's profile as attributes of a SCIM User", () => {
  it('has each value where RFC 7643 has it', () => {
    const profile = {
      userName: 'ada',
      displayName: 'Ada Lovelace',
      givenName: 'Ada',
      familyName: 'Lovelace',
      email: 'ada@example.com',
      phone: '+49 30 1',
      mobile: '+49 170 1',
      active: false,
      department: 'Tours',
      employeeNumber: '7',
      costCenter: 'C',
      division: 'D',
      organization: 'O',
      title: undefined,
    };
    expect(attributesOf(profile)).toEqual({
      userName: 'ada',
      displayName: 'Ada Lovelace',
      active: false,
      name: { givenName: 'Ada', familyName: 'Lovelace' },
      emails: [{ value: 'ada@example.com', type: 'work', primary: true }],
      phoneNumbers: [
        { value: '+49 30 1', type: 'work' },
        { value: '+49 170 1', type: 'mobile' },
      ],
      [ENTERPRISE_USER.id]: {
        department: 'Tours',
        division: 'D',
        organization: 'O',
        costCenter: 'C',
        employeeNumber: '7',
      },
    });
  });

  it('has nothing of what is not known', () => {
    expect(attributesOf({})).toEqual({});
    expect(attributesOf({ mobile: '+49 170 1' })).toEqual({
      phoneNumbers: [{ value: '+49 170 1', type: 'mobile' }],
    });
  });

  it.each([
    [
      ' Ada  King Lovelace ',
      { displayName: 'Ada King Lovelace', givenName: 'Ada', familyName: 'King Lovelace' },
    ],
    ['Ada', { displayName: 'Ada', givenName: 'Ada' }],
    ['ada@example.com', { displayName: 'ada@example.com' }],
    ['ada@example.com (old)', { displayName: 'ada@example.com (old)' }],
    [' ', {}],
    [undefined, {}],
  ])('guesses first and last name of %j', (text, names) => {
    expect(guessName(text)).toEqual(names);
  });
});
