import { folded } from '../../scim-core/fold.ts';
import type { KeyOfKind } from '../../smartassist/fields.ts';
import { PROFICIENCIES, type Proficiency } from '../../tenant/vocabulary.ts';
import type { DesiredLanguage, DesiredLayout, DesiredQueue, DesiredSkill } from './desired-agent.ts';

/** A field that is a list of entries with a name each: one entry a name. */
interface ListKind<Entry> {
  nameOf(entry: Entry): string;
  /** Of two entries with one name, the one that counts. */
  choose(first: Entry, second: Entry): Entry;
}

const LANGUAGES: ListKind<DesiredLanguage> = { nameOf: ({ language }) => language, choose: higher };

export type ListField = KeyOfKind<'skills' | 'queues' | 'languages' | 'layouts'>;

const LIST_KINDS = {
  skills: { nameOf: ({ skill }: DesiredSkill) => skill, choose: higher },
  queues: {
    nameOf: ({ queue }: DesiredQueue) => queue,
    choose: (first: DesiredQueue, second: DesiredQueue) => (second.preferred === true ? second : first),
  },
  'chat.languages': LANGUAGES,
  'voice.languages': LANGUAGES,
  desktopLayouts: {
    nameOf: ({ id }: DesiredLayout) => id,
    choose: (first: DesiredLayout, second: DesiredLayout) => (second.isDefault === true ? second : first),
  },
} satisfies Readonly<Record<ListField, object>>;

export function isListField(field: string): field is ListField {
  return Object.hasOwn(LIST_KINDS, field);
}

/** What messages and comparisons call an entry of a list field. */
export function entryName(field: ListField, entry: unknown): string {
  return kindOf(field).nameOf(entry);
}

/** Of two entries with one name, the one that counts. */
export function preferred(field: ListField, first: unknown, second: unknown): unknown {
  return kindOf(field).choose(first, second);
}

/** Entries of one key become one, in the first one's place. */
export function mergeBy<T>(
  entries: readonly T[],
  key: (entry: T) => string,
  choose: (first: T, second: T) => T,
): T[] {
  const merged = new Map<string, T>();
  for (const entry of entries) {
    const name = key(entry);
    const present = merged.get(name);
    merged.set(name, present === undefined ? entry : choose(present, entry));
  }
  return [...merged.values()];
}

/** Of two entries the one with the higher proficiency, the first when they are equal. */
export function higher<T extends { readonly proficiency: Proficiency }>(first: T, second: T): T {
  return PROFICIENCIES.indexOf(second.proficiency) > PROFICIENCIES.indexOf(first.proficiency)
    ? second
    : first;
}

/**
 * Tells which entries of a list names in `remove` mean. A skill may be written with its group and without: `Refunds`
 * means `Billing/Refunds` too, and the other way round.
 */
export function namedBy(field: ListField, names: readonly string[]): (entry: unknown) => boolean {
  const wanted = new Set(names.map(folded));
  const nameIn = (entry: unknown) => folded(entryName(field, entry));
  if (field !== 'skills') return (entry) => wanted.has(nameIn(entry));
  const wantedSkills = new Set([...wanted].map(withoutGroup));
  return (entry) => {
    const name = nameIn(entry);
    return (
      wanted.has(name) || wanted.has(withoutGroup(name)) || (!name.includes('/') && wantedSkills.has(name))
    );
  };
}

function withoutGroup(skill: string): string {
  return skill.slice(skill.indexOf('/') + 1);
}

/** The kinds differ in their entries alone, and each field holds entries of its own kind. */
function kindOf(field: ListField): ListKind<unknown> {
  return LIST_KINDS[field] as unknown as ListKind<unknown>;
}
