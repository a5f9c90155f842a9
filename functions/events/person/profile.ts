import type { LinkState, PersonRecord, SourceLink } from '../../directory/record.ts';
import { originOf, REST } from '../../provision/attribute-source.ts';
import { compact } from '../../runtime/compact.ts';
import { applyPatch } from '../../scim-core/patch/patch.ts';
import type { Person } from '../../scim-core/person.ts';
import { parseResource } from '../../scim-core/resource/parse.ts';
import { isObject, sameValue } from '../../scim-core/resource/resource.ts';
import { USER_KIND } from '../../scim-core/schema.ts';
import type { Attributes, PersonEvent } from '../event.ts';
import type { Links } from '../links.ts';
import { isNewer, markOf, profileMark } from '../order.ts';
import { personWith, type Values, valuesOf } from './values.ts';

/** What each source says about a person: the person itself is made of it. */
export type SaidBy = ReadonlyMap<string, Values>;

/** Takes a person apart into what each source has said, with the values that stand behind others. */
export function saidBy(record: PersonRecord): SaidBy {
  const said = new Map<string, Record<string, unknown>>();
  const of = (source: string) => {
    const values = said.get(source) ?? {};
    said.set(source, values);
    return values;
  };
  for (const [source, link] of Object.entries(record.links ?? {})) Object.assign(of(source), link.said);
  for (const [key, value] of Object.entries(valuesOf(record.person))) of(originOf(record, key))[key] = value;
  return said;
}

/** A person put together, and what has to be kept of how. */
export interface Composed {
  readonly person: Person;
  readonly links: Links;
  readonly origins: NonNullable<PersonRecord['origins']>;
}

/** Puts a person together: of each attribute the value of the source that stands first for it. */
export function compose(
  base: Person,
  said: SaidBy,
  links: Links,
  maker: string,
  rank: (source: string, attribute: string) => number,
): Composed {
  const chosen = new Map<string, { readonly source: string; readonly value: unknown }>();
  const behind = new Map<string, Record<string, unknown>>();
  for (const [source, values] of said) {
    for (const [key, value] of Object.entries(values)) {
      const before = chosen.get(key);
      const isFirst = before === undefined || rank(source, key) < rank(before.source, key);
      const loser = isFirst ? before : { source, value };
      if (isFirst) chosen.set(key, { source, value });
      if (loser !== undefined) behind.set(loser.source, { ...behind.get(loser.source), [key]: loser.value });
    }
  }
  const values = Object.fromEntries([...chosen].map(([key, { value }]) => [key, value]));
  const origins: Record<string, string> = { [REST]: maker };
  for (const [key, { source }] of chosen) if (source !== maker) origins[key] = source;
  const after: Record<string, SourceLink> = {};
  for (const [source, { said: _, ...link }] of Object.entries(links)) {
    after[source] = { ...link, ...compact({ said: behind.get(source) }) };
  }
  return { person: personWith(base, values), links: after, origins };
}

/** The source's own values and its status after an event's attributes; undefined where those are older. */
export function withProfile(
  own: Values,
  linkState: LinkState,
  event: PersonEvent,
  visible: Person,
  isMaker: boolean,
): { readonly own: Values; readonly linkState: LinkState } | undefined {
  const mark = markOf(event);
  const whole = profileMark(linkState);
  if (!isNewer(mark, whole)) return undefined;
  const isFull = event.completeness === 'full' && event.operations === undefined;
  const said =
    event.operations === undefined ? saidIn(event, isFull && isMaker) : changedBy(event.operations, visible);
  if (said === undefined) return undefined;
  const marks = linkState.marks ?? {};
  const after: Record<string, unknown> = { ...own };
  const later: Record<string, (typeof marks)[string]> = {};
  const keys = isFull ? [...Object.keys(own), ...Object.keys(said)] : Object.keys(said);
  let saysNew = isFull;
  for (const key of new Set(keys)) {
    if (!isNewer(mark, marks[key])) continue;
    saysNew = true;
    const value = said[key];
    if (value === undefined) delete after[key];
    else after[key] = isFull || event.operations !== undefined ? value : overlay(own[key], value);
    if (!isFull) later[key] = mark;
  }
  if (!saysNew) return undefined;
  const { marks: _marks, profileAt, profileSequence, ...rest } = linkState;
  const wholeMark = isFull ? mark : { at: profileAt, sequence: profileSequence };
  const kept = {
    ...Object.fromEntries(Object.entries(marks).filter(([, each]) => !isFull || !isNewer(mark, each))),
    ...later,
  };
  return {
    own: after,
    linkState: {
      ...rest,
      ...compact({
        profileAt: wholeMark.at,
        profileSequence: wholeMark.sequence,
        marks: Object.keys(kept).length === 0 ? undefined : kept,
      }),
    },
  };
}

/** What is kept with the link of a new person about a whole profile, which has been read already. */
export function firstProfile({ marks: _, ...linkState }: LinkState, event: PersonEvent): LinkState {
  const { at: profileAt, sequence: profileSequence } = markOf(event);
  return { ...linkState, ...compact({ profileAt, profileSequence }) };
}

/** `userName` and `externalId` as the event has them, where it says something of attributes at all. */
export function namesIn({ person }: PersonEvent): { userName?: string; externalId?: string } {
  return compact({ userName: textOf(person?.userName), externalId: textOf(person?.externalId) });
}

function saidIn({ person, guess }: PersonEvent, guesses: boolean): Values | undefined {
  if (person === undefined) return undefined;
  return valuesOf(parse({ ...(guesses ? guess : {}), ...person }));
}

/** What PATCH operations change; undefined is the value of what they take away. */
function changedBy(operations: readonly unknown[], visible: Person): Values {
  const before = valuesOf(visible);
  const after = valuesOf(applyPatch(visible, { Operations: operations }.Operations, USER_KIND).resource);
  const changed: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (!sameValue(before[key], after[key])) changed[key] = after[key];
  }
  return changed;
}

/** @throws ScimInputError for values that are not of their attribute's type */
export function parse(attributes: Attributes): Person {
  // userName is required; whether a source may change it is decided elsewhere.
  return parseResource({ ...attributes, userName: attributes.userName ?? '-' }, USER_KIND) as Person;
}

function overlay(known: unknown, said: unknown): unknown {
  if (isObject(known) && isObject(said)) return { ...known, ...said };
  if (Array.isArray(known) && Array.isArray(said)) return withElements(known, said);
  return said;
}

/** Elements of the types that were said are replaced, the others stay, and one is primary at most. */
function withElements(known: readonly unknown[], said: readonly unknown[]): unknown[] {
  const typeOf = (element: unknown) => (isObject(element) ? element.type : undefined);
  const types = new Set(said.map(typeOf));
  const hasPrimary = said.some((element) => isObject(element) && element.primary === true);
  const kept = known.filter((element) => !types.has(typeOf(element)));
  return [...said, ...(hasPrimary ? kept.map(withoutPrimary) : kept)];
}

function withoutPrimary(element: unknown): unknown {
  if (!isObject(element) || element.primary !== true) return element;
  const { primary: _, ...rest } = element;
  return rest;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
