import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFilter } from '../../functions/scim-core/filter/filter.ts';
import { compileFilter } from '../../functions/scim-core/filter/match.ts';
import type { Resource } from '../../functions/scim-core/resource/resource.ts';
import { attribute } from '../../functions/scim-core/schema/attribute.ts';
import {
  AGENT_EXTENSION,
  ENTERPRISE_USER,
  type ResourceKind,
  USER_KIND,
} from '../../functions/scim-core/schema.ts';

const BJENSEN: Resource = {
  schemas: [USER_KIND.core.id, ENTERPRISE_USER.id],
  id: 'AbC',
  externalId: '701984',
  userName: 'BJensen@example.com',
  name: { givenName: 'Barbara', familyName: 'Jensen' },
  title: 'Tour Guide',
  nickName: '',
  active: true,
  emails: [
    { value: 'bjensen@example.com', type: 'work', primary: true },
    { value: 'babs@jensen.org', type: 'home' },
  ],
  phoneNumbers: [],
  ims: [{ value: '' }],
  groups: [{ value: 'g1', display: 'Contact Centre Billing' }],
  roles: [{ value: 'agent' }],
  x509Certificates: [{ value: 'MIIDQz==' }],
  meta: { created: '2026-05-13T04:42:34.1234567Z', lastModified: '2026-05-13T06:42:34.5+02:00' },
  [ENTERPRISE_USER.id]: { department: 'Tours', manager: { value: 'm1' } },
  [AGENT_EXTENSION.id]: { skills: [{ skill: 'Refunds', proficiency: 'expert' }, { skill: 'Chat' }] },
};

const matches = (text: string, resource: Resource = BJENSEN) =>
  compileFilter(parseFilter(text, USER_KIND))(resource);

describe('a compiled filter matches', () => {
  it.each([
    // case
    'userName eq "bjensen@EXAMPLE.com"',
    'userName co "JENSEN"',
    'userName sw "bj"',
    'userName ew "EXAMPLE.COM"',
    'emails.value eq "BABS@jensen.org"',
    'id eq "AbC"',
    'x509Certificates eq "MIIDQz=="',
    'x509Certificates co "IDQ"',
    'schemas eq "URN:IETF:PARAMS:SCIM:SCHEMAS:CORE:2.0:USER"',
    // operators
    'userName ne "other"',
    'title gt "tour"',
    'title ge "tour guide"',
    'title le "tour guide"',
    'title ge "tour"',
    'title le "z"',
    'title lt "tour guidf"',
    'title gt "Tour Guidd"',
    'userName co ""',
    // logic
    'title pr and userName pr',
    'title pr or nickName pr',
    'nickName pr or title pr',
    'not (nickName pr)',
    'nickName pr and title pr or active eq true',
    'active eq true or nickName pr and nickName pr',
    // multi-valued: any element
    'emails.type eq "home"',
    'emails co "jensen.org"',
    'emails.value ne "babs@jensen.org"',
    // value paths: one element must satisfy everything
    'emails[type eq "work" and primary eq true]',
    'emails[type eq "home" and value ew ".org"]',
    'emails[type eq "home"].value eq "babs@jensen.org"',
    'emails[not (type eq "work")]',
    'emails[type eq "work" or type eq "fax"].value pr',
    'not (emails[type eq "fax"])',
    // presence
    'emails pr',
    'ims[value eq ""]',
    'emails.primary pr',
    'active pr',
    'name pr',
    'groups.display sw "Contact Centre"',
    // what isn't there
    'nickName eq ""',
    'nickName eq null',
    'displayName eq null',
    'displayName ne "x"',
    'phoneNumbers.value ne "x"',
    'phoneNumbers eq null',
    'emails[type eq "fax"].value ne "x"',
    'emails[type eq "fax"].value eq null',
    'emails[type eq "fax"].value ne "x"',
    'emails.primary eq null',
    'title ne null',
    'displayName ne true',
    // primary counts as false where it isn't given
    'emails[type eq "home" and primary eq false]',
    'emails[type eq "home" and primary ne true]',
    'emails.primary eq false',
    'roles[primary eq false].value eq "agent"',
    // booleans
    'active eq true',
    'active ne false',
    // times
    'meta.created eq "2026-05-13T04:42:34.1234567Z"',
    'meta.created eq "2026-05-13T06:42:34.1234567+02:00"',
    'meta.created gt "2026-05-13T04:42:34.1234566Z"',
    'meta.created lt "2026-05-13T04:42:34.1234568Z"',
    'meta.created ge "2026-05-13T04:42:34.1234567Z"',
    'meta.created ge "2025-05-13T04:42:34Z"',
    'meta.created le "2027-05-13T04:42:34Z"',
    'meta.created le "2026-05-13T04:42:34.1234567Z"',
    'meta.created ne "2026-05-13T04:42:34.123Z"',
    'meta.lastModified eq "2026-05-13T04:42:34.500Z"',
    'meta.lastModified gt "2026-05-13T05:42:34+02:00"',
    'meta.created sw "2026-05"',
    // extensions
    'manager eq "m1"',
    'department eq "tours"',
    `${ENTERPRISE_USER.id}:manager.value eq "m1"`,
    `${ENTERPRISE_USER.id} pr`,
    `${ENTERPRISE_USER.id}[department eq "tours" and manager.value eq "m1"]`,
    'skills[skill eq "refunds" and proficiency eq "expert"]',
    'skills eq "chat"',
  ])('%s', (text) => {
    expect(matches(text)).toBe(true);
  });
});

describe('a compiled filter does not match', () => {
  it.each([
    'userName eq "bjensen"',
    'id eq "abc"',
    'id co "abc"',
    'id sw "ab"',
    'externalId ew "985"',
    'x509Certificates eq "miidqz=="',
    'userName ne "bjensen@example.com"',
    'userName co "xyz"',
    'userName sw "jensen"',
    'userName ew "example"',
    'title gt "tour guide"',
    'title lt "tour guide"',
    'title ge "tour guidf"',
    'title le "tour guidd"',
    'title pr and nickName pr',
    'nickName pr or displayName pr',
    'not (title pr)',
    'nickName pr and (title pr or active eq true)',
    'emails.type eq "fax"',
    'emails[type eq "home" and primary eq true]',
    'emails[type eq "work" and value ew ".org"]',
    'emails[type eq "home"].value eq "bjensen@example.com"',
    'emails[type eq "home"].primary pr',
    'emails[type eq "fax"]',
    'emails[type eq "fax"].value pr',
    'emails[type eq "work"].value ne "bjensen@example.com"',
    'nickName pr',
    'displayName pr',
    'phoneNumbers pr',
    'ims pr',
    'ims.value pr',
    'phoneNumbers eq "x"',
    'displayName eq "x"',
    'displayName eq ""',
    'displayName co ""',
    'displayName gt ""',
    'displayName lt "z"',
    'displayName ge ""',
    'displayName le "z"',
    'displayName ne null',
    'nickName ne null',
    'title eq null',
    'emails[type eq "work"].primary eq false',
    'active eq false',
    'active ne true',
    'meta.created gt "2026-05-13T04:42:34.1234567Z"',
    'meta.created lt "2026-05-13T04:42:34.1234567Z"',
    'meta.created eq "2026-05-13T04:42:34.123Z"',
    'meta.created ne "2026-05-13T06:42:34.1234567+02:00"',
    'meta.created ge "2026-05-13T04:42:34.1234568Z"',
    'meta.created le "2026-05-13T04:42:34.1234566Z"',
    'manager eq "M1"',
    'agentGroup pr',
    'skills[skill eq "chat" and proficiency eq "expert"]',
    'entitlements.value eq "x"',
  ])('%s', (text) => {
    expect(matches(text)).toBe(false);
  });
});

describe('a compiled filter', () => {
  it('orders numbers as numbers', () => {
    const kind: ResourceKind = {
      ...USER_KIND,
      core: { ...USER_KIND.core, attributes: [attribute('level', { type: 'integer' })] },
    };
    const level = (text: string, resource: Resource) => compileFilter(parseFilter(text, kind))(resource);
    expect(level('level gt 9', { level: 10 })).toBe(true);
    expect(level('level gt 10', { level: 10 })).toBe(false);
    expect(level('level ge 10', { level: 10 })).toBe(true);
    expect(level('level lt 10', { level: 9 })).toBe(true);
    expect(level('level le 9', { level: 10 })).toBe(false);
    expect(level('level eq 10', { level: 10 })).toBe(true);
    expect(level('level eq 10', { level: 11 })).toBe(false);
    expect(level('level ne 10', { level: 11 })).toBe(true);
    expect(level('level lt 10', {})).toBe(false);
    expect(level('level gt 0', {})).toBe(false);
    expect(level('level lt 10', { level: '9' })).toBe(false);
  });

  it('takes a text for a text, even when it looks like a time', () => {
    const resource = { title: '2026-05-13T04:42:34Z' };
    expect(matches('title eq "2026-05-13T04:42:34+00:00"', resource)).toBe(false);
    expect(matches('title eq "2026-05-13T04:42:34Z"', resource)).toBe(true);
  });

  it('takes a single object where a list is expected, and lives with values of the wrong type', () => {
    expect(matches('emails.value eq "x"', { emails: { value: 'x' } })).toBe(true);
    expect(matches('emails[value eq "x"]', { emails: { value: 'x' } })).toBe(true);
    expect(matches('emails.value eq "x"', { emails: ['x', null, 3] })).toBe(false);
    expect(matches('emails[value eq "x"]', { emails: ['x', null, 3] })).toBe(false);
    expect(matches('emails.value ne "x"', { emails: [null] })).toBe(true);
    expect(matches('userName eq "1"', { userName: 1 })).toBe(false);
    expect(matches('userName lt "2"', { userName: 1 })).toBe(false);
    expect(matches('name.givenName eq "x"', { name: 'x' })).toBe(false);
    expect(matches('department eq "x"', { [ENTERPRISE_USER.id]: 'x' })).toBe(false);
    expect(matches('department eq "x"', { [ENTERPRISE_USER.id]: null })).toBe(false);
    expect(matches('meta.created gt "2026-01-01T00:00:00Z"', { meta: { created: 'late' } })).toBe(false);
    expect(matches('meta.created lt "2026-01-01T00:00:00Z"', { meta: { created: 'early' } })).toBe(false);
    expect(matches('meta.created ne "2026-01-01T00:00:00Z"', { meta: { created: 'early' } })).toBe(true);
    expect(matches('meta.created lt "2026-01-01T00:00:00Z"', { meta: { created: 5 } })).toBe(false);
    expect(matches('name pr', { name: { givenName: null } })).toBe(false);
    expect(matches('title pr', { title: null })).toBe(false);
    expect(matches('name pr', { name: { givenName: 'x', familyName: '' } })).toBe(true);
  });

  it('agrees with the rules of logic on any resource', () => {
    const text = fc.constantFrom('a', 'B', 'ab', '');
    const resource = fc.record(
      {
        title: text,
        nickName: text,
        emails: fc.array(fc.record({ value: text, type: text }, { requiredKeys: [] })),
      },
      { requiredKeys: [] },
    );
    const op = fc.constantFrom('eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le');
    const name = fc.constantFrom('title', 'nickName', 'emails.value', 'emails[type eq "a"].value');
    const filter = fc.tuple(name, op, text).map(([n, o, t]) => `${n} ${o} "${t}"`);
    fc.assert(
      fc.property(filter, filter, resource, (a, b, person) => {
        const [x, y] = [matches(a, person), matches(b, person)];
        expect(matches(`${a} and ${b}`, person)).toBe(x && y);
        expect(matches(`${a} or ${b}`, person)).toBe(x || y);
        expect(matches(`not (${a})`, person)).toBe(!x);
      }),
      { numRuns: 300 },
    );
  });

  it('runs over a hundred thousand resources in no time', { timeout: 5_000 }, () => {
    const filter = compileFilter(
      parseFilter('active eq true and groups.display sw "Contact Centre"', USER_KIND),
    );
    let count = 0;
    for (let index = 0; index < 100_000; index++) if (filter(BJENSEN)) count++;
    expect(count).toBe(100_000);
  });
});
