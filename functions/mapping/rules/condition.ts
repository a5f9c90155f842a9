import { quote, ScimInputError } from '../../scim-core/error.ts';
import { type Filter, parseFilter } from '../../scim-core/filter/filter.ts';
import { COMPARE_OPS } from '../../scim-core/filter/literal.ts';
import { compileFilter } from '../../scim-core/filter/match.ts';
import { tokenize } from '../../scim-core/filter/token.ts';
import { folded } from '../../scim-core/fold.ts';
import type { Person } from '../../scim-core/person.ts';
import { USER_KIND } from '../../scim-core/schema.ts';
import type { Problem } from '../../tenant/problem.ts';
import type { Complaints } from '../complaints.ts';
import { assertReadableFilter } from '../values/readable-path.ts';

/** Whether a rule is for a person. */
export type Condition = (person: Person) => boolean;

/** Compiles a filter over the person and its groups. What is wrong with it goes to `complaints`. */
export function compileCondition(text: string, path: Problem['path'], complaints: Complaints): Condition {
  const compile = () => {
    const filter = parseFilter(text, USER_KIND);
    assertReadableFilter(filter);
    assertMeant(text);
    complaints.looks += looksOf(filter);
    return compileWithGroups(filter);
  };
  // Stryker disable next-line ArrowFunction,BooleanLiteral: with a complaint there is no mapping that would ask it
  return complaints.read(path, text, compile, () => false);
}

/** A text that is in quotation marks of a document, or others, within its own. */
const QUOTED = /^\s*["'`«´»‘-‟″‹›「-』](.+)["'`«´»‘-‟″‹›「-』]\s*$/s;

/**
 * Refuses what would hold for nobody: a comparison of `groups` alone, which is one of their ids (RFC 7643 section 4.1.2),
 * and a text with quotation marks around it that are part of the value.
 */
function assertMeant(text: string): void {
  const tokens = tokenize(text, 'invalidFilter');
  for (const [index, { kind, text: word, position }] of tokens.entries()) {
    const inner = kind === 'string' ? QUOTED.exec(word)?.[1] : undefined;
    if (inner !== undefined) {
      const comparison = tokens.slice(Math.max(0, index - 2), index).map((token) => token.text);
      const right = [...comparison, quote(inner.trim())].join(' ');
      const message = `The quotation marks within the quotes are part of the value: write ${right}.`;
      throw new ScimInputError('invalidFilter', message, { position });
    }
    const operator = tokens[index + 1];
    if (kind !== 'word' || !/^(urn:.*:)?groups$/i.test(word) || operator?.kind !== 'word') continue;
    const op = COMPARE_OPS.find((each) => each === operator.text.toLowerCase());
    if (op === undefined) continue;
    const value = tokens[index + 2]?.text ?? '…';
    throw new ScimInputError(
      'invalidFilter',
      `"groups ${op}" compares the ids of groups; for their names write groups.display ${op} ${quote(value)}.`,
      { position },
    );
  }
}

/**
 * As `compileFilter`, but that a group is asked for by its name is one look-up, however many groups the person has: it is
 * what nearly every rule asks.
 */
function compileWithGroups(filter: Filter): Condition {
  // Stryker disable ConditionalExpression,LogicalOperator,StringLiteral,BlockStatement: it is only quicker
  const group = groupAskedFor(filter);
  if (group !== undefined) return (person) => groupNames(person).has(group);
  if (filter.op === 'and' || filter.op === 'or') {
    const parts = filter.filters.map(compileWithGroups);
    return filter.op === 'and'
      ? (person) => parts.every((holds) => holds(person))
      : (person) => parts.some((holds) => holds(person));
  }
  if (filter.op === 'not') {
    const holds = compileWithGroups(filter.filter);
    return (person) => !holds(person);
  }
  // Stryker restore ConditionalExpression,LogicalOperator,StringLiteral,BlockStatement
  return compileFilter(filter);
}

/** The name in `groups.display eq "name"`, as filters compare it; undefined for any other filter. */
function groupAskedFor(filter: Filter): string | undefined {
  if (filter.op !== 'eq' || typeof filter.value !== 'string') return undefined;
  const { attribute, sub, filter: selected } = filter.path;
  // Stryker disable next-line OptionalChaining: a comparison of groups has a sub-attribute always
  const isName = attribute.name === 'groups' && sub?.name === 'display' && selected === undefined;
  return isName ? folded(filter.value) : undefined;
}

/** The names of groups that a condition asks for by `groups.display eq`, as they are written. */
export function groupsAskedFor(text: string): string[] {
  const names: string[] = [];
  const look = (filter: Filter): void => {
    if ('filters' in filter) filter.filters.forEach(look);
    else if ('filter' in filter) look(filter.filter);
    else if (filter.op === 'eq' && typeof filter.value === 'string' && groupAskedFor(filter) !== undefined) {
      names.push(filter.value);
    }
  };
  look(parseFilter(text, USER_KIND));
  return [...new Set(names)];
}

const namesOf = new WeakMap<Person, ReadonlySet<string>>();

function groupNames(person: Person): ReadonlySet<string> {
  let names = namesOf.get(person);
  // Stryker disable next-line ConditionalExpression: it is only quicker
  if (names === undefined) {
    // Stryker disable next-line ArrayDeclaration: an entry without a display is none
    const groups = Array.isArray(person.groups) ? person.groups : [];
    names = new Set(
      groups
        .map((group) => group?.display)
        .filter((name) => typeof name === 'string')
        .map(folded),
    );
    // Stryker disable next-line CallExpression: it is only quicker
    namesOf.set(person, names);
  }
  return names;
}

/** How many times a filter looks at the values of a person; the names of groups are looked up. */
export function looksOf(filter: Filter): number {
  if ('filters' in filter) return filter.filters.reduce((sum, each) => sum + looksOf(each), 0);
  if ('filter' in filter) return looksOf(filter.filter);
  const within = filter.path.filter === undefined ? 0 : looksOf(filter.path.filter);
  return groupAskedFor(filter) === undefined ? 1 + within : 0;
}
