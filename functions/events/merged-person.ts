import type { PersonRecord } from '../directory/record.ts';
import { compact } from '../runtime/compact.ts';
import { applyPatch } from '../scim-core/patch/patch.ts';
import type { Person } from '../scim-core/person.ts';
import { parseResource } from '../scim-core/resource/parse.ts';
import { isObject, type Resource } from '../scim-core/resource/resource.ts';
import { USER_KIND } from '../scim-core/schema.ts';
import type { Attributes, PersonEvent } from './event.ts';

/** What a person becomes by an event; `owns`: the source made the person and nobody else has written it since. */
export interface MergeTerms {
  readonly owns: boolean;
  /** What the event says about attributes counts: it isn't older than what is known. */
  readonly profile: boolean;
  /** What it says about being in or out of service counts. */
  readonly status: boolean;
}

/**
 * Somebody new, made of what an event says and, where it says nothing, of what may be guessed from it.
 *
 * @throws ScimInputError for values that are not of their attribute's type
 */
export function newPerson({ subject, person = {}, guess = {}, kind }: PersonEvent): Person {
  const { id, userName, email, externalId = id } = subject;
  return parse({
    userName: userName ?? email ?? id,
    ...compact({ externalId }),
    ...guess,
    ...person,
    ...activeBy(kind),
  });
}

/**
 * Somebody known, with an event applied. A source that says everything about a person whom it made replaces the person;
 * else what is said is put over what is known, and what isn't stays. userName and externalId belong to the maker.
 *
 * @throws ScimInputError for values that are not of their attribute's type, or operations that can't be applied
 */
export function mergedPerson(before: PersonRecord, event: PersonEvent, terms: MergeTerms): Person {
  const known = before.person;
  const active = terms.status ? (activeBy(event.kind).active ?? activeOf(event.person)) : undefined;
  let person: Person = known;
  if (terms.profile && event.operations !== undefined) {
    person = applyPatch(known, { Operations: event.operations }.Operations, USER_KIND).resource as Person;
  } else if (terms.profile && event.person !== undefined) {
    const isWhole = terms.owns && event.completeness === 'full';
    const userName = event.person.userName ?? known.userName;
    const said = parse({ ...(isWhole ? event.guess : {}), ...event.person, userName });
    person = isWhole ? replaced(known, said) : overlaid(known, said, terms.owns);
  }
  if (!terms.status) return withActive(person, known.active);
  return withActive(person, active ?? person.active ?? known.active);
}

function activeBy(kind: PersonEvent['kind']): { active?: boolean } {
  switch (kind) {
    case 'suspend':
      return { active: false };
    case 'resume':
      return { active: true };
    default:
      return {};
  }
}

function activeOf(person: Attributes | undefined): boolean | undefined {
  return typeof person?.active === 'boolean' ? person.active : undefined;
}

function withActive(person: Person, active: boolean | undefined): Person {
  if (person.active === active) return person;
  const { active: _, ...rest } = person;
  return (active === undefined ? rest : { ...rest, active }) as Person;
}

/** What the maker doesn't repeat stays where only it could have said it: its id and whether somebody is in service. */
function replaced(known: Person, said: Person): Person {
  return {
    ...said,
    ...(said.externalId === undefined && known.externalId !== undefined
      ? { externalId: known.externalId }
      : {}),
    ...(said.active === undefined && known.active !== undefined ? { active: known.active } : {}),
  };
}

function overlaid(known: Person, said: Person, owns: boolean): Person {
  const result: Record<string, unknown> = { ...known };
  for (const [name, value] of Object.entries(said)) {
    if (name === 'active' || (!owns && (name === 'userName' || name === 'externalId'))) continue;
    result[name] = name === 'schemas' ? union(known.schemas, value) : overlay(result[name], value);
  }
  return result as Person;
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

function union(a: unknown, b: unknown): unknown[] {
  return [...new Set([...(Array.isArray(a) ? a : []), ...(Array.isArray(b) ? b : [])])];
}

function parse(attributes: Resource): Person {
  return parseResource(attributes, USER_KIND) as Person;
}
