import type { Shot } from '../load.ts';
import { userOf } from '../user.ts';

/** What is measured of a server. */
export const OPERATIONS = ['create', 'read', 'userName eq', 'patch', 'list of 100'] as const;
export type Operation = (typeof OPERATIONS)[number];

const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
const times = (number: number, shot: (index: number) => Shot): Shot[] =>
  Array.from({ length: number }, (_, index) => shot(index));

export const creates = (number: number, prefix: string): Shot[] =>
  times(number, (index) => ({
    method: 'POST',
    path: '/Users',
    body: userOf(`${prefix}-${index}`),
    expect: [201],
  }));

export const reads = (ids: readonly string[], number: number): Shot[] =>
  times(number, (index) => ({ method: 'GET', path: `/Users/${of(ids, index)}`, expect: [200] }));

/** Of the users that `first-…` are called. */
const lookUps = (users: number, number: number): Shot[] =>
  times(number, (index) => {
    const filter = `userName eq "first-${(index * 7919) % users}@example.com"`;
    return { method: 'GET', path: `/Users?filter=${encodeURIComponent(filter)}`, expect: [200] };
  });

const patches = (ids: readonly string[], number: number, prefix: string): Shot[] =>
  times(number, (index) => ({
    method: 'PATCH',
    path: `/Users/${of(ids, index)}`,
    body: {
      schemas: [PATCH_OP],
      Operations: [{ op: 'replace', value: { displayName: `Patched ${prefix} ${index}` } }],
    },
    expect: [200, 204],
  }));

const lists = (users: number, number: number): Shot[] =>
  times(number, (index) => ({
    method: 'GET',
    path: `/Users?count=100&startIndex=${1 + 100 * (index % Math.floor(users / 100))}`,
    expect: [200],
  }));

/** The requests of an operation; `prefix` makes what they write new. */
export function shotsOf(
  operation: Operation,
  { ids, users, number, prefix }: { ids: readonly string[]; users: number; number: number; prefix: string },
): Shot[] {
  switch (operation) {
    case 'create':
      return creates(number, prefix);
    case 'read':
      return reads(ids, number);
    case 'userName eq':
      return lookUps(users, number);
    case 'patch':
      return patches(ids, number, prefix);
    case 'list of 100':
      return lists(users, number);
  }
}

export const addMember = (group: string, id: string): Shot => ({
  method: 'PATCH',
  path: `/Groups/${group}`,
  body: {
    schemas: [PATCH_OP],
    Operations: [{ op: 'add', path: 'members', value: [{ value: `guest-${id}` }] }],
  },
  expect: [200, 204],
});

const of = (ids: readonly string[], index: number) => ids[(index * 7919) % ids.length];
