import type * as Zod from 'zod/mini';

/**
 * Takes the place of zod/mini in the functions' bundles: the library is a file of its own, loaded by the first schema
 * that is made. A start makes none, and neither does a request that only reads.
 */
const lazily =
  (name: keyof typeof Zod) =>
  (...given: never[]): unknown => {
    const zod: typeof Zod = require('./zod-library.js');
    NEVER = zod.NEVER;
    return (zod[name] as (...given: never[]) => unknown)(...given);
  };

export const _default = lazily('_default');
export const array = lazily('array');
export const boolean = lazily('boolean');
export const config = lazily('config');
export const email = lazily('email');
const enumeration = lazily('enum');

export { enumeration as enum };
export const exactOptional = lazily('exactOptional');
export const extend = lazily('extend');
export const gte = lazily('gte');
export const int = lazily('int');
export const literal = lazily('literal');
export const looseObject = lazily('looseObject');
export const lte = lazily('lte');
export const maxLength = lazily('maxLength');
export const minLength = lazily('minLength');
export const nullable = lazily('nullable');
export const nullish = lazily('nullish');
export const number = lazily('number');
export const object = lazily('object');
export const optional = lazily('optional');
export const partial = lazily('partial');
export const pipe = lazily('pipe');
export const record = lazily('record');
export const refine = lazily('refine');
export const regex = lazily('regex');
export const safeParse = lazily('safeParse');
export const strictObject = lazily('strictObject');
export const string = lazily('string');
export const transform = lazily('transform');
export const tuple = lazily('tuple');
export const union = lazily('union');
export const unknown = lazily('unknown');
/** A value; only schemas that were made look at it. */
export let NEVER: typeof Zod.NEVER;
