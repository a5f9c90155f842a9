import { compact } from '../../runtime/compact.ts';
import { type AttributePath, type Filter, parseFilter } from '../../scim-core/filter/filter.ts';
import { compileFilter, compileSome } from '../../scim-core/filter/match.ts';
import { nameOf } from '../../scim-core/path/name.ts';
import type { Person } from '../../scim-core/person.ts';
import { USER_KIND } from '../../scim-core/schema.ts';
import { bounded } from '../bounded-person.ts';

/** One part of a condition, and whether it holds for a person. */
export interface Clause {
  /** As it is written, in canonical form: `groups.display eq "Billing"`; of several parts `all of`, `one of`, `not`. */
  readonly text: string;
  readonly holds: boolean;
  /** What the person has where a comparison looks, the first few values; empty where there is none. */
  readonly has?: readonly unknown[];
  readonly parts?: readonly Clause[];
}

const SHOWN = 10;

/** A condition clause by clause: which hold for a person, and what the person has where they don't. */
export function clausesOf(condition: string, person: Person): Clause {
  return clauseOf(parseFilter(condition, USER_KIND), bounded(person));
}

function clauseOf(filter: Filter, person: Person): Clause {
  const holds = compileFilter(filter)(person);
  switch (filter.op) {
    case 'and':
    case 'or': {
      const parts = filter.filters.map((each) => clauseOf(each, person));
      return { text: filter.op === 'and' ? 'all of' : 'one of', holds, parts };
    }
    case 'not':
      return { text: 'not', holds, parts: [clauseOf(filter.filter, person)] };
    default:
      return { text: filterText(filter), holds, has: valuesAt(filter.path, person) };
  }
}

function valuesAt(path: AttributePath, person: Person): unknown[] {
  const values: unknown[] = [];
  compileSome(path)(person, (value) => {
    if (value !== undefined && value !== null && value !== '') values.push(value);
    return values.length >= SHOWN;
  });
  return values;
}

function filterText(filter: Filter): string {
  switch (filter.op) {
    case 'and':
    case 'or':
      return `(${filter.filters.map(filterText).join(` ${filter.op} `)})`;
    case 'not':
      return `not (${filterText(filter.filter)})`;
    case 'pr':
      return `${pathText(filter.path)} pr`;
    case 'valuePath':
      return pathText(filter.path);
    default:
      return `${pathText(filter.path)} ${filter.op} ${JSON.stringify(filter.value)}`;
  }
}

function pathText({ filter, sub, attribute }: AttributePath): string {
  if (filter === undefined) return nameOf({ attribute, ...compact({ sub }) });
  const selected = filterText(filter).replace(/^\((.*)\)$/, '$1');
  return `${attribute.name}[${selected}]${sub === undefined ? '' : `.${sub.name}`}`;
}
