import type { Person } from '../person/person.ts';
import type { AgentField, Mapped, MappingProblem, Origin, Replaced } from './desired.ts';
import { type ListField, mergeList } from './merge.ts';

/** A desired agent in the making: what the steps of a mapping write into. */
export interface Draft {
  readonly person: Person;
  readonly agent: { [field: string]: unknown };
  readonly origins: { [field: string]: readonly Origin[] };
  replaced: { [field: string]: readonly Replaced[] } | undefined;
  problems: MappingProblem[];
  readonly rules: string[];
}

export function draftOf(person: Person): Draft {
  return { person, agent: {}, origins: {}, replaced: undefined, problems: [], rules: [] };
}

/** Gives a field a value; what it had before is remembered, and what was wrong with that no longer matters. */
export function put(draft: Draft, field: AgentField, value: unknown, origins: readonly Origin[]): void {
  remember(draft, field);
  draft.agent[field] = value;
  draft.origins[field] = origins;
}

/** Adds entries to a list; one that is there already is merged, not doubled. */
export function extend(draft: Draft, field: ListField, entries: readonly unknown[], origin: Origin): void {
  draft.agent[field] = mergeList(field, (draft.agent[field] ?? []) as unknown[], entries);
  draft.origins[field] = [...(draft.origins[field] ?? []), origin];
}

/** Takes a field away, if it is there. */
export function clear(draft: Draft, field: AgentField, origin: Origin): void {
  remember(draft, field);
  if (draft.agent[field] === undefined) return;
  draft.origins[field] = [origin];
  delete draft.agent[field];
}

/** Notes what keeps a field from having its value. */
export function report(draft: Draft, field: AgentField, message: string): void {
  draft.problems.push({ field, message });
}

/** Keeps what a field has for the explanation, and forgets what was wrong with it: neither counts any more. */
function remember(draft: Draft, field: AgentField): void {
  const value = draft.agent[field];
  if (value !== undefined) {
    draft.replaced ??= {};
    draft.replaced[field] = [
      ...(draft.replaced[field] ?? []),
      { value, origins: draft.origins[field] ?? [] },
    ];
  }
  if (draft.problems.length > 0) draft.problems = draft.problems.filter((problem) => problem.field !== field);
}

/** The mapping's answer. */
export function mappedOf(
  { agent, origins, replaced, problems, rules }: Draft,
  rest: Pick<Mapped, 'stoppedBy' | 'ignoredWishes'>,
): Mapped {
  const mapped = { agent, origins, rules, ...rest } as Mapped;
  if (replaced === undefined && problems.length === 0) return mapped;
  return {
    ...mapped,
    ...(replaced === undefined ? {} : { replaced }),
    ...(problems.length === 0 ? {} : { problems }),
  } as Mapped;
}
