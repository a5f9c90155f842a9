import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePath } from '../../functions/scim-core/path/path.ts';
import { AGENT_EXTENSION, ENTERPRISE_USER, GROUP_KIND, USER_KIND } from '../../functions/scim-core/schema.ts';
import { printPath } from './print.ts';
import { refusal, succeedsOrRefuses } from './refusal.ts';

const ENTERPRISE = ENTERPRISE_USER.id;
const CORE = USER_KIND.core.id;

describe('parsePath', () => {
  it.each([
    ['userName', 'userName'],
    ['USERNAME', 'userName'],
    ['  userName ', 'userName'],
    ['userName ', 'userName'],
    ['name.GivenName', 'name.givenName'],
    ['externalId', 'externalId'],
    ['meta.lastModified', 'meta.lastModified'],
    ['emails', 'emails'],
    ['emails.value', 'emails.value'],
    ['emails[type eq "work"]', 'emails[type eq "work"]'],
    ['Emails[Type EQ "work"].Value', 'emails[type eq "work"].value'],
    ['emails[type eq"work"].value', 'emails[type eq "work"].value'],
    ['groups.$ref', 'groups.$ref'],
    [`${CORE}:userName`, 'userName'],
    [`${CORE}.name.givenName`, 'name.givenName'],
    [`${CORE}:externalId`, 'externalId'],
    [`${CORE}:emails[primary eq true].value`, 'emails[primary eq true].value'],
    [`${ENTERPRISE}:manager`, `${ENTERPRISE}:manager`],
    [`${ENTERPRISE}.manager`, `${ENTERPRISE}:manager`],
    [`${ENTERPRISE}:manager.displayName`, `${ENTERPRISE}:manager.displayName`],
    [`${ENTERPRISE.toLowerCase()}.MANAGER.VALUE`, `${ENTERPRISE}:manager.value`],
    ['urn:ietf:params:scim:schemas:extension:enterprise:2.0User:department', `${ENTERPRISE}:department`],
    ['manager', `${ENTERPRISE}:manager`],
    ['manager.value', `${ENTERPRISE}:manager.value`],
    ['Department', `${ENTERPRISE}:department`],
    ['skills.skill', `${AGENT_EXTENSION.id}:skills.skill`],
    ['queues[preferred eq true].value', `${AGENT_EXTENSION.id}:queues[preferred eq true].value`],
    [ENTERPRISE.toUpperCase(), ENTERPRISE],
    ['addresses[type eq "work" and (region pr or not (country eq "US"))].postalCode', undefined],
  ])('reads %s', (text, canonical) => {
    expect(printPath(parsePath(text, USER_KIND))).toBe(canonical ?? text);
  });

  it('has only what the text has', () => {
    const path = parsePath('userName', USER_KIND);
    expect(Object.keys(path)).toEqual(['attribute']);
    expect(Object.keys(parsePath('manager.value', USER_KIND))).toEqual(['extension', 'attribute', 'sub']);
    expect(path.attribute).toBe(USER_KIND.core.attributes[0]);
  });

  it('knows the attributes of the kind and no others', () => {
    expect(printPath(parsePath('members[value eq "1"]', GROUP_KIND))).toBe('members[value eq "1"]');
    expect(refusal(() => parsePath('members', USER_KIND)).code).toBe('invalidPath');
    expect(refusal(() => parsePath('userName', GROUP_KIND)).code).toBe('invalidPath');
    expect(refusal(() => parsePath('manager', GROUP_KIND)).code).toBe('invalidPath');
  });

  it.each([
    ['usrName', 'There is no attribute "usrName". Did you mean "userName" or "name"?', 0],
    ['emails.vlue', 'emails has no sub-attribute "vlue". Did you mean "value"?', 7],
    ['name.givenNam', 'name has no sub-attribute "givenNam". Did you mean "givenName"?', 5],
    ['emails[type eq "work"].vale', 'emails has no sub-attribute "vale". Did you mean "value"?', 23],
    ['departmnt', 'There is no attribute "departmnt". Did you mean "department"?', 0],
    [
      `${ENTERPRISE}:managr`,
      'There is no attribute "managr". Did you mean "manager"?',
      ENTERPRISE.length + 1,
    ],
    [`${ENTERPRISE}:userName`, 'There is no attribute "userName".', ENTERPRISE.length + 1],
    ['userName.value', '"userName" has no sub-attributes.', 9],
    ['name.givenName.x', '"name.givenName" has no sub-attributes.', 5],
    ['userName[value eq "x"]', 'userName has no sub-attributes, so no [filter] can follow it.', 8],
    ['emails.value[type eq "x"]', 'emails.value has no sub-attributes, so no [filter] can follow it.', 12],
    ['emails[type eq "work"].value x', 'Expected the end of the path here.', 29],
    ['userName title', 'Expected the end of the path here.', 9],
    [`${ENTERPRISE}[department pr].manager.value`, 'manager.value goes too deep.', ENTERPRISE.length + 15],
    ['', 'The name of an attribute is missing here.', 0],
    ['[type eq "work"]', 'The name of an attribute is missing here.', 0],
    ['+15550100', 'There is no attribute of that name.', 0],
    [CORE, `${CORE} names a schema: add an attribute, as in ${CORE}:userName.`, 0],
    ['name."x"', 'name has no sub-attribute of that name.', 5],
  ])('refuses %s', (text, message, position) => {
    expect(refusal(() => parsePath(text, USER_KIND))).toMatchObject({
      code: 'invalidPath',
      message: expect.stringContaining(message),
      position,
    });
  });

  it('prefers the core schema where an extension has the same name', () => {
    const extension = { ...ENTERPRISE_USER, attributes: USER_KIND.core.attributes };
    const path = parsePath('title', { ...USER_KIND, extensions: [extension] });
    expect(path.extension).toBeUndefined();
  });

  it('lists known schemas where a URN is unknown', () => {
    const { code, message, position } = refusal(() => parsePath('urn:acme:User:x', USER_KIND));
    expect({ code, position }).toEqual({ code: 'invalidPath', position: 0 });
    expect(message).toBe(
      `"urn:acme:User:x" is in no schema of a User. Known are names such as ${CORE}:userName, ` +
        `${ENTERPRISE}:employeeNumber, ${AGENT_EXTENSION.id}:agentGroup.`,
    );
  });

  it('calls what is wrong in square brackets an invalid filter', () => {
    expect(refusal(() => parsePath('emails[typ eq "work"]', USER_KIND))).toMatchObject({
      code: 'invalidFilter',
      position: 7,
    });
    expect(refusal(() => parsePath('emails[type eq "work"', USER_KIND))).toMatchObject({
      code: 'invalidFilter',
      position: 21,
    });
    expect(refusal(() => parsePath('emails[type eq "work")', USER_KIND)).code).toBe('invalidFilter');
    expect(refusal(() => parsePath('emails[type eq "work"].x', USER_KIND)).code).toBe('invalidPath');
  });

  it('takes 4,096 characters and no more', () => {
    const padded = (length: number) => `emails[value eq "${'x'.repeat(length - 19)}"]`;
    expect(padded(4096)).toHaveLength(4096);
    expect(parsePath(padded(4096), USER_KIND).filter).toBeDefined();
    expect(refusal(() => parsePath(padded(4097), USER_KIND))).toMatchObject({
      code: 'invalidPath',
      message: 'The path has 4097 characters, more than 4096.',
      position: 4096,
    });
  });

  it('throws nothing but ScimInputError, whatever it is given', () => {
    const words = fc.constantFrom(
      'emails',
      'manager',
      '.value',
      '[',
      ']',
      '"',
      'urn:',
      CORE,
      ENTERPRISE,
      ' eq ',
      ':',
    );
    const texts = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.array(words).map((all) => all.join('')),
    );
    fc.assert(fc.property(texts, (text) => succeedsOrRefuses(() => parsePath(text, USER_KIND))));
  });
});
