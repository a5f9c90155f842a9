import type { Person } from '../scim-core/person.ts';

/**
 * No condition can ask for more: an expression itself is not longer. What is cut off could only matter to `ew`, to `co`,
 * and to `eq` and the order of two texts that are the same up to here.
 */
const MAX_LENGTH = 4096;

/**
 * The person with texts cut to a length that conditions can be run over at any time. A body of a megabyte may be a single
 * text, and a hundred comparisons with it would take as long as a thousand persons.
 *
 * @returns the person itself where nothing is too long, as it nearly always is
 */
export function bounded(person: Person): Person {
  return isBounded(person) ? person : (cut(person) as Person);
}

function isBounded(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= MAX_LENGTH;
  // Stryker disable ConditionalExpression,LogicalOperator,BlockStatement: nothing else has keys; and lists have keys too, only slower
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) {
    for (const element of value) if (!isBounded(element)) return false;
    return true;
  }
  // Stryker restore ConditionalExpression,LogicalOperator,BlockStatement
  for (const key in value) if (!isBounded((value as Record<string, unknown>)[key])) return false;
  return true;
}

function cut(value: unknown): unknown {
  if (typeof value === 'string') return value.slice(0, MAX_LENGTH + 1);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(cut);
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, cut(part)]));
}
