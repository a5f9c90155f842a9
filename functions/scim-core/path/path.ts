import type { AttributePath } from '../filter/expression.ts';
import { FilterParser } from '../filter/filter.ts';
import type { ResourceKind } from '../schema.ts';

export type { AttributePath } from '../filter/expression.ts';

/**
 * Reads a path such as `userName`, `name.givenName`, `emails[type eq "work"].value` or one with its schema's URN.
 * Throws a ScimInputError with the position: `invalidPath`, which suggests the nearest name for an unknown attribute,
 * or `invalidFilter` for what stands in square brackets.
 */
export function parsePath(text: string, kind: ResourceKind): AttributePath {
  const parser = new FilterParser(text, 'invalidPath');
  const path = parser.path(kind);
  parser.end('the end of the path');
  return path;
}
