import { UnknownNameError } from '../error.ts';
import type { AttributePath } from '../filter/expression.ts';
import { FilterParser } from '../filter/filter.ts';
import { AGENT_EXTENSION, type ResourceKind, splitUrn } from '../schema.ts';

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

/**
 * As `parsePath`, for what clients write to; `undefined` for a name that no schema knows. Identity providers send
 * attributes of their own beside those that count, and one of them must not hold up a leaver: no value that is kept can
 * have an unknown name that a filter asks for. One of our own extension, which is closed, is refused.
 */
export function parseKnownPath(text: string, kind: ResourceKind): AttributePath | undefined {
  try {
    return parsePath(text, kind);
  } catch (error) {
    if (error instanceof UnknownNameError && splitUrn(text, kind)?.schema !== AGENT_EXTENSION)
      return undefined;
    throw error;
  }
}
