import { compact } from '../../runtime/compact.ts';
import { compileProjection } from '../../scim-core/resource/project.ts';
import type { Resource } from '../../scim-core/resource/resource.ts';
import type { ResourceKind } from '../../scim-core/schema.ts';

/** The parameters of RFC 7644 section 3.9 as they come: names in a list, or separated by commas. */
export interface Selection {
  readonly attributes?: string | readonly string[];
  readonly excludedAttributes?: string | readonly string[];
}

/** What the query of a request says about attributes. */
export function selectionOf(query: ReadonlyMap<string, string>): Selection {
  const attributes = query.get('attributes');
  const excludedAttributes = query.get('excludedattributes');
  return {
    ...compact({ attributes, excludedAttributes }),
  };
}

/** Which part of a resource the client wants to see. */
export interface View {
  /** The part of a resource that goes into the answer. */
  project(resource: Resource): Resource;
  /** Whether a top-level attribute may be in it; what isn't needn't be read. */
  wants(attribute: string): boolean;
  /** Whether the client chose at all: if it didn't, an answer without a body is as good (RFC 7644 section 3.5.2). */
  readonly isChosen: boolean;
}

const WHOLE: View = { project: (resource) => resource, wants: () => true, isChosen: false };

/**
 * What `attributes` and `excludedAttributes` ask for. Made before anything is written, since it may refuse.
 *
 * @throws ScimInputError `invalidFilter` for a value path with a malformed filter
 */
export function viewOf(selection: Selection, kind: ResourceKind): View {
  const attributes = textOf(selection.attributes);
  const excluded = textOf(selection.excludedAttributes);
  if (attributes === '' && excluded === '') return WHOLE;
  return {
    project: compileProjection(selection, kind),
    wants: (name) => (attributes === '' || mentions(attributes, name)) && !excludes(excluded, name),
    isChosen: true,
  };
}

function textOf(names: string | readonly string[] = ''): string {
  return (typeof names === 'string' ? names : names.join(',')).trim();
}

/** As a word anywhere: a read too many does no harm, one too few would. */
function mentions(names: string, name: string): boolean {
  return new RegExp(`\\b${name}\\b`, 'i').test(names);
}

/** The attribute as a whole, with or without its URN; a part of it still needs the rest. */
function excludes(names: string, name: string): boolean {
  return names.split(',').some((each) => {
    const word = each.trim().toLowerCase();
    return word === name || (word.startsWith('urn:') && word.endsWith(`:${name}`));
  });
}
