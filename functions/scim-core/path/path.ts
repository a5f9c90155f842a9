import { quote, ScimInputError, UnknownNameError } from '../error.ts';
import type { AttributePath } from '../filter/expression.ts';
import { FilterParser } from '../filter/filter.ts';
import { AGENT_EXTENSION, coreAttributes, findAttribute, type ResourceKind, splitUrn } from '../schema.ts';

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
 * have an unknown name that a filter asks for. One of our own extension, which is closed, is refused; so is a known name
 * in what is no path, such as a JSON pointer (`/active`, `members/2819c223`).
 */
export function parseKnownPath(text: string, kind: ResourceKind): AttributePath | undefined {
  try {
    return parsePath(text, kind);
  } catch (error) {
    const isUnknown = error instanceof UnknownNameError && splitUrn(text, kind)?.schema !== AGENT_EXTENSION;
    if (!isUnknown) throw error;
    refuseMistaken(text, kind);
    return undefined;
  }
}

/** As attributes are named (RFC 7643 section 2.1), also in other alphabets and with blanks, as clients name theirs. */
const NAME = /^[\p{L}_][\p{L}\p{N}\s_:.$-]*$/u;

/** A name with the URI of a schema that isn't known here, in which any character may be. */
const FOREIGN_SCHEMA = /^(?:urn:|[a-z]+:\/\/)/i;

/** Success and no change would be a leaver who stays in service, or a membership that stays. */
function refuseMistaken(text: string, kind: ResourceKind): void {
  const qualified = splitUrn(text, kind);
  if (qualified === undefined && FOREIGN_SCHEMA.test(text)) return;
  const [name = ''] = (qualified?.rest ?? text).split('[', 1);
  if (NAME.test(name)) return;
  if (!/[\p{L}\p{N}]/u.test(name)) {
    throw new ScimInputError(
      'invalidPath',
      `${quote(name)} is not a path. Leave it out where all attributes are meant.`,
    );
  }
  const lists = [coreAttributes(kind), ...kind.extensions.map(({ attributes }) => attributes)];
  for (const part of name.split(/[^\p{L}\p{N}\s_-]+/u)) {
    const meant = lists
      .map((attributes) => findAttribute(attributes, part))
      .find((each) => each !== undefined);
    if (meant === undefined) continue;
    throw new ScimInputError('invalidPath', `${quote(name)} is not a path. Write "${meant.name}".`, {
      attribute: meant.name,
    });
  }
}
