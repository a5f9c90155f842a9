import { PROFICIENCIES, type Proficiency } from '../tenant/vocabulary.ts';
import type { DesiredLanguage, DesiredLayout, DesiredQueue, DesiredSkill } from './desired.ts';

/** A field that is a list of entries with a name each: one entry a name. */
interface ListKind<Entry> {
  nameOf(entry: Entry): string;
  /** Of two entries with one name, the one that counts. */
  choose(first: Entry, second: Entry): Entry;
}

const LANGUAGES: ListKind<DesiredLanguage> = { nameOf: ({ language }) => language, choose: higher };

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
};

export type ListField = keyof typeof LIST_KINDS;

export function isListField(field: string): field is ListField {
  return Object.hasOwn(LIST_KINDS, field);
}

/** What messages and comparisons call an entry of a list field. */
export function entryName(field: ListField, entry: unknown): string {
  return kindOf(field).nameOf(entry);
}

/** Both lists as one, in the order of first appearance; of two entries with one name the higher or preferred counts. */
export function mergeList(
  field: ListField,
  before: readonly unknown[],
  added: readonly unknown[],
): unknown[] {
  const { nameOf, choose } = kindOf(field);
  return mergeBy([...before, ...added], (entry) => nameOf(entry).toLowerCase(), choose);
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
 * Whether a name in `remove` means an entry. A skill may be written with its group and without: `Refunds` takes
 * `Billing/Refunds` away too.
 */
export function isNamed(field: ListField, entry: unknown, name: string): boolean {
  const own = entryName(field, entry).toLowerCase();
  const wanted = name.toLowerCase();
  if (own === wanted) return true;
  return field === 'skills' && (own.endsWith(`/${wanted}`) || wanted.endsWith(`/${own}`));
}

/** The kinds differ in their entries alone, and each field holds entries of its own kind. */
function kindOf(field: ListField): ListKind<unknown> {
  return LIST_KINDS[field] as unknown as ListKind<unknown>;
}
