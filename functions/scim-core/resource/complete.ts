import { ScimInputError } from '../error.ts';
import { isPresent } from '../filter/match.ts';
import { type Attribute, coreAttributes, type ResourceKind } from '../schema.ts';
import { assertCount } from './bounds.ts';
import { isObject, type Resource, schemasOf } from './resource.ts';

/**
 * A resource as it may be stored: checked for what only the whole shows (required attributes, one `primary` at most,
 * numbers of values), its `schemas` computed.
 * Throws a ScimInputError `invalidValue`.
 */
export function complete(draft: Resource, kind: ResourceKind): Record<string, unknown> {
  for (const { name, required } of kind.core.attributes) {
    if (required && isBlank(draft[name])) throw missing(name);
  }
  assertElements(coreAttributes(kind), draft);
  for (const { id, attributes } of kind.extensions) {
    const content = draft[id];
    if (isObject(content)) assertElements(attributes, content);
  }
  const { schemas: _, ...attributes } = draft;
  return { schemas: schemasOf(draft, kind), ...attributes };
}

/** Throws `invalidValue` for elements that lack a required sub-attribute, for two primaries, for too many elements. */
export function assertElements(attributes: readonly Attribute[], holder: Resource): void {
  for (const attribute of attributes) {
    const elements = holder[attribute.name];
    if (!Array.isArray(elements)) continue;
    assertCount(attribute, elements);
    let primaries = 0;
    const required = attribute.subAttributes?.filter((sub) => sub.required) ?? [];
    for (const element of elements) {
      if (!isObject(element)) continue;
      if (element.primary === true) primaries++;
      for (const { name } of required) {
        if (isBlank(element[name])) throw missing(`${attribute.name}.${name}`);
      }
    }
    if (primaries > 1) {
      throw new ScimInputError(
        'invalidValue',
        `${attribute.name} has ${primaries} values with "primary": true; one is the most.`,
        { attribute: `${attribute.name}.primary` },
      );
    }
  }
}

function isBlank(value: unknown): boolean {
  return !isPresent(typeof value === 'string' ? value.trim() : value);
}

function missing(attribute: string): ScimInputError {
  return new ScimInputError('invalidValue', `${attribute} is required and must not be blank.`, { attribute });
}
