import { folded } from '../fold.ts';
import { compareInstants, parseInstant } from '../instant.ts';
import type { AttributePath } from '../path/path.ts';
import { isObject, type Resource } from '../resource/resource.ts';
import { type Attribute, findAttribute, USER } from '../schema.ts';
import type { CompareOp, Filter, Literal } from './filter.ts';

type Test = (value: unknown) => boolean;

/**
 * Turns a filter into a predicate over resources, once for as many as there are. RFC 7644 section 3.4.2.2: of a
 * multi-valued attribute any value may match, within `[…]` one element has to satisfy everything. An attribute without
 * a value compares as null does (RFC 7643 section 2.5): only `ne "x"` and `eq null` match it.
 */
export function compileFilter(filter: Filter): (resource: Resource) => boolean {
  switch (filter.op) {
    case 'and': {
      const all = filter.filters.map(compileFilter);
      return (resource) => all.every((matches) => matches(resource));
    }
    case 'or': {
      const any = filter.filters.map(compileFilter);
      return (resource) => any.some((matches) => matches(resource));
    }
    case 'not': {
      const matches = compileFilter(filter.filter);
      return (resource) => !matches(resource);
    }
    case 'pr':
    case 'valuePath': {
      const some = compileSome(filter.path);
      const test: Test = filter.op === 'pr' ? isPresent : (element) => element !== undefined;
      return (resource) => some(resource, test);
    }
    default: {
      const some = compileSome(filter.path);
      const test = compileTest(filter.path.sub ?? filter.path.attribute, filter.op, filter.value);
      return (resource) => some(resource, test);
    }
  }
}

/**
 * Turns a path into a function that tells whether any value there passes a test. Where the path leads to nothing, the
 * test gets `undefined` once; an element without the sub-attribute asked for counts as `undefined` too.
 */
export function compileSome(path: AttributePath): (resource: Resource, test: Test) => boolean {
  const { extension, filter } = path;
  const name = path.attribute.name;
  const sub = path.sub?.name;
  const selects = filter === undefined ? undefined : compileFilter(filter);
  return (resource, test) => {
    const holder = extension === undefined ? resource : resource[extension];
    const value = isObject(holder) ? holder[name] : undefined;
    let found = false;
    for (const element of Array.isArray(value) ? value : [value]) {
      if (selects !== undefined && !(isObject(element) && selects(element))) continue;
      found = true;
      const part = sub === undefined ? element : isObject(element) ? element[sub] : undefined;
      if (test(part)) return true;
    }
    return !found && test(undefined);
  };
}

/** Not null, not empty and, for a complex value, not made of such alone. */
export function isPresent(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).some(isPresent);
  return value !== undefined && value !== null && value !== '';
}

function compileTest(attribute: Attribute, op: CompareOp, literal: Literal): Test {
  if (literal === null) return op === 'eq' ? (value) => !isPresent(value) : isPresent;
  // RFC 7643 section 2.4: where "primary" isn't given, it is false.
  if (attribute.name === 'primary') return compare(op, (value) => (value ?? false) === literal, never);
  // A person of whom nothing is said is in service.
  if (isActive(attribute)) return compare(op, (value) => (value ?? true) === literal, never);
  if (typeof literal === 'boolean') return compare(op, (value) => value === literal, never);
  if (typeof literal === 'number') return compare(op, (value) => value === literal, numericOrder(literal));
  const instant = attribute.type === 'dateTime' ? parseInstant(literal) : undefined;
  if (instant !== undefined) {
    const order: Order = (value) => {
      const found = typeof value === 'string' ? parseInstant(value) : undefined;
      return found === undefined ? undefined : compareInstants(found, instant);
    };
    return compare(op, (value) => order(value) === 0, order);
  }
  return compileText(op, literal, attribute.caseExact);
}

function isActive(attribute: Attribute): boolean {
  return attribute.name === 'active' && attribute === findAttribute(USER.attributes, 'active');
}

/** Negative, 0 or positive as the value stands to the literal; `undefined` when the two can't be compared. */
type Order = (value: unknown) => number | undefined;

const never: Order = () => undefined;

function numericOrder(literal: number): Order {
  return (value) => (typeof value === 'number' ? value - literal : undefined);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compileText(op: CompareOp, literal: string, caseExact: boolean): Test {
  const wanted = caseExact ? literal : folded(literal);
  const read = (value: unknown) =>
    typeof value !== 'string' ? undefined : caseExact ? value : folded(value);
  switch (op) {
    case 'co':
      return (value) => read(value)?.includes(wanted) === true;
    case 'sw':
      return (value) => read(value)?.startsWith(wanted) === true;
    case 'ew':
      return (value) => read(value)?.endsWith(wanted) === true;
    default: {
      const order: Order = (value) => {
        const text = read(value);
        return text === undefined ? undefined : compareText(text, wanted);
      };
      return compare(op, (value) => read(value) === wanted, order);
    }
  }
}

function compare(op: CompareOp, equals: Test, order: Order): Test {
  switch (op) {
    case 'ne':
      return (value) => !equals(value);
    case 'gt':
      return (value) => (order(value) ?? -1) > 0;
    case 'ge':
      return (value) => (order(value) ?? -1) >= 0;
    case 'lt':
      return (value) => (order(value) ?? 1) < 0;
    case 'le':
      return (value) => (order(value) ?? 1) <= 0;
    default:
      return equals;
  }
}
