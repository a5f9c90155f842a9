import { ScimInputError } from '../error.ts';
import { compileFilter } from '../filter/match.ts';
import { type AttributePath, parsePath } from '../path/path.ts';
import { type Attribute, coreAttributes, extensionAttribute, type ResourceKind } from '../schema.ts';
import { assertNames } from './bounds.ts';
import { isObject, type Resource } from './resource.ts';

/** The query parameters of RFC 7644 section 3.9: names in a list, or separated by commas. */
export interface Selection {
  readonly attributes?: string | readonly string[];
  readonly excludedAttributes?: string | readonly string[];
}

/** What becomes of a value in the answer; `undefined` leaves it out. */
type View = (value: unknown) => unknown;

/** Parts of one attribute that were named: all of it, one sub-attribute, those elements that satisfy a filter. */
interface Part {
  readonly sub?: string;
  readonly selects: (element: Resource) => boolean;
}

const keep: View = (value) => value;

/**
 * Turns `attributes` and `excludedAttributes` into a function that makes the answer of a resource, once for a whole
 * list. Names in any case, with or without URN, down to sub-attributes and value paths; unknown ones select nothing.
 * The `returned` characteristic rules: `always` (`id`, `schemas`) stays, `never` goes, `request` has to be named.
 * With both parameters what is excluded is taken from what was asked for.
 */
export function compileProjection(
  selection: Selection,
  kind: ResourceKind,
): (resource: Resource) => Resource {
  const asked = namesIn(selection.attributes);
  const attributes = asked.length === 0 ? undefined : pathsOf(asked, kind);
  const excluded = pathsOf(namesIn(selection.excludedAttributes), kind);
  const views = new Map<string, View>();
  for (const attribute of coreAttributes(kind)) {
    views.set(attribute.name, viewOf(attribute, attributes, excluded));
  }
  for (const container of kind.extensions.map(extensionAttribute)) {
    views.set(container.name, viewOfExtension(container, attributes, excluded));
  }
  return (resource) => project(resource, views);
}

function project(holder: Resource, views: ReadonlyMap<string, View>): Record<string, unknown> {
  const seen: Record<string, unknown> = {};
  for (const name of Object.keys(holder)) {
    const value = views.get(name)?.(holder[name]);
    if (value !== undefined) seen[name] = value;
  }
  return seen;
}

function viewOfExtension(
  container: Attribute,
  attributes: readonly AttributePath[] | undefined,
  excluded: readonly AttributePath[],
): View {
  const isWhole = (path: AttributePath) => path.attribute === container && path.filter === undefined;
  if (excluded.some(isWhole)) return () => undefined;
  const asked = attributes?.some(isWhole) ? undefined : attributes;
  const views = new Map<string, View>();
  for (const attribute of container.subAttributes ?? []) {
    views.set(attribute.name, viewOf(attribute, asked, excluded));
  }
  return (content) => {
    const seen = isObject(content) ? project(content, views) : {};
    return Object.keys(seen).length === 0 ? undefined : seen;
  };
}

function viewOf(
  attribute: Attribute,
  attributes: readonly AttributePath[] | undefined,
  excluded: readonly AttributePath[],
): View {
  if (attribute.returned === 'always') return keep;
  if (attribute.returned === 'never') return () => undefined;
  const concerns = (path: AttributePath) => path.attribute === attribute;
  const wanted = attributes?.filter(concerns).map(partOf);
  if (wanted?.length === 0 || (wanted === undefined && attribute.returned === 'request'))
    return () => undefined;
  const unwanted = excluded.filter(concerns).map(partOf);
  if (wanted === undefined && unwanted.length === 0) return keep;
  const view = elementView(wanted, unwanted);
  return (value) => {
    if (!Array.isArray(value)) return view(value);
    const seen = value.map(view).filter((element) => element !== undefined);
    return seen.length === 0 ? undefined : seen;
  };
}

function partOf({ filter, sub }: AttributePath): Part {
  const selects = filter === undefined ? () => true : compileFilter(filter);
  return sub === undefined ? { selects } : { sub: sub.name, selects };
}

function elementView(wanted: readonly Part[] | undefined, unwanted: readonly Part[]): View {
  return (element) => {
    if (!isObject(element)) {
      // A simple value has no parts: it is there when asked for, and gone when excluded.
      return unwanted.length === 0 ? element : undefined;
    }
    const picked = wanted?.filter(({ selects }) => selects(element));
    const dropped = unwanted.filter(({ selects }) => selects(element));
    if (dropped.some(({ sub }) => sub === undefined)) return undefined;
    const all = picked === undefined || picked.some(({ sub }) => sub === undefined);
    const names = Object.keys(element).filter(
      (name) => (all || picked.some(({ sub }) => sub === name)) && !dropped.some(({ sub }) => sub === name),
    );
    return names.length === 0 ? undefined : Object.fromEntries(names.map((name) => [name, element[name]]));
  };
}

function pathsOf(names: readonly string[], kind: ResourceKind): AttributePath[] {
  return names.flatMap((name) => {
    try {
      return [parsePath(name, kind)];
    } catch (error) {
      if (error instanceof ScimInputError && error.code === 'invalidPath') return [];
      throw error;
    }
  });
}

/** Splits at the commas outside brackets and quotes: a value path may have some of its own. */
function namesIn(parameter: string | readonly string[] = []): string[] {
  const text = typeof parameter === 'string' ? parameter : parameter.join(',');
  const names: string[] = [];
  let start = 0;
  let bracketed = false;
  let quoted = false;
  for (let index = 0; index <= text.length; index++) {
    const character = text[index];
    if (character === '"' && text[index - 1] !== '\\') quoted = !quoted;
    else if (!quoted && (character === '[' || character === ']')) bracketed = character === '[';
    if (character !== undefined && (character !== ',' || bracketed)) continue;
    names.push(text.slice(start, index).trim());
    start = index + 1;
  }
  const distinct = [...new Set(names)].filter((name) => name !== '');
  assertNames(distinct);
  return distinct;
}
