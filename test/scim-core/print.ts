import type { Filter } from '../../functions/scim-core/filter/filter.ts';
import type { AttributePath } from '../../functions/scim-core/path/path.ts';

/** A filter in RFC 7644's own notation, with brackets only where they are needed. */
export function printFilter(filter: Filter): string {
  switch (filter.op) {
    case 'and':
    case 'or':
      return filter.filters.map((each) => operand(each, filter.op)).join(` ${filter.op} `);
    case 'not':
      return `not (${printFilter(filter.filter)})`;
    case 'pr':
      return `${printPath(filter.path)} pr`;
    case 'valuePath':
      return printPath(filter.path);
    default:
      return `${printPath(filter.path)} ${filter.op} ${JSON.stringify(filter.value)}`;
  }
}

function operand(filter: Filter, parent: 'and' | 'or'): string {
  const text = printFilter(filter);
  return filter.op === parent || (filter.op === 'or' && parent === 'and') ? `(${text})` : text;
}

export function printPath({ extension, attribute, filter, sub }: AttributePath): string {
  const urn = extension === undefined ? '' : `${extension}:`;
  const brackets = filter === undefined ? '' : `[${printFilter(filter)}]`;
  return `${urn}${attribute.name}${brackets}${sub === undefined ? '' : `.${sub.name}`}`;
}
