import * as fc from 'fast-check';
import { ENTERPRISE } from './quiet.ts';

/** Requests as no identity provider sends them, made from those that they do send. */

const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';

/** Names that lead somewhere, in a filter as in a path. */
const NAMES = [
  'userName',
  'externalId',
  'id',
  'active',
  'title',
  'displayName',
  'name.givenName',
  'name.familyName',
  'emails',
  'emails.value',
  'emails.type',
  'emails.primary',
  'phoneNumbers.value',
  'roles',
  'groups',
  'groups.value',
  'groups.display',
  'meta.lastModified',
  'meta.resourceType',
  'manager',
  'department',
  `${ENTERPRISE}:department`,
  `${ENTERPRISE}:manager.value`,
  `${CORE}:userName`,
];
const MULTI_VALUED = ['emails', 'phoneNumbers', 'roles', 'groups', 'addresses'];
const SUBS = ['value', 'type', 'primary', 'display'];
/** Values that persons really have, so that comparisons succeed now and then. */
export const WORDS = ['ada', 'bob', 'eve', 'work', 'home', 'ada@example.com', 'Engines', 'Analysts', '1'];

const anyCase = (text: string): fc.Arbitrary<string> =>
  fc
    .array(fc.boolean(), { minLength: text.length, maxLength: text.length })
    .map((upper) => Array.from(text, (c, i) => (upper[i] ? c.toUpperCase() : c.toLowerCase())).join(''));
const oneOf = (...texts: readonly string[]) => fc.constantFrom(...texts);
const spelled = (...texts: readonly string[]) =>
  fc.oneof(
    { weight: 4, arbitrary: oneOf(...texts) },
    { weight: 1, arbitrary: oneOf(...texts).chain(anyCase) },
  );

const literal = fc.oneof(
  oneOf(...WORDS).map((word) => JSON.stringify(word)),
  oneOf(...WORDS).map((word) => JSON.stringify(word.slice(0, 2))),
  oneOf('true', 'false', '"True"', 'null', '""', 'bob', '"2026-11-23T10:00:00.1234567Z"'),
  fc.string().map((text) => JSON.stringify(text)),
);
const operator = spelled('eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le');

const comparison = (name: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 5, arbitrary: fc.tuple(name, operator, literal).map((parts) => parts.join(' ')) },
    { weight: 1, arbitrary: name.map((each) => `${each} pr`) },
  );

const combined = (base: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 3, arbitrary: base },
    { weight: 1, arbitrary: base.map((filter) => `not (${filter})`) },
    { weight: 1, arbitrary: base.map((filter) => `(${filter})`) },
    {
      weight: 2,
      arbitrary: fc.tuple(base, spelled('and', 'or'), base).map((parts) => parts.join(' ')),
    },
  );

const valuePath = fc
  .tuple(spelled(...MULTI_VALUED), combined(comparison(spelled(...SUBS))))
  .map(([name, inner]) => `${name}[${inner}]`);

/** A filter that is by the grammar; it may still compare what can't be compared. */
export const filter: fc.Arbitrary<string> = combined(
  combined(
    fc.oneof({ weight: 4, arbitrary: comparison(spelled(...NAMES)) }, { weight: 1, arbitrary: valuePath }),
  ),
);

/** A text with something taken out, doubled or put in. */
export const mutated = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(
      text,
      fc.nat(),
      fc.nat({ max: 12 }),
      fc.constantFrom('cut', 'double', 'insert', 'swap'),
      fc.string(),
    )
    .map(([whole, at, length, how, extra]) => {
      const from = whole.length === 0 ? 0 : at % whole.length;
      const [before, part, after] = [
        whole.slice(0, from),
        whole.slice(from, from + length),
        whole.slice(from + length),
      ];
      switch (how) {
        case 'cut':
          return before + after;
        case 'double':
          return before + part + part + after;
        case 'insert':
          return before + extra + part + after;
        default:
          return part + before + after;
      }
    });

export const path: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: spelled(...NAMES) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(valuePath, fc.option(spelled(...SUBS), { nil: undefined }))
      .map(([place, sub]) => (sub === undefined ? place : `${place}.${sub}`)),
  },
  { weight: 1, arbitrary: oneOf('members', 'schemas', 'id', 'password', ENTERPRISE, '', 'nothing.at.all') },
);

/** Any JSON there is, dangerous names among those of its members. */
export const json: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, false, 0, -1, 1.5, 1e308, '', 'True', 'false', 'work'),
    fc.string(),
    fc.constantFrom('\ud800', '\u0000', 'x'.repeat(5_000), '[{"value":"x"}]', '{'),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(
      fc.oneof(
        oneOf(
          'value',
          'type',
          'primary',
          'display',
          '$ref',
          'userName',
          'name',
          'emails',
          'members',
          ENTERPRISE,
        ),
        oneOf('__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '', 'a.b', 'a[b]'),
        fc.string(),
      ),
      tie('value'),
      { maxKeys: 4 },
    ),
  ),
})).value;

const element = fc.record(
  { value: oneOf(...WORDS), type: oneOf('work', 'home'), primary: fc.boolean() },
  { requiredKeys: [] },
);
const attributes = fc.record(
  {
    title: oneOf(...WORDS),
    active: fc.constantFrom(true, 'False', null),
    'name.givenName': oneOf(...WORDS),
    emails: fc.array(element, { maxLength: 3 }),
    [`${ENTERPRISE}:department`]: oneOf(...WORDS),
    userName: fc.constantFrom('ada', 'renamed', '', null),
  },
  { requiredKeys: [] },
);
const sensible: fc.Arbitrary<unknown> = fc.oneof(
  oneOf(...WORDS, 'True', 'False', ''),
  fc.boolean(),
  element,
  fc.array(element, { maxLength: 3 }),
  attributes,
);

const set = spelled('add', 'replace');
/** An operation whose value is of the type of its path. */
const fitting: fc.Arbitrary<unknown> = fc.oneof(
  fc.record({
    op: set,
    path: spelled('title', 'displayName', 'name.givenName', 'department', 'emails[type eq "work"].value'),
    value: oneOf(...WORDS),
  }),
  fc.record({ op: set, path: spelled('active'), value: fc.constantFrom(true, false, 'True', 'False') }),
  fc.record({
    op: set,
    path: spelled('emails', 'roles', 'phoneNumbers'),
    value: fc.array(element, { maxLength: 3 }),
  }),
  fc.record({ op: set, path: oneOf('roles[type eq "home"]', 'emails[primary eq true]'), value: element }),
  fc.record({ op: set, value: attributes }),
  fc.record({
    op: spelled('remove'),
    path: spelled('title', 'emails', 'name', 'emails[type eq "work"]', 'manager'),
  }),
);

/** An operation of a PATCH: often one that makes sense, now and then anything. */
export const operation: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 12, arbitrary: fitting },
  {
    weight: 9,
    arbitrary: fc.record(
      {
        op: spelled('add', 'replace', 'remove'),
        path: fc.oneof({ weight: 6, arbitrary: path }, { weight: 1, arbitrary: mutated(path) }),
        value: fc.oneof({ weight: 4, arbitrary: sensible }, { weight: 1, arbitrary: json }),
      },
      { requiredKeys: ['op'] },
    ),
  },
  { weight: 1, arbitrary: json },
);

const memberIds = fc.array(oneOf('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 3 });

/** A change of members, as the operation that asks for it and as what it does to the ids that are there. */
export interface MemberOperation {
  readonly operation: unknown;
  apply(ids: ReadonlySet<string>): Set<string>;
}

export const memberOperation: fc.Arbitrary<MemberOperation> = fc
  .tuple(memberIds, fc.constantFrom('object', 'string', 'path', 'valueless'))
  .chain(([ids, style]) => {
    const value = style === 'string' ? ids : ids.map((id) => ({ value: id }));
    const set = new Set(ids);
    const filtered = `members[${ids.map((id) => `value eq "${id}"`).join(' or ')}]`;
    return fc.constantFrom<MemberOperation>(
      {
        operation:
          style === 'path' ? { op: 'Add', value: { members: value } } : { op: 'add', path: 'members', value },
        apply: (there) => there.union(set),
      },
      {
        operation:
          style === 'path' ? { op: 'remove', path: filtered } : { op: 'Remove', path: 'members', value },
        apply: (there) => there.difference(set),
      },
      { operation: { op: 'replace', path: 'members', value }, apply: () => new Set(set) },
      { operation: { op: 'remove', path: 'members' }, apply: () => new Set() },
    );
  });

/** A request that a client might send: where to, with what, told by whom to whom. */
export interface AnyRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Record<string, string>;
  readonly headers: Record<string, string>;
  readonly body: Buffer | undefined;
}

const segments = oneOf(
  ...[
    'Users',
    'Groups',
    'Me',
    'Bulk',
    '.search',
    'Schemas',
    'ResourceTypes',
    'ServiceProviderConfig',
    'users',
  ],
  ...['USER', 'GROUP', '__proto__', '%00', '..', 'urn:ietf:params:scim:schemas:core:2.0:User', '%E0%A4%A'],
);
const segment = fc.oneof({ weight: 8, arbitrary: segments }, { weight: 1, arbitrary: fc.string() });
const addresses = oneOf(
  ...['/Users', '/Users', '/Users/USER', '/Users/USER', '/Groups', '/Groups/GROUP', '/Groups/GROUP', '/Bulk'],
  ...['/.search', '/Users/.search', '/Me', '/', '/Schemas', '/ServiceProviderConfig'],
);
const parameter = fc.oneof(
  filter,
  mutated(filter),
  path,
  fc.string(),
  oneOf('0', '-1', '5', '1e9', 'userName', ''),
);
const bodies: fc.Arbitrary<unknown> = fc.oneof(
  json,
  fc.record({ userName: fc.uuid(), displayName: fc.uuid() }),
  fc.record({ userName: fc.uuid(), displayName: fc.uuid(), emails: sensible, members: sensible }),
  fc.record(
    { userName: oneOf(...WORDS), emails: sensible, active: sensible, name: sensible },
    { requiredKeys: [] },
  ),
  fc.record({ displayName: oneOf(...WORDS), members: sensible }, { requiredKeys: [] }),
  fc.record(
    { schemas: json, Operations: fc.array(operation, { maxLength: 4 }) },
    { requiredKeys: ['Operations'] },
  ),
  fc.record(
    { filter: parameter, count: json, startIndex: json, sortBy: path, attributes: json },
    { requiredKeys: [] },
  ),
  fc.record({
    failOnErrors: fc.constantFrom(undefined, 1, 'x'),
    Operations: fc.array(
      fc.record(
        {
          method: spelled('POST', 'PUT', 'PATCH', 'DELETE', 'GET'),
          path: oneOf('/Users', '/Groups', '/Users/USER', '/Groups/GROUP', '/Users/bulkId:1', '/Bulk', ''),
          bulkId: oneOf('1', '2', '3'),
          version: oneOf('W/"1"', '*', 'x'),
          data: fc.oneof(
            json,
            fc.record({ userName: oneOf(...WORDS) }),
            fc.record({
              displayName: oneOf(...WORDS),
              members: fc.array(fc.record({ value: oneOf('bulkId:1', 'bulkId:2', 'bulkId:3', 'a') }), {
                maxLength: 3,
              }),
            }),
            fc.record({ Operations: fc.array(operation, { maxLength: 2 }) }),
          ),
        },
        { requiredKeys: ['method', 'path'] },
      ),
      { maxLength: 5 },
    ),
  }),
);
/** JSON as bytes: as it is, with a part of its text changed, or with bytes in it that are no UTF-8. */
const bytes = fc.oneof(
  { weight: 5, arbitrary: bodies.map((body) => Buffer.from(JSON.stringify(body) ?? '')) },
  {
    weight: 2,
    arbitrary: mutated(bodies.map((body) => JSON.stringify(body) ?? '')).map((text) => Buffer.from(text)),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(bodies, fc.uint8Array({ maxLength: 6 }), fc.nat()).map(([body, junk, at]) => {
      const whole = Buffer.from(JSON.stringify(body) ?? '');
      const from = at % (whole.length + 1);
      return Buffer.concat([whole.subarray(0, from), junk, whole.subarray(from)]);
    }),
  },
);

export const anyRequest: fc.Arbitrary<AnyRequest> = fc.record({
  method: oneOf('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'),
  path: fc.oneof(
    { weight: 4, arbitrary: addresses },
    { weight: 1, arbitrary: fc.array(segment, { maxLength: 3 }).map((parts) => `/${parts.join('/')}`) },
  ),
  query: fc.dictionary(
    oneOf(
      'filter',
      'startIndex',
      'count',
      'cursor',
      'sortBy',
      'sortOrder',
      'attributes',
      'excludedAttributes',
      'x',
    ),
    parameter,
    { maxKeys: 3 },
  ),
  headers: fc.record(
    {
      'content-type': fc.oneof(
        { weight: 9, arbitrary: oneOf('application/scim+json', 'application/json; charset=utf-8') },
        { weight: 1, arbitrary: oneOf('text/plain', '') },
      ),
      accept: oneOf('*/*', 'application/json', ''),
      'if-match': fc.oneof(oneOf('W/"1"', '*', '""', ','), fc.string()),
      'if-none-match': oneOf('W/"1"', '*', 'x'),
      'user-agent': oneOf('', 'Okta SCIM Client 1.0.0', 'x'),
    },
    { requiredKeys: ['content-type'] },
  ),
  body: fc.option(bytes, { nil: undefined }),
});
