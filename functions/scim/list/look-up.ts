import { equalityOf, type Filter, type LookUpKey } from '../../scim-core/filter/filter.ts';

/**
 * The look-ups that find, together, everything that may satisfy a filter; `undefined` when only looking at all helps.
 *
 * @param among the keys that the collection has, the most selective first
 */
export function lookUpsFor(
  filter: Filter,
  among: readonly LookUpKey['attribute'][],
): LookUpKey[] | undefined {
  const key = equalityOf(filter, among);
  if (key !== undefined) return [key];
  if (filter.op !== 'or' && filter.op !== 'and') return undefined;
  const each = filter.filters.map((part) => lookUpsFor(part, among));
  // Of an `and` one part that helps is enough; of an `or` every part has to.
  if (filter.op === 'and') return each.find((keys) => keys !== undefined);
  return each.every((keys) => keys !== undefined) ? each.flat() : undefined;
}
