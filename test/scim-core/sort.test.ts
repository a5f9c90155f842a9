import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Resource } from '../../functions/scim-core/resource/resource.ts';
import { compileSort } from '../../functions/scim-core/resource/sort.ts';
import { attribute } from '../../functions/scim-core/schema/attribute.ts';
import { ENTERPRISE_USER, type ResourceKind, USER, USER_KIND } from '../../functions/scim-core/schema.ts';
import { refusal } from './refusal.ts';

const sorted = (by: string, order: string | undefined, ...resources: Resource[]) =>
  resources
    .map((resource, index) => ({ id: `${index}`, ...resource }))
    .sort(compileSort(by, order, USER_KIND));
const ids = (by: string, order: string | undefined, ...resources: Resource[]) =>
  sorted(by, order, ...resources)
    .map(({ id }) => id)
    .join('');

describe('compileSort', () => {
  const names = [{ userName: 'bob' }, { userName: 'Alice' }, { userName: 'Carl' }];

  it('goes up by default, or as asked in any case', () => {
    expect(ids('userName', undefined, ...names)).toBe('102');
    expect(ids('USERNAME', 'Ascending', ...names)).toBe('102');
    expect(ids('userName', 'descending', ...names)).toBe('201');
  });

  it('tells case apart only where the schema does', () => {
    expect(ids('externalId', undefined, { externalId: 'a' }, { externalId: 'B' })).toBe('10');
    expect(ids('title', undefined, { title: 'a' }, { title: 'B' })).toBe('01');
    expect(ids('title', undefined, { title: 'A' }, { title: '_' })).toBe('10');
  });

  it('puts what has no value last, and first when descending', () => {
    const titles = [{ title: null }, { title: 'b' }, {}, { title: 'a' }, { title: '' }];
    expect(ids('title', 'ascending', ...titles)).toBe('31024');
    expect(ids('title', 'descending', ...titles)).toBe('02413');
  });

  it('keeps the order of equals', () => {
    expect(ids('title', 'descending', { title: 'x' }, { title: 'X' }, { title: 'x' })).toBe('012');
  });

  it('sorts by sub-attributes and extensions', () => {
    expect(
      ids(
        'name.givenName',
        undefined,
        { name: { givenName: 'b' } },
        { name: { givenName: 'a' } },
        { name: {} },
      ),
    ).toBe('102');
    const department = (value: string) => ({ [ENTERPRISE_USER.id]: { department: value } });
    expect(ids(`${ENTERPRISE_USER.id}:department`, undefined, department('b'), department('a'))).toBe('10');
    const manager = (value: string) => ({ [ENTERPRISE_USER.id]: { manager: { value } } });
    expect(ids('manager', undefined, manager('b'), manager('a'))).toBe('10');
  });

  it('sorts multi-valued attributes by the primary value, or else the first', () => {
    const people = [
      { emails: [{ value: 'a' }, { value: 'z', primary: true }] },
      { emails: [{ value: 'm' }, { value: 'a', primary: false }] },
      { emails: [] },
    ];
    expect(ids('emails', undefined, ...people)).toBe('102');
    expect(ids('emails.value', undefined, ...people)).toBe('102');
    expect(ids('emails[value ne "z"].value', undefined, ...people)).toBe('012');
    expect(ids('emails.display', undefined, ...people)).toBe('012');
  });

  it('sorts times as times', () => {
    const at = (lastModified: string) => ({ meta: { lastModified } });
    expect(
      ids(
        'meta.lastModified',
        undefined,
        at('2026-05-13T04:42:34.1234567Z'),
        at('2026-05-13T05:42:34.1234566+01:00'),
        at('never'),
        at('2025-01-01T00:00:00Z'),
      ),
    ).toBe('3102');
  });

  it('sorts booleans and numbers', () => {
    expect(ids('active', undefined, { active: true }, { active: false }, {})).toBe('102');
    const kind: ResourceKind = {
      ...USER_KIND,
      core: { ...USER, attributes: [attribute('level', { type: 'integer' })] },
    };
    const levels: Resource[] = [{ level: 10 }, { level: 9 }, { level: -1 }];
    expect(levels.sort(compileSort('level', undefined, kind)).map(({ level }) => level)).toEqual([-1, 9, 10]);
  });

  it('sorts simple lists by their first value', () => {
    expect(ids('schemas', undefined, { schemas: ['b'] }, { schemas: ['a'] })).toBe('10');
  });

  it('refuses another order and attributes without one', () => {
    expect(refusal(() => compileSort('userName', 'up', USER_KIND))).toMatchObject({
      code: 'invalidValue',
      message: 'sortOrder must be ascending or descending, not "up".',
    });
    expect(refusal(() => compileSort('name', undefined, USER_KIND))).toMatchObject({
      code: 'invalidPath',
      attribute: 'name',
      message: "Resources can't be sorted by name: add a sub-attribute, as in name.formatted.",
    });
    expect(refusal(() => compileSort('password', undefined, USER_KIND)).message).toBe(
      "Resources can't be sorted by password.",
    );
    expect(refusal(() => compileSort('usrName', undefined, USER_KIND)).code).toBe('invalidPath');
  });

  it('is an order: the way back is the reverse, nothing precedes itself', () => {
    const resource = fc.record(
      { title: fc.oneof(fc.constantFrom('a', 'B', 'b', ''), fc.string()) },
      { requiredKeys: [] },
    );
    const [up, down] = [
      compileSort('title', undefined, USER_KIND),
      compileSort('title', 'descending', USER_KIND),
    ];
    fc.assert(
      fc.property(resource, resource, resource, (a, b, c) => {
        expect(up(a, a) + 0).toBe(0);
        expect(Math.sign(up(a, b)) + Math.sign(up(b, a))).toBe(0);
        expect(Math.sign(up(a, b)) + Math.sign(down(a, b))).toBe(0);
        if (up(a, b) <= 0 && up(b, c) <= 0) expect(up(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });

  it('sorts ten thousand quickly', { timeout: 5_000 }, () => {
    const many: Resource[] = Array.from({ length: 10_000 }, (_, index) => ({
      meta: { lastModified: new Date(((index * 7919) % 10_000) * 1000).toISOString() },
    }));
    many.sort(compileSort('meta.lastModified', undefined, USER_KIND));
    const times = many.map(({ meta }) => (meta as { readonly lastModified: string }).lastModified);
    expect(times).toEqual(times.toSorted());
  });
});
