import { ScimInputError } from '../error.ts';
import type { Attribute } from '../schema.ts';

/** A SCIM body needs five levels: list, resource, extension, manager, value. */
const MAX_DEPTH = 20;
const MAX_NAMES = 1000;
const MAX_ELEMENTS = 1000;
const MAX_MEMBERS = 100_000;

/** Throws `invalidSyntax` for JSON nested over 20 levels, so that what recurses over it later can't overflow. */
export function assertDepth(value: unknown, level = 0): void {
  if (typeof value !== 'object' || value === null) return;
  if (level >= MAX_DEPTH) {
    throw new ScimInputError('invalidSyntax', `The JSON is nested more than ${MAX_DEPTH} levels deep.`);
  }
  for (const part of Object.values(value)) assertDepth(part, level + 1);
}

/** Throws `invalidSyntax` for an object with over 1,000 members where a set of attributes is expected. */
export function assertNames(names: readonly string[]): void {
  if (names.length <= MAX_NAMES) return;
  throw new ScimInputError(
    'invalidSyntax',
    `There are ${names.length} attributes; ${MAX_NAMES} is the most.`,
  );
}

/** Throws `invalidValue` for an attribute with over 1,000 values; the members of a group may be 100,000. */
export function assertCount(attribute: Attribute, elements: readonly unknown[]): void {
  const most = attribute.name === 'members' ? MAX_MEMBERS : MAX_ELEMENTS;
  if (elements.length <= most) return;
  throw new ScimInputError(
    'invalidValue',
    `${attribute.name} has ${elements.length} values; ${most} is the most.`,
    { attribute: attribute.name },
  );
}
