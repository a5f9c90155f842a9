import { ScimInputError } from '../../scim-core/error.ts';
import type { Filter } from '../../scim-core/filter/filter.ts';
import { nameOf } from '../../scim-core/path/name.ts';
import type { AttributePath } from '../../scim-core/path/path.ts';
import { defaultSubAttribute } from '../../scim-core/schema.ts';

/**
 * What of a group the mapping can see. A membership is kept as the group's id and its name, so the rest of what a SCIM
 * User may say about its groups never has a value here.
 */
const GROUP_PARTS = new Set(['value', 'display']);

/**
 * The path of the texts at a path: an attribute with parts stands for its default one, as in filters.
 *
 * @throws ScimInputError `invalidPath` for a path that can't have a text for any person
 */
export function textPath(path: AttributePath): AttributePath {
  assertReadable(path);
  const { attribute, sub } = path;
  if (sub !== undefined || attribute.type !== 'complex') return path;
  const standIn = defaultSubAttribute(attribute);
  if (standIn !== undefined) return { ...path, sub: standIn };
  // Stryker disable next-line OptionalChaining: a complex attribute has sub-attributes
  const example = attribute.subAttributes?.[0]?.name;
  throw unusable(`${nameOf(path)} has several parts: write one of them, such as ${nameOf(path)}.${example}.`);
}

/**
 * Asserts that a person can have a value at a path: the mapping sees what the identity provider sent, and groups; not
 * what the service provider makes up, nor a password.
 */
function assertReadable(path: AttributePath): void {
  const { attribute, sub, filter } = path;
  if (attribute.name === 'groups') {
    if (sub !== undefined && !GROUP_PARTS.has(sub.name))
      throw neverThere(nameOf(path), ': use groups.display');
  } else if (attribute.mutability === 'readOnly') {
    throw neverThere(nameOf(path), ', which SmartAssist or this product makes up');
  }
  if ((sub ?? attribute).returned === 'never') throw neverThere(nameOf(path), ', which is never kept');
  if (filter !== undefined) assertReadableFilter(filter, attribute.name === 'groups');
}

/** As `assertReadable` for everything that a filter compares. `ofGroups`: within `groups[…]`. */
export function assertReadableFilter(filter: Filter, ofGroups = false): void {
  if ('filters' in filter) {
    for (const each of filter.filters) assertReadableFilter(each, ofGroups);
  } else if ('filter' in filter) {
    assertReadableFilter(filter.filter, ofGroups);
  } else if (!ofGroups) {
    assertReadable(filter.path);
  } else if (!GROUP_PARTS.has(filter.path.attribute.name)) {
    throw neverThere(`groups.${filter.path.attribute.name}`, ': use groups.display');
  }
}

function neverThere(name: string, why: string): ScimInputError {
  return unusable(`The mapping never sees a value of ${name}${why}.`);
}

function unusable(message: string): ScimInputError {
  // Stryker disable next-line StringLiteral: a complaint has no code
  return new ScimInputError('invalidPath', message, { position: 0 });
}
