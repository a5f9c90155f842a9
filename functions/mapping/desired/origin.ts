import type { AgentField, Mapped, Origin } from './desired-agent.ts';
import { entryName, isListField } from './merge-entries.ts';

/** What gave the value of a field; of a list, what gave the entry of that name first. */
export function originOfEntry(mapped: Mapped, field: AgentField, name: string): Origin | undefined {
  const origins = mapped.origins[field];
  const giver = isListField(field)
    ? origins?.find((origin) => gives(origin).some((entry) => entryName(field, entry) === name))
    : undefined;
  return giver ?? origins?.at(-1);
}

/** The entries of a list that an origin gave. */
export function gives(origin: Origin): readonly unknown[] {
  // Stryker disable next-line ConditionalExpression,StringLiteral: a path gives no list, and so has no entries
  if (origin.from === 'path') return [];
  const { how, entries } = origin;
  // Stryker disable next-line ArrayDeclaration: an entry without a name has no origin
  return how === 'remove' || entries === undefined ? [] : entries;
}
