import { type Filter, FilterParser } from '../filter/filter.ts';
import type { ResourceKind } from '../schema.ts';
import type { Name } from './name.ts';

/**
 * A place in a resource (RFC 7644 section 3.5.2, PATH): an attribute, a sub-attribute, or those elements of a
 * multi-valued attribute that satisfy a filter. The whole of an extension is the attribute named by its URN.
 */
export interface AttributePath extends Name {
  readonly filter?: Filter;
}

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
