import { quote, ScimInputError } from '../error.ts';
import { folded } from '../fold.ts';
import { compareInstants, type Instant, parseInstant } from '../instant.ts';
import { parsePath } from '../path/path.ts';
import { compilePath } from '../path/select.ts';
import { type Attribute, defaultSubAttribute, type ResourceKind } from '../schema.ts';
import { isObject, type Resource } from './resource.ts';

type SortKey = string | number | Instant | undefined;

/**
 * A comparator for `sortBy` and `sortOrder` (RFC 7644 section 3.4.2.3), for `Array.prototype.sort`: by the attribute's
 * type and its sensitivity to case; of a multi-valued attribute the primary value counts, or else the first; resources
 * without a value come last, first when descending. Each resource's value is read once, so don't change it meanwhile.
 * Throws a ScimInputError `invalidPath` for an attribute that can't be sorted by, `invalidValue` for another order.
 */
export function compileSort(
  sortBy: string,
  sortOrder: string | undefined,
  kind: ResourceKind,
): (a: Resource, b: Resource) => number {
  const direction = directionOf(sortOrder);
  const read = compileKey(sortBy, kind);
  const known = new WeakMap<Resource, { key: SortKey }>();
  const keyOf = (resource: Resource): SortKey => {
    let entry = known.get(resource);
    if (entry === undefined) {
      entry = { key: read(resource) };
      known.set(resource, entry);
    }
    return entry.key;
  };
  return (a, b) => direction * compareKeys(keyOf(a), keyOf(b));
}

function directionOf(sortOrder = 'ascending'): 1 | -1 {
  const lower = sortOrder.toLowerCase();
  if (lower === 'ascending') return 1;
  if (lower === 'descending') return -1;
  throw new ScimInputError(
    'invalidValue',
    `sortOrder must be ascending or descending, not ${quote(sortOrder)}.`,
  );
}

function compileKey(sortBy: string, kind: ResourceKind): (resource: Resource) => SortKey {
  const { sub, ...whole } = parsePath(sortBy, kind);
  const target = sub ?? standIn(whole.attribute);
  if (target.type === 'complex' || target.returned === 'never') {
    const example = target.subAttributes?.[0];
    const instead =
      example === undefined ? '' : `: add a sub-attribute, as in ${target.name}.${example.name}`;
    throw new ScimInputError('invalidPath', `Resources can't be sorted by ${target.name}${instead}.`, {
      attribute: target.name,
    });
  }
  const elements = compilePath(whole);
  return (resource) => {
    const found = elements(resource);
    const element = found.find((each) => isObject(each) && each.primary === true) ?? found[0];
    return sortKey(isObject(element) ? element[target.name] : element, target);
  };
}

function standIn(attribute: Attribute): Attribute {
  return defaultSubAttribute(attribute) ?? attribute;
}

function sortKey(value: unknown, { type, caseExact }: Attribute): SortKey {
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value === '') return undefined;
  if (type === 'dateTime') return parseInstant(value);
  return caseExact ? value : folded(value);
}

function compareKeys(a: SortKey, b: SortKey): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  if (typeof a === 'object' && typeof b === 'object') return compareInstants(a, b);
  return a < b ? -1 : a > b ? 1 : 0;
}
