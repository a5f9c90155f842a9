import { DirectoryItemError } from './errors.ts';
import type { Item } from './table.ts';

/** Every body says in which shape it was written, so that a later version can read it or say that it can't. */
export const SHAPE = 1;

export const bodyOf = (value: object): Item['body'] => ({ shape: SHAPE, ...value });

/**
 * What an item holds.
 * @throws DirectoryItemError when it was written in a shape that this version doesn't know
 */
export function readBody<T>(item: Item): T {
  const { shape, ...value } = item.body;
  if (shape !== SHAPE) {
    throw new DirectoryItemError(item, `written in shape ${String(shape)}, and this version reads ${SHAPE}`);
  }
  return value as T;
}
