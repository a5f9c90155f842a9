import { compact } from '../runtime/compact.ts';
import type { Query } from './table.ts';

/** One end of a range of sort keys; `open` leaves the key itself out. */
export interface Bound {
  readonly key: string;
  readonly open: boolean;
}

/** The sort keys that a query asks for, whichever way it reads. */
export interface Range {
  readonly low?: Bound;
  readonly high?: Bound;
}

/**
 * Orders strings by their UTF-8 bytes, as DynamoDB and SQLite do. JavaScript's own `<` compares UTF-16 units and
 * puts an emoji (a surrogate pair) before U+E000 to U+FFFF; in UTF-8 it comes after.
 */
export function compareBytes(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  for (let i = 0; i < shorter; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x === y) continue;
    const wide = isSurrogate(x);
    return wide === isSurrogate(y) ? x - y : wide ? 1 : -1;
  }
  return a.length - b.length;
}

/** Folds prefix, `after` and `upTo` of a query into the one lowest and the one highest key it may return. */
export function rangeOf({ prefix, after, upTo, reverse = false }: Query): Range {
  let low: Bound | undefined = prefix ? { key: prefix, open: false } : undefined;
  const end = prefix ? endOf(prefix) : undefined;
  let high: Bound | undefined = end === undefined ? undefined : { key: end, open: true };
  if (upTo !== undefined) high = lower(high, { key: upTo, open: false });
  if (after !== undefined && reverse) high = lower(high, { key: after, open: true });
  if (after !== undefined && !reverse) low = higher(low, { key: after, open: true });
  return compact({ low, high });
}

/** Whether no key can be in the range; DynamoDB refuses to be asked for such a one. */
export function isEmpty({ low, high }: Range): boolean {
  // No key is empty.
  if (high?.key === '') return true;
  if (!low || !high) return false;
  const order = compareBytes(low.key, high.key);
  return order > 0 || (order === 0 && (low.open || high.open));
}

/** Whether a key lies in the range. */
export function contains({ low, high }: Range, key: string): boolean {
  if (low) {
    const order = compareBytes(key, low.key);
    if (order < 0 || (order === 0 && low.open)) return false;
  }
  if (high) {
    const order = compareBytes(key, high.key);
    if (order > 0 || (order === 0 && high.open)) return false;
  }
  return true;
}

/** The first string behind all that begin with the prefix; `undefined` when there is none. */
export function endOf(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0);
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    // U+D800 to U+DFFF are no characters of their own in UTF-8.
    const following = last === 0xd7ff ? 0xe000 : last + 1;
    if (following <= 0x10ffff) return String.fromCodePoint(...points, following);
  }
  return undefined;
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

function lower(a: Bound | undefined, b: Bound): Bound {
  if (!a) return b;
  const order = compareBytes(a.key, b.key);
  return order < 0 || (order === 0 && a.open) ? a : b;
}

function higher(a: Bound | undefined, b: Bound): Bound {
  if (!a) return b;
  const order = compareBytes(a.key, b.key);
  return order > 0 || (order === 0 && a.open) ? a : b;
}
