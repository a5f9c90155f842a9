import { ScimInputError, type ScimType } from '../error.ts';

/** A piece of a filter or path, and the 0-based column it starts at. */
export interface Token {
  readonly kind: 'word' | 'string' | '(' | ')' | '[' | ']' | 'end';
  /** The word as it stands, or the string without quotes and escapes. */
  readonly text: string;
  readonly position: number;
}

/** Filters come in request lines; nothing an identity provider writes is longer. */
export const MAX_LENGTH = 4096;

/** A string in JSON's form, a bracket, or a run of anything else up to the next space, quote or bracket. */
const TOKEN = /\s*(?:("(?:[^"\\]|\\.)*")|([()[\]])|([^\s()[\]"]+))/y;

/**
 * Cuts a filter or path into tokens (RFC 7644 section 3.4.2.2); the last one is always `end`.
 * Throws a ScimInputError with `code` for text that is too long or has a string that doesn't end.
 */
export function tokenize(text: string, code: ScimType): Token[] {
  if (text.length > MAX_LENGTH) {
    const message = `The ${code === 'invalidPath' ? 'path' : 'filter'} has ${text.length} characters, more than ${MAX_LENGTH}.`;
    throw new ScimInputError(code, message, { position: MAX_LENGTH });
  }
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const from = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    // Every character but a quote begins a token, and a quote does when it has a partner.
    if (match === null) {
      throw new ScimInputError(code, 'A string begins here and has no closing ".", or ends in a backslash.', {
        position: text.indexOf('"', from),
      });
    }
    const [all, string, bracket, word] = match;
    const position = from + all.length - (string ?? bracket ?? word ?? '').length;
    if (string !== undefined)
      tokens.push({ kind: 'string', text: unquote(string, position, code), position });
    else if (bracket !== undefined) tokens.push({ kind: bracket as '(', text: bracket, position });
    else tokens.push({ kind: 'word', text: word ?? '', position });
  }
  tokens.push({ kind: 'end', text: '', position: text.length });
  return tokens;
}

function unquote(string: string, position: number, code: ScimType): string {
  try {
    return JSON.parse(string);
  } catch {
    throw new ScimInputError(
      code,
      'The string that begins here is not a JSON string: write \\\\ for a backslash and \\n for a line break.',
      { position },
    );
  }
}
