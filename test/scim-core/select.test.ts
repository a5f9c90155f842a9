import { describe, expect, it } from 'vitest';
import { parsePath } from '../../functions/scim-core/path/path.ts';
import { compilePath } from '../../functions/scim-core/path/select.ts';
import type { Resource } from '../../functions/scim-core/resource/resource.ts';
import { ENTERPRISE_USER, USER_KIND } from '../../functions/scim-core/schema.ts';

const PERSON: Resource = {
  userName: 'bob',
  active: false,
  title: '',
  nickName: null,
  name: { givenName: 'Bob' },
  emails: [{ value: 'a', type: 'work' }, { type: 'home' }, { value: 'c', type: 'other', primary: true }],
  [ENTERPRISE_USER.id]: { manager: { value: 'm1' } },
};
const select = (path: string, resource = PERSON) => compilePath(parsePath(path, USER_KIND))(resource);

describe('compilePath', () => {
  it.each([
    ['userName', ['bob']],
    ['active', [false]],
    ['title', ['']],
    ['name.givenName', ['Bob']],
    ['name', [{ givenName: 'Bob' }]],
    ['emails.value', ['a', 'c']],
    ['emails[primary eq true].value', ['c']],
    ['emails[type eq "home"].value', []],
    ['emails[type eq "home"]', [{ type: 'home' }]],
    ['emails[type eq "fax"].value', []],
    ['emails', PERSON.emails],
    ['manager.value', ['m1']],
    [ENTERPRISE_USER.id, [{ manager: { value: 'm1' } }]],
    ['displayName', []],
    ['nickName', []],
    ['name.familyName', []],
    ['department', []],
    ['phoneNumbers.value', []],
    ['skills.skill', []],
  ])('lists the values at %s', (path, values) => {
    expect(select(path)).toEqual(values);
  });

  it('finds nothing where another type stands', () => {
    expect(select('name.givenName', { name: 'Bob' })).toEqual([]);
    expect(select('emails.value', { emails: 'x' })).toEqual([]);
    expect(select('emails.value', {})).toEqual([]);
  });

  it('gives a new list each time', () => {
    const read = compilePath(parsePath('emails.value', USER_KIND));
    read(PERSON).push('x');
    expect(read(PERSON)).toEqual(['a', 'c']);
  });
});
