import { quote, ScimInputError } from '../error.ts';
import { parseInstant } from '../instant.ts';
import type { Attribute } from '../schema.ts';
import type { Token } from './token.ts';

export const COMPARE_OPS = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const;
export type CompareOp = (typeof COMPARE_OPS)[number];
export type Literal = string | number | boolean | null;

const ORDER = new Set<CompareOp>(['gt', 'ge', 'lt', 'le']);
const EQUALITY = new Set<CompareOp>(['eq', 'ne']);
/** Quotes of word processors, in which a text from a document comes. */
const OTHER_QUOTE = /^['\u2018-\u201f\u00ab\u00bb\u2033\uff02]/;
const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * The value an attribute is compared with, in the attribute's own type. A text may come without its quotes
 * (`externalId eq jyoung`, E2), a boolean or number within (`primary eq "true"`, E7).
 * Throws a ScimInputError when type and operator don't go together or the value isn't of the type.
 */
export function readLiteral(attribute: Attribute, name: string, op: CompareOp, token: Token): Literal {
  const at = { attribute: name, position: token.position };
  const refuse = (message: string) => new ScimInputError('invalidFilter', message, at);
  if (token.kind !== 'string' && token.kind !== 'word') {
    throw refuse(`A value to compare ${name} with is missing after "${op}".`);
  }
  if (token.kind === 'word' && token.text === 'null') {
    if (!EQUALITY.has(op)) throw refuse(`null can only be compared with eq and ne, not with ${op}.`);
    return null;
  }
  switch (attribute.type) {
    case 'boolean': {
      if (!EQUALITY.has(op)) throw refuse(`${name} is a boolean and takes eq, ne and pr, not ${op}.`);
      const lower = token.text.toLowerCase();
      if (lower !== 'true' && lower !== 'false') {
        throw refuse(
          `${name} is a boolean: compare it with true or false, not with ${quote(token.text, name)}.`,
        );
      }
      return lower === 'true';
    }
    case 'integer':
    case 'decimal': {
      if (!EQUALITY.has(op) && !ORDER.has(op)) throw refuse(`${name} is a number and doesn't take ${op}.`);
      if (!NUMBER.test(token.text)) {
        throw refuse(`${name} is a number: compare it with one, not with ${quote(token.text, name)}.`);
      }
      return Number(token.text);
    }
    case 'dateTime':
      if ((EQUALITY.has(op) || ORDER.has(op)) && parseInstant(token.text) === undefined) {
        throw refuse(
          `${name} is a time: compare it with one such as "2026-05-13T04:42:34Z", not with ${quote(token.text, name)}.`,
        );
      }
      break;
    case 'binary':
      if (ORDER.has(op)) throw refuse(`${name} is binary and has no order: ${op} can't be used.`);
      break;
  }
  if (token.kind === 'word' && OTHER_QUOTE.test(token.text)) {
    throw refuse(`Strings stand in double quotes: ${name} ${op} "…".`);
  }
  return token.text;
}
