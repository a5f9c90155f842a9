import { ScimInputError } from '../../scim-core/error.ts';
import type { Person } from '../../scim-core/person.ts';
import type { Complaints } from '../complaints.ts';
import { forEachOutside } from './expression.ts';
import { compileAlternatives, type Reader } from './read-path.ts';

/** More than any name is made of. */
const MAX_PLACES = 20;

/** Whether a text is a template: it has a brace that isn't in a string of a path's filter. */
export function isTemplate(text: string): boolean {
  let found = false;
  forEachOutside(text, (character) => {
    found ||= character === '{' || character === '}';
  });
  return found;
}

/**
 * Compiles a template: text with paths in braces, `{name.givenName} {name.familyName}`; `{{` and `}}` are braces.
 * Blanks around what is empty collapse, and a template of which every place is empty has no value.
 *
 * @throws ScimInputError with its position
 */
export function compileTemplate(text: string, complaints: Complaints): Reader {
  const pieces: (string | Reader)[] = [];
  let places = 0;
  let index = 0;
  let literal = '';
  // Stryker disable next-line EqualityOperator: behind the end there is an empty character, which adds nothing
  while (index < text.length) {
    const character = text.charAt(index);
    if ((character === '{' || character === '}') && text.charAt(index + 1) === character) {
      literal += character;
      index += 2;
    } else if (character === '{') {
      const end = endOfPlace(text, index + 1);
      pieces.push(
        literal,
        compileAlternatives({ text: text.slice(index + 1, end), begin: index + 1 }, complaints),
      );
      literal = '';
      places++;
      index = end + 1;
    } else if (character === '}') {
      throw rejection('This brace closes nothing: write }} for a brace.', index);
    } else {
      literal += character;
      index++;
    }
  }
  pieces.push(literal);
  if (places === 0)
    throw rejection('The template has no {path}; a text that is always the same is set by a rule.', 0);
  if (places > MAX_PLACES) throw rejection(`The template has more than ${MAX_PLACES} places.`, 0);
  return (person) => fill(pieces, person, text);
}

function fill(pieces: readonly (string | Reader)[], person: Person, path: string) {
  let filled = '';
  let isEmpty = true;
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      filled += piece;
      continue;
    }
    const found = piece(person);
    if (found === undefined) continue;
    isEmpty = false;
    filled += found.text;
  }
  return isEmpty ? undefined : { text: filled.replace(/\s+/g, ' ').trim(), path };
}

/** Where the brace is that closes the place which begins here. */
function endOfPlace(text: string, begin: number): number {
  let end: number | undefined;
  forEachOutside(text.slice(begin), (character, index) => {
    if (character === '}') end ??= begin + index;
  });
  if (end === undefined)
    throw rejection('The brace that opens here is never closed: write {{ for a brace.', begin - 1);
  return end;
}

function rejection(message: string, position: number): ScimInputError {
  // Stryker disable next-line StringLiteral: a complaint has no code
  return new ScimInputError('invalidPath', message, { position });
}
