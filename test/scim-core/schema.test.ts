import { describe, expect, it } from 'vitest';
import {
  AGENT_EXTENSION,
  type Attribute,
  COMMON_ATTRIBUTES,
  coreAttributes,
  defaultSubAttribute,
  ENTERPRISE_USER,
  extensionAttribute,
  findAttribute,
  GROUP,
  GROUP_KIND,
  type Schema,
  splitUrn,
  USER,
  USER_KIND,
} from '../../functions/scim-core/schema.ts';

const names = (attributes: readonly Attribute[] = []) => attributes.map(({ name }) => name);
const find = (schema: Schema, path: string): Attribute => {
  const [name = '', sub] = path.split('.');
  const attribute = findAttribute(schema.attributes, name);
  const found = sub === undefined ? attribute : findAttribute(attribute?.subAttributes ?? [], sub);
  if (found === undefined) throw new Error(`no ${path}`);
  return found;
};
const every = (attributes: readonly Attribute[]): Attribute[] =>
  attributes.flatMap((attribute) => [attribute, ...every(attribute.subAttributes ?? [])]);

describe('the User schema', () => {
  it('has the attributes of RFC 7643 section 8.7.1 in their order', () => {
    expect(USER.id).toBe('urn:ietf:params:scim:schemas:core:2.0:User');
    expect(names(USER.attributes)).toEqual([
      'userName',
      'name',
      'displayName',
      'nickName',
      'profileUrl',
      'title',
      'userType',
      'preferredLanguage',
      'locale',
      'timezone',
      'active',
      'password',
      'emails',
      'phoneNumbers',
      'ims',
      'photos',
      'addresses',
      'groups',
      'entitlements',
      'roles',
      'x509Certificates',
    ]);
  });

  it.each([
    ['name', ['formatted', 'familyName', 'givenName', 'middleName', 'honorificPrefix', 'honorificSuffix']],
    ['emails', ['value', 'display', 'type', 'primary']],
    ['groups', ['value', '$ref', 'display', 'type']],
    [
      'addresses',
      ['formatted', 'streetAddress', 'locality', 'region', 'postalCode', 'country', 'type', 'primary'],
    ],
  ])('has the sub-attributes of %s', (name, expected) => {
    expect(names(find(USER, name).subAttributes)).toEqual(expected);
  });

  it('is multi-valued where the RFC says so, and nowhere else', () => {
    expect(USER.attributes.filter(({ multiValued }) => multiValued).map(({ name }) => name)).toEqual([
      'emails',
      'phoneNumbers',
      'ims',
      'photos',
      'addresses',
      'groups',
      'entitlements',
      'roles',
      'x509Certificates',
    ]);
    for (const { subAttributes } of USER.attributes) {
      expect(subAttributes?.some(({ multiValued }) => multiValued) ?? false).toBe(false);
    }
  });

  it('requires the userName alone, unique and in any case', () => {
    expect(every(USER.attributes).filter(({ required }) => required)).toEqual([find(USER, 'userName')]);
    expect(find(USER, 'userName')).toMatchObject({ caseExact: false, uniqueness: 'server' });
  });

  it('never returns the password', () => {
    expect(find(USER, 'password')).toMatchObject({ mutability: 'writeOnly', returned: 'never' });
    expect(every(USER.attributes).filter(({ returned }) => returned !== 'default')).toEqual([
      find(USER, 'password'),
    ]);
  });

  it('lets no client write the groups of a user', () => {
    expect(find(USER, 'groups').mutability).toBe('readOnly');
    expect(find(USER, 'groups').subAttributes?.every(({ mutability }) => mutability === 'readOnly')).toBe(
      true,
    );
  });

  it('types what is no string', () => {
    const typed = every(USER.attributes).filter(({ type }) => type !== 'string' && type !== 'complex');
    expect(new Set(typed.map(({ name, type }) => `${name} ${type}`))).toEqual(
      new Set([
        'profileUrl reference',
        'active boolean',
        'primary boolean',
        'value reference',
        '$ref reference',
        'value binary',
      ]),
    );
    expect(find(USER, 'photos.value').type).toBe('reference');
    expect(find(USER, 'x509Certificates.value').type).toBe('binary');
  });

  it('compares ids, references and binaries exactly, all else in any case', () => {
    const exact = USER.attributes
      .flatMap((attribute) =>
        (attribute.subAttributes ?? [attribute]).map((sub) => [attribute, sub] as const),
      )
      .filter(([, sub]) => sub.caseExact)
      .map(([attribute, sub]) => (attribute === sub ? sub.name : `${attribute.name}.${sub.name}`));
    expect(exact).toEqual([
      'profileUrl',
      'photos.value',
      'groups.value',
      'groups.$ref',
      'x509Certificates.value',
    ]);
  });

  it('suggests the canonical types', () => {
    expect(find(USER, 'emails.type').canonicalValues).toEqual(['work', 'home', 'other']);
    expect(find(USER, 'phoneNumbers.type').canonicalValues).toContain('mobile');
    expect(find(USER, 'ims.type').canonicalValues).toContain('xmpp');
    expect(find(USER, 'photos.type').canonicalValues).toEqual(['photo', 'thumbnail']);
    expect(find(USER, 'groups.type').canonicalValues).toEqual(['direct', 'indirect']);
    expect('canonicalValues' in find(USER, 'roles.type')).toBe(false);
  });
});

describe('the other schemas', () => {
  it('require the displayName of a group (erratum 5368) and the value of a member', () => {
    expect(GROUP.id).toBe('urn:ietf:params:scim:schemas:core:2.0:Group');
    expect(names(GROUP.attributes)).toEqual(['displayName', 'members']);
    expect(find(GROUP, 'displayName').required).toBe(true);
    expect(find(GROUP, 'members.value')).toMatchObject({
      required: true,
      mutability: 'immutable',
      caseExact: true,
    });
    expect(find(GROUP, 'members')).toMatchObject({ multiValued: true, mutability: 'readWrite' });
    expect(find(GROUP, 'members').subAttributes?.every(({ mutability }) => mutability === 'immutable')).toBe(
      true,
    );
  });

  it('have the enterprise attributes of RFC 7643 section 4.3, the manager whole', () => {
    expect(ENTERPRISE_USER.id).toBe('urn:ietf:params:scim:schemas:extension:enterprise:2.0:User');
    expect(names(ENTERPRISE_USER.attributes)).toEqual([
      'employeeNumber',
      'costCenter',
      'organization',
      'division',
      'department',
      'manager',
    ]);
    expect(names(find(ENTERPRISE_USER, 'manager').subAttributes)).toEqual(['value', '$ref', 'displayName']);
    expect(find(ENTERPRISE_USER, 'manager.displayName').mutability).toBe('readWrite');
  });

  it('have the wishes for an agent, and its provisioning read-only', () => {
    expect(AGENT_EXTENSION.id).toBe('urn:agent-provisioner:params:scim:schemas:extension:agent:1.0:User');
    expect(
      AGENT_EXTENSION.attributes.map(({ name, multiValued, mutability, subAttributes }) => [
        name,
        multiValued,
        mutability,
        names(subAttributes),
      ]),
    ).toEqual([
      ['agentGroup', false, 'readWrite', []],
      ['role', false, 'readWrite', []],
      ['skills', true, 'readWrite', ['skill', 'proficiency']],
      ['languages', true, 'readWrite', ['language', 'proficiency', 'channel']],
      ['queues', true, 'readWrite', ['value', 'preferred']],
      [
        'provisioning',
        false,
        'readOnly',
        [
          'state',
          'agentId',
          'customId',
          'reason',
          'since',
          'nextTry',
          'correlationId',
          'lastError',
          'updatedAt',
        ],
      ],
    ]);
    expect(find(AGENT_EXTENSION, 'skills.proficiency').canonicalValues).toEqual([
      'expert',
      'good',
      'average',
      'novice',
    ]);
    expect(find(AGENT_EXTENSION, 'provisioning.updatedAt').type).toBe('dateTime');
    expect(find(AGENT_EXTENSION, 'queues.preferred').type).toBe('boolean');
    expect(
      find(AGENT_EXTENSION, 'provisioning').subAttributes?.every(
        ({ mutability }) => mutability === 'readOnly',
      ),
    ).toBe(true);
  });

  it('share the attributes of every resource, id and schemas always returned', () => {
    expect(COMMON_ATTRIBUTES.map(({ name, mutability, returned }) => [name, mutability, returned])).toEqual([
      ['schemas', 'readOnly', 'always'],
      ['id', 'readOnly', 'always'],
      ['externalId', 'readWrite', 'default'],
      ['meta', 'readOnly', 'default'],
    ]);
    expect(findAttribute(COMMON_ATTRIBUTES, 'externalId')?.caseExact).toBe(true);
    expect(findAttribute(COMMON_ATTRIBUTES, 'id')?.caseExact).toBe(true);
    const meta = findAttribute(COMMON_ATTRIBUTES, 'meta')?.subAttributes;
    expect(names(meta)).toEqual(['resourceType', 'created', 'lastModified', 'location', 'version']);
    expect(meta?.every(({ mutability }) => mutability === 'readOnly')).toBe(true);
  });

  it('nest sub-attributes one level and no more', () => {
    for (const schema of [USER, GROUP, ENTERPRISE_USER, AGENT_EXTENSION]) {
      for (const { type, subAttributes } of schema.attributes) {
        expect(type === 'complex').toBe(subAttributes !== undefined);
        expect(subAttributes?.some((sub) => sub.type === 'complex') ?? false).toBe(false);
      }
    }
  });
});

describe('findAttribute', () => {
  it('finds a name in any case, and nothing that is only inherited', () => {
    expect(findAttribute(USER.attributes, 'USERNAME')?.name).toBe('userName');
    expect(findAttribute(USER.attributes, 'constructor')).toBeUndefined();
    expect(findAttribute(USER.attributes, '__proto__')).toBeUndefined();
  });
});

describe('kinds of resources', () => {
  it('name their endpoints and extensions', () => {
    expect(USER_KIND).toMatchObject({ name: 'User', endpoint: '/Users', core: USER });
    expect(USER_KIND.extensions).toEqual([ENTERPRISE_USER, AGENT_EXTENSION]);
    expect(GROUP_KIND).toMatchObject({ name: 'Group', endpoint: '/Groups', core: GROUP, extensions: [] });
  });

  it('have the common attributes before their own', () => {
    expect(names(coreAttributes(GROUP_KIND))).toEqual([
      'schemas',
      'id',
      'externalId',
      'meta',
      'displayName',
      'members',
    ]);
    expect(coreAttributes(USER_KIND)).toBe(coreAttributes(USER_KIND));
  });

  it('show an extension as a complex attribute', () => {
    expect(extensionAttribute(ENTERPRISE_USER)).toMatchObject({
      name: ENTERPRISE_USER.id,
      type: 'complex',
      multiValued: false,
      subAttributes: ENTERPRISE_USER.attributes,
    });
    expect(extensionAttribute(ENTERPRISE_USER)).toBe(extensionAttribute(ENTERPRISE_USER));
  });
});

describe('splitUrn', () => {
  it.each([
    [`${ENTERPRISE_USER.id}:manager`, ENTERPRISE_USER, 'manager'],
    [`${ENTERPRISE_USER.id}.manager`, ENTERPRISE_USER, 'manager'],
    [ENTERPRISE_USER.id.toUpperCase(), ENTERPRISE_USER, ''],
    ['urn:ietf:params:scim:schemas:extension:enterprise:2.0User:department', ENTERPRISE_USER, 'department'],
    [`${USER.id}:name.givenName`, USER, 'name.givenName'],
    [`${AGENT_EXTENSION.id}:skills`, AGENT_EXTENSION, 'skills'],
  ])('takes the schema off %s', (text, schema, rest) => {
    expect(splitUrn(text, USER_KIND)).toEqual({ schema, rest });
  });

  it.each(['userName', `${USER.id}x:userName`, 'urn:other:User:x', `${GROUP.id}:members`, `x${USER.id}`])(
    'knows no schema in %s',
    (text) => {
      expect(splitUrn(text, USER_KIND)).toBeUndefined();
    },
  );
});

describe('defaultSubAttribute', () => {
  it.each([
    [USER, 'emails', 'value'],
    [ENTERPRISE_USER, 'manager', 'value'],
    [AGENT_EXTENSION, 'skills', 'skill'],
    [AGENT_EXTENSION, 'languages', 'language'],
    [AGENT_EXTENSION, 'queues', 'value'],
    [USER, 'name', undefined],
    [USER, 'userName', undefined],
    [USER, 'addresses', undefined],
  ])('in %o of %s is %s', (schema, name, expected) => {
    expect(defaultSubAttribute(find(schema, name))?.name).toBe(expected);
  });
});
