import { ScimInputError } from '../error.ts';
import type { Filter } from '../filter/filter.ts';
import { compileFilter } from '../filter/match.ts';
import { folded } from '../fold.ts';
import { nameOf } from '../path/name.ts';
import type { AttributePath } from '../path/path.ts';
import { isAssigned, isAssignedValue, readAppRole, withAppRole } from '../resource/app-role.ts';
import { assertCount } from '../resource/bounds.ts';
import { isObject, type Resource, sameValue } from '../resource/resource.ts';
import { assemble, type Part, parseList, parseParts, parseValue } from '../resource/value.ts';
import { type Attribute, defaultSubAttribute, findAttribute } from '../schema.ts';
import type { Op } from './operation.ts';

/** Sub-attributes that describe an element and don't make it another one. */
const DESCRIPTIVE: ReadonlySet<string> = new Set(['primary', 'display', '$ref']);

/**
 * The elements of a multi-valued attribute after one operation; `undefined` when none is left.
 * Throws a ScimInputError: `invalidValue`, `mutability`, or `noTarget` when no element satisfies the path's filter and
 * none can be made that does.
 */
export function changeElements(
  before: readonly unknown[],
  op: Op,
  path: AttributePath,
  input: unknown,
): readonly unknown[] | undefined {
  const elements = isAssigned(path.attribute) ? before.map(withAppRole) : before;
  const after = change(elements, op, path, input);
  // After each operation: a thousand of them that each add a thousand elements shouldn't get far.
  assertCount(path.attribute, after);
  return after.length === 0 ? undefined : after;
}

function change(before: readonly unknown[], op: Op, path: AttributePath, input: unknown): readonly unknown[] {
  const { attribute, filter, sub } = path;
  if (filter !== undefined || sub !== undefined) return changeSelected(before, op, path, input);
  if (op === 'remove') return input === undefined ? [] : without(before, attribute, input);
  const given = parseList(attribute, input, attribute.name);
  return op === 'replace' ? given : joined(before, attribute, given);
}

/** E9: a remove with a list of values takes away those and no others. */
function without(before: readonly unknown[], attribute: Attribute, input: unknown): readonly unknown[] {
  const key = defaultSubAttribute(attribute)?.name ?? '';
  const fold = (element: unknown) => {
    const value = isObject(element) ? element[key] : element;
    return typeof value === 'string' ? folded(value) : value;
  };
  const unwanted = Map.groupBy(parseList(attribute, input, attribute.name), fold);
  const unkeyed = unwanted.get(undefined) ?? [];
  return before.filter(
    (element) =>
      ![...(unwanted.get(fold(element)) ?? []), ...unkeyed].some((wanted) =>
        agrees(attribute, element, wanted),
      ),
  );
}

/** Whether an element has everything that `wanted` says, descriptions aside (unless `wanted` says nothing else). */
function agrees(attribute: Attribute, element: unknown, wanted: unknown): boolean {
  if (!isObject(element) || !isObject(wanted)) return sameValue(element, wanted);
  const telling = tellingNames(attribute, wanted);
  return (telling.length > 0 ? telling : Object.keys(wanted)).every((name) => {
    const [a, b] = [element[name], wanted[name]];
    const sub = findAttribute(attribute.subAttributes ?? [], name);
    return typeof a === 'string' && typeof b === 'string' && sub?.caseExact === false
      ? folded(a) === folded(b)
      : sameValue(a, b);
  });
}

/** The sub-attributes that make an element this one. Of roles Entra ID says the type in some requests and not in others. */
function tellingNames(attribute: Attribute, element: Resource): string[] {
  const isRole = attribute.name === 'roles' && element.value !== undefined;
  return isRole ? ['value'] : Object.keys(element).filter((name) => !DESCRIPTIVE.has(name));
}

/** Adds elements; one that is there already is brought up to date instead (RFC 7644 section 3.5.2.1). */
function joined(
  before: readonly unknown[],
  attribute: Attribute,
  given: readonly unknown[],
): readonly unknown[] {
  const after = [...before];
  const places = new Map(before.map((element, index) => [identity(attribute, element), index]));
  const changed = new Set<unknown>();
  for (const element of given) {
    const key = identity(attribute, element);
    const place = places.get(key) ?? after.length;
    const there = after[place];
    const now = isObject(there) && isObject(element) ? { ...there, ...element } : element;
    after[place] = now;
    changed.add(now);
    places.set(key, place);
  }
  return onePrimary(after, changed);
}

function identity(attribute: Attribute, element: unknown): string {
  if (!isObject(element)) return JSON.stringify(element);
  const names = tellingNames(attribute, element);
  return JSON.stringify(names.sort().map((name) => [name, element[name]]));
}

/** RFC 7644 section 3.5.2: setting `primary` on one value clears it on all others. */
function onePrimary(elements: readonly unknown[], changed: ReadonlySet<unknown>): readonly unknown[] {
  const isPrimary = (element: unknown) => isObject(element) && element.primary === true;
  if (![...changed].some(isPrimary)) return elements;
  return elements.map((element) =>
    isPrimary(element) && !changed.has(element) ? { ...(element as Resource), primary: false } : element,
  );
}

function changeSelected(
  before: readonly unknown[],
  op: Op,
  path: AttributePath,
  input: unknown,
): readonly unknown[] {
  const { attribute, sub } = path;
  const filter = isAssigned(attribute) ? withAppRoles(path.filter) : path.filter;
  const where = nameOf(path);
  const matches = filter === undefined ? () => true : compileFilter(filter);
  const isSelected = (element: unknown): element is Resource => isObject(element) && matches(element);
  const parts = op === 'remove' ? removal(sub) : assignment(attribute, sub, input, where);
  if (parts === undefined) {
    // The whole element is unassigned: taken out by a remove or a replace with null; an add of nothing adds nothing.
    return op === 'add' ? before : before.filter((element) => !isSelected(element));
  }
  const changed = new Set<unknown>();
  const after: unknown[] = [];
  for (const element of before) {
    const now = isSelected(element) ? reassembled(element, parts, attribute) : element;
    if (now === undefined) continue;
    if (now !== element) changed.add(now);
    after.push(now);
  }
  if (!before.some(isSelected) && parts.some(([, value]) => value !== undefined)) {
    const element = assemble(parts, seedOf(filter));
    // What a filter without plain equalities wants, or one that the new value contradicts, can't be made up.
    if (element === undefined || !matches(element)) {
      throw new ScimInputError(
        'noTarget',
        `No value of ${attribute.name} satisfies the filter of the path.`,
        {
          attribute: where,
        },
      );
    }
    after.push(element);
    changed.add(element);
  }
  return onePrimary(after, changed);
}

function removal(sub: Attribute | undefined): Part[] | undefined {
  return sub === undefined ? undefined : [[sub.name, undefined]];
}

function assignment(
  attribute: Attribute,
  sub: Attribute | undefined,
  input: unknown,
  where: string,
): Part[] | undefined {
  if (sub === undefined) return parseParts(attribute, input, where);
  // An app role says more than its value.
  if (isAssignedValue(sub)) return parseParts(attribute, { value: input }, attribute.name);
  return [[sub.name, parseValue(sub, input, where)]];
}

function reassembled(element: Resource, parts: readonly Part[], attribute: Attribute) {
  for (const [name, value] of parts) {
    const sub = findAttribute(attribute.subAttributes ?? [], name);
    if (sub?.mutability !== 'immutable' || element[name] === undefined || sameValue(element[name], value)) {
      continue;
    }
    throw new ScimInputError('mutability', `${attribute.name}.${name} can't be changed once it is set.`, {
      attribute: `${attribute.name}.${name}`,
    });
  }
  return assemble(parts, element);
}

/** What an element must have to satisfy the plain equalities of a filter: the new element begins with it (E7). */
function seedOf(filter: Filter | undefined): Resource {
  if (filter?.op === 'and') return Object.assign({}, ...filter.filters.map(seedOf));
  if (filter?.op !== 'eq' || filter.value === null) return {};
  return { [filter.path.attribute.name]: filter.value };
}

/** Entra ID may name an app role by all that it has of it. */
function withAppRoles(filter: Filter | undefined): Filter | undefined {
  if (filter === undefined) return undefined;
  if ('filters' in filter)
    return { ...filter, filters: filter.filters.flatMap((each) => withAppRoles(each) ?? []) };
  if ('filter' in filter) return { ...filter, filter: withAppRoles(filter.filter) ?? filter.filter };
  if (!('value' in filter) || !isAssignedValue(filter.path.attribute)) return filter;
  return { ...filter, value: readAppRole(filter.value)?.value ?? filter.value };
}
