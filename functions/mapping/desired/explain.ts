import { compact } from '../../runtime/compact.ts';
import { folded } from '../../scim-core/fold.ts';
import type { AgentField, Mapped, Origin, Replaced } from './desired-agent.ts';
import { entryName, isListField, type ListField } from './merge-entries.ts';
import { gives } from './origin.ts';

/** Why a field of a desired agent is as it is. */
export interface Explanation {
  readonly field: AgentField;
  /** Absent when a rule took it away. */
  readonly value?: unknown;
  /** Who gave the value, in order: a list may have several. */
  readonly origins: readonly Origin[];
  /** For a list: each of its entries with who gave it. */
  readonly entries?: readonly { readonly entry: unknown; readonly origins: readonly Origin[] }[];
  /** What the field had before, oldest first. */
  readonly replaced: readonly Replaced[];
}

/** The explanation of a desired agent, field by field, in the order in which fields came to be. */
export function explain({ agent, origins, replaced = {} }: Mapped): Explanation[] {
  return (Object.keys(origins) as AgentField[]).map((field) => {
    const value = agent[field];
    // Stryker disable next-line ArrayDeclaration: a key of origins has some
    const own = origins[field] ?? [];
    return {
      field,
      ...compact({ value }),
      origins: own,
      ...compact({
        entries:
          isListField(field) && value !== undefined
            ? (value as readonly unknown[]).map((entry) => ({
                entry,
                origins: giversOf(field, entry, own),
              }))
            : undefined,
      }),
      replaced: replaced[field] ?? [],
    };
  });
}

function giversOf(field: ListField, entry: unknown, origins: readonly Origin[]): Origin[] {
  const name = folded(entryName(field, entry));
  return origins.filter((origin) => gives(origin).some((given) => folded(entryName(field, given)) === name));
}

/** Field by field who gave it, in words: `{ skills: ["everyone (set)", "billing (add)"] }`. No value of the person. */
export function reasons({ origins }: Pick<Mapped, 'origins'>): Record<string, string[]> {
  return Object.fromEntries(
    (Object.entries(origins) as [string, readonly Origin[]][]).map(([field, list]) => [
      field,
      list.map(originLabel),
    ]),
  );
}

/** An origin in a word or two: `billing (add)`, `name.givenName`, `wish skills (add)`. */
export function originLabel(origin: Origin): string {
  switch (origin.from) {
    case 'path':
      return origin.path;
    case 'rule':
      return `${origin.rule} (${origin.how})`;
    case 'wish':
      return `${wishText(origin)} (${origin.how})`;
  }
}

/** An origin as messages begin with it: `rule "billing": `; nothing where there is none. */
export function originText(origin: Origin | undefined): string {
  switch (origin?.from) {
    case 'path':
      return `${origin.path}: `;
    case 'rule':
      return `rule "${origin.rule}": `;
    case 'wish':
      return `${wishText(origin)}: `;
    case undefined:
      return '';
  }
}

function wishText({ wish, attribute }: Origin & { readonly from: 'wish' }): string {
  return attribute === undefined ? `wish ${wish}` : `${attribute} (${wish})`;
}
