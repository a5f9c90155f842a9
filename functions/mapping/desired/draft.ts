import { compact } from '../../runtime/compact.ts';
import { folded } from '../../scim-core/fold.ts';
import type { Person } from '../../scim-core/person.ts';
import type { Dated, When } from '../rules/when.ts';
import type { AgentField, Mapped, MappingProblem, Origin, Replaced } from './desired-agent.ts';
import { entryName, type ListField, preferred } from './merge-entries.ts';

/** A desired agent in the making: what the steps of a mapping write into. */
export interface Draft {
  readonly person: Person;
  /** Values by field. A list that has been added to is a `Map` of its entries, by name in small letters. */
  readonly agent: { [field: string]: unknown };
  readonly origins: { [field: string]: readonly Origin[] };
  replaced: { [field: string]: readonly Replaced[] } | undefined;
  problems: MappingProblem[];
  readonly warnings: MappingProblem[];
  readonly rules: string[];
  /** When it is, where the person works. */
  readonly when: When;
  /** What begins or ends of the rules that are for the person. */
  readonly dates: Dated[];
}

export function newDraft(person: Person, when: When): Draft {
  const lists = { problems: [], warnings: [], rules: [], dates: [] };
  return { person, agent: {}, origins: {}, replaced: undefined, ...lists, when };
}

/** The entries of a list as they are now. */
export function entriesIn(draft: Draft, field: ListField): readonly unknown[] {
  return (plain(draft.agent[field]) ?? []) as readonly unknown[];
}

/** Gives a field a value; what it had before is remembered, and what was wrong with that no longer matters. */
export function put(draft: Draft, field: AgentField, value: unknown, origins: readonly Origin[]): void {
  remember(draft, field);
  draft.agent[field] = value;
  draft.origins[field] = origins;
}

/** Adds entries to a list, in the order of first appearance; one that is there already is merged, not doubled. */
export function extend(draft: Draft, field: ListField, entries: readonly unknown[], origin: Origin): void {
  const present = draft.agent[field];
  // The rule's own list is shared by all persons, so it is never written to.
  const list = present instanceof Map ? present : asMap(field, (present ?? []) as readonly unknown[]);
  for (const entry of entries) addTo(list, field, entry);
  draft.agent[field] = list;
  addOrigin(draft, field, origin);
}

/** Takes entries out of a list. */
export function takeAway(
  draft: Draft,
  field: ListField,
  isTaken: (entry: unknown) => boolean,
  rule: string,
): void {
  const before = entriesIn(draft, field);
  const entries = before.filter(isTaken);
  if (entries.length === 0) return;
  draft.agent[field] = before.filter((entry) => !isTaken(entry));
  addOrigin(draft, field, { from: 'rule', rule, how: 'remove', entries });
}

/** Takes a field away, if it is there. */
export function clear(draft: Draft, field: AgentField, origin: Origin): void {
  remember(draft, field);
  if (draft.agent[field] === undefined) return;
  draft.origins[field] = [origin];
  delete draft.agent[field];
}

/** Notes what keeps a field from having its value. */
export function report(draft: Draft, field: AgentField, message: string, rule?: string): void {
  draft.problems.push({ field, message, ...compact({ rule }) });
}

/** One entry a name: of two the one with the higher proficiency, or the preferred one. */
export function withoutDoubles(field: ListField, entries: readonly unknown[]): unknown[] {
  return [...asMap(field, entries).values()];
}

/** The mapping's answer. */
export function mappedOf(
  { agent, origins, replaced, problems, warnings, rules, dates }: Draft,
  rest: Pick<Mapped, 'stoppedBy' | 'ignoredWishes' | 'ignoredEntitlements'>,
): Mapped {
  for (const field in agent) agent[field] = plain(agent[field]);
  return {
    agent: agent as Mapped['agent'],
    origins,
    rules,
    ...rest,
    ...compact({
      replaced,
      problems: problems.length === 0 ? undefined : problems,
      warnings: warnings.length === 0 ? undefined : warnings,
      dates: dates.length === 0 ? undefined : dates,
    }),
  };
}

/** Keeps what a field has for the explanation, and forgets what was wrong with it: neither counts any more. */
function remember(draft: Draft, field: AgentField): void {
  const value = plain(draft.agent[field]);
  if (value !== undefined) {
    draft.replaced ??= {};
    // Stryker disable next-line ArrayDeclaration: what has a value has origins
    draft.replaced[field] = [
      ...(draft.replaced[field] ?? []),
      { value, origins: draft.origins[field] ?? [] },
    ];
  }
  // Stryker disable next-line ConditionalExpression,EqualityOperator: it is only quicker
  if (draft.problems.length > 0) draft.problems = draft.problems.filter((problem) => problem.field !== field);
}

function addOrigin(draft: Draft, field: ListField, origin: Origin): void {
  draft.origins[field] = [...(draft.origins[field] ?? []), origin];
}

function asMap(field: ListField, entries: readonly unknown[]): Map<string, unknown> {
  const list = new Map<string, unknown>();
  for (const entry of entries) addTo(list, field, entry);
  return list;
}

function addTo(list: Map<string, unknown>, field: ListField, entry: unknown): void {
  const name = folded(entryName(field, entry));
  const present = list.get(name);
  list.set(name, present === undefined ? entry : preferred(field, present, entry));
}

function plain(value: unknown): unknown {
  return value instanceof Map ? [...value.values()] : value;
}
