import { DirectoryItemError } from './errors.ts';
import type { Item } from './table.ts';

/** The shape of the bodies that this code writes. A later shape is read by a step added to `unwrap`. */
const SHAPE = 1;

/** Wraps what is stored, with the shape it has today. */
export function wrap(content: Readonly<Record<string, unknown>>): Item['body'] {
  return { shape: SHAPE, ...content };
}

/**
 * One part of what `wrap` stored.
 * @throws DirectoryItemError when the item has another shape, or not that part
 */
export function unwrap<T>(item: Item, part: string): T {
  const { shape } = item.body;
  if (shape !== SHAPE) {
    const found = shape === undefined ? 'no shape' : `shape ${JSON.stringify(shape)}`;
    throw new DirectoryItemError(item, `has ${found}, this version reads shape ${SHAPE}`);
  }
  const value = item.body[part];
  if (value === undefined) throw new DirectoryItemError(item, `has no "${part}"`);
  return value as T;
}
