import { compileSome } from '../../scim-core/filter/match.ts';
import { parsePath } from '../../scim-core/path/path.ts';
import type { Person } from '../../scim-core/person.ts';
import { USER_KIND } from '../../scim-core/schema.ts';
import type { Complaints } from '../complaints.ts';
import { looksOf } from '../rules/condition.ts';
import { type Part, readPart, splitAt } from './expression.ts';
import { textPath } from './readable-path.ts';

/** A text of the person, and the path that it was found at. */
export interface Reading {
  readonly text: string;
  readonly path: string;
}

export type Reader = (person: Person) => Reading | undefined;

/** No field of an agent is that long. A longer text is cut just above, so that the limit on it still refuses it. */
export const MAX_TEXT = 1000;

/**
 * Compiles `path | path | …`: the first that has a value gives it. Blank texts are no values; yes and no are `true` and
 * `false`.
 *
 * @param complaints where the work of it is counted
 * @throws ScimInputError with its position in the text that the part comes from
 */
export function compileAlternatives(alternatives: Part, complaints: Complaints): Reader {
  const readers = splitAt(alternatives.text, '|', alternatives.begin).map((part) =>
    readPart(part, (text) => compilePath(text, complaints)),
  );
  return (person) => {
    for (const read of readers) {
      const found = read(person);
      if (found !== undefined) return found;
    }
    return undefined;
  };
}

function compilePath(text: string, complaints: Complaints): Reader {
  const path = textPath(parsePath(text, USER_KIND));
  complaints.looks += 1 + (path.filter === undefined ? 0 : looksOf(path.filter));
  const some = compileSome(path);
  // The groups of a person come in no order that means anything, so the first one would be any of them.
  const firstOf = path.attribute.name === 'groups' ? least : first;
  return (person) => {
    const found = firstOf((test) => some(person, test));
    return found === undefined ? undefined : { text: found, path: text };
  };
}

type Search = (test: (value: unknown) => boolean) => void;

function first(search: Search): string | undefined {
  let found: string | undefined;
  search((value) => {
    found = textOf(value);
    return found !== undefined;
  });
  return found;
}

function least(search: Search): string | undefined {
  let found: string | undefined;
  search((value) => {
    const text = textOf(value);
    // Stryker disable next-line ConditionalExpression,EqualityOperator: undefined is less than nothing, and equal texts are equal
    if (text !== undefined && (found === undefined || text < found)) found = text;
    return false;
  });
  return found;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') return undefined;
  // Stryker disable next-line ConditionalExpression,EqualityOperator: a text that is not longer is not cut by it
  const text = value.length > MAX_TEXT ? value.slice(0, MAX_TEXT + 1) : value;
  return text.trim() === '' ? undefined : text;
}
