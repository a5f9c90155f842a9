import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isObject, sameValue, schemasOf } from '../../functions/scim-core/resource/resource.ts';
import { ENTERPRISE_USER, USER, USER_KIND } from '../../functions/scim-core/schema.ts';

describe('sameValue', () => {
  it.each([
    [1, 1],
    [null, null],
    [
      { a: 1, b: [2] },
      { b: [2], a: 1 },
    ],
    [[], []],
    [{}, {}],
  ])('takes %j and %j for the same', (a, b) => {
    expect(sameValue(a, b)).toBe(true);
  });

  it.each([
    [1, '1'],
    [null, undefined],
    [null, {}],
    [[], {}],
    [{}, []],
    [
      [1, 2],
      [2, 1],
    ],
    [[1], [1, 2]],
    [[1, 2], [1]],
    [{ a: 1 }, { a: 2 }],
    [{ a: undefined }, { b: undefined }],
    [{ a: 1 }, { a: 1, b: 2 }],
    [{ toString: Object.prototype.toString }, { x: 1 }],
  ])('tells %j and %j apart', (a, b) => {
    expect(sameValue(a, b)).toBe(false);
  });

  it('agrees with a copy of any JSON', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => sameValue(value, structuredClone(value))));
  });
});

describe('isObject', () => {
  it('takes JSON objects alone', () => {
    expect([{}, { a: 1 }].every(isObject)).toBe(true);
    expect([null, undefined, [], 'x', 5, true].some(isObject)).toBe(false);
  });
});

describe('schemasOf', () => {
  it('lists the core schema and the extensions that are there', () => {
    expect(schemasOf({}, USER_KIND)).toEqual([USER.id]);
    expect(schemasOf({ [ENTERPRISE_USER.id]: {} }, USER_KIND)).toEqual([USER.id, ENTERPRISE_USER.id]);
  });
});
