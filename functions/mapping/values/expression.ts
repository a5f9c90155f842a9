import { ScimInputError } from '../../scim-core/error.ts';

/** A part of a text, and the 0-based column that it begins at. */
export interface Part {
  readonly text: string;
  readonly begin: number;
}

/** Nobody writes a longer one, and what is longer would take long to read. */
export const MAX_EXPRESSION = 4096;

/**
 * Cuts a text at a character, but not inside the square brackets of a path, whose filter may have it in a string. Parts
 * come without blanks around them.
 */
export function splitAt(text: string, separator: string, begin = 0): Part[] {
  const parts: Part[] = [];
  let from = 0;
  const cut = (to: number) => {
    const raw = text.slice(from, to);
    parts.push({ text: raw.trim(), begin: begin + from + raw.length - raw.trimStart().length });
    from = to + 1;
  };
  forEachOutside(text, (character, index) => {
    if (character === separator) cut(index);
  });
  cut(text.length);
  return parts;
}

/** Calls back for each character that isn't within a quoted string in square brackets. */
export function forEachOutside(text: string, visit: (character: string, index: number) => void): void {
  let depth = 0;
  let quoted = false;
  // Stryker disable next-line EqualityOperator: behind the end there is an empty character, which is no sign
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if (quoted) {
      if (character === '\\') index++;
      else if (character === '"') quoted = false;
      continue;
    }
    if (depth > 0 && character === '"') quoted = true;
    else if (character === '[') depth++;
    else if (character === ']') depth--;
    visit(character, index);
  }
}

/** Reads a part of a longer text: what is wrong with it is where it is in that text. */
export function readPart<T>({ text, begin }: Part, read: (text: string) => T): T {
  try {
    return read(text);
  } catch (error) {
    // Stryker disable next-line ConditionalExpression,LogicalOperator: reading throws nothing else; were it to, it must not be hidden
    if (!(error instanceof ScimInputError) || error.position === undefined) throw error;
    throw new ScimInputError(error.code, error.message, { position: begin + error.position });
  }
}
