import { quote, ScimInputError } from '../error.ts';
import { parseInstant } from '../instant.ts';
import { didYouMean } from '../nearest.ts';
import { AGENT_EXTENSION, type Attribute, defaultSubAttribute, findAttribute } from '../schema.ts';
import { isAssignedValue, readAppRole } from './app-role.ts';
import { assertCount } from './bounds.ts';
import { fromJson } from './json.ts';
import { isObject } from './resource.ts';

/** A sub-attribute and the value it is given, `undefined` when it is unassigned. */
export type Part = readonly [name: string, value: unknown];

/** Strings that templates and spreadsheets like to send as numbers; others are refused, as RFC 7643 section 2.3 has it. */
const NUMBERS_TAKEN = new Set([
  'externalId',
  'employeeNumber',
  'costCenter',
  'addresses.postalCode',
  'phoneNumbers.value',
  'manager.value',
  'members.value',
]);

/**
 * The canonical value for what a client sent for an attribute: an array for a multi-valued one, `undefined` when it is
 * thereby unassigned (null, an empty list, an empty object; RFC 7643 section 2.5). `where` names it in messages.
 * Throws a ScimInputError `invalidValue` that names attribute, value and rule.
 */
export function parseValue(attribute: Attribute, input: unknown, where: string): unknown {
  if (!attribute.multiValued) return parseSingle(attribute, input, where);
  const list = parseList(attribute, input, where);
  return list.length === 0 ? undefined : list;
}

/** As `parseValue` for a multi-valued attribute: a single value counts as a list of one (E8, E12). */
export function parseList(attribute: Attribute, input: unknown, where: string): unknown[] {
  const given = typeof input === 'string' ? (fromJson(input) ?? input) : input;
  const list = Array.isArray(given) ? given : [given];
  assertCount(attribute, list);
  return list
    .map((element) => parseSingle(attribute, element, where))
    .filter((element) => element !== undefined);
}

/** As `parseValue` for one value, be it of a singular attribute or an element of a multi-valued one. */
export function parseSingle(attribute: Attribute, input: unknown, where: string): unknown {
  if (input === undefined || input === null) return undefined;
  const refuse = (rule: string) =>
    new ScimInputError('invalidValue', `${where} must be ${rule}, not ${quote(input, where)}.`, {
      attribute: where,
    });
  switch (attribute.type) {
    case 'complex':
      return assemble(parseParts(attribute, input, where) ?? []);
    case 'boolean':
      if (typeof input === 'boolean') return input;
      // E5: Entra ID sends "True" and "False".
      if (typeof input === 'string' && /^true$/i.test(input)) return true;
      if (typeof input === 'string' && /^false$/i.test(input)) return false;
      throw refuse('true or false');
    case 'integer':
      if (Number.isInteger(input)) return input;
      throw refuse('a whole number');
    case 'decimal':
      if (typeof input === 'number') return input;
      throw refuse('a number');
    case 'dateTime':
      if (typeof input === 'string' && parseInstant(input) !== undefined) return input;
      throw refuse('a time such as "2026-05-13T04:42:34Z"');
    default:
      if (typeof input === 'string') return input;
      if (Number.isSafeInteger(input) && NUMBERS_TAKEN.has(where)) return String(input);
      throw refuse('a string');
  }
}

/**
 * What a client sent for a complex value, sub-attribute by sub-attribute, so that it can be merged into what is there.
 * Unknown and read-only sub-attributes are left out. A bare value stands for the default sub-attribute
 * (`"manager": "271"`, E8), a list of one for its element, a string of JSON for the object in it (E12).
 * Answers `undefined` when the whole value is unassigned.
 */
export function parseParts(attribute: Attribute, input: unknown, where: string): Part[] | undefined {
  if (input === undefined || input === null || input === '') return undefined;
  const subAttributes = attribute.subAttributes ?? [];
  if (Array.isArray(input)) {
    if (input.length <= 1) return parseParts(attribute, input[0], where);
    throw new ScimInputError(
      'invalidValue',
      `${where} takes one value here, not a list of ${input.length}.`,
      {
        attribute: where,
      },
    );
  }
  if (isObject(input)) {
    const parts: Part[] = [];
    for (const [name, value] of Object.entries(input)) {
      const sub = findAttribute(subAttributes, nameIn(attribute, input, name));
      if (sub === undefined) refuseOurUnknown(attribute, name, where);
      if (sub === undefined || sub.mutability === 'readOnly') continue;
      const role = isAssignedValue(sub) ? readAppRole(value) : undefined;
      if (role !== undefined) {
        // What stands beside the text has the last word.
        parts.unshift(['value', role.value], ['display', role.display]);
        continue;
      }
      parts.push([sub.name, parseValue(sub, value, `${where}.${sub.name}`)]);
    }
    return parts;
  }
  const json = typeof input === 'string' ? fromJson(input) : undefined;
  if (json !== undefined) return parseParts(attribute, json, where);
  const standIn = defaultSubAttribute(attribute);
  if (standIn !== undefined) return [[standIn.name, parseSingle(standIn, input, `${where}.${standIn.name}`)]];
  const names = subAttributes.map(({ name }) => name).join(', ');
  throw new ScimInputError(
    'invalidValue',
    `${where} must be an object of ${names}, not ${quote(input, where)}.`,
    {
      attribute: where,
    },
  );
}

/** Microsoft's own requests have `displayName` for the `display` of a member and of a role. */
function nameIn(attribute: Attribute, input: Readonly<Record<string, unknown>>, name: string): string {
  const isMisnamed =
    name.toLowerCase() === 'displayname' && findAttribute(attribute.subAttributes ?? [], name) === undefined;
  return isMisnamed && !Object.keys(input).some((each) => each.toLowerCase() === 'display')
    ? 'display'
    : name;
}

/**
 * Throws `invalidSyntax` for a part that an attribute of our own extension hasn't: that schema is closed, and what is
 * misspelt in it would be dropped silently.
 */
function refuseOurUnknown(attribute: Attribute, name: string, where: string): void {
  if (!AGENT_EXTENSION.attributes.includes(attribute)) return;
  const known = (attribute.subAttributes ?? []).map((sub) => sub.name);
  throw new ScimInputError(
    'invalidSyntax',
    `${where} has no sub-attribute ${quote(name)}.${didYouMean(name, known)}`,
    { attribute: `${where}.${name}` },
  );
}

/** The complex value with these parts set (or unset) in it; `undefined` when nothing is left. */
export function assemble(
  parts: readonly Part[],
  before: unknown = undefined,
): Record<string, unknown> | undefined {
  const after: Record<string, unknown> = isObject(before) ? { ...before } : {};
  for (const [name, value] of parts) {
    if (value === undefined) delete after[name];
    else after[name] = value;
  }
  return Object.keys(after).length === 0 ? undefined : after;
}
