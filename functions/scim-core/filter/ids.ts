import type { Filter } from './expression.ts';

/**
 * The ids of the only elements that can satisfy the filter of a value path, as in `members[value eq "1" or value eq "2"]`;
 * undefined where it does not name them.
 */
export function idsNamedBy(filter: Filter): readonly string[] | undefined {
  switch (filter.op) {
    case 'eq':
      return filter.path.attribute.name === 'value' && typeof filter.value === 'string'
        ? [filter.value]
        : undefined;
    case 'and':
      return filter.filters.map(idsNamedBy).find((ids) => ids !== undefined);
    case 'or': {
      const ids = filter.filters.map(idsNamedBy);
      return ids.every((each) => each !== undefined) ? ids.flat() : undefined;
    }
    default:
      return undefined;
  }
}
