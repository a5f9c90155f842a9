import { describe, expect, it } from 'vitest';
import { compileProjection, type Selection } from '../../functions/scim-core/resource/project.ts';
import type { Resource } from '../../functions/scim-core/resource/resource.ts';
import { attribute } from '../../functions/scim-core/schema/attribute.ts';
import {
  AGENT_EXTENSION,
  ENTERPRISE_USER,
  GROUP,
  GROUP_KIND,
  type ResourceKind,
  USER,
  USER_KIND,
} from '../../functions/scim-core/schema.ts';
import { refusal } from './refusal.ts';

const ENTERPRISE = ENTERPRISE_USER.id;
const AGENT = AGENT_EXTENSION.id;
const PERSON: Resource = {
  schemas: [USER.id, ENTERPRISE, AGENT],
  id: '1',
  externalId: 'x',
  userName: 'bob',
  name: { givenName: 'Bob', familyName: 'Jones' },
  active: false,
  emails: [
    { value: 'b@work', type: 'work', primary: true },
    { value: 'b@home', type: 'home' },
  ],
  groups: [{ value: 'g1', display: 'Sales' }],
  meta: { resourceType: 'User', version: 'v' },
  [ENTERPRISE]: { department: 'Tours', manager: { value: 'm1', displayName: 'John' } },
  [AGENT]: { skills: [{ skill: 'Refunds', proficiency: 'expert' }], provisioning: { state: 'due' } },
};
const ALWAYS = { schemas: PERSON.schemas, id: '1' };

const projected = (selection: Selection, resource = PERSON, kind: ResourceKind = USER_KIND) =>
  compileProjection(selection, kind)(resource);
const only = (attributes: string | string[]) => projected({ attributes });
const without = (excludedAttributes: string | string[]) => projected({ excludedAttributes });
const less = (...names: string[]) =>
  Object.fromEntries(Object.entries(PERSON).filter(([name]) => !names.includes(name)));

describe('compileProjection', () => {
  it.each([{}, { attributes: '' }, { attributes: [], excludedAttributes: [] }, { attributes: ' , ' }])(
    'shows everything with %j',
    (selection) => {
      expect(projected(selection)).toEqual(PERSON);
    },
  );

  it('shows nothing that no schema has, and never a password', () => {
    expect(projected({}, { ...PERSON, password: 'secret', internal: 1 })).toEqual(PERSON);
    expect(
      projected({ attributes: 'password,internal' }, { ...PERSON, password: 'secret', internal: 1 }),
    ).toEqual(ALWAYS);
  });

  it('shows what is asked for, and always id and schemas', () => {
    expect(only('userName')).toEqual({ ...ALWAYS, userName: 'bob' });
    expect(only('userName,active')).toEqual({ ...ALWAYS, userName: 'bob', active: false });
    expect(only(['userName', ' active '])).toEqual({ ...ALWAYS, userName: 'bob', active: false });
    expect(only('displayName')).toEqual(ALWAYS);
    expect(only('meta.version')).toEqual({ ...ALWAYS, meta: { version: 'v' } });
  });

  it('takes names in any case and with their URN', () => {
    expect(only(`USERNAME, ${USER.id}:active`)).toEqual({ ...ALWAYS, userName: 'bob', active: false });
    expect(only(`${ENTERPRISE.toUpperCase()}:DEPARTMENT`)).toEqual({
      ...ALWAYS,
      [ENTERPRISE]: { department: 'Tours' },
    });
    expect(only('department')).toEqual({ ...ALWAYS, [ENTERPRISE]: { department: 'Tours' } });
  });

  it('goes down to sub-attributes, several of one attribute together', () => {
    expect(only('name.givenName')).toEqual({ ...ALWAYS, name: { givenName: 'Bob' } });
    expect(only('emails.value')).toEqual({ ...ALWAYS, emails: [{ value: 'b@work' }, { value: 'b@home' }] });
    expect(only('emails.value,emails.type')).toEqual({
      ...ALWAYS,
      emails: [
        { value: 'b@work', type: 'work' },
        { value: 'b@home', type: 'home' },
      ],
    });
    expect(only('emails.value,emails')).toEqual({ ...ALWAYS, emails: PERSON.emails });
    expect(only('emails.primary')).toEqual({ ...ALWAYS, emails: [{ primary: true }] });
    expect(only('emails.display')).toEqual(ALWAYS);
    expect(only('name.middleName')).toEqual(ALWAYS);
    expect(only('manager.value')).toEqual({ ...ALWAYS, [ENTERPRISE]: { manager: { value: 'm1' } } });
  });

  it('selects elements by a value path, commas and brackets within included', () => {
    expect(only('emails[type eq "work"].value')).toEqual({ ...ALWAYS, emails: [{ value: 'b@work' }] });
    expect(only('emails[type eq "work"]')).toEqual({
      ...ALWAYS,
      emails: [{ value: 'b@work', type: 'work', primary: true }],
    });
    expect(only('emails[type eq "work"].value,emails[type eq "home"].type')).toEqual({
      ...ALWAYS,
      emails: [{ value: 'b@work' }, { type: 'home' }],
    });
    expect(only('active,emails[type eq "a,]\\",b" or type eq "home"].value,userName')).toEqual({
      ...ALWAYS,
      userName: 'bob',
      active: false,
      emails: [{ value: 'b@home' }],
    });
    expect(only('emails[type eq "fax"]')).toEqual(ALWAYS);
  });

  it('shows a whole extension by its URN', () => {
    expect(only(ENTERPRISE)).toEqual({ ...ALWAYS, [ENTERPRISE]: PERSON[ENTERPRISE] });
    expect(only(`${AGENT}:provisioning`)).toEqual({ ...ALWAYS, [AGENT]: { provisioning: { state: 'due' } } });
    expect(only(`${AGENT}:skills.skill`)).toEqual({ ...ALWAYS, [AGENT]: { skills: [{ skill: 'Refunds' }] } });
  });

  it('shows nothing of an extension by a filter on it', () => {
    expect(only(`${ENTERPRISE}[department eq "Tours"]`)).toEqual(ALWAYS);
    expect(without(`${ENTERPRISE}[department eq "Tours"]`)).toEqual(PERSON);
  });

  it('leaves out what is excluded, but never id and schemas', () => {
    expect(without('userName,groups')).toEqual(less('userName', 'groups'));
    expect(without(['USERNAME', `${USER.id}:groups`])).toEqual(less('userName', 'groups'));
    expect(without('id,schemas')).toEqual(PERSON);
  });

  it('leaves out parts, elements and extensions', () => {
    expect(without('name.givenName')).toEqual({ ...PERSON, name: { familyName: 'Jones' } });
    expect(without('name.givenName,name.familyName')).toEqual(less('name'));
    expect(without('emails.type')).toEqual({
      ...PERSON,
      emails: [{ value: 'b@work', primary: true }, { value: 'b@home' }],
    });
    expect(without('emails[type eq "work"]')).toEqual({
      ...PERSON,
      emails: [{ value: 'b@home', type: 'home' }],
    });
    expect(without('emails[type eq "work"].value')).toEqual({
      ...PERSON,
      emails: [
        { type: 'work', primary: true },
        { value: 'b@home', type: 'home' },
      ],
    });
    expect(without('emails[type pr]')).toEqual(less('emails'));
    expect(without(ENTERPRISE)).toEqual(less(ENTERPRISE));
    expect(without('department')).toEqual({
      ...PERSON,
      [ENTERPRISE]: { manager: { value: 'm1', displayName: 'John' } },
    });
    expect(without('manager,department')).toEqual(less(ENTERPRISE));
  });

  it('leaves the members of a group out (E11)', () => {
    const group = { schemas: [GROUP.id], id: 'g', displayName: 'Sales', members: [{ value: '1' }] };
    expect(projected({ excludedAttributes: 'members' }, group, GROUP_KIND)).toEqual({
      schemas: [GROUP.id],
      id: 'g',
      displayName: 'Sales',
    });
    expect(projected({ attributes: 'members' }, group, GROUP_KIND)).toEqual({
      schemas: [GROUP.id],
      id: 'g',
      members: [{ value: '1' }],
    });
  });

  it('takes what is excluded from what is asked for', () => {
    expect(
      projected({ attributes: 'emails,userName', excludedAttributes: 'emails.primary,userName' }),
    ).toEqual({
      ...ALWAYS,
      emails: [
        { value: 'b@work', type: 'work' },
        { value: 'b@home', type: 'home' },
      ],
    });
    expect(projected({ attributes: ENTERPRISE, excludedAttributes: 'manager' })).toEqual({
      ...ALWAYS,
      [ENTERPRISE]: { department: 'Tours' },
    });
  });

  it('selects nothing by names it does not know, and refuses a malformed filter', () => {
    expect(only('nonsense,urn:acme:x,emails.foo')).toEqual(ALWAYS);
    expect(without('nonsense')).toEqual(PERSON);
    expect(refusal(() => only('emails[type eqq "x"]')).code).toBe('invalidFilter');
    expect(refusal(() => only('emails[type eq "work"')).code).toBe('invalidFilter');
  });

  it('returns what is returned on request only then', () => {
    const kind: ResourceKind = {
      ...USER_KIND,
      core: {
        ...USER,
        attributes: [attribute('big', { returned: 'request' }), attribute('tags', { multiValued: true })],
      },
    };
    const resource = { schemas: [USER.id], id: '1', big: 'x', tags: ['a', 'b'] };
    expect(projected({}, resource, kind)).toEqual({ schemas: [USER.id], id: '1', tags: ['a', 'b'] });
    expect(projected({ attributes: 'big' }, resource, kind)).toEqual({
      schemas: [USER.id],
      id: '1',
      big: 'x',
    });
    expect(projected({ attributes: 'tags' }, resource, kind)).toEqual({
      schemas: [USER.id],
      id: '1',
      tags: ['a', 'b'],
    });
    expect(projected({ excludedAttributes: 'tags' }, resource, kind)).toEqual({
      schemas: [USER.id],
      id: '1',
    });
  });

  it('leaves the resource alone and keeps its order', () => {
    const before = structuredClone(PERSON);
    const seen = without('emails.type');
    expect(PERSON).toEqual(before);
    expect(Object.keys(seen)).toEqual(Object.keys(PERSON));
  });

  it('lives with an extension that is no object', () => {
    expect(projected({}, { ...ALWAYS, [ENTERPRISE]: 'x' })).toEqual(ALWAYS);
  });

  it('takes 1,000 names and no more, and is done at once', { timeout: 5_000 }, () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => `n${index}`).join(',');
    expect(only(many(1000))).toEqual(ALWAYS);
    expect(refusal(() => only(many(1001)))).toMatchObject({ code: 'invalidSyntax' });
    expect(only('userName,'.repeat(100_000))).toEqual({ ...ALWAYS, userName: 'bob' });
    expect(only('['.repeat(1_000_000))).toEqual(ALWAYS);
  });
});
