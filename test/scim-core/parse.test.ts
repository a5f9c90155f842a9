import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyPatch } from '../../functions/scim-core/patch/patch.ts';
import { parseResource } from '../../functions/scim-core/resource/parse.ts';
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
import { refusal, succeedsOrRefuses } from './refusal.ts';

const ENTERPRISE = ENTERPRISE_USER.id;
const AGENT = AGENT_EXTENSION.id;

const user = (body: object) => {
  const { schemas: _, userName: __, ...rest } = parseResource({ userName: 'bob', ...body }, USER_KIND);
  return rest;
};
const refused = (body: unknown, kind: ResourceKind = USER_KIND) => {
  const { code, attribute: name, message } = refusal(() => parseResource(body, kind));
  return { code, attribute: name, message };
};
const refusedUser = (body: object) => refused({ userName: 'bob', ...body });

describe('parseResource', () => {
  it('keeps a canonical user as it is', () => {
    const body = {
      schemas: [USER.id, ENTERPRISE, AGENT],
      externalId: '701984',
      userName: 'bjensen@example.com',
      name: { formatted: 'Ms. Barbara J Jensen, III', familyName: 'Jensen' },
      active: true,
      emails: [
        { value: 'bjensen@example.com', type: 'work', primary: true },
        { value: 'babs@jensen.org', type: 'home', display: 'Babs' },
      ],
      addresses: [{ streetAddress: '100 Universal City Plaza', type: 'work', primary: true }],
      [ENTERPRISE]: {
        department: 'Tours',
        manager: { value: 'm1', $ref: '../Users/m1', displayName: 'John' },
      },
      [AGENT]: {
        agentGroup: 'Billing',
        skills: [{ skill: 'Refunds', proficiency: 'expert' }],
        languages: [{ language: 'en', channel: 'voice' }],
        queues: [{ value: 'Billing', preferred: true }],
      },
    };
    expect(parseResource(body, USER_KIND)).toEqual(body);
  });

  it('leaves strings exactly as they were sent (E20)', () => {
    const odd = '  Zoë\u0000 \u{1F600}  ';
    expect(user({ title: odd, nickName: '', emails: [{ value: 'A@B.C ', type: 'WORK' }] })).toEqual({
      title: odd,
      nickName: '',
      emails: [{ value: 'A@B.C ', type: 'WORK' }],
    });
    expect(parseResource({ userName: ' bob ' }, USER_KIND).userName).toBe(' bob ');
  });

  it('spells names as the schema does, however they are written', () => {
    expect(
      user({
        DISPLAYNAME: 'B',
        Name: { GIVENNAME: 'Bob' },
        Emails: [{ VALUE: 'x', Type: 'work', PRIMARY: true }],
        [ENTERPRISE.toUpperCase()]: { DEPARTMENT: 'Tours', Manager: { $REF: 'r' } },
      }),
    ).toEqual({
      displayName: 'B',
      name: { givenName: 'Bob' },
      emails: [{ value: 'x', type: 'work', primary: true }],
      [ENTERPRISE]: { department: 'Tours', manager: { $ref: 'r' } },
    });
  });

  it('computes the schemas, whatever the client says', () => {
    const schemas = (body: object) => parseResource({ userName: 'bob', ...body }, USER_KIND).schemas;
    expect(schemas({})).toEqual([USER.id]);
    expect(schemas({ schemas: [ENTERPRISE, 'urn:x'] })).toEqual([USER.id]);
    expect(schemas({ schemas: 'nonsense' })).toEqual([USER.id]);
    expect(schemas({ [AGENT]: { role: 'Agent' }, [ENTERPRISE]: { department: 'x' } })).toEqual([
      USER.id,
      ENTERPRISE,
      AGENT,
    ]);
    expect(Object.keys(parseResource({ userName: 'bob' }, USER_KIND))[0]).toBe('schemas');
  });

  it('drops unknown attributes and schemas (E10, E12)', () => {
    expect(
      user({
        department_code: 'x',
        name: { nick: 'x' },
        emails: [{ value: 'x', id: 5 }],
        'urn:acme:User': { a: 1 },
        'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group': {},
        [ENTERPRISE]: { shoeSize: 44 },
        [`${USER.id}:nick`]: 'x',
        [USER.id]: { shoeSize: 44, title: null },
        'name.nick': 'x',
        'nick.name': 'x',
        [`${ENTERPRISE}:shoeSize`]: 44,
        'emails.nick[': 'x',
      }),
    ).toEqual({ emails: [{ value: 'x' }] });
  });

  it('reads attributes within the URN of the core schema as if they stood beside it', () => {
    expect(
      user({ nickName: 'y', [USER.id]: { Title: 'x', 'name.givenName': 'A', [USER.id]: { locale: 'de' } } }),
    ).toEqual({
      nickName: 'y',
      title: 'x',
      name: { givenName: 'A' },
    });
    expect(user({ title: 'x', [USER.id]: 'y' })).toEqual({ title: 'x' });
  });

  it('drops what the service provider sets: id, meta, groups, provisioning', () => {
    expect(
      user({
        id: 5,
        meta: { resourceType: 'User' },
        groups: [{ value: 'g' }],
        [AGENT]: { provisioning: { state: 'due' } },
      }),
    ).toEqual({});
  });

  it.each(['secret', 5, { a: 1 }, ['x'], null])('takes a password of %j and forgets it', (password) => {
    expect(user({ password, [`${USER.id}:password`]: password })).toEqual({});
  });

  it('takes null, empty lists and empty objects for unassigned (E12)', () => {
    expect(
      user({
        addresses: null,
        title: null,
        emails: [],
        phoneNumbers: [null, {}, { value: null }],
        name: {},
        roles: '',
        ims: [{ value: null, type: 'aim' }],
        photos: { value: null },
        active: null,
        [ENTERPRISE]: { manager: '', department: null },
        [AGENT]: null,
      }),
    ).toEqual({ ims: [{ type: 'aim' }] });
    expect(user({ name: null })).toEqual({});
    expect(user({ name: '' })).toEqual({});
    expect(user({ [ENTERPRISE]: {} })).toEqual({});
    expect(user({ [ENTERPRISE]: '' })).toEqual({});
  });

  it.each([
    ['true', true],
    ['True', true],
    ['FALSE', false],
    ['False', false],
    [true, true],
    [false, false],
  ])('takes %j for a boolean (E5)', (sent, value) => {
    expect(user({ active: sent })).toEqual({ active: value });
    expect(user({ emails: [{ value: 'x', primary: sent }] })).toEqual({
      emails: [{ value: 'x', primary: value }],
    });
  });

  it.each(['yes', '', 1, 0, 'truely', 'untrue', 'falsely', 'xfalse', {}, [true]])(
    'refuses %j for a boolean',
    (sent) => {
      expect(refusedUser({ active: sent })).toMatchObject({ code: 'invalidValue', attribute: 'active' });
    },
  );

  it('says what is wrong with a value and what would be right', () => {
    expect(refusedUser({ active: 'yes' }).message).toBe('active must be true or false, not "yes".');
    expect(refusedUser({ title: 5 })).toEqual({
      code: 'invalidValue',
      attribute: 'title',
      message: 'title must be a string, not 5.',
    });
    expect(refusedUser({ emails: [{ value: { a: 1 } }] })).toEqual({
      code: 'invalidValue',
      attribute: 'emails.value',
      message: 'emails.value must be a string, not an object.',
    });
    expect(refusedUser({ name: 'Bob' })).toEqual({
      code: 'invalidValue',
      attribute: 'name',
      message:
        'name must be an object of formatted, familyName, givenName, middleName, honorificPrefix, honorificSuffix, not "Bob".',
    });
    expect(refusedUser({ name: [{ givenName: 'a' }, { givenName: 'b' }] })).toEqual({
      code: 'invalidValue',
      attribute: 'name',
      message: 'name takes one value here, not a list of 2.',
    });
    expect(refusedUser({ [ENTERPRISE]: { department: true } })).toMatchObject({ attribute: 'department' });
    expect(refusedUser({ [ENTERPRISE]: 'x' })).toMatchObject({ attribute: ENTERPRISE });
  });

  it('never repeats a phone number', () => {
    const { message } = refusedUser({ phoneNumbers: [{ value: ['+15550100'] }, { primary: '+15550100' }] });
    expect(message).toBe('phoneNumbers.value must be a string, not a list.');
    expect(refusedUser({ phoneNumbers: [{ primary: '+15550100' }] }).message).toBe(
      'phoneNumbers.primary must be true or false, not the value sent.',
    );
    expect(refusedUser({ phoneNumbers: [1.5] }).message).toBe(
      'phoneNumbers.value must be a string, not the value sent.',
    );
  });

  it.each([
    [{ externalId: 5 }, { externalId: '5' }],
    [{ [ENTERPRISE]: { employeeNumber: 701984 } }, { [ENTERPRISE]: { employeeNumber: '701984' } }],
    [{ [ENTERPRISE]: { costCenter: -1 } }, { [ENTERPRISE]: { costCenter: '-1' } }],
    [{ [ENTERPRISE]: { manager: 271 } }, { [ENTERPRISE]: { manager: { value: '271' } } }],
    [{ [ENTERPRISE]: { manager: { value: 271 } } }, { [ENTERPRISE]: { manager: { value: '271' } } }],
    [{ phoneNumbers: [15550100] }, { phoneNumbers: [{ value: '15550100' }] }],
    [{ addresses: [{ postalCode: 8004 }] }, { addresses: [{ postalCode: '8004' }] }],
  ])('takes the number in %j for the text it stands for', (body, expected) => {
    expect(user(body)).toEqual(expected);
  });

  it.each([
    { userName: 5 },
    { displayName: 5 },
    { emails: [{ value: 5 }] },
    { externalId: 5.5 },
    { externalId: 2 ** 53 },
    { externalId: true },
    { addresses: [{ locality: 8004 }] },
    { profileUrl: 5 },
    { x509Certificates: [5] },
  ])('refuses the number in %j', (body) => {
    expect(refusedUser(body).code).toBe('invalidValue');
  });

  it('wraps a single value of a multi-valued attribute', () => {
    expect(user({ emails: { value: 'x', type: 'work' } })).toEqual({
      emails: [{ value: 'x', type: 'work' }],
    });
    expect(user({ emails: 'x' })).toEqual({ emails: [{ value: 'x' }] });
    expect(user({ emails: ['x', { value: 'y' }, ''] })).toEqual({ emails: [{ value: 'x' }, { value: 'y' }] });
    expect(user({ [AGENT]: { skills: ['Refunds'], languages: 'en', queues: ['Billing'] } })).toEqual({
      [AGENT]: {
        skills: [{ skill: 'Refunds' }],
        languages: [{ language: 'en' }],
        queues: [{ value: 'Billing' }],
      },
    });
  });

  it('refuses a bare value where no part of an element is the main one', () => {
    expect(refusedUser({ addresses: ['Main Street 1'] })).toMatchObject({
      attribute: 'addresses',
      message: expect.stringContaining('addresses must be an object of formatted, streetAddress'),
    });
  });

  it.each([
    ['an object', '{"value":"Admin","display":"A","id":"x"}', [{ value: 'Admin', display: 'A' }]],
    ['objects', ' [{"value":"A"},{"value":"B"}]', [{ value: 'A' }, { value: 'B' }]],
    ['strings', '["A","B"]', [{ value: 'A' }, { value: 'B' }]],
    ['one in a list', ['{"value":"Admin"}', 'Plain'], [{ value: 'Admin' }, { value: 'Plain' }]],
    ['one in a single object', { value: '{"a":1}' }, [{ value: '{"a":1}' }]],
  ])('opens roles that come as JSON in a string: %s (E12)', (_, roles, expected) => {
    expect(user({ roles })).toEqual({ roles: expected });
  });

  it.each(['{Admin}', '[Admin', 'Admin', '"Admin"', '5', 'null', 'x{"value":"y"}'])(
    'keeps a role called %s',
    (role) => {
      expect(user({ roles: role })).toEqual({ roles: [{ value: role }] });
    },
  );

  it.each(['[]', '{}', '[null]'])('takes roles of %s for none', (roles) => {
    expect(user({ roles })).toEqual({});
  });

  it('takes a manager in every form that is sent (E8)', () => {
    const manager = (sent: unknown) => user({ [ENTERPRISE]: { manager: sent } });
    const expected = { [ENTERPRISE]: { manager: { value: '271' } } };
    expect(manager('271')).toEqual(expected);
    expect(manager(['271'])).toEqual(expected);
    expect(manager([{ value: '271', $ref: null }])).toEqual(expected);
    expect(manager({ value: '271', managerId: 'x' })).toEqual(expected);
    expect(manager([])).toEqual({});
    expect(manager({ managerId: 'x' })).toEqual({});
    expect(refusedUser({ [ENTERPRISE]: { manager: ['1', '2'] } }).attribute).toBe('manager');
  });

  it('moves enterprise attributes where they belong (E12)', () => {
    expect(user({ department: 'Tours', Manager: '271', employeeNumber: 5 })).toEqual({
      [ENTERPRISE]: { department: 'Tours', manager: { value: '271' }, employeeNumber: '5' },
    });
    expect(user({ 'manager.value': '271' })).toEqual({ [ENTERPRISE]: { manager: { value: '271' } } });
  });

  it('prefers what stands in the extension, in either order', () => {
    const expected = { [ENTERPRISE]: { department: 'inside' } };
    expect(user({ department: 'outside', [ENTERPRISE]: { department: 'inside' } })).toEqual(expected);
    expect(user({ [ENTERPRISE]: { department: 'inside' }, department: 'outside' })).toEqual(expected);
    expect(user({ [`${ENTERPRISE}:department`]: 'inside', department: 'outside' })).toEqual(expected);
  });

  it('leaves the wishes for an agent to its own extension', () => {
    expect(user({ skills: ['Java'], role: 'Boss', 'skills.skill': 'Java', queues: 'x' })).toEqual({});
  });

  it('understands the mistyped URN of the enterprise extension (E12)', () => {
    expect(
      user({ 'urn:ietf:params:scim:schemas:extension:enterprise:2.0User': { department: 'Tours' } }),
    ).toEqual({ [ENTERPRISE]: { department: 'Tours' } });
  });

  it('opens an extension that comes in a list of one', () => {
    expect(
      user({
        [AGENT]: [{ skills: ['a', 'b'], languages: [], provisioning: { state: 'due' } }],
        [ENTERPRISE]: [{ manager: null }],
      }),
    ).toEqual({ [AGENT]: { skills: [{ skill: 'a' }, { skill: 'b' }] } });
  });

  it('does not look for enterprise attributes under the core URN', () => {
    expect(user({ [`${USER.id}:department`]: 'x', [`${USER.id}:title`]: 'y' })).toEqual({ title: 'y' });
  });

  it('drops sub-attributes that are read-only', () => {
    const manager = attribute('manager', {
      type: 'complex',
      subAttributes: [attribute('value'), attribute('displayName', { mutability: 'readOnly' })],
    });
    const kind: ResourceKind = { ...USER_KIND, core: { ...USER, attributes: [manager] } };
    const sent = { manager: { value: '1', displayName: 'x' } };
    expect(parseResource(sent, kind).manager).toEqual({ value: '1' });
    expect(parseResource({ ...sent, 'manager.displayName': 'x' }, kind).manager).toEqual({ value: '1' });
    expect(
      refusal(() => applyPatch(sent, [{ op: 'replace', path: 'manager.displayName', value: 'y' }], kind)),
    ).toMatchObject({ code: 'mutability', attribute: 'manager.displayName' });
  });

  it('keeps equal elements of a body apart, as they were sent', () => {
    expect(user({ emails: ['x', 'x'] })).toEqual({ emails: [{ value: 'x' }, { value: 'x' }] });
  });

  it('opens dotted and qualified names (E6)', () => {
    expect(
      user({
        'name.givenName': 'Bob',
        'NAME.familyname': 'Jones',
        [`${ENTERPRISE}:employeeNumber`]: 'A1',
        [`${ENTERPRISE}.manager`]: 'm1',
        [`${USER.id}:title`]: 'Boss',
        [`${AGENT}:role`]: 'Agent',
        'emails[type eq "work"].value': 'x',
        'phoneNumbers[type eq "mobile"]': '555',
        [ENTERPRISE]: { 'manager.displayName': 'John' },
      }),
    ).toEqual({
      name: { givenName: 'Bob', familyName: 'Jones' },
      title: 'Boss',
      emails: [{ type: 'work', value: 'x' }],
      phoneNumbers: [{ type: 'mobile', value: '555' }],
      [ENTERPRISE]: { employeeNumber: 'A1', manager: { value: 'm1', displayName: 'John' } },
      [AGENT]: { role: 'Agent' },
    });
  });

  it('refuses a malformed filter in a name', () => {
    expect(refusedUser({ 'emails[type eqq "work"].value': 'x' }).code).toBe('invalidFilter');
  });

  it.each([{}, { userName: null }, { userName: '' }, { userName: ' \t' }])(
    'refuses a user without a userName: %j',
    (body) => {
      expect(refused(body)).toEqual({
        code: 'invalidValue',
        attribute: 'userName',
        message: 'userName is required and must not be blank.',
      });
    },
  );

  it('wants a name for each skill and language and queue', () => {
    expect(refusedUser({ [AGENT]: { skills: [{ proficiency: 'expert' }] } })).toEqual({
      code: 'invalidValue',
      attribute: 'skills.skill',
      message: 'skills.skill is required and must not be blank.',
    });
    expect(refusedUser({ [AGENT]: { languages: [{ language: ' ' }] } }).attribute).toBe('languages.language');
    expect(refusedUser({ [AGENT]: { queues: [{ preferred: true }] } }).attribute).toBe('queues.value');
  });

  it('takes one primary value and no more', () => {
    const emails = (...primaries: (boolean | string)[]) => ({
      emails: primaries.map((primary, index) => ({ value: `${index}`, primary })),
    });
    expect(user(emails(true, false, false)).emails).toHaveLength(3);
    expect(refusedUser(emails(true, 'True'))).toEqual({
      code: 'invalidValue',
      attribute: 'emails.primary',
      message: 'emails has 2 values with "primary": true; one is the most.',
    });
  });

  it.each([null, undefined, 'x', 5, true, [], [{ userName: 'bob' }]])('refuses a body of %j', (body) => {
    expect(refused(body)).toMatchObject({
      code: 'invalidSyntax',
      message: expect.stringContaining('A User must'),
    });
  });

  it('reads a group', () => {
    expect(
      parseResource(
        {
          schemas: [GROUP.id, 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group'],
          displayName: 'Sales',
          externalId: 'x',
          members: [{ value: 'u1', $ref: null, display: 'Bob', type: 'User' }, 'u2', { value: 3 }],
          department: 'x',
          meta: { resourceType: 'Group' },
        },
        GROUP_KIND,
      ),
    ).toEqual({
      schemas: [GROUP.id],
      displayName: 'Sales',
      externalId: 'x',
      members: [{ value: 'u1', display: 'Bob', type: 'User' }, { value: 'u2' }, { value: '3' }],
    });
    expect(refused({ members: [] }, GROUP_KIND)).toMatchObject({ attribute: 'displayName' });
    expect(refused({ displayName: 'x', members: [{ display: 'Bob' }] }, GROUP_KIND).attribute).toBe(
      'members.value',
    );
  });

  it('holds numbers and times to their types', () => {
    const kind: ResourceKind = {
      ...USER_KIND,
      core: {
        ...USER,
        attributes: [
          attribute('level', { type: 'integer' }),
          attribute('score', { type: 'decimal' }),
          attribute('since', { type: 'dateTime' }),
          attribute('tags', { multiValued: true }),
        ],
      },
    };
    const good = { level: 3, score: 1.5, since: '2026-05-13T04:42:34.1234567Z', tags: ['a', 'b'] };
    expect(parseResource(good, kind)).toMatchObject(good);
    expect(refused({ level: '3' }, kind).message).toBe('level must be a whole number, not "3".');
    expect(refused({ level: 1.5 }, kind).message).toBe('level must be a whole number, not 1.5.');
    expect(refused({ score: '1' }, kind).message).toBe('score must be a number, not "1".');
    expect(refused({ since: 'today' }, kind).message).toBe(
      'since must be a time such as "2026-05-13T04:42:34Z", not "today".',
    );
    expect(refused({ since: 5 }, kind).code).toBe('invalidValue');
    expect(refused({ tags: [1] }, kind).attribute).toBe('tags');
  });
});

describe('hostile bodies', () => {
  const deep = (levels: number): unknown => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);

  it('may be nested 20 levels and no more', () => {
    expect(user({ x: deep(19) })).toEqual({});
    expect(refusedUser({ x: deep(20) })).toMatchObject({
      code: 'invalidSyntax',
      message: 'The JSON is nested more than 20 levels deep.',
    });
    expect(refusedUser({ x: deep(3000) }).code).toBe('invalidSyntax');
    expect(refusedUser({ roles: `${'['.repeat(30)}${']'.repeat(30)}` }).code).toBe('invalidSyntax');
    expect(refusedUser({ roles: `${'['.repeat(100_000)}${']'.repeat(100_000)}` }).code).toBe('invalidSyntax');
  });

  it('may have 1,000 values of an attribute, 100,000 members, and no more', () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => `${index}`);
    expect(user({ emails: many(1000) }).emails).toHaveLength(1000);
    expect(refusedUser({ emails: many(1001) })).toEqual({
      code: 'invalidValue',
      attribute: 'emails',
      message: 'emails has 1001 values; 1000 is the most.',
    });
    const group = (count: number) => ({ displayName: 'x', members: many(count) });
    expect(parseResource(group(100_000), GROUP_KIND).members).toHaveLength(100_000);
    expect(refused(group(100_001), GROUP_KIND).message).toBe(
      'members has 100001 values; 100000 is the most.',
    );
  });

  it('may have 1,000 attributes and no more', () => {
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, index) => [`name.x${index}`, 1]));
    expect(parseResource({ userName: 'bob', ...many(999) }, USER_KIND)).toMatchObject({ userName: 'bob' });
    expect(refusedUser(many(1000))).toMatchObject({
      code: 'invalidSyntax',
      message: 'There are 1001 attributes; 1000 is the most.',
    });
    expect(refusedUser({ [ENTERPRISE]: many(1001) }).code).toBe('invalidSyntax');
  });

  it('change nothing but themselves through __proto__ and constructor', () => {
    const body = JSON.parse(
      `{"userName":"bob","__proto__":{"active":true,"polluted":1},"constructor":{"prototype":{"polluted":1}},
        "name":{"__proto__":{"givenName":"x"},"constructor":1},"emails":[{"__proto__":{"value":"x"},"type":"work"}],
        "__proto__.polluted":1,"name.__proto__":1,"${ENTERPRISE}":{"__proto__":{"polluted":1}}}`,
    );
    const resource = parseResource(body, USER_KIND);
    expect(resource).toEqual({ schemas: [USER.id], userName: 'bob', emails: [{ type: 'work' }] });
    expect(Object.getPrototypeOf(resource)).toBe(Object.prototype);
    expect('polluted' in {}).toBe(false);
    expect(resource.active).toBeUndefined();
  });

  it.each([
    ['a string of a megabyte', { userName: 'x'.repeat(1_000_000) }],
    [
      'a name of a megabyte',
      { userName: 'bob', ['x'.repeat(1_000_000)]: 1, [`name.${'x'.repeat(1_000_000)}`]: 1 },
    ],
    ['a filter of a megabyte', { userName: 'bob', [`emails[${'('.repeat(1_000_000)}`]: 1 }],
    [
      'a thousand half-known names',
      Object.fromEntries(
        Array.from({ length: 990 }, (_, index) => [`name.${'abcdefgh'.repeat(7)}${index}`, 1]),
      ),
    ],
    [
      'elements with many unknown names',
      {
        userName: 'bob',
        emails: [Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`x${index}`, 1]))],
      },
    ],
  ])('are done with at once: %s', { timeout: 5_000 }, (_, body) => {
    succeedsOrRefuses(() => parseResource(body, USER_KIND));
  });

  it('are refused with a ScimInputError or read, and what is read reads back as itself', () => {
    const names = fc.constantFrom(
      'userName',
      'name',
      'emails',
      'value',
      'type',
      'primary',
      'active',
      'manager',
      'roles',
      ENTERPRISE,
      AGENT,
      'skills',
      'skill',
      '__proto__',
      'schemas',
      'id',
      'name.givenName',
      'emails[type eq "x"].value',
      'members',
    );
    const leaf = fc.oneof(
      fc.string(),
      fc.boolean(),
      fc.integer(),
      fc.constant(null),
      fc.constantFrom('True', '{"value":"x"}'),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.oneof(names, fc.string()), tie('value'), { maxKeys: 5 }),
      ),
    }));
    const body = fc.oneof(
      value,
      fc.dictionary(names, value).map((rest) => ({ ...rest, userName: 'bob' })),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(body, fc.constantFrom(USER_KIND, GROUP_KIND), (sent, kind) => {
        const before = JSON.stringify(sent);
        let resource: Record<string, unknown> | undefined;
        succeedsOrRefuses(() => {
          resource = parseResource(sent, kind);
        });
        expect(JSON.stringify(sent)).toBe(before);
        if (resource !== undefined) expect(parseResource(resource, kind)).toEqual(resource);
      }),
      { numRuns: 1000 },
    );
  });
});
