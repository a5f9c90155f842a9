import { nameOf } from '../path/name.ts';
import type { Filter } from './expression.ts';

/** Attributes that a store can look up, the most selective first. */
const KEYS = [
  'id',
  'userName',
  'externalId',
  'emails.value',
  'displayName',
  'members.value',
  'groups.value',
] as const;

/** What a resource must have to satisfy a filter, so that an index finds the few that may. */
export interface LookUpKey {
  readonly attribute: (typeof KEYS)[number];
  readonly value: string;
}

/**
 * The equality that everything matching `filter` satisfies: of an `eq` on a look-up key or an `and` that has one; the
 * most selective where there are several, `undefined` where there is none. The candidates still go through the whole
 * filter. `userName`, `emails.value` and `displayName` compare without regard to case.
 *
 * @param among the keys that the store has, the most selective first
 */
export function equalityOf(
  filter: Filter,
  among: readonly LookUpKey['attribute'][] = KEYS,
): LookUpKey | undefined {
  const found = equalities(filter, '');
  for (const attribute of among) {
    const value = found.get(attribute);
    if (value !== undefined) return { attribute, value };
  }
  return undefined;
}

function equalities(filter: Filter, parent: string): Map<string, string> {
  if (filter.op === 'and') {
    return new Map(filter.filters.flatMap((each) => [...equalities(each, parent)]));
  }
  if (filter.op === 'valuePath') return within(filter.path);
  if (filter.op !== 'eq' || filter.path.extension !== undefined || typeof filter.value !== 'string') {
    // `emails[value eq "a"].type pr`: whatever is asked of the element, it has to be there.
    return filter.op === 'pr' ? within(filter.path) : new Map();
  }
  const own: [string, string] = [parent + nameOf(filter.path), filter.value];
  return new Map([...within(filter.path), own]);
}

function within({
  attribute,
  extension,
  filter,
}: {
  attribute: { name: string };
  extension?: string;
  filter?: Filter;
}) {
  return filter === undefined || extension !== undefined
    ? new Map<string, string>()
    : equalities(filter, `${attribute.name}.`);
}
