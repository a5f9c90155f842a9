import { ScimInputError } from '../error.ts';
import { nameOf } from '../path/name.ts';
import type { AttributePath } from '../path/path.ts';
import { isObject } from '../resource/resource.ts';
import { assemble, type Part, parseParts, parseSingle, parseValue } from '../resource/value.ts';
import { type Attribute, findAttribute } from '../schema.ts';
import { changeElements } from './element.ts';
import type { Op } from './operation.ts';

/**
 * Applies one operation to one place of `draft` (RFC 7644 sections 3.5.2.1 to 3.5.2.3). Only the top level of the draft
 * is written to: everything below is replaced, never changed, so it may be shared with the resource it comes from.
 * `input` is the value as sent; `undefined` in a remove without one.
 * Throws a ScimInputError: `invalidValue`, `mutability`, `noTarget` or `invalidPath`.
 */
export function applyChange(
  draft: Record<string, unknown>,
  op: Op,
  path: AttributePath,
  input: unknown,
): void {
  const { attribute, extension, filter, sub } = path;
  const target = sub ?? (filter === undefined ? attribute : undefined);
  if (op === 'remove' && target?.required === true) {
    throw new ScimInputError('mutability', `${nameOf(path)} is required and can't be removed.`, {
      attribute: nameOf(path),
    });
  }
  if (filter !== undefined && !attribute.multiValued) {
    throw new ScimInputError('invalidPath', `${attribute.name} has one value: leave the [filter] out.`, {
      attribute: attribute.name,
    });
  }
  const holder = extension === undefined ? draft : draft[extension];
  const before = isObject(holder) ? holder[attribute.name] : undefined;
  const after = attribute.multiValued
    ? changeElements(Array.isArray(before) ? before : [], op, path, input)
    : changeSingle(before, op, path, input);
  const name = extension ?? attribute.name;
  const content = extension === undefined ? after : assemble([[attribute.name, after]], holder);
  if (content === undefined) delete draft[name];
  else draft[name] = content;
}

/** A manager whose id is empty is none, whatever else is said of it: templates send `{"value": ""}`. */
function isEmptyReference(attribute: Attribute, parts: readonly Part[]): boolean {
  const isReference = findAttribute(attribute.subAttributes ?? [], '$ref') !== undefined;
  return isReference && parts.some(([name, value]) => name === 'value' && value === '');
}

function changeSingle(before: unknown, op: Op, path: AttributePath, input: unknown): unknown {
  const { attribute, sub } = path;
  const where = nameOf(path);
  if (sub !== undefined) {
    const value = op === 'remove' ? undefined : parseValue(sub, input, where);
    if (isEmptyReference(attribute, [[sub.name, value]])) return undefined;
    return assemble([[sub.name, value]], before);
  }
  if (op === 'remove') return undefined;
  if (attribute.type !== 'complex') return parseSingle(attribute, input, where);
  const parts = parseParts(attribute, input, where);
  if (parts === undefined) return undefined;
  if (isEmptyReference(attribute, parts)) return undefined;
  // Sub-attributes that an object doesn't name stay (E19). A bare value is another person: the old name mustn't stay.
  return assemble(parts, typeof input === 'object' ? before : undefined);
}
